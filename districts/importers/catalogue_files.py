"""Read the catalogue's files and say, cell by cell, what is wrong with them. No database."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .report import Problem

CATALOGUE_FOLDER = Path(__file__).resolve().parent.parent / "catalogue"
LANGUAGES = ("en", "es")
SCHEMES = ("inbloom", "ndpa", "oneroster", "ceds", "dpv")
SUBJECTS = ("student", "family", "staff")
SENSITIVITIES = ("low", "medium", "high")
KINDS = ("", "disability", "health", "discipline", "housing", "language", "income", "migration")

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LABEL_WIDTH = 120
_IDENTIFIER_WIDTH = 200
_CODE_WIDTH = 60
_TEXTS = ("label", "definition", "sensitivity_reason", "usual_source")
_CATEGORY_COLUMNS = ("code", "position", "label_en", "label_es", "definition_en", "definition_es")
_PURPOSE_COLUMNS = ("code", "position", "label_en", "label_es", "explanation_en", "explanation_es")
_ELEMENT_COLUMNS = (
    "code",
    "subject",
    "sensitivity",
    "sensitive_kind",
    *(f"{text}_{language}" for language in LANGUAGES for text in _TEXTS),
    "same_meaning_as",
)
_MAY_BE_BLANK = {"sensitive_kind", "same_meaning_as"}


class CatalogueRefused(Exception):
    """The files are not a catalogue: nothing was loaded. Carries every problem, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Row:
    """One line of a file, with its place."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass
class CatalogueFiles:
    """The catalogue as the files tell it."""

    categories: list[Row] = field(default_factory=list)
    elements: dict[str, list[Row]] = field(default_factory=dict)  # by code of the category
    crosswalk: list[Row] = field(default_factory=list)
    prohibitions: list[Row] = field(default_factory=list)
    purposes: list[Row] = field(default_factory=list)

    def all_elements(self) -> Iterator[tuple[str, Row]]:
        """Yield every element with the code of its category."""
        for category, rows in self.elements.items():
            for row in rows:
                yield category, row


def read_catalogue(folder: Path = CATALOGUE_FOLDER) -> CatalogueFiles:
    """Return what the folder's files say.

    Raises CatalogueRefused with every problem found: a missing file or column, a blank cell, an unknown
    word, a code or identifier given twice, a name that leads nowhere.
    """
    reader = _Reader(folder)
    files = CatalogueFiles(
        categories=reader.rows("categories.csv", _CATEGORY_COLUMNS),
        crosswalk=reader.rows("crosswalk.csv", ("scheme", "identifier", "element")),
        prohibitions=reader.rows(
            "prohibitions.csv", ("element", "law_profile", "citation", "note_en", "note_es")
        ),
        purposes=reader.rows("purposes.csv", _PURPOSE_COLUMNS),
    )
    for category in files.categories:
        files.elements[category["code"]] = reader.rows(f"elements/{category['code']}.csv", _ELEMENT_COLUMNS)
    reader.check_folder(files)
    reader.check_values(files)
    if not reader.lost_rows:
        reader.check_references(files)
    if reader.problems:
        raise CatalogueRefused(reader.problems)
    return files


class _Reader:
    """Collects rows and problems of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.lost_rows = False  # then what they would have named is not missing

    def rows(self, name: str, columns: tuple[str, ...]) -> list[Row]:
        """Return a file's rows; a file that cannot be read yields none, and a problem."""
        try:
            with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file, strict=True)
                header = tuple(reader.fieldnames or ())
                if header != columns:
                    self._lose(name, 1, "header", ",".join(header), ",".join(columns))
                    return []
                return [
                    row for record in reader if (row := self._row(name, reader.line_num, record, columns))
                ]
        except FileNotFoundError:
            self._lose(name, 0, "file", "nothing", "a file of this name")
        except UnicodeDecodeError as error:
            self._lose(name, 0, "file", f"byte {error.start}", "UTF-8")
        except csv.Error as error:
            self._lose(name, 0, "file", str(error), "comma-separated values")
        return []

    def _row(self, name: str, line: int, record: dict[str, str], columns: tuple[str, ...]) -> Row | None:
        values = list(record.values())
        if None in record or None in values:
            self._lose(name, line, "row", "another number of cells", f"{len(columns)} cells")
            return None
        for column, value in record.items():
            if not value.strip() and column not in _MAY_BE_BLANK:
                self._refuse(name, line, column, value, "some words")
        return Row(name, line, record)

    def check_folder(self, files: CatalogueFiles) -> None:
        """Check that the files of elements and the categories are the same."""
        for path in sorted(self.folder.glob("elements/*.csv")):
            if path.stem not in files.elements:
                self._refuse(f"elements/{path.name}", 0, "file", path.stem, "the code of a category")

    def check_values(self, files: CatalogueFiles) -> None:
        """Check values and repetitions."""
        elements = [row for _category, row in files.all_elements()]
        for rows in (files.categories, elements, files.purposes):
            self._once(rows, ("code",))
            self._each(
                rows, "code", _is_code, f"lower-case words with hyphens, at most {_CODE_WIDTH} characters"
            )
            for language in LANGUAGES:
                self._each(rows, f"label_{language}", _is_label, f"at most {_LABEL_WIDTH} characters")
        for rows in (files.categories, files.purposes):
            self._each(rows, "position", _is_position, "a number up to 32767")
        self._each(elements, "subject", SUBJECTS.__contains__, _one_of(SUBJECTS))
        self._each(elements, "sensitivity", SENSITIVITIES.__contains__, _one_of(SENSITIVITIES))
        self._each(elements, "sensitive_kind", KINDS.__contains__, _one_of(KINDS))
        self._once(files.crosswalk, ("scheme", "identifier"))
        self._each(files.crosswalk, "scheme", SCHEMES.__contains__, _one_of(SCHEMES))
        self._each(
            files.crosswalk,
            "identifier",
            lambda value: len(value) <= _IDENTIFIER_WIDTH,
            f"at most {_IDENTIFIER_WIDTH} characters",
        )
        self._once(files.prohibitions, ("element", "law_profile"))

    def check_references(self, files: CatalogueFiles) -> None:
        """Check that every code named elsewhere is the code of an element, and no category is empty."""
        codes = {row["code"] for _category, row in files.all_elements()}
        themselves = {row["code"] for _category, row in files.all_elements() if not row["same_meaning_as"]}
        for rows in (files.crosswalk, files.prohibitions):
            self._each(rows, "element", codes.__contains__, "the code of an element")
        for _category, row in files.all_elements():
            if row["same_meaning_as"] and row["same_meaning_as"] not in themselves - {row["code"]}:
                self._refuse_cell(
                    row, "same_meaning_as", "the code of another element that stands for itself"
                )
        for code, rows in files.elements.items():
            if not rows:
                self._refuse(f"elements/{code}.csv", 1, "rows", "none", "at least one element")

    def _each(self, rows: list[Row], column: str, holds: Callable[[str], bool], expected: str) -> None:
        for row in rows:
            if not holds(row[column]):
                self._refuse_cell(row, column, expected)

    def _once(self, rows: list[Row], columns: tuple[str, ...]) -> None:
        seen: dict[tuple[str, ...], Row] = {}
        for row in rows:
            key = tuple(row[column] for column in columns)
            if key in seen:
                first = seen[key]
                self._refuse(
                    row.file,
                    row.line,
                    " and ".join(columns),
                    " ".join(key),
                    f"each once; it is also in {first.file}, line {first.line}",
                )
            seen.setdefault(key, row)

    def _lose(self, file: str, line: int, column: str, found: str, expected: str) -> None:
        self.lost_rows = True
        self._refuse(file, line, column, found, expected)

    def _refuse_cell(self, row: Row, column: str, expected: str) -> None:
        if row[column].strip() or column in _MAY_BE_BLANK:  # a blank one is already refused as such
            self._refuse(row.file, row.line, column, row[column], expected)

    def _refuse(self, file: str, line: int, column: str, found: str, expected: str) -> None:
        self.problems.append(Problem(file, line, column, found, expected))


def _is_code(value: str) -> bool:
    return bool(_CODE.fullmatch(value)) and len(value) <= _CODE_WIDTH


def _is_label(value: str) -> bool:
    return len(value) <= _LABEL_WIDTH


def _is_position(value: str) -> bool:
    return value.isascii() and value.isdigit() and int(value) <= 32767


def _one_of(words: tuple[str, ...]) -> str:
    return "one of " + ", ".join(word or "nothing" for word in words)
