"""Turns the rows of a sheet into entries: blank is “as above”, headings are no rows. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from districts.contents import NO_STUDENT_DATA

from ..report import Problems
from .entries import Doubt, Entry, Kind, Line, Says
from .layout import MARK, Column, Layout
from .names import LONGEST, Name, in_one_cell, of_companies, of_company, says_nobody
from .phrases import key
from .reading import Meant, Unread, read_cell
from .sheet import Row, Sheet
from .statuses import is_marked, read_status
from .vocabulary import NOWHERE, Context, Vocabulary

NO_AGREEMENT = "none"


@dataclass(frozen=True)
class Words:
    """What the words of a sheet are read with: data, purposes and legal grounds by their key."""

    vocabulary: Vocabulary
    purposes: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """A row with whose agency it is about, in the sheet's words ("" where it does not say)."""

    agency: str
    agency_id: str
    entries: tuple[Entry, ...]
    line: int


class RowReader:
    """Reads the rows of one sheet. `owner` is whom a sheet that names no company is about."""

    def __init__(
        self, layout: Layout, words: Words, owner: str, is_known: Callable[[str], bool], problems: Problems
    ) -> None:
        self.layout = layout
        self.words = words
        self.owner = owner
        self.is_known = is_known
        self.problems = problems
        self.names = (layout.first("vendor"), layout.first("product"))
        self.above: dict[int, str] = {}
        self.heading = words.vocabulary.context_of(layout.heading) or NOWHERE

    def read(self, sheet: Sheet) -> Iterator[Told]:
        """Yield what each row tells; what cannot be read is noted as a problem."""
        for row, is_heading in _with_headings(data_rows(sheet, self.layout)):
            if is_heading:
                self.above.clear()
                self.heading = self.words.vocabulary.context_of(row.cells[0]) or NOWHERE
            elif self._fits(row, sheet.is_padded):
                yield from self._told(row)

    def _fits(self, row: Row, is_padded: bool) -> bool:
        """Tell whether a row has as many cells as the header; a cell alone in its row may."""
        said = [cell for cell in row.cells if cell]
        is_short = len(row.cells) < self.layout.width and not is_padded and len(said) > 1
        if is_short or any(row.cells[self.layout.width :]):
            expected = f"{self.layout.width}, as in the header"
            self.problems.add(row.line, "row", f"{len(row.cells)} cells", expected)
            return False
        return True

    def _told(self, row: Row) -> Iterator[Told]:
        cells = self._filled(row)
        agency, agency_id = (self._of(cells, role) for role in ("agency", "agency_id"))
        names = self._names(row, cells)
        if names is None:
            doubt = Doubt(Kind.NAME, row.line, self._named().header, cells[self._named().place])
            yield Told(agency, agency_id, (Entry(row.line, "", (), doubt.words, doubts=(doubt,)),), row.line)
            return
        if not names:
            return
        lines, doubts = self._data(row, cells)
        state, lines = self._status(row, cells, lines, doubts)
        told = Says()
        for role in ("begins", "ends", "term", "approved", "listed"):
            if column := self.layout.first(role):
                told.take(role, column.header, cells[column.place])
        term = told.term()
        said = [
            f"{_spoken(column.header)}: {cells[column.place]}"
            for column in self._noted()
            if cells[column.place]
        ]
        entries = [
            Entry(
                line=row.line,
                vendor=name.vendor,
                products=name.products,
                title=name.title[:LONGEST],
                state=state,
                term=term,
                lines=tuple(lines),
                doubts=(*doubts, *self._doubtful(row, name)),
                said=tuple(said),
                website=self._of(cells, "website") if len(names) == 1 else "",
            )
            for name in names
        ]
        yield Told(agency, agency_id, tuple(entries), row.line)

    def _filled(self, row: Row) -> list[str]:
        """Return the cells of a row; a blank name or group is the one above it."""
        cells = [*row.cells, *[""] * (self.layout.width - len(row.cells))]
        vendor, product = self.names
        for role in ("agency", "agency_id"):
            self._fill(cells, self.layout.first(role))
        names = [column for column in (vendor, product) if column]
        is_above = not any(cells[column.place] for column in names)
        if not is_above:  # another name: what stood beside the last one does not go on
            for group in self.layout.all("category"):
                self.above.pop(group.place, None)
        for column in names:
            if is_above or column is vendor:
                self._fill(cells, column)
            self.above[column.place] = cells[column.place]
        for column in self.layout.all("category"):
            self._fill(cells, column)
        return cells

    def _fill(self, cells: list[str], column: Column | None) -> None:
        if column is not None:
            cells[column.place] = cells[column.place] or self.above.get(column.place, "")
            self.above[column.place] = cells[column.place]

    def _named(self) -> Column:
        return next(column for column in (*self.names, self.layout.first("category")) if column is not None)

    def _names(self, row: Row, cells: list[str]) -> list[Name] | None:
        """Return whom a row is about, [] if that cannot be, None if it says that it is nobody."""
        company = self._of(cells, "vendor")
        product = self._of(cells, "product")
        if company and says_nobody(product):
            product = ""
        if not any(self.names):
            return of_company(self.owner, "")
        if not company and not product:
            self.problems.add(row.line, self._named().header, "nothing", "a name, or one above it")
            return []
        if says_nobody(company or product):
            return None
        for column, cell in ((self.layout.first("vendor"), company), (self.layout.first("product"), product)):
            if column and len(cell) > LONGEST * 4:
                self.problems.add(row.line, column.header, cell, f"at most {LONGEST * 4} letters")
                return []
        if company and len(company) > LONGEST:
            self.problems.add(row.line, self._named().header, company, f"at most {LONGEST} letters")
            return []
        if not company:
            return in_one_cell(product, self.is_known)
        return of_company(company, product) if product else of_companies(company, self.is_known)

    def _doubtful(self, row: Row, name: Name) -> Iterator[Doubt]:
        if name.doubt:
            yield Doubt(Kind.NAME, row.line, self._named().header, name.doubt)

    def _data(self, row: Row, cells: list[str]) -> tuple[list[Line], list[Doubt]]:
        """Return the data a row lists, in cells and by marks, and what of it nobody can say."""
        lines: list[Line] = []
        doubts: list[Doubt] = []
        for column in self.layout.all("elements"):
            context = self._context(column, cells)
            found = read_cell(cells[column.place], self.words.vocabulary, context)
            self._take(row, cells, column, found, lines, doubts)
        for column in self.layout.all(MARK):
            marked = is_marked(cells[column.place])
            if marked:
                self._take(row, cells, column, column.means, lines, doubts)
            elif marked is None:
                about = tuple(each.code for each in column.means if isinstance(each, Meant))
                doubts.append(
                    Doubt(
                        Kind.MARK,
                        row.line,
                        column.header,
                        f"{column.header}: {cells[column.place]}",
                        about,
                        about,
                    )
                )
        return lines, doubts

    def _take(
        self,
        row: Row,
        cells: list[str],
        column: Column,
        found: Iterable[Meant | Unread],
        lines: list[Line],
        doubts: list[Doubt],
    ) -> None:
        meant = [each for each in found if isinstance(each, Meant)]
        about = tuple(dict.fromkeys(each.code for each in meant))
        said = {}
        for role, known, kind in (
            ("purpose", self.words.purposes, Kind.PURPOSE),
            ("basis", self.words.bases, Kind.BASIS),
        ):
            beside = self._beside(column, role)
            words = cells[beside.place] if beside else ""
            said[role] = known.get(key(words), "")
            if beside and words and not said[role] and about:
                doubts.append(Doubt(kind, row.line, beside.header, words, about=about))
        if (choice := self.layout.first("choice")) and about and is_marked(cells[choice.place]) is not False:
            words = f"{choice.header}: {cells[choice.place]}"
            doubts.append(Doubt(Kind.CHOICE, row.line, choice.header, words, about=about))
        lines += [Line(each.code, each.detail[:LONGEST], each.words[:LONGEST], **said) for each in meant]
        doubts += [
            Doubt(Kind.ELEMENT, row.line, column.header, each.words, each.might_be)
            for each in found
            if isinstance(each, Unread)
        ]

    def _context(self, column: Column, cells: list[str]) -> Context:
        """Return the group the words of a column stand in: beside, above it, or above the block."""
        groups = [group for group in self.layout.all("category") if group.place < column.place]
        words = cells[groups[-1].place] if groups else ""
        beside = self.words.vocabulary.context_of(words) if words else None
        return beside or (column.context if column.context is not NOWHERE else self.heading)

    def _beside(self, column: Column, role: str) -> Column | None:
        """Return the column of a role in the same block of columns."""
        found = self.layout.all(role)
        following = [other.place for other in self.layout.all("elements") if other.place > column.place]
        end = min(following, default=self.layout.width)
        within = [other for other in found if column.place < other.place < end]
        return within[0] if within else (found[0] if len(found) == 1 else None)

    def _status(
        self, row: Row, cells: list[str], lines: list[Line], doubts: list[Doubt]
    ) -> tuple[str, list[Line]]:
        """Return the state that the status words mean, and the lines with what they say besides."""
        column = self.layout.first("status")
        words = cells[column.place] if column else ""
        if not column or not words:
            return "", lines
        status = read_status(words)
        if status is None:
            doubts.append(Doubt(Kind.STATUS, row.line, column.header, words))
            return "", lines
        if status.no_data and not lines:
            lines = [Line(NO_STUDENT_DATA, "", words[:LONGEST])]
        if status.needs_consent:
            lines = [Line(x.code, x.detail, x.words, x.purpose, x.basis or "consent") for x in lines]
        return status.state, lines

    def _noted(self) -> list[Column]:
        roles = ("status", "begins", "ends", "term", "approved", "listed", "grades")
        return [column for role in roles if (column := self.layout.first(role))]

    def _of(self, cells: list[str], role: str) -> str:
        column = self.layout.first(role)
        return cells[column.place] if column else ""


def _spoken(header: str) -> str:
    """Return a header as people say it: “date_approved_raw” is “Date approved”; what is in words stays."""
    words = header.replace("_", " ").strip()
    if words == header:
        return header
    words = words.removesuffix(" raw")
    return words[:1].upper() + words[1:]


def data_rows(sheet: Sheet, layout: Layout) -> Iterator[Row | None]:
    """Yield the rows below the header that say something; None where the header stands again."""
    for row in sheet.rows():
        if row.line <= layout.starts_after or not any(row.cells):
            continue
        yield None if [cell for cell in row.cells if cell] in layout.headers else row


def _with_headings(rows: Iterable[Row | None]) -> Iterator[tuple[Row, bool]]:
    """Yield rows; one with a single cell right before a repeated header is the heading of a block."""
    held: Row | None = None
    for row in rows:
        if held is not None:
            yield held, row is None and sum(bool(cell) for cell in held.cells) == 1
        held = row
    if held is not None:
        yield held, False
