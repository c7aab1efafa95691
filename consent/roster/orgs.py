"""Which schools of orgs.csv are the district's: districts nest, parents are missing, files hold many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils.text import slugify
from django.utils.translation import gettext as _

from .oneroster import ORGS, Org
from .report import Refusals

DISTRICT_KINDS = frozenset({"district", "local"})
SCHOOL_KINDS = frozenset({"school", "campus"})
STATE_KINDS = frozenset({"state"})


def district_of(orgs: Sequence[Org], names: Iterable[str], refusals: Refusals) -> Org | None:
    """Return the org that is the district known by one of these names (ids, slug), None if there is none.

    A file with one district need not name it as the agency does; one with several must. Of nested
    districts that answer to the name the outermost is meant. Raises RosterRefused.
    """
    districts = [org for org in orgs if org.kind in DISTRICT_KINDS and not org.gone]
    wanted = {name.casefold() for name in names if name}
    named = [org for org in districts if wanted & {word.casefold() for word in words_for(org)}]
    top = _outermost(named or districts, orgs)
    if len(top) > 1:
        refusals.stop(
            ORGS,
            top[1].line,
            "identifier",
            ", ".join(org.id for org in top[:3]),
            _("one district that answers to “%s”") % "”, “".join(sorted(wanted)),
        )
    return top[0] if top else None


def words_for(org: Org) -> set[str]:
    """Return the codes an organisation answers to."""
    return {word for word in (org.id, org.identifier, slugify(org.id), slugify(org.name)) if word}


def schools_of(orgs: Sequence[Org], district: Org | None) -> list[Org]:
    """Return the schools of a district, however deep; all of them where the file has no district.

    A school whose parent is missing belongs to the district if no other could be meant.
    """
    schools = [org for org in orgs if org.kind in SCHOOL_KINDS and not org.gone]
    if district is None:
        return schools
    inside = _below(orgs, district.id)
    known = {org.id for org in orgs}
    districts = [org for org in orgs if org.kind in DISTRICT_KINDS and not org.gone]
    is_only = len(_outermost(districts, orgs)) == 1
    return [org for org in schools if org.id in inside or (is_only and org.parent not in known)]


def state_of(orgs: Sequence[Org], district: Org) -> Org | None:
    """Return the state above a district, or the file's only one."""
    by_id = {org.id: org for org in orgs}
    seen: set[str] = set()
    org: Org | None = district
    while org is not None and org.id not in seen:
        if org.kind in STATE_KINDS:
            return org
        seen.add(org.id)
        org = by_id.get(org.parent)
    states = [org for org in orgs if org.kind in STATE_KINDS and not org.gone]
    return states[0] if len(states) == 1 else None


def _outermost(chosen: Sequence[Org], orgs: Sequence[Org]) -> list[Org]:
    """Return those that no other of the chosen contains."""
    nested: set[str] = set()
    for org in chosen:
        if org.id not in nested:
            nested |= _below(orgs, org.id) - {org.id}
    return [org for org in chosen if org.id not in nested]


def _below(orgs: Sequence[Org], top: str) -> set[str]:
    """Return the ids of an organisation and of all below it; circles do not matter."""
    children: defaultdict[str, list[str]] = defaultdict(list)
    for org in orgs:
        children[org.parent].append(org.id)
    found, waiting = {top}, [top]
    while waiting:
        for child in children[waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found
