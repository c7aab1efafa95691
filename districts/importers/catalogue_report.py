"""What loading the catalogue did: counts, and how they are told to people and programs."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from .report import Counts


@dataclass
class LoadReport:
    """What a load did, and what the catalogue then says of the inBloom store."""

    loaded_at: dt.datetime
    dry_run: bool
    kinds: dict[str, Counts] = field(default_factory=dict)
    in_no_file: list[str] = field(default_factory=list)  # known codes, left alone
    data_points: int = 0
    data_point_kinds: int = 0

    @property
    def total(self) -> Counts:
        """Return the sums over all kinds of rows."""
        names = ("created", "changed", "unchanged", "ended")
        return Counts(**{name: sum(getattr(c, name) for c in self.kinds.values()) for name in names})

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values, with the counts every importer gives."""
        return {
            **asdict(self.total),
            "refused": 0,
            "refusals": [],
            "dry_run": self.dry_run,
            "loaded_at": self.loaded_at.isoformat(),
            "kinds": {name: asdict(counts) for name, counts in self.kinds.items()},
            "in_no_file": self.in_no_file,
            "data_points": self.data_points,
            "data_point_kinds": self.data_point_kinds,
        }


def lines(report: LoadReport) -> Iterator[str]:
    """Yield the report as lines for a person at a terminal."""
    for name, counts in report.kinds.items():
        ended = f", {counts.ended} ended" if counts.ended else ""
        yield (
            f"{name}: {counts.created} created, {counts.changed} changed, {counts.unchanged} unchanged{ended}"
        )
    if report.in_no_file:
        yield f"in no file any more, left alone: {', '.join(report.in_no_file)}"
    yield f"{report.data_points} data points, of {report.data_point_kinds} kinds"
    if report.dry_run:
        yield "Dry run: nothing was kept."
