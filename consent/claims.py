"""Which user acts for which guardian: a claim is tied by a proof, and holds no longer than the proof does.

What a claim is worth is asked anew each time (consent_claims_in_force, migration 0012): the roster's address
must still be that person's alone, and nobody barred from their child may read the mailbox. `end_unproven`
writes down what has lost its proof; nothing depends on it having run.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL

from .models import Claim, Guardian

PROOF_IS_GONE = "the mailbox is no longer this person's alone"


def guardians_of(*, user_id: int | None, now: dt.datetime) -> list[int]:
    """Return the ids of the guardians for whom a user may act."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT guardian_id FROM consent_claims_in_force(%s) WHERE user_id = %s", [now, user_id]
        )
        return [guardian for (guardian,) in cursor.fetchall()]


def claim_in_force(*, user_id: int, guardian_id: int, now: dt.datetime) -> int | None:
    """Return the id of the claim by which a user acts for a guardian, or None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT claim_id FROM consent_claims_in_force(%s) WHERE user_id = %s AND guardian_id = %s",
            [now, user_id, guardian_id],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def is_spoilt(*, mailbox: str, guardian_id: int) -> bool:
    """Tell whether somebody barred from one of the guardian's children reads a mailbox."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM consent_spoilt_mailboxes() WHERE guardian_id = %s AND email = %s",
            [guardian_id, mailbox],
        )
        return cursor.fetchone() is not None


def tie_mailbox(*, user: AbstractBaseUser, mailbox: str) -> int:
    """Claim for a user, who just proved the mailbox, each guardian whom the roster gives that address alone.

    Returns how many claims were made. A second person with the address in the same agency prevents it.
    """
    spoilt = RawSQL("SELECT guardian_id FROM consent_spoilt_addresses()", [])
    theirs = Guardian.objects.filter(email=mailbox, ended_on=None)
    second = theirs.filter(agency=OuterRef("agency")).exclude(pk=OuterRef("pk"))
    made = 0
    for guardian in theirs.filter(~Exists(second)).exclude(pk__in=spoilt):
        _claim, is_new = Claim.objects.get_or_create(
            user_id=user.pk, guardian=guardian, ended_at=None, defaults={"proof": Claim.Proof.ROSTER_EMAIL}
        )
        made += is_new
    return made


def end_unproven(*, agency_id: int, now: dt.datetime, student_id: int | None = None) -> int:
    """End the claims that lost their proof, and the sign-ins of whoever held them; return how many.

    Of a whole agency, or of the people tied to one child. What is proven at the next sign-in is tied anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _END_UNPROVEN, {"agency": agency_id, "student": student_id, "now": now, "why": PROOF_IS_GONE}
        )
        users = [user for (user,) in cursor.fetchall()]
    end_sign_ins(users)
    return len(users)


def end_sign_ins(user_ids: Iterable[int]) -> None:
    """Make every sign-in of these users void with this transaction.

    Sessions carry a hash of the password; who signs in by code has none, so a new unusable one ends them
    all. A password that is in use is left alone: those sessions are found by reading them.
    """
    with_password = set()
    for user in get_user_model().objects.filter(pk__in=list(user_ids)).order_by("pk"):
        if user.has_usable_password():
            with_password.add(str(user.pk))
        else:
            user.set_unusable_password()
            user.save(update_fields=["password"])
    if with_password:
        _delete_sessions_of(with_password)


def _delete_sessions_of(users: Collection[str]) -> None:
    sessions = Session.objects.all().iterator(chunk_size=2000)
    ours = [s.pk for s in sessions if s.get_decoded().get(SESSION_KEY) in users]
    Session.objects.filter(pk__in=ours).delete()


# As of the earliest moment: a claim that has run out by its date is no claim that lost its proof.
_END_UNPROVEN = """
    UPDATE consent_claim c SET ended_at = %(now)s, ended_why = %(why)s
      FROM consent_guardian g
     WHERE g.id = c.guardian_id AND g.agency_id = %(agency)s AND c.ended_at IS NULL
       AND (%(student)s::bigint IS NULL
            OR g.id IN (SELECT guardian_id FROM consent_guardianship WHERE student_id = %(student)s::bigint))
       AND NOT EXISTS (SELECT FROM consent_claims_in_force('-infinity') f WHERE f.claim_id = c.id)
    RETURNING c.user_id
"""
