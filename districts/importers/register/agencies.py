"""Finds the agency a row is about: the one asked for, or by the sheet's own column, a member of a state."""

from collections.abc import Iterator

from django.utils.text import slugify

from districts.models import Agency

from ..report import Problems
from .names import name_key

NCES_DIGITS = 7
LONGEST_NAME = 200


class AgencyFinder:
    """Finds agencies by name, NCES id or state id; `left_out` counts rows by the names of other agencies."""

    def __init__(self, agency: Agency, problems: Problems, *, create: bool, own_only: bool) -> None:
        self.agency = agency
        self.problems = problems
        self.create = create
        self.has_members = agency.kind == Agency.Kind.STATE and not own_only
        self.created: list[str] = []
        self.left_out: dict[str, int] = {}
        self.unknown: set[str] = set()
        self.known: dict[str, set[int]] = {}
        self.agencies: dict[int, Agency] = {}
        members = Agency.objects.filter(state=agency) if self.has_members else Agency.objects.none()
        for found in (agency, *members.order_by("pk")):
            self._learn(found)

    def find(self, name: str, code: str, line: int) -> Agency | None:
        """Return the agency a row is about, None for another one's row or where nobody can say."""
        if not name and not code:
            return self.agency
        by_code, by_name = self._by_code(code), self.known.get(name_key(name), set()) if name else set()
        found = by_code or by_name
        if len(found) == 1 and not self._contradicts(found, code if not by_code else "", name, line):
            return self.agencies[next(iter(found))]
        if len(found) == 1:
            return None
        if len(found) > 1:
            self._problem(name or code, line, "a name that only one agency has, or its NCES id")
        elif not self.has_members:
            self.left_out[name or code] = self.left_out.get(name or code, 0) + 1
        elif self.create and name and len(name) <= LONGEST_NAME:
            return self._make(name, code)
        else:
            expected = f"an agency of {self.agency.name} (or --create-agencies)"
            self._problem(name or code, line, expected)
        return None

    def _contradicts(self, found: set[int], code: str, name: str, line: int) -> bool:
        """Tell whether an agency found by name has another NCES id than the row says."""
        agency = self.agencies[next(iter(found))]
        nces = _nces(code)
        if not nces or not agency.nces_id or agency.nces_id == nces:
            return False
        if not self.has_members:
            self.left_out[name] = self.left_out.get(name, 0) + 1
        else:
            self._problem(f"{name}, {code}", line, f"{agency.nces_id}, the NCES id of {agency.name}")
        return True

    def _by_code(self, code: str) -> set[int]:
        return self.known.get(f"#{_nces(code) or code}", set()) if code else set()

    def _learn(self, agency: Agency) -> None:
        self.agencies[agency.pk] = agency
        for known in _names_of(agency):
            self.known.setdefault(known, set()).add(agency.pk)

    def _make(self, name: str, code: str) -> Agency:
        nces = _nces(code)
        if nces and Agency.objects.filter(nces_id=nces).exists():
            nces = ""  # another state's; the row is not about it
        made = Agency.objects.create(
            kind=Agency.Kind.DISTRICT,
            name=name,
            slug=_free_slug(name, self.agency.state_code),
            state=self.agency,
            state_code=self.agency.state_code,
            nces_id=nces or None,
            state_agency_id="" if nces else code[:40],
            time_zone=self.agency.time_zone,
            law_profile=self.agency.law_profile,
        )
        self._learn(made)
        self.created.append(made.name)
        return made

    def _problem(self, found: str, line: int, expected: str) -> None:
        if found not in self.unknown:
            self.unknown.add(found)
            self.problems.add(line, "district", found, expected)


def _nces(code: str) -> str:
    """Return a code as an NCES id of a district; spreadsheets drop the first zero."""
    digits = code.strip()
    is_nces = digits.isascii() and digits.isdigit() and len(digits) in (NCES_DIGITS - 1, NCES_DIGITS)
    return digits.zfill(NCES_DIGITS) if is_nces else ""


def _names_of(agency: Agency) -> Iterator[str]:
    yield name_key(agency.name)
    if agency.nces_id:
        yield f"#{agency.nces_id}"
    if agency.state_agency_id:
        yield f"#{agency.state_agency_id}"


def _free_slug(name: str, state_code: str) -> str:
    """Return a slug nobody has: the name, the name with its state, then numbered."""
    base = slugify(name)[:70] or "agency"
    candidates = [base, f"{base}-{state_code.lower()}"] + [f"{base}-{n}" for n in range(2, 100)]
    taken = set(Agency.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(candidate for candidate in candidates if candidate not in taken)
