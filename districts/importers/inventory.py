"""Fills a draft with shared elements from a list of identifiers, by the catalogue's crosswalk."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from districts.models import (
    Agency,
    AgreementVersion,
    Crosswalk,
    DataCategory,
    DataElement,
    ElementText,
    Purpose,
    SharedElement,
)
from districts.publish import NotADraft
from districts.recording import lock_agreement

from .inventory_rows import Row, read_rows
from .report import Counts, Problems

BATCH = 1000
#: Where elements go that nobody has explained yet, unless the district names another group.
CATEGORY_OF_THE_UNKNOWN = "other-data"

Key = tuple[int, int | None, str, str]


@dataclass
class InventoryReport(Counts):
    """What an import did to the lines of a draft; `added` are new elements that wait for an explanation."""

    identifiers: int = 0
    added: list[str] = field(default_factory=list)
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {**asdict(self), "refused": 0, "refusals": []}


@dataclass
class PlannedLine:
    """One line the file amounts to; several identifiers of one element are one line."""

    first: Row
    values: dict[str, Any]
    reported_as: set[str]


@dataclass
class Options:
    """How to read a file.

    `defaults` fill empty cells, by column; `add` makes elements of the agency from identifiers the catalogue
    does not know; `replace` takes lines out of the draft that are not in the file; `dry_run` keeps nothing.
    """

    defaults: Mapping[str, str] = field(default_factory=dict)
    add: bool = False
    category: str = CATEGORY_OF_THE_UNKNOWN
    replace: bool = False
    dry_run: bool = False


@transaction.atomic
def load_inventory(
    *,
    path: Path,
    version_id: int,
    options: Options | None = None,
    progress: Callable[[str, int], None] = lambda what, done: None,
) -> InventoryReport:
    """Fill a draft with the lines of a file, all or nothing; the same file twice changes nothing.

    A line that stands already is brought to what the file says; what the file does not say of it stays.
    The identifiers are kept with their line, and frozen with it at publication.

    Raises ImportRefused with every problem of the file; NotADraft; AgreementVersion.DoesNotExist.
    """
    options = options or Options()
    agreement = lock_agreement(
        AgreementVersion.objects.values_list("agreement", flat=True).get(pk=version_id)
    )
    version = agreement.versions.select_for_update(of=("self",)).get(pk=version_id)
    if version.published_at is not None:
        raise NotADraft(version_id)
    problems = Problems(path.name)
    report = InventoryReport(dry_run=options.dry_run)
    known = Known(agreement.agency, options, problems, report)
    lines: dict[Key, PlannedLine] = {}
    done = 0
    for rows in _batches(read_rows(path, options.defaults, problems)):
        known.learn(rows)
        for row in rows:
            _plan(row, known, lines, problems)
        done += len(rows)
        progress("rows", done)
    if not done and not problems.total:
        problems.add(1, "file", "no rows", "one row for each kind of data")
    problems.refuse_if_any()
    report.identifiers = sum(len(line.reported_as) for line in lines.values())
    _write(version, lines, options.replace, report)
    if options.dry_run:
        transaction.set_rollback(True)
    return report


class Known:
    """Which element each identifier means, to this agency; learned batch by batch."""

    def __init__(self, agency: Agency, options: Options, problems: Problems, report: InventoryReport) -> None:
        self.agency = agency
        self.options = options
        self.problems = problems
        self.report = report
        self.elements: dict[str, int] = {}
        self.purposes = dict(Purpose.objects.values_list("code", "pk"))
        self.category = DataCategory.objects.filter(code=options.category).first()
        if options.add and self.category is None:
            problems.add(0, "--category", options.category, "a group of the catalogue")

    def learn(self, rows: Iterable[Row]) -> None:
        """Look up the identifiers of some rows: crosswalk first, then codes of the catalogue."""
        asked = {row.identifier: row for row in rows if row.identifier not in self.elements}
        found: dict[str, set[int]] = {}
        for identifier, element in Crosswalk.objects.filter(identifier__in=asked).values_list(
            "identifier", "element"
        ):
            found.setdefault(identifier, set()).add(element)
        mine = Q(agency=None) | Q(agency=self.agency)
        codes = dict(DataElement.objects.filter(mine, code__in=asked).values_list("code", "pk"))
        own_codes = {own_code(self.agency, identifier): identifier for identifier in asked}
        own = DataElement.objects.filter(agency=self.agency, code__in=own_codes)
        for code, pk in own.values_list("code", "pk"):
            codes.setdefault(own_codes[code], pk)
        for identifier, row in asked.items():
            meant = found.get(identifier) or ({codes[identifier]} if identifier in codes else set())
            if len(meant) == 1:
                (self.elements[identifier],) = meant
            elif meant:
                self.problems.add(row.line, "identifier", identifier, "an identifier of one scheme only")
            elif self.options.add and self.category:
                self.elements[identifier] = self._add(row, self.category)
            else:
                self.problems.add(
                    row.line, "identifier", identifier, "an identifier or code of the catalogue (or --add)"
                )

    def _add(self, row: Row, category: DataCategory) -> int:
        """Make an element of the agency that waits for an explanation; until then it counts as sensitive."""
        element = DataElement.objects.create(
            code=own_code(self.agency, row.identifier),
            category=category,
            subject=row.subject,
            sensitivity=DataElement.Sensitivity.HIGH,
            agency=self.agency,
            explained=False,
        )
        label = (row.label or row.identifier)[:120]
        ElementText.objects.create(element=element, language="en", revision=1, label=label)
        self.report.added.append(element.code)
        return element.pk


def own_code(agency: Agency, identifier: str) -> str:
    """Return the code of an agency's own element; the same identifier always has the same one."""
    mark = hashlib.sha256(identifier.encode()).hexdigest()[:8]
    words = slugify(f"{agency.slug[:30]} {identifier.replace('.', ' ').replace(':', ' ')}")
    return f"{words[:70].rstrip('-')}-{mark}"


