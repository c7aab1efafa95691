"""Fills drafts with the lines a register lists. Nothing is ever published here."""

from collections.abc import Iterable, Sequence
from typing import Any

from districts.drafts import open_draft
from districts.models import Agreement, AgreementVersion, DataElement, Promise, Purpose, SharedElement

from .entries import Doubt, Kind
from .plan import BASIS_UNTIL_SAID, NO_BASIS, LineKey, Plan
from .report import RegisterReport

WRITTEN = ["reported_as"]


class DraftWriter:
    """Writes the lines of agreements; one instance for one load. `basis` is the legal ground where unsaid."""

    def __init__(self, report: RegisterReport, basis: str) -> None:
        self.counts = report.counts["lines"]
        self.basis = basis
        self.elements = dict(DataElement.objects.values_list("code", "pk"))
        self.purposes = dict(Purpose.objects.values_list("code", "pk"))

    def write(
        self, new: Sequence[tuple[Agreement, Plan]], standing: Sequence[tuple[Agreement, Plan]]
    ) -> None:
        """Give new agreements a draft with all its lines; bring those of others to what the sheet lists."""
        drafts = AgreementVersion.objects.bulk_create(
            AgreementVersion(agreement=agreement, number=1) for agreement, _plan in new
        )
        Promise.objects.bulk_create(
            Promise(version=draft, code=code) for draft in drafts for code in Promise.Code.values
        )
        created = [
            line
            for draft, (_agreement, found) in zip(drafts, new, strict=True)
            for line in self._lines(draft, found, found.lines)
        ]
        newest = self._newest(agreement for agreement, found in standing if found.lines)
        changed: list[SharedElement] = []
        for agreement, found in standing:
            if found.lines:
                created += self._bring_up(agreement, found, newest.get(agreement.pk), changed)
        SharedElement.objects.bulk_create(created)
        SharedElement.objects.bulk_update(changed, WRITTEN)
        self.counts.created += len(created)
        self.counts.changed += len(changed)

    def _newest(self, agreements: Iterable[Agreement]) -> dict[int, AgreementVersion]:
        """Return the newest version of each agreement with its lines."""
        rows = (
            AgreementVersion.objects.filter(agreement__in=[agreement.pk for agreement in agreements])
            .order_by("agreement_id", "-number")
            .distinct("agreement_id")
            .prefetch_related("shared_elements")
        )
        return {version.agreement_id: version for version in rows}

    def _bring_up(
        self,
        agreement: Agreement,
        found: Plan,
        newest: AgreementVersion | None,
        changed: list[SharedElement],
    ) -> list[SharedElement]:
        """Return the lines that are missing, for which alone a draft is opened; add words to those there."""
        missing, unsaid = self._compare(found, newest)
        if missing and (newest is None or newest.published_at is not None):
            newest = open_draft(agreement.pk)
            missing, unsaid = self._compare(found, newest)
        if newest is not None and newest.published_at is None:
            for line, words in unsaid:
                line.reported_as = sorted({*line.reported_as, *words})
                changed.append(line)
        touched = len(unsaid) if newest is not None and newest.published_at is None else 0
        self.counts.unchanged += len(found.lines) - len(missing) - touched
        return list(self._lines(newest, found, missing)) if newest and missing else []

    def _compare(
        self, found: Plan, version: AgreementVersion | None
    ) -> tuple[dict[LineKey, set[str]], list[tuple[SharedElement, set[str]]]]:
        """Return which lines a version lacks, and which lines lack words of the sheet."""
        standing: dict[tuple[int, str], list[SharedElement]] = {}
        for line in version.shared_elements.all() if version else ():
            standing.setdefault((line.element_id, line.detail), []).append(line)
        missing: dict[LineKey, set[str]] = {}
        unsaid = []
        for key, words in found.lines.items():
            code, purpose, basis, detail = key
            # What staff have filled in since stays: a sheet that says no purpose contradicts none.
            fitting = [
                line
                for line in standing.get((self.elements[code], detail), ())
                if (not purpose or line.purpose_id == self.purposes[purpose])
                and (not basis or line.basis == basis)
            ]
            if not fitting:
                missing[key] = words
            elif not any(words <= set(line.reported_as) for line in fitting):
                unsaid.append((fitting[0], words))
        return missing, unsaid

    def _lines(
        self, version: AgreementVersion, found: Plan, lines: dict[LineKey, set[str]]
    ) -> Iterable[SharedElement]:
        if not self.basis and any(not basis for _code, _purpose, basis, _detail in lines):
            about = tuple(sorted({code for code, _p, basis, _d in found.lines if not basis}))
            found.doubts.append(Doubt(Kind.BASIS, found.line, "", NO_BASIS, about=about))
        values: dict[tuple[Any, ...], SharedElement] = {}
        for (code, purpose, basis, detail), words in lines.items():
            ground = basis or self.basis or BASIS_UNTIL_SAID
            line = SharedElement(
                version=version,
                element_id=self.elements[code],
                purpose_id=self.purposes[purpose] if purpose else None,
                basis=ground,
                detail=detail,
                reported_as=sorted(words),
            )
            same = values.setdefault((code, purpose, ground, detail), line)
            same.reported_as = sorted({*same.reported_as, *words})
        return values.values()
