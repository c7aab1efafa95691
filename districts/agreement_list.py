"""The list of agreements on a district's and a school's page: legend, filters, figures, one page of rows."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from .agreement_facts import Fact
from .agreement_rows import agreement_rows
from .filters import YES, address, chosen_of, filters, group_codes, legend, taken_away
from .kept_figures import kept_figures
from .listing import Counted, Wanted, all_of, counted, listed
from .models import Agency
from .posting import RULES

PAGE_SIZE = 25
#: Pages of agreements are addressed by the last agreement before them.
AFTER = "after"


@dataclass(frozen=True)
class Narrowed:
    """What an address chooses, what of it an agency has, and what each group of data is called."""

    wanted: Wanted
    known: Sequence[Fact]
    found: Counted
    groups: Mapping[str, str]

    @property
    def chosen(self) -> Mapping[str, str]:
        return self.wanted.chosen

    @property
    def taken_away(self) -> list[dict[str, str]]:
        """Return each thing that was chosen with the address without it."""
        return taken_away(self.chosen, self.groups)

    def of_school(self, pk: int) -> int:
        """Return how many agreements may concern a school that was counted."""
        return self.found.options.get("school", {}).get(str(pk), 0)


def narrowed(
    agency: Agency,
    params: Mapping[str, str],
    today: dt.date,
    *,
    school: int | None = None,
    schools: Collection[int] = (),
) -> Narrowed:
    """Return what the parts of an address choose of an agency's agreements, counted.

    Of one school, or of all (None); `schools` are those to count agreements for.
    """
    groups = group_codes()
    wanted = Wanted(agency, today, school, chosen_of(params, groups))
    known = all_of(wanted)

    def count() -> Counted:
        return counted(wanted, schools=schools, known=known)

    about = ("counted", agency.pk, today, school, *schools)
    found = count() if wanted.chosen else kept_figures(about, count)
    grade = wanted.chosen.get("grade")
    if grade and grade not in found.options.get("grade", {}):  # no agreement here names such a grade
        chosen = {name: value for name, value in wanted.chosen.items() if name != "grade"}
        wanted = replace(wanted, chosen=chosen)
        found = counted(wanted, schools=schools, known=known)
    return Narrowed(wanted, known, found, groups)


def agreement_list(some: Narrowed, params: Mapping[str, str]) -> dict[str, Any]:
    """Return what `_agreement_list.html` shows of the agreements, from where an address says."""
    agency, today = some.wanted.agency, some.wanted.today
    after = _uuid(params.get(AFTER, ""))
    rows = listed(some.wanted, after=after, limit=PAGE_SIZE + 1, known=some.known)
    shown = agreement_rows(agency, rows[:PAGE_SIZE], today)
    is_more = len(rows) > PAGE_SIZE
    return {
        "chosen": some.chosen,
        "figures": some.found.figures,
        "legend": legend(some.chosen, some.found),
        "filters": filters(some.chosen, some.found, some.groups),
        "taken_away": some.taken_away,
        "gaps_url": address({}, gaps=YES),
        "rows": shown,
        "first_url": address(some.chosen) if after else "",
        "next_url": address(some.chosen, **{AFTER: shown[-1].id}) if is_more else "",
        "clock": RULES.get(agency.law_profile) if agency.kind == Agency.Kind.DISTRICT else None,
        "mail_url": _mail_url(agency),
    }


def _mail_url(agency: Agency) -> str:
    """Return the address that opens a letter to the district about what the list lacks; empty without one."""
    if not agency.contact_email:
        return ""
    subject = _("Missing from the list of %(district)s") % {"district": agency.name}
    return f"mailto:{quote(agency.contact_email, safe='@')}?subject={quote(subject)}"


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
