"""Keeps the words of a sheet that staff must look at; the same words are asked about once."""

import hashlib

from districts.models import RegisterReview

from .entries import Doubt
from .report import RegisterReport

LONGEST_COLUMN = 200


class ReviewWriter:
    """Collects doubts and writes those that are new, batch by batch."""

    def __init__(self, report: RegisterReport, file: str, basis: str) -> None:
        self.report = report
        self.file = file[:LONGEST_COLUMN]
        self.basis = basis
        self.held: dict[tuple[int, int | None, str, str], RegisterReview] = {}

    def take(self, agency_id: int, agreement_id: int | None, doubt: Doubt) -> None:
        """Hold words until the next flush."""
        digest = hashlib.sha256(doubt.words.encode()).hexdigest()
        review = RegisterReview(
            agency_id=agency_id,
            agreement_id=agreement_id,
            kind=doubt.kind,
            words=doubt.words,
            words_sha256=digest,
            file=self.file,
            line=doubt.line,
            column=doubt.column[:LONGEST_COLUMN],
            might_be=list(doubt.might_be),
            about=list(doubt.about),
            basis=self.basis,
        )
        self.held.setdefault((agency_id, agreement_id, str(doubt.kind), digest), review)

    def flush(self) -> None:
        """Write what is new, and tell all of it."""
        digests = {digest for _agency, _agreement, _kind, digest in self.held}
        rows = RegisterReview.objects.filter(
            agency__in={key[0] for key in self.held}, words_sha256__in=digests
        )
        there = set(rows.values_list("agency", "agreement", "kind", "words_sha256"))
        new = [review for key, review in self.held.items() if key not in there]
        RegisterReview.objects.bulk_create(new)
        counts = self.report.counts["review"]
        counts.created += len(new)
        counts.unchanged += len(self.held) - len(new)
        for review in new:
            self.report.list_review(
                line=review.line,
                column=review.column,
                kind=review.kind,
                words=review.words,
                might_be=review.might_be,
            )
        self.held.clear()
