"""Who may sign in by an e-mailed code.

There is no sign-up and no password for families. A mailbox that the roster names for somebody who may decide
today is an account; one that several people share proves nobody, so those people add their child with the
code of a letter (letter_codes.py). Whom a mailbox then acts for: claims.py.
"""

import datetime as dt
import secrets
from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection

# A guardian `g` of agency `a` who may decide for somebody on the agency's own day.
_DECIDES = """
    EXISTS (SELECT FROM consent_guardianship gs
             WHERE gs.guardian_id = g.id
               AND gs.id IN (SELECT guardianship_id
                               FROM consent_entitled((%(now)s AT TIME ZONE a.time_zone)::date)))
"""

# One statement, the same for a known and an unknown address, so that both take the same time.
_ENSURE = f"""
    INSERT INTO portal_user (email, password, language, is_staff, is_superuser, is_active, date_joined)
    SELECT DISTINCT %(email)s, %(password)s, '', false, false, true, now()
      FROM consent_guardian g
      JOIN districts_agency a ON a.id = g.agency_id
     WHERE g.email = %(email)s AND {_DECIDES}
       AND g.id NOT IN (SELECT guardian_id FROM consent_spoilt_addresses())
    ON CONFLICT (email) DO NOTHING
"""  # noqa: S608

# The guardians of a mailbox: by the roster, or by a claim in force of the account that has it (none: NULL).
_STANDS_FOR_A_DECIDER = f"""
    SELECT EXISTS (
        SELECT FROM (SELECT by_roster.id FROM consent_guardian by_roster
                      WHERE by_roster.email = %(email)s
                        AND by_roster.id NOT IN (SELECT guardian_id FROM consent_spoilt_addresses())
                     UNION
                     SELECT guardian_id FROM consent_claims_in_force(%(now)s)
                      WHERE user_id = %(user)s::bigint) mine
          JOIN consent_guardian g ON g.id = mine.id
          JOIN districts_agency a ON a.id = g.agency_id
         WHERE {_DECIDES})
"""  # noqa: S608

_ANY_DECIDES = f"""
    SELECT EXISTS (SELECT FROM consent_guardian g JOIN districts_agency a ON a.id = g.agency_id
                    WHERE g.id = ANY (%(guardians)s) AND {_DECIDES})
"""  # noqa: S608


def normalise(email: str) -> str:
    """Return an address the way it is stored: no outer spaces, lower case."""
    return email.strip().lower()


def user_who_may_sign_in(*, email: str, now: dt.datetime) -> AbstractBaseUser | None:
    """Return the account of a mailbox that may sign in by code today, making it from the roster if new.

    None for staff (they have the admin's own sign-in), for unknown addresses, and for one that is also used
    by somebody barred from the child concerned. Runs the same statements for every address, and none reads
    more for an unknown one.
    """
    email = normalise(email)
    with connection.cursor() as cursor:
        cursor.execute(_ENSURE, {"email": email, "now": now, "password": "!" + secrets.token_hex(20)})
    user = get_user_model().objects.filter(email=email, is_staff=False, is_active=True).first()
    asked: dict[str, Any] = {"email": email, "user": user.pk if user else None, "now": now}
    return user if _yes(_STANDS_FOR_A_DECIDER, asked) else None


def may_sign_in(*, user: AbstractBaseUser, now: dt.datetime) -> bool:
    """Tell whether an account may sign in by code today."""
    return user_who_may_sign_in(email=user.get_username(), now=now) == user


def any_entitled(guardian_ids: Collection[int], now: dt.datetime) -> bool:
    """Tell whether one of some guardians may decide for somebody, each on the day of their agency."""
    return _yes(_ANY_DECIDES, {"guardians": list(guardian_ids), "now": now})


def _yes(sql: str, values: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return bool(cursor.fetchone()[0])
