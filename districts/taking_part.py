"""Who takes part in an agreement, by how they came to: joined, required, own; and whom this site tells."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .models import Agreement, Participation

OPEN = 40  # districts in view in each group; a state has hundreds


@dataclass
class Group:
    """The districts that take part in one way; `title` says it in words."""

    title: str
    rows: list[Participation] = field(default_factory=list)

    @property
    def in_view(self) -> list[Participation]:
        """Return the districts shown at once."""
        return self.rows[:OPEN]

    @property
    def folded(self) -> list[Participation]:
        """Return the districts behind a fold."""
        return self.rows[OPEN:]


@dataclass(frozen=True)
class TakingPart:
    """The groups that have anybody in them; of those that take part now, how many, and how many untold."""

    groups: list[Group]
    count: int
    untold: int


def taking_part(agreement: Agreement, today: dt.date) -> TakingPart:
    """Return who takes part, and who did until some day; one query."""
    groups = {
        Participation.Kind.OWN: Group(_("Its own agreement")),
        Participation.Kind.JOINED: Group(_("Joined")),
        Participation.Kind.REQUIRED: Group(_("Required by the state")),
    }
    over = Group(_("No longer part of it"))
    count = untold = 0
    for part in agreement.participations.select_related("agency"):
        if part.until_on is not None and part.until_on <= today:
            over.rows.append(part)
            continue
        groups[Participation.Kind(part.kind)].rows.append(part)
        count += 1
        untold += not part.agency.has_families_here
    return TakingPart([group for group in (*groups.values(), over) if group.rows], count, untold)
