"""Filter a district's OneRoster export down to the children and columns that one agreement may have.

The zip is read and written as a stream, all or nothing. The company's file does not tell a No from a
stranger; what was withheld and why goes into a report for the district alone.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO

from django.db import transaction

from districts.models import Agency, Agreement, Crosswalk

from .filtering import people as filtering_people
from .filtering.columns import (
    PERSON_FILES,
    SCHEME,
    SHARED_FILES,
    Kind,
    kind_of_role,
    layout_of,
)
from .filtering.files import Row, names, opened, read, whole_or_not_at_all, write
from .filtering.people import People
from .filtering.report import FilterRefused, FilterReport
from .filtering.rows import Anybody, PersonFile

BATCH = 5_000  # rows looked up at once
MANIFEST = "manifest"


@transaction.atomic
def filter_roster(
    src_zip: Path,
    dst_zip: Path,
    *,
    agreement: Agreement,
    agency: Agency,
    today: dt.date,
    report_to: Path | None = None,
) -> FilterReport:
    """Write the part of a OneRoster 1.1 or 1.2 zip that the agreement's version in force may have.

    `report_to` gets one line per child and withheld value; it is for the district alone. Raises FilterRefused
    (not in force, no roster, a broken row); then neither file is written.
    """
    crosswalk = _crosswalk()
    people = filtering_people.work_out(
        agency=agency,
        agreement=agreement,
        today=today,
        child_id=crosswalk.get("users[student].sourcedId"),
        adult_id=crosswalk.get("users[guardian].sourcedId"),
    )
    if people is None:
        raise FilterRefused(f"no version of the agreement is in force on {today.isoformat()}")
    report = FilterReport(today, people.version.number, people.version.sharing_starts_on)
    with ExitStack() as stack:
        source = stack.enter_context(opened(src_zip))
        # The company's file is put in place last: it never stands there without its report.
        raw = stack.enter_context(whole_or_not_at_all(dst_zip))
        if report_to is not None:
            lines = stack.enter_context(whole_or_not_at_all(report_to))
            report.open(stack.enter_context(io.TextIOWrapper(lines, "utf-8", newline="")))
        target = stack.enter_context(zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED))
        _filter_files(source, target, people, crosswalk, report)
    filtering_people.forget()  # after an error the rollback does it
    return report


def _crosswalk() -> dict[str, int]:
    """Return the meaning of each column of the standard that the catalogue knows."""
    rows = Crosswalk.objects.filter(scheme=SCHEME).select_related("element")
    return {row.identifier: row.element.meaning_id for row in rows}


def _filter_files(
    source: zipfile.ZipFile,
    target: zipfile.ZipFile,
    people: People,
    crosswalk: dict[str, int],
    report: FilterReport,
) -> None:
    paths = names(source)
    if "users" not in paths:
        raise FilterRefused("there is no users.csv in the zip")
    of_children, of_adults = people.permitted_for_anybody()
    anybody: Anybody = {Kind.STUDENT: of_children, Kind.GUARDIAN: of_adults, Kind.STAFF: people.staff}
    staff_ids = _staff_ids(source, paths)
    written = set()
    for file, path in sorted(paths.items()):
        if file == MANIFEST:
            continue
        if file not in SHARED_FILES and file not in PERSON_FILES:
            report.files_removed.append(PurePosixPath(path).name)
            continue
        with source.open(path) as raw:
            header, rows = read(raw, f"{file}.csv")
            if file in SHARED_FILES:
                _copy_shared(target, file, header, rows, report)
                written.add(file)
                continue
            try:
                layout = layout_of(file, header, crosswalk)
            except KeyError as missing:
                raise FilterRefused(f"the column {missing} is missing", file=f"{file}.csv") from missing
            person_file = PersonFile(layout, people, anybody, staff_ids, report)
            if person_file.has_data:
                write(target, file, person_file.header, _filtered(person_file, rows))
                written.add(file)
            else:
                report.files_removed.append(PurePosixPath(path).name)
    if MANIFEST in paths:
        with source.open(paths[MANIFEST]) as raw:
            _copy_manifest(target, raw, written)


def _staff_ids(source: zipfile.ZipFile, paths: dict[str, str]) -> frozenset[str]:
    """Return who works at school by roles.csv (OneRoster 1.2, whose users.csv has no role)."""
    if "roles" not in paths:
        return frozenset()
    with source.open(paths["roles"]) as raw:
        header, rows = read(raw, "roles.csv")
        if not {"role", "userSourcedId"} <= set(header):
            return frozenset()
        role_at, user_at = header.index("role"), header.index("userSourcedId")
        return frozenset(row[user_at] for row in rows if kind_of_role(row[role_at]) == Kind.STAFF)


def _filtered(person_file: PersonFile, rows: Iterator[Row]) -> Iterator[Row]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield from person_file.filter(batch)
            batch = []
    if batch:
        yield from person_file.filter(batch)


def _copy_shared(
    target: zipfile.ZipFile, file: str, header: Row, rows: Iterator[Row], report: FilterReport
) -> None:
    """Copy a file about no person, with the columns the standard knows."""
    kept = [at for at, column in enumerate(header) if column in SHARED_FILES[file]]
    unknown = [column for column in header if column not in SHARED_FILES[file]]
    if unknown:
        report.unknown_columns[file] = unknown

    def passed() -> Iterator[Row]:
        for row in rows:
            report.kept[file] += 1
            yield [row[at] for at in kept]

    write(target, file, [header[at] for at in kept], passed())


def _copy_manifest(target: zipfile.ZipFile, raw: IO[bytes], written: set[str]) -> None:
    """Copy the manifest, saying “absent” of files that are not in the new zip."""
    header, rows = read(raw, "manifest.csv")

    def passed() -> Iterator[Row]:
        for row in rows:
            kind, _, file = row[0].partition(".")
            if kind == "file" and file not in written:
                yield [row[0], "absent"]
            elif kind in {"file", "manifest", "oneroster", "source"}:
                yield row[:2]

    write(target, MANIFEST, header[:2], passed())