def _plan(row: Row, known: Known, lines: dict[Key, PlannedLine], problems: Problems) -> None:
    """Put a row into the line it belongs to; two rows of one line must not contradict each other."""
    element = known.elements.get(row.identifier)
    purpose = known.purposes.get(row.purpose)
    if row.purpose and purpose is None:
        problems.add(row.line, "purpose", row.purpose, f"one of {', '.join(sorted(known.purposes))}")
    if element is None or (row.purpose and purpose is None):
        return
    key = (element, purpose, row.basis, row.detail)
    line = lines.get(key)
    if line is None:
        lines[key] = PlannedLine(row, dict(row.values), {row.identifier})
        return
    line.reported_as.add(row.identifier)
    for column, value in row.values.items():
        if column == "recipients":
            line.values[column] = sorted({*line.values.get(column, []), *value})
        elif line.values.setdefault(column, value) != value:
            expected = f"{line.values[column]}, as for the same data on line {line.first.line}"
            problems.add(row.line, column, str(value), expected)


def _write(
    version: AgreementVersion, lines: Mapping[Key, PlannedLine], replace: bool, report: InventoryReport
) -> None:
    """Bring the draft's lines to what was planned, and count."""
    standing = {
        (line.element_id, line.purpose_id, line.basis, line.detail): line
        for line in version.shared_elements.all()
    }
    created, changed = [], []
    for (element, purpose, basis, detail), planned in lines.items():
        values = {**planned.values, "reported_as": sorted(planned.reported_as)}
        line = standing.pop((element, purpose, basis, detail), None)
        if line is None:
            created.append(
                SharedElement(
                    version=version,
                    element_id=element,
                    purpose_id=purpose,
                    basis=basis,
                    detail=detail,
                    **values,
                )
            )
        elif any(getattr(line, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(line, name, value)
            changed.append(line)
        else:
            report.unchanged += 1
    SharedElement.objects.bulk_create(created, batch_size=BATCH)
    written = ["source", "recipients", "kept", "kept_days", "kept_until", "prohibited_reason", "reported_as"]
    SharedElement.objects.bulk_update(changed, written, batch_size=BATCH)
    report.created, report.changed = len(created), len(changed)
    if replace:
        report.ended = len(standing)
        version.shared_elements.filter(pk__in=[line.pk for line in standing.values()]).delete()


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
