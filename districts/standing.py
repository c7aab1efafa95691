"""What state an agreement is in on a day, and what a version is to families in that state."""

import datetime as dt
from enum import StrEnum

from .models import Agreement, AgreementVersion, Change, Publication


class Standing(StrEnum):
    """What publishing a version means to families.

    Only news and a baseline are told. A proposal and what is over stand on the public pages, and make no
    message: nothing is shared under them.
    """

    NEWS = "news"
    BASELINE = "baseline"
    PROPOSED = "proposed"
    HISTORY = "history"


def standing_of(agreement: Agreement, today: dt.date, *, baseline: bool = False) -> Standing:
    """Return what publishing a version of this agreement on that day means."""
    state = agreement_state(agreement, today)
    if state == Agreement.State.PROPOSED:
        return Standing.PROPOSED
    if state == Agreement.State.ENDED:
        return Standing.HISTORY
    return Standing.BASELINE if baseline else Standing.NEWS


def agreement_state(agreement: Agreement, today: dt.date) -> str:
    """Return `proposed`, `signed` or `ended`; a term that ran out has ended even before the sweep saw it."""
    if agreement.ends_on and agreement.ends_on < today:
        return Agreement.State.ENDED.value
    return str(agreement.state)


def told_version(agreement: Agreement, today: dt.date) -> AgreementVersion | None:
    """Return the version that a new one is compared with.

    It is the newest published one; but what was published while the agreement was only proposed was told
    to nobody, so that everything in the first version after the signing is new.
    """
    versions = agreement.versions.published().order_by("-number")
    if agreement_state(agreement, today) == Agreement.State.SIGNED:
        told = Change.objects.filter(
            publication__agreement=agreement,
            publication__kind__in=[Publication.Kind.VERSION, Publication.Kind.BASELINE],
        ).exclude(severity=Change.Severity.PUBLIC_ONLY)
        if not told.exists():
            return None
    return versions.first()


def sharing_starts(version: AgreementVersion) -> dt.date | None:
    """Return the day on which sharing begins: as stated, or else when the version takes effect."""
    return version.sharing_starts_on or version.effective_from


class NotSigned(Exception):
    """The agreement is only proposed, or it is over."""


def must_be_signed(agreement: Agreement, today: dt.date) -> None:
    """Raise NotSigned unless the agreement is signed and its term has not run out."""
    state = agreement_state(agreement, today)
    if state != Agreement.State.SIGNED:
        raise NotSigned(f"agreement {agreement.pk} is {state}")
