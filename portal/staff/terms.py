"""What staff may do with an agreement as a whole: sign, turn down, end, extend, join. One table of verbs."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from districts.declining import decline_agreement
from districts.endings import AlreadyEnded, NoSuchTerm, end_agreement, extend_agreement
from districts.models import Agency, Agreement, Participation
from districts.participation import AlreadyTakesPart, join
from districts.publish import PublishRefused
from districts.signing import NotProposed, sign_agreement
from districts.standing import NotSigned

from .access import StaffRequest
from .forms import DeclineForm, EndForm, ExtendForm, JoinForm, SignForm

REFUSED = (AlreadyEnded, AlreadyTakesPart, NoSuchTerm, NotProposed, NotSigned, PublishRefused)
DONE = _("Done. Families are told.")


@dataclass(frozen=True)
class Verb:
    """One thing to do: its form, the words of its page, and the service behind it."""

    name: str
    title: Any
    explains: Any
    button: Any
    form: type[forms.Form]
    do: Callable[..., Any]
    done: Any = DONE


def _sign(agreement: Agreement, agency: Agency, given: dict[str, Any], by: Any, now: dt.datetime) -> Any:
    return sign_agreement(agreement_id=agreement.pk, by=by, now=now, **given)


def _decline(agreement: Agreement, agency: Agency, given: dict[str, Any], by: Any, now: dt.datetime) -> Any:
    return decline_agreement(agreement_id=agreement.pk, by=by, now=now, **given)


def _end(agreement: Agreement, agency: Agency, given: dict[str, Any], by: Any, now: dt.datetime) -> Any:
    return end_agreement(agreement_id=agreement.pk, by=by, now=now, **given)


def _extend(agreement: Agreement, agency: Agency, given: dict[str, Any], by: Any, now: dt.datetime) -> Any:
    return extend_agreement(agreement_id=agreement.pk, by=by, now=now, **given)


def _join(agreement: Agreement, agency: Agency, given: dict[str, Any], by: Any, now: dt.datetime) -> Any:
    return join(agreement_id=agreement.pk, agency_id=agency.pk, by=by, now=now, **given)


VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "sign",
            _("Sign the agreement"),
            _("It is in force from its first day on. Its draft is published and families are told."),
            _("Sign and tell families"),
            SignForm,
            _sign,
        ),
        Verb(
            "decline",
            _("Do not approve it"),
            _("The public page says that it was asked for and not approved. Families get no message."),
            _("Do not approve it"),
            DeclineForm,
            _decline,
            _("Done. It stands as not approved."),
        ),
        Verb(
            "end",
            _("End the agreement early"),
            _("Families are told that it ends. This cannot be taken back."),
            _("End it and tell families"),
            EndForm,
            _end,
        ),
        Verb(
            "extend",
            _("Extend the agreement"),
            _("Families are told that it runs longer."),
            _("Extend it and tell families"),
            ExtendForm,
            _extend,
        ),
        Verb(
            "join",
            _("Take part in this agreement"),
            _("Your district takes part. Its families are told what that means."),
            _("Take part and tell families"),
            JoinForm,
            _join,
        ),
    )
}


def verbs_for(request: StaffRequest, agreement: Agreement) -> list[Verb]:
    """Return what the agency may do with an agreement now."""
    if agreement.agency_id != request.agency.pk:
        return []
    if agreement.state == Agreement.State.PROPOSED:
        return [VERBS["sign"], VERBS["decline"]]
    if agreement.state == Agreement.State.SIGNED:
        return [VERBS["extend"], VERBS["end"]]
    return []


def offers(request: StaffRequest) -> list[Agreement]:
    """Return the public agreements of the state, and general offers, that a district may join now."""
    agency = request.agency
    rows = joinable(agency).exclude(agency=agency)
    parts = Participation.objects.filter(agreement=OuterRef("pk"), agency=agency).open_on(request.today)
    rows = rows.exclude(Exists(parts)).filter(state=Agreement.State.SIGNED)
    return list(rows.select_related("vendor", "agency").order_by("title")) if _is_district(agency) else []


def joinable(agency: Agency) -> QuerySet[Agreement]:
    """Return what the agency's state holds for districts, and general offers, once they are public."""
    offered = Q(agency=agency.state_id, agency__isnull=False) | Q(kind=Agreement.Kind.GENERAL_OFFER)
    return Agreement.objects.filter(offered, versions__published_at__isnull=False).distinct()


def _is_district(agency: Agency) -> bool:
    return agency.kind == Agency.Kind.DISTRICT
