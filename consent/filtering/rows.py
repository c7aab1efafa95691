"""Filter the rows of one file: whole records of people who may not be in it, single values, whole columns."""

from collections.abc import Iterator, Sequence

from .columns import LINKS, Kind, Layout, kind_of_role
from .people import People, Person
from .report import WHOLE_RECORD, FilterReport

Row = list[str]
Anybody = dict[Kind, frozenset[int]]


class PersonFile:
    """One file about people. Look-ups are made per batch, so memory does not grow with the file."""

    def __init__(
        self,
        layout: Layout,
        people: People,
        anybody: Anybody,
        staff_ids: frozenset[str],
        report: FilterReport,
    ) -> None:
        self.layout, self.people, self.report = layout, people, report
        self.staff_ids = staff_ids
        self.role_at = layout.header.index("role") if "role" in layout.header else None
        self.links_at = layout.header.index(LINKS) if LINKS in layout.header else None
        allowed = {
            at
            for kind, elements in layout.element_at.items()
            for at, element in elements.items()
            if element in anybody[kind]
        }
        mapped = {at for elements in layout.element_at.values() for at in elements}
        self.kept_at = sorted(allowed | layout.structure)
        self.has_data = bool(allowed - {layout.id_at}) or layout.file == "users"
        removed = sorted(mapped - allowed - layout.structure)
        if removed:
            report.columns_removed[layout.file] = [layout.header[at] for at in removed]
        if layout.unknown:
            report.unknown_columns[layout.file] = list(layout.unknown)

    @property
    def header(self) -> Row:
        """Return the columns that go on; those permitted for nobody are gone."""
        return [self.layout.header[at] for at in self.kept_at]

    def filter(self, rows: Sequence[Row]) -> Iterator[Row]:
        """Yield what may be passed on of some rows."""
        ids = [row[self.layout.id_at].strip() for row in rows]
        children = self.people.children(ids)
        adults = self.people.adults(ids) if Kind.GUARDIAN in self.layout.element_at else {}
        strangers = set(ids) - set(children) - self.people.known_students(ids)
        for row, person_id in zip(rows, ids, strict=True):
            kind = self._kind(row, person_id, children, adults)
            found = self._person(kind, person_id, children, adults)
            reason = self._why_left_out(kind, found, person_id in strangers)
            if reason or kind is None or found is None:
                self.report.withhold(
                    kind or "person", person_id, self.layout.file, WHOLE_RECORD, reason or "unknown_role"
                )
                continue
            self.report.kept[self.layout.file] += 1
            yield self._values(row, person_id, kind, found)

    def _kind(
        self, row: Row, person_id: str, children: dict[str, Person], adults: dict[str, Person]
    ) -> Kind | None:
        kinds = self.layout.element_at
        if len(kinds) == 1:
            return next(iter(kinds))
        if self.role_at is not None:
            kind = kind_of_role(row[self.role_at])
            return kind if kind in kinds else None
        if person_id in children:
            return Kind.STUDENT
        if person_id in adults:
            return Kind.GUARDIAN
        return Kind.STAFF if person_id in self.staff_ids else None

    def _person(
        self, kind: Kind | None, person_id: str, children: dict[str, Person], adults: dict[str, Person]
    ) -> Person | None:
        if kind == Kind.STUDENT:
            return children.get(person_id)
        if kind == Kind.GUARDIAN:
            return adults.get(person_id)
        return Person(self.people.staff) if kind == Kind.STAFF else None

    def _why_left_out(self, kind: Kind | None, found: Person | None, is_stranger: bool) -> str:
        """Return why a record stays with the district, or ''."""
        if kind is None:
            return "unknown_role"
        if found is None:
            if kind == Kind.GUARDIAN:
                return "not_a_decider"
            return "unknown" if is_stranger else "out_of_scope"
        for element in self.layout.required(kind):
            if element is None or element not in found.permitted:
                return found.withheld.get(element or 0, "not_in_agreement")
        others = self.layout.others(kind)
        if self.layout.file == "demographics" and not found.permitted.intersection(others):
            return next((found.withheld[e] for e in others if e in found.withheld), "not_in_agreement")
        return ""

    def _values(self, row: Row, person_id: str, kind: Kind, found: Person) -> Row:
        elements = self.layout.element_at[kind]
        passed = {at: row[at] for at in self.layout.structure}
        for at, element in elements.items():
            if element in found.permitted:
                passed[at] = self._links(row[at], found) if at == self.links_at else row[at]
            elif row[at] and element in found.withheld:
                self.report.withhold(
                    kind, person_id, self.layout.file, self.layout.header[at], found.withheld[element]
                )
        return [passed.get(at, "") for at in self.kept_at]

    @staticmethod
    def _links(value: str, found: Person) -> str:
        """Return the ids of a list whose people are in the file and tied to this one."""
        return ",".join(one for one in (part.strip() for part in value.split(",")) if one in found.ties)
