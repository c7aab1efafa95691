"""Who may sign in, and how a signed-in mailbox is tied to a guardian.

There is no sign-up and no password for families. A mailbox that the roster names for somebody who may decide
today is an account; one that several people share proves nobody, so those people add their child with the
code of a letter.
"""

import datetime as dt
import hmac
import re
import secrets
from hashlib import sha256

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL

from districts.models import Agency

from .models import Claim, ClaimCode, Guardian
from .refusals import broken_constraint

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 and O, no 1 and I: they are read wrong
CODE_LIFE = dt.timedelta(days=60)
WAITING_CODE = "letter_code"  # where a letter's code waits in the session while the mailbox is proven


class CodeNotAccepted(Exception):
    """The code of a letter is unknown, used, revoked or too old; the page says the same for all."""


# One statement, the same for a known and an unknown address, so that both take the same time.
_ENSURE = """
    INSERT INTO portal_user (email, password, language, is_staff, is_superuser, is_active, date_joined)
    SELECT DISTINCT %(email)s, %(password)s, '', false, false, true, now()
      FROM consent_guardian g
      JOIN districts_agency a ON a.id = g.agency_id
      JOIN consent_guardianship gs ON gs.guardian_id = g.id
     WHERE g.email = %(email)s
       AND gs.id IN (SELECT guardianship_id FROM consent_entitled((%(now)s AT TIME ZONE a.time_zone)::date))
       AND g.id NOT IN (SELECT guardian_id FROM consent_spoilt_addresses())
    ON CONFLICT (email) DO NOTHING
"""


def normalise(email: str) -> str:
    """Return an address the way it is stored: no outer spaces, lower case."""
    return email.strip().lower()


def user_who_may_sign_in(*, email: str, now: dt.datetime) -> AbstractBaseUser | None:
    """Return the account of a mailbox that may sign in by code today, making it from the roster if new.

    None for staff (they have the admin's own sign-in), for unknown addresses, and for one that is also used
    by somebody barred from the child concerned. Runs the same statements for every address.
    """
    email = normalise(email)
    with connection.cursor() as cursor:
        cursor.execute(_ENSURE, {"email": email, "now": now, "password": "!" + secrets.token_hex(20)})
    user = get_user_model().objects.filter(email=email, is_staff=False, is_active=True).first()
    guardians = _guardians_of_mailbox(email, user)
    return user if user is not None and _any_entitled(guardians, now) else None


def may_sign_in(*, user: AbstractBaseUser, now: dt.datetime) -> bool:
    """Tell whether an account may sign in by code today."""
    return user_who_may_sign_in(email=user.get_username(), now=now) == user


def user_of_letter(*, email: str) -> AbstractBaseUser | None:
    """Return the account of the mailbox that a letter's reader gave, made if new; None for staff.

    Call it only behind a valid letter code: this is the one way an address off the roster gets an account.
    """
    user, _made = get_user_model().objects.get_or_create(
        email=normalise(email), defaults={"password": "!" + secrets.token_hex(20)}
    )
    return None if user.is_staff or not user.is_active else user


def tie_mailbox(*, user: AbstractBaseUser, mailbox: str) -> int:
    """Claim for a user, who just proved the mailbox, each guardian whom the roster gives that address alone.

    Returns how many claims were made. A second person with the address in the same agency prevents it.
    """
    alone = [
        guardian
        for guardian in Guardian.objects.filter(email=mailbox, ended_on=None).exclude(_spoilt())
        if not Guardian.objects.filter(agency=guardian.agency_id, email=guardian.email, ended_on=None)
        .exclude(pk=guardian.pk)
        .exists()
    ]
    made = 0
    for guardian in alone:
        _claim, is_new = Claim.objects.get_or_create(
            user_id=user.pk, guardian=guardian, ended_at=None, defaults={"proof": Claim.Proof.ROSTER_EMAIL}
        )
        made += is_new
    return made


def new_letter_code(*, guardian_id: int, now: dt.datetime) -> str:
    """Make a code for a letter, like ABCD-EFGH, that opens one guardian once within 60 days.

    Only its digest is stored; the words of the code exist on the paper alone.
    """
    letters = "".join(secrets.choice(CODE_LETTERS) for _n in range(8))
    ClaimCode.objects.create(guardian_id=guardian_id, digest=_digest(letters), expires_at=now + CODE_LIFE)
    return f"{letters[:4]}-{letters[4:]}"


def look_up_code(*, code: str, now: dt.datetime) -> ClaimCode:
    """Return the open code a letter carried. Spaces, dashes and case do not matter.

    Raises CodeNotAccepted, the same for a wrong, used, revoked or old one.
    """
    letters = re.sub(r"[\s-]", "", code).upper()
    found = (
        ClaimCode.objects.select_related("guardian", "guardian__agency")
        .filter(digest=_digest(letters), used_at=None, revoked_at=None, expires_at__gt=now)
        .first()
    )
    if found is None or not _any_entitled([found.guardian], now):
        raise CodeNotAccepted
    return found


def may_use_code(*, code: str, user: AbstractBaseUser, now: dt.datetime) -> bool:
    """Tell whether an account may be tied by the code of a letter."""
    try:
        look_up_code(code=code, now=now)
    except CodeNotAccepted:
        return False
    return user_of_letter(email=user.get_username()) == user


@transaction.atomic
def use_code(*, code: str, user: AbstractBaseUser, now: dt.datetime) -> Claim:
    """Tie the user to the guardian a letter went to, and use the code up.

    Raises CodeNotAccepted if somebody used it in between.
    """
    found = look_up_code(code=code, now=now)
    locked = ClaimCode.objects.select_for_update().filter(pk=found.pk, used_at=None, revoked_at=None).first()
    if locked is None:
        raise CodeNotAccepted
    locked.used_at = now
    locked.save(update_fields=["used_at"])
    try:
        with transaction.atomic():
            return Claim.objects.create(
                user_id=user.pk, guardian=found.guardian, proof=Claim.Proof.LETTER_CODE
            )
    except IntegrityError as error:
        if broken_constraint(error) != "one_open_claim_per_user_and_guardian":
            raise
        return Claim.objects.get(user=user.pk, guardian=found.guardian, ended_at=None)


def _digest(letters: str) -> str:
    """Return the keyed hash of a code: a stolen table does not give codes away."""
    return hmac.new(settings.SECRET_KEY.encode(), letters.encode(), sha256).hexdigest()


def _spoilt() -> Q:
    return Q(pk__in=RawSQL("SELECT guardian_id FROM consent_spoilt_addresses()", []))


def _guardians_of_mailbox(email: str, user: AbstractBaseUser | None) -> list[Guardian]:
    by_roster = Q(email=email) & ~_spoilt()
    by_claim = Q(claims__user=user.pk if user else None, claims__ended_at=None)
    return list(Guardian.objects.filter(by_roster | by_claim).select_related("agency").distinct())


def _any_entitled(guardians: list[Guardian], now: dt.datetime) -> bool:
    days: dict[dt.date, list[int]] = {}
    for guardian in guardians:
        agency: Agency = guardian.agency
        days.setdefault(agency.today(now), []).append(guardian.pk)
    with connection.cursor() as cursor:
        for day, ids in days.items():
            cursor.execute(
                "SELECT 1 FROM consent_entitled(%s) WHERE guardian_id = ANY(%s) LIMIT 1", [day, ids]
            )
            if cursor.fetchone():
                return True
    return False
