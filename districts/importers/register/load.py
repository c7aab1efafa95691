"""Loads a register sheet: companies, products, agreements with a draft each, and what staff must look at."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from districts.models import Agency, Agreement, RegisterReview

from ..report import Problems
from . import staging
from .agencies import AgencyFinder
from .companies import Companies
from .drafts import DraftWriter
from .entries import Entry
from .known_words import words_for
from .layout import LOOKED_AT, Layout, find_layout
from .names import name_key, plain_name
from .report import RegisterReport
from .reviews import ReviewWriter
from .rows import RowReader, Words, data_rows
from .sheet import Sheet
from .sheets import sheets_of
from .writing import AgreementWriter

ROWS_AT_ONCE = 400
# Two loads at once take turns: each would otherwise make the same company.
LOAD_LOCK = 7_311_203

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Options:
    """How to read a sheet.

    `basis` is the legal ground where the sheet names none; `state` what an agreement without a status is
    (proposed or signed); `vendor` whom a sheet that names no company is about; `sheet` which one of a
    workbook. `create_agencies` makes districts the state does not know; `own_rows_only` leaves out the rows
    of every agency but the one asked for. `dry_run` keeps nothing.
    """

    basis: str = ""
    state: str = Agreement.State.PROPOSED.value
    vendor: str = ""
    encoding: str = "utf-8"
    sheet: str = ""
    create_agencies: bool = False
    own_rows_only: bool = False
    dry_run: bool = False


@transaction.atomic
def load_register(
    *,
    path: Path,
    agency_id: int,
    now: dt.datetime,
    options: Options | None = None,
    progress: Progress = lambda what, done: None,
) -> RegisterReport:
    """Take in what a register sheet says, all or nothing; the same sheet twice changes nothing.

    Words nobody can place wait as RegisterReview. What is published is never changed, and nothing is
    published. Raises ImportRefused with every problem of the file.
    """
    options = options or Options()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
    agency = Agency.objects.get(pk=agency_id)
    problems = Problems(path.name)
    report = RegisterReport(agency.name, options.dry_run)
    words = words_for(agency)
    companies = Companies(agency.name)
    sheet, layout = _chosen(path, options, words, problems, report)
    is_known = _known_names(sheet, layout, companies)
    finder = AgencyFinder(agency, problems, create=options.create_agencies, own_only=options.own_rows_only)
    reader = RowReader(layout, words, options.vendor or agency.name, is_known, problems)
    staging.stage(_entries(reader, sheet, finder, report, progress))
    if not report.notes["rows"] and not problems.total:
        problems.add(layout.starts_after, "file", "no rows", f"rows about {agency.name}")
    problems.refuse_if_any()
    companies.settle()
    _write(report, options, path.name, now, progress)
    report.counts["vendors"], report.counts["products"] = companies.counts, companies.products
    report.counts["agencies"].created = len(finder.created)
    report.other_agencies, report.created_agencies = finder.left_out, finder.created
    if options.dry_run:
        transaction.set_rollback(True)
    return report


def _chosen(
    path: Path, options: Options, words: Words, problems: Problems, report: RegisterReport
) -> tuple[Sheet, Layout]:
    """Return the first sheet that has a header, or the one asked for. Raises ImportRefused."""
    sheets = sheets_of(path, problems, encoding=options.encoding)
    asked = [sheet for sheet in sheets if options.sheet in ("", sheet.name)]
    found: tuple[Sheet, Layout] | None = None
    for sheet in asked:
        layout = find_layout(list(islice(sheet.rows(), LOOKED_AT)), words.vocabulary)
        problems.refuse_if_any()
        if layout is not None:
            found = sheet, layout
            break
    if found is None:
        expected = f"one of the sheets {', '.join(sheet.name for sheet in sheets)}"
        if asked:
            expected = "a header that names the company or product, or the data and its category"
        problems.add(0, "header", options.sheet if not asked else "none that is known", expected)
        problems.refuse_if_any()
    assert found is not None  # refused above
    report.sheet = found[0].name
    report.unread_sheets = [sheet.name for sheet in sheets if sheet is not found[0]]
    report.unread_columns = found[1].unread
    return found


def _known_names(sheet: Sheet, layout: Layout, companies: Companies) -> Callable[[str], bool]:
    """Return who is known by name: from the register, or by standing alone in a cell of this sheet."""
    named = layout.first("vendor") or layout.first("product")
    alone: set[str] = set()
    for row in data_rows(sheet, layout) if named else ():
        if row and named and len(row.cells) > named.place and (name := plain_name(row.cells[named.place])):
            alone.add(name_key(name))
    return lambda name: name_key(name) in alone or companies.is_known(name)


def _entries(
    reader: RowReader, sheet: Sheet, finder: AgencyFinder, report: RegisterReport, progress: Progress
) -> Iterator[tuple[int, Entry]]:
    for told in reader.read(sheet):
        found = finder.find(told.agency, told.agency_id, told.line)
        if found is None:
            report.notes["rows_of_other_agencies"] += 1
            continue
        report.notes["rows"] += 1
        progress("rows", report.notes["rows"])
        for entry in told.entries:
            report.notes["data_words"] += len({line.words for line in entry.lines})
            report.notes["data_words_unread"] += sum(
                doubt.kind == RegisterReview.Kind.ELEMENT for doubt in entry.doubts
            )
            yield found.pk, entry


def _write(report: RegisterReport, options: Options, file: str, now: dt.datetime, progress: Progress) -> None:
    reviews = ReviewWriter(report, file, options.basis)
    writer = AgreementWriter(report, DraftWriter(report, options.basis), reviews, options.state, now)
    done = 0
    for batch in _batches(staging.parties()):
        for agency_id, _vendor, entries in (party for party in batch if party[1] is None):
            report.notes["rows_about_nobody"] += len(entries)
            for doubt in (doubt for entry in entries for doubt in entry.doubts):
                reviews.take(agency_id, None, doubt)
        reviews.flush()
        writer.write([(agency, vendor, entries) for agency, vendor, entries in batch if vendor is not None])
        done += len(batch)
        progress("companies", done)


def _batches(parties: Iterable[staging.Party]) -> Iterator[list[staging.Party]]:
    """Yield parties together as long as they have few rows."""
    batch: list[staging.Party] = []
    rows = 0
    for party in parties:
        batch.append(party)
        rows += len(party[2])
        if rows >= ROWS_AT_ONCE:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch
