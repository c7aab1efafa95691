"""What a register load did, what it read and could not read, and why: for people and for programs."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from ..report import Counts

#: More agreements, words and names than these are counted, not listed.
LISTED = 300
WORDS_LENGTH = 160
KINDS = ("agencies", "vendors", "products", "agreements", "lines", "review")


@dataclass
class RegisterReport:
    """The result of one load; `counts` by kind of row, `notes` are counts of what was set aside."""

    agency: str
    dry_run: bool
    counts: dict[str, Counts] = field(default_factory=lambda: {kind: Counts() for kind in KINDS})
    notes: Counter[str] = field(default_factory=Counter)
    sheet: str = ""
    unread_columns: list[str] = field(default_factory=list)
    unread_sheets: list[str] = field(default_factory=list)
    other_agencies: dict[str, int] = field(default_factory=dict)
    created_agencies: list[str] = field(default_factory=list)
    agreements: list[dict[str, Any]] = field(default_factory=list)
    review: list[dict[str, Any]] = field(default_factory=list)
    _digest: Any = field(default_factory=hashlib.sha256)

    def list_agreement(self, **facts: Any) -> None:
        """Note what becomes of one agreement."""
        self._take(facts)
        if len(self.agreements) < LISTED:
            self.agreements.append(facts)

    def list_review(self, **facts: Any) -> None:
        """Note words that staff are asked about."""
        self._take(facts)
        if len(self.review) < LISTED:
            words = facts["words"]
            short = words if len(words) <= WORDS_LENGTH else words[: WORDS_LENGTH - 1] + "…"
            self.review.append({**facts, "words": short})

    def total(self, word: str) -> int:
        """Return the sum of one count over all kinds of rows."""
        return sum(getattr(counts, word) for counts in self.counts.values())

    @property
    def fingerprint(self) -> str:
        """Return a digest of everything the load would do: two loads with the same one do the same."""
        told = {kind: asdict(counts) for kind, counts in self.counts.items()}
        rest = json.dumps([told, sorted(self.notes.items()), self.created_agencies], sort_keys=True)
        return hashlib.sha256(f"{self._digest.hexdigest()} {rest}".encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values, with the counts every importer gives."""
        return {
            "agency": self.agency,
            "dry_run": self.dry_run,
            **{word: self.total(word) for word in ("created", "changed", "unchanged", "ended")},
            "refused": 0,
            "refusals": [],
            "counts": {kind: asdict(counts) for kind, counts in self.counts.items()},
            "notes": dict(self.notes),
            "sheet": self.sheet,
            "unread_columns": self.unread_columns,
            "unread_sheets": self.unread_sheets,
            "other_agencies": dict(list(self.other_agencies.items())[:LISTED]),
            "created_agencies": self.created_agencies[:LISTED],
            "agreements": self.agreements,
            "review": self.review,
            "fingerprint": self.fingerprint,
        }

    def _take(self, facts: dict[str, Any]) -> None:
        self._digest.update(json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str).encode())
