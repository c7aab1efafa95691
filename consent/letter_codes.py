"""The codes of letters: each opens one guardian once, to somebody who also proves a mailbox."""

import datetime as dt
import hmac
import re
import secrets
from hashlib import sha256

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from .accounts import any_entitled, normalise
from .claims import is_spoilt
from .models import Claim, ClaimCode
from .refusals import broken_constraint

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 and O, no 1 and I: they are read wrong
LENGTH, GROUP = 12, 4  # 60 bits: no number of guesses that a site could answer finds one
LIFE = dt.timedelta(days=60)
WAITING = "letter_code"  # where the digest of a code waits in the session while the mailbox is proven
PROVEN_BY_LETTER = "proven anew by the code of a letter"


class CodeNotAccepted(Exception):
    """The code of a letter is unknown, used, revoked or too old; the page says the same for all."""


def new_letter_code(*, guardian_id: int, now: dt.datetime) -> str:
    """Make a code for a letter, like ABCD-EFGH-JKLM, that opens one guardian once within 60 days.

    Only its digest is stored; the words of the code exist on the paper alone.
    """
    code = "".join(secrets.choice(LETTERS) for _n in range(LENGTH))
    ClaimCode.objects.create(guardian_id=guardian_id, digest=digest_of(code), expires_at=now + LIFE)
    return "-".join(code[n : n + GROUP] for n in range(0, LENGTH, GROUP))


def digest_of(code: str) -> str:
    """Return the keyed hash of a code: a stolen table does not give codes away.

    Spaces, dashes and case do not matter.
    """
    letters = re.sub(r"[\s-]", "", code).upper()
    return hmac.new(settings.SECRET_KEY.encode(), letters.encode(), sha256).hexdigest()


def look_up(*, digest: str, now: dt.datetime, user: AbstractBaseUser | None = None) -> ClaimCode:
    """Return the open code with this digest, if `user` (somebody signed in) may use it.

    Raises CodeNotAccepted, the same for a wrong, used, revoked or old one, and for a user whose mailbox is
    read by an adult barred from one of the children.
    """
    found = (
        ClaimCode.objects.select_related("guardian", "guardian__agency")
        .filter(digest=digest, used_at=None, revoked_at=None, expires_at__gt=now)
        .first()
    )
    if found is None or not any_entitled([found.guardian_id], now):
        raise CodeNotAccepted
    if user is not None and is_spoilt(mailbox=user.get_username(), guardian_id=found.guardian_id):
        raise CodeNotAccepted
    return found


def may_use(*, digest: str, user: AbstractBaseUser, now: dt.datetime) -> bool:
    """Tell whether an account may be tied by the code with this digest."""
    try:
        look_up(digest=digest, now=now, user=user)
    except CodeNotAccepted:
        return False
    return bool(user.is_active) and not user.is_staff  # type: ignore[attr-defined]


def user_of_letter(*, email: str, digest: str, now: dt.datetime) -> AbstractBaseUser | None:
    """Return the account of the mailbox that a letter's reader gave, made if new.

    This is the one way an address off the roster gets an account. None for staff, and for a mailbox that an
    adult barred from one of the letter's children reads, and where the code is no longer good.
    """
    mailbox = normalise(email)
    try:
        found = look_up(digest=digest, now=now)
    except CodeNotAccepted:
        return None
    if is_spoilt(mailbox=mailbox, guardian_id=found.guardian_id):
        return None
    user, _made = get_user_model().objects.get_or_create(
        email=mailbox, defaults={"password": "!" + secrets.token_hex(20)}
    )
    return None if user.is_staff or not user.is_active else user


@transaction.atomic
def use(*, digest: str, user: AbstractBaseUser, now: dt.datetime) -> Claim:
    """Tie the user to the guardian a letter went to, and use the code up.

    A claim by the roster's address gives way: the letter proves more. Raises CodeNotAccepted, also if
    somebody used it in between.
    """
    found = look_up(digest=digest, now=now, user=user)
    locked = ClaimCode.objects.select_for_update().filter(pk=found.pk, used_at=None, revoked_at=None).first()
    if locked is None:
        raise CodeNotAccepted
    locked.used_at = now
    locked.save(update_fields=["used_at"])
    claims = Claim.objects.filter(user=user.pk, guardian=found.guardian_id, ended_at=None)
    claims.filter(proof=Claim.Proof.ROSTER_EMAIL).update(ended_at=now, ended_why=PROVEN_BY_LETTER)
    try:
        with transaction.atomic():
            return Claim.objects.create(
                user_id=user.pk, guardian=found.guardian, proof=Claim.Proof.LETTER_CODE
            )
    except IntegrityError as error:
        if broken_constraint(error) != "one_open_claim_per_user_and_guardian":
            raise
        return claims.get()
