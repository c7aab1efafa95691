"""Finds the header of a sheet, of one line or two, and what each column holds. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from .reading import Meant, Unread, read_cell
from .sheet import Row
from .statuses import is_marked
from .vocabulary import NOWHERE, Context, Vocabulary
from .wordlists import rows_of

#: So many rows are looked at to tell what the columns hold.
LOOKED_AT = 80
HEADER_WITHIN = 40
_PARENTHESES = re.compile(r"\([^)]*\)")
_PROMISE = re.compile(
    r"\b(?:sells?|sold|sale|advertis\w+|ads|encrypt\w*|ferpa|coppa|soppa|hipaa|compliant|compliance|breach|"
    r"liability|delet\w+|destruct\w+|destroy\w*|retention|profil\w+|train\w*|indemnif\w+|security)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\s*(?:any\s+)?other\b.*", re.IGNORECASE | re.DOTALL)
#: Columns of which a sheet has one; a second one is not read.
SINGLE = frozenset(
    [
        "vendor",
        "product",
        "status",
        "agency",
        "agency_id",
        "begins",
        "ends",
        "term",
        "approved",
        "listed",
        "grades",
        "website",
        "choice",
    ]
)
MANY = frozenset({"elements", "category", "purpose", "basis"})
MARK, PROMISE = "mark", "promise"


@dataclass(frozen=True)
class Column:
    """One column that is read: its place, what it holds, its words; for data, the group it stands in."""

    place: int
    role: str
    header: str
    context: Context = NOWHERE
    means: tuple[Meant | Unread, ...] = ()


@dataclass
class Layout:
    """Where the data of a sheet begins, the lines of its header, its columns, and a heading above them."""

    headers: list[list[str]]
    width: int
    starts_after: int
    heading: str = ""
    columns: list[Column] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def first(self, role: str) -> Column | None:
        """Return the column of a role, None if there is none."""
        return next((column for column in self.columns if column.role == role), None)

    def all(self, role: str) -> list[Column]:
        """Return the columns of a role, from left to right."""
        return [column for column in self.columns if column.role == role]


@cache
def _roles() -> dict[str, str]:
    return {words: role for role, words in rows_of("headers")}


def role_of(header: str) -> str:
    """Return what a column of this header holds, "" if it is not known."""
    words = re.findall(r"[^\W_]+", _PARENTHESES.sub(" ", header).casefold())
    while words and (words[-1].isdigit() or words[-1] == "raw"):
        words.pop()
    role = _roles().get(" ".join(words), "")
    return role or (PROMISE if _PROMISE.search(header.replace("_", " ")) else "")


def find_layout(rows: Sequence[Row], vocabulary: Vocabulary) -> Layout | None:
    """Return the layout of a sheet whose first rows these are, None if none of them is a header."""
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        roles = [role_of(cell) for cell in row.cells]
        is_named = "vendor" in roles or "product" in roles
        is_list = "elements" in roles and "category" in roles
        if sum(bool(cell) for cell in row.cells) >= 2 and (is_named or is_list):
            return _laid_out(rows, place, vocabulary)
    return None


def _laid_out(rows: Sequence[Row], place: int, vocabulary: Vocabulary) -> Layout:
    row = rows[place]
    after = rows[place + 1] if place + 1 < len(rows) else None
    before = rows[place - 1] if place else None
    names = [n for n, cell in enumerate(row.cells) if role_of(cell) in ("vendor", "product", "category")]
    if after and _is_second_header(row, after, names):
        groups, labels, last = row.cells, after.cells, after
    elif before and _is_groups(before, row, names):
        groups, labels, last = before.cells, row.cells, row
    else:
        groups, labels, last = [], row.cells, row
    width = max(len(row.cells), len(labels), len(groups))
    headers = [[cell for cell in line if cell] for line in (groups, labels) if line]
    layout = Layout(headers, width, last.line, _heading(rows[:place]))
    data = [each for each in rows[place + 1 :] if each.line > last.line]
    group = ""
    for n in range(width):
        above, label = _cell(groups, n), _cell(labels, n)
        group = above or (group if label else "")
        if not label:
            label, above_it = above, ""  # one cell over both lines
            group = ""
        else:
            above_it = group
        if label:
            column = _column(n, label, above_it, [_cell(each.cells, n) for each in data], layout, vocabulary)
            if column:
                layout.columns.append(column)
            else:
                layout.unread.append(label)
    return _settled(layout)


def _heading(rows: Sequence[Row]) -> str:
    """Return the words that stand alone right above the header."""
    said = [[cell for cell in row.cells if cell] for row in rows]
    above = next((cells for cells in reversed(said) if cells), [])
    return above[0] if len(above) == 1 else ""


def _is_second_header(row: Row, after: Row, names: list[int]) -> bool:
    """Tell whether the row below names columns too: nothing stands below the names, and marks nowhere."""
    if not names or any(_cell(after.cells, n) for n in names):
        return False
    said = [n for n, cell in enumerate(after.cells) if cell]
    # Below “Data elements” stands data already: a row whose name is missing.
    is_data = any(role_of(_cell(row.cells, n)) not in ("", "grades") for n in said)
    return bool(said) and not is_data and all(is_marked(after.cells[n]) is None for n in said)


def _is_groups(before: Row, row: Row, names: list[int]) -> bool:
    """Tell whether the row above names groups of columns: it is empty above the names."""
    said = [n for n, cell in enumerate(before.cells) if cell]
    return bool(said) and all(n not in names and _cell(row.cells, n) for n in said)


def _column(
    place: int, label: str, group: str, cells: list[str], layout: Layout, vocabulary: Vocabulary
) -> Column | None:
    """Return what a column holds, by its words and by what stands in it."""
    context = (vocabulary.context_of(group) if group else None) or NOWHERE
    header = f"{group}: {label}" if group else label
    role = role_of(label)
    is_data = context is not NOWHERE and role not in ("vendor", "product", "status", "agency")
    marks = [is_marked(cell) for cell in cells if cell]
    is_matrix = True in marks and marks.count(None) * 3 <= len(marks)
    means = tuple(read_cell(label, vocabulary, context))
    is_known = bool(means) and all(isinstance(each, Meant) for each in means)
    if role and not (is_matrix and (is_data or (is_known and role == "grades"))):
        return Column(place, role, header, context)
    if is_known and (is_matrix or not marks or set(marks) == {False}):
        return Column(place, MARK, header, context, means)
    if _OTHER.fullmatch(label) and marks and not is_matrix and is_data:
        return Column(place, "elements", header, context)
    if True in marks and None not in marks and (is_data or layout.all(MARK)):
        return Column(place, MARK, header, context, means or (Unread(label, ()),))
    return None


def _settled(layout: Layout) -> Layout:
    """Keep one column of each kind there is one of; a category without data beside it says nothing."""
    kept: list[Column] = []
    has_elements = bool(layout.all("elements"))
    for column in layout.columns:
        taken = column.role in SINGLE and any(other.role == column.role for other in kept)
        if taken or column.role == PROMISE or (column.role == "category" and not has_elements):
            layout.unread.append(column.header)
        else:
            kept.append(column)
    layout.columns = kept
    return layout


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
