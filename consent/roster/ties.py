"""Brings guardianships into step with the roster and bars whom it says may have no contact."""

import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.backends.utils import CursorWrapper

from consent.holds import place_hold
from consent.models import Hold
from districts.models import Agency

from .merging import run_merge
from .report import Tally
from .staging import derive

# roster_bond: the roster's ties with the database's ids and the rights that follow from them.
BONDS = """
    SELECT g.id AS guardian_id, s.id AS student_id, t.relation, t.is_primary, t.restriction,
           CASE WHEN t.is_sure AND (t.is_primary OR t.relation = ANY (%(deciders)s))
                THEN 'decides' ELSE 'review' END AS rights
      FROM roster_tie t
      JOIN consent_student s ON s.agency_id = %(agency)s AND s.roster_id = t.student
      JOIN consent_guardian g ON g.agency_id = %(agency)s AND g.roster_id = t.person
    UNION ALL
    SELECT g.id, r.student_id, 'self', false, '', 'decides'
      FROM roster_self r
      JOIN consent_guardian g ON g.agency_id = %(agency)s AND g.roster_id = r.id
"""

# What staff decided stands; such a row only comes back when the roster has it again, or becomes the roster's.
# A trigger renews entered_at when the tie comes back or begins to give rights.
CHANGE = """
    UPDATE consent_guardianship gs
       SET relation = CASE WHEN gs.rights_set_by_staff THEN gs.relation ELSE b.relation END,
           is_primary_contact = CASE WHEN gs.rights_set_by_staff THEN gs.is_primary_contact
                                     ELSE b.is_primary END,
           rights = CASE WHEN gs.rights_set_by_staff THEN gs.rights ELSE b.rights END,
           ended_on = CASE WHEN gs.ended_on <= %(as_of)s THEN NULL ELSE gs.ended_on END,
           origin = 'roster'
      FROM roster_bond b
     WHERE gs.guardian_id = b.guardian_id AND gs.student_id = b.student_id
       AND (gs.ended_on <= %(as_of)s OR gs.origin <> 'roster'
            OR (NOT gs.rights_set_by_staff
                AND (gs.relation, gs.is_primary_contact, gs.rights) <> (b.relation, b.is_primary, b.rights)))
"""

MAKE = """
    INSERT INTO consent_guardianship (guardian_id, student_id, relation, rights, rights_set_by_staff,
                                      is_primary_contact)
    SELECT b.guardian_id, b.student_id, b.relation, b.rights, false, b.is_primary
      FROM roster_bond b
     WHERE NOT EXISTS (SELECT FROM consent_guardianship gs
                        WHERE gs.guardian_id = b.guardian_id AND gs.student_id = b.student_id)
"""

END = """
    UPDATE consent_guardianship gs SET ended_on = %(as_of)s
      FROM consent_student s
     WHERE s.id = gs.student_id AND s.agency_id = %(agency)s AND gs.origin = 'roster'
       AND (gs.ended_on IS NULL OR gs.ended_on > %(as_of)s)
       AND NOT EXISTS (SELECT FROM roster_bond b
                        WHERE b.guardian_id = gs.guardian_id AND b.student_id = gs.student_id)
"""

# A restriction bars once: not while a hold is open, and not again after staff lifted one for the same text.
NEWLY_RESTRICTED = """
    SELECT gs.id, b.restriction
      FROM roster_bond b
      JOIN consent_guardianship gs ON gs.guardian_id = b.guardian_id AND gs.student_id = b.student_id
     WHERE b.restriction <> ''
       AND NOT EXISTS (SELECT FROM consent_hold h
                        WHERE h.guardianship_id = gs.id
                          AND (h.lifted_at IS NULL
                               OR (h.origin = 'roster' AND lower(h.evidence) = lower(b.restriction))))
"""

LOCK_TIES = "SELECT id FROM consent_guardianship WHERE id = ANY (%s) ORDER BY id FOR UPDATE"

BAR_NEW = f"""
    INSERT INTO consent_hold (guardianship_id, origin, evidence, placed_by_id, review_due_on,
                              order_reference, lifted_reason)
    SELECT id, 'roster', restriction, %(by)s, %(due)s, '', '' FROM ({NEWLY_RESTRICTED}) newly
     WHERE id <> ALL (%(known)s)
"""  # noqa: S608


def merge_ties(
    cursor: CursorWrapper, *, agency: Agency, as_of: dt.date, by: AbstractBaseUser | None
) -> tuple[Tally, Tally, dict[int, str]]:
    """Make, change, end guardianships; bar those just made whom the roster restricts.

    Return the counts of ties and of holds, and the text of the restriction by guardianship for those known
    before: they may have messages on their way and be signed in, so `bar_known` has to bar them.
    """
    values = {"agency": agency.pk, "as_of": as_of, "deciders": agency.decider_relations}
    derive(cursor, "roster_bond", BONDS, values)
    cursor.execute(NEWLY_RESTRICTED)
    known: dict[int, str] = dict(cursor.fetchall())
    ties = run_merge(cursor, "roster_bond", change=CHANGE, make=MAKE, end=END, values=values)
    due = as_of + dt.timedelta(days=agency.hold_review_days)
    cursor.execute(BAR_NEW, {"by": by.pk if by else None, "due": due, "known": list(known)})
    placed = len(known) + cursor.rowcount
    cursor.execute("SELECT count(*) FROM roster_bond WHERE restriction <> ''")
    restricted = cursor.fetchone()[0]
    return ties, Tally(created=placed, unchanged=restricted - placed), known


def bar_known(
    cursor: CursorWrapper, known: dict[int, str], *, by: AbstractBaseUser | None, now: dt.datetime
) -> None:
    """Place a hold on each of these guardianships, one by one: withholding, ending sessions and claims."""
    # All ties before the first child: whoever answers locks their tie, then the child (state_locks.py).
    cursor.execute(LOCK_TIES, [sorted(known)])
    for guardianship_id, text in sorted(known.items()):
        place_hold(guardianship_id=guardianship_id, origin=Hold.Origin.ROSTER, evidence=text, by=by, now=now)
