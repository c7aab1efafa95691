"""Finds the agency a roster belongs to, or makes it and its state from orgs.csv."""

import re
from collections.abc import Sequence

from django.utils.text import slugify
from django.utils.translation import gettext as _

from districts.models import Agency

from .oneroster import ORGS, Org
from .orgs import DISTRICT_KINDS, district_of, state_of, words_for
from .report import Refusals

NCES_DISTRICT = re.compile(r"\d{7}", re.ASCII)

# The zone most of a state lives in; a district on the other side of a line sets its own in the admin.
TIME_ZONES: dict[str, str] = {
    state: zone
    for zone, states in {
        "America/New_York": "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
        "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
        "America/Denver": "CO ID MT NM UT WY",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA NV OR WA",
        "America/Anchorage": "AK",
        "Pacific/Honolulu": "HI",
        "America/Puerto_Rico": "PR VI",
        "Pacific/Guam": "GU MP",
        "Pacific/Pago_Pago": "AS",
    }.items()
    for state in states.split()
}


def find_agency(
    code: str, orgs: Sequence[Org], *, create: bool, state_code: str = "", refusals: Refusals
) -> tuple[Agency, Org | None]:
    """Return the agency known by a slug, NCES id or state id, and its organisation in the file.

    With `create` it is made, with its state, from the district in the file that answers to the code.
    Raises RosterRefused.
    """
    agency = _known(code, state_code, refusals)
    if agency is None:
        org = _named(code, orgs, refusals)
        agency = org and _known_as(org, state_code, refusals)
        if agency is None and create and org is not None:
            return _make_district(org, orgs, state_code, refusals), org
    if agency is None:
        expected = (
            _("a district in orgs.csv that answers to it") if create else _("a known agency, or --create")
        )
        refusals.stop("--agency", None, "", code, expected)
    if agency.kind == Agency.Kind.STATE:
        refusals.stop("--agency", None, "", code, _("a district: states have no roster of their own"))
    names = (code, agency.slug, agency.nces_id or "", agency.state_agency_id)
    org = district_of(orgs, names, refusals)
    if (
        org
        and agency.nces_id
        and NCES_DISTRICT.fullmatch(org.identifier)
        and org.identifier != agency.nces_id
    ):
        refusals.stop(
            ORGS, org.line, "identifier", org.identifier, _("this district's id, %s") % agency.nces_id
        )
    return agency, org


def _known(code: str, state_code: str, refusals: Refusals) -> Agency | None:
    found = Agency.objects.by_code(code)
    if state_code:
        found = found.filter(state_code=state_code)
    agencies = list(found[:2])
    if len(agencies) > 1:
        refusals.stop("--agency", None, "", code, _("one agency; several states use this id (see --state)"))
    return agencies[0] if agencies else None


def _known_as(org: Org, state_code: str, refusals: Refusals) -> Agency | None:
    """Return the agency known by what the file calls the district."""
    for word in (org.identifier, org.id):
        if word and (agency := _known(word, state_code, refusals)):
            return agency
    return None


def _named(code: str, orgs: Sequence[Org], refusals: Refusals) -> Org | None:
    """Return the district of the file that answers to a code, None if none does."""
    wanted = code.casefold()
    answers = any(
        wanted in {word.casefold() for word in words_for(org)}
        for org in orgs
        if org.kind in DISTRICT_KINDS and not org.gone
    )
    return district_of(orgs, [code], refusals) if answers else None


def _make_district(org: Org, orgs: Sequence[Org], state_code: str, refusals: Refusals) -> Agency:
    state = _find_or_make_state(org, orgs, state_code, refusals)
    is_nces = bool(NCES_DISTRICT.fullmatch(org.identifier))
    return Agency.objects.create(
        kind=Agency.Kind.DISTRICT,
        name=org.name[:200],
        slug=_free_slug(org.name, state.state_code),
        state=state,
        state_code=state.state_code,
        nces_id=org.identifier if is_nces else None,
        state_agency_id=org.id[:40] if is_nces else (org.identifier or org.id)[:40],
        time_zone=state.time_zone,
        law_profile=state.law_profile,
    )


def _find_or_make_state(org: Org, orgs: Sequence[Org], state_code: str, refusals: Refusals) -> Agency:
    above = state_of(orgs, org)
    code = state_code or _state_code(above)
    if code not in TIME_ZONES:
        refusals.stop(
            ORGS,
            above.line if above else org.line,
            "identifier",
            above.identifier if above else "",
            _("the two letters of a state, or --state"),
        )
    states = Agency.objects.filter(kind=Agency.Kind.STATE, state_code=code).order_by("pk")
    named = states.filter(name=above.name) if above else states.none()
    known = named.first() or states.first()
    if known:
        return known
    return Agency.objects.create(
        kind=Agency.Kind.STATE,
        name=(above.name if above else code)[:200],
        slug=_free_slug(above.name if above else code, code),
        state_code=code,
        state_agency_id=above.id[:40] if above else "",
        time_zone=TIME_ZONES[code],
        law_profile=f"us-{code.lower()}",
    )


def _state_code(state: Org | None) -> str:
    """Return the two letters in a state's identifier or id ("IL", "US-IL")."""
    for word in (state.identifier, state.id) if state else ():
        letters = word.upper().removeprefix("US-")
        if letters in TIME_ZONES:
            return letters
    return ""


def _free_slug(name: str, state_code: str) -> str:
    """Return a slug nobody has: the name, the name with its state, then numbered."""
    base = slugify(name)[:70] or "agency"
    candidates = [base, f"{base}-{state_code.lower()}"] + [f"{base}-{n}" for n in range(2, 100)]
    taken = set(Agency.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(candidate for candidate in candidates if candidate not in taken)
