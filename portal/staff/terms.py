"""What staff may do with an agreement as a whole, from signing to a new owner. One table of verbs."""

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
from districts.owners import OwnerRefused, enter_new_owner
from districts.participation import AlreadyTakesPart, CannotLeave, join, leave
from districts.publish import PublishRefused
from districts.signing import NotProposed, sign_agreement
from districts.standing import NotSigned

from .access import StaffRequest, sees_all
from .forms import DeclineForm, EndForm, ExtendForm, JoinForm, LeaveForm, OwnerForm, SignForm

REFUSED = (
    AlreadyEnded,
    AlreadyTakesPart,
    CannotLeave,
    NoSuchTerm,
    NotProposed,
    NotSigned,
    OwnerRefused,
    PublishRefused,
)
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


def _leave(agreement: Agreement, agency: Agency, given: dict[str, Any], by: Any, now: dt.datetime) -> Any:
    part = _open_part(agreement, agency).first()
    if part is None:  # left meanwhile, by a colleague
        raise CannotLeave(f"agency {agency.pk} takes no part in agreement {agreement.pk}")
    return leave(participation_id=part.pk, by=by, now=now, **given)


def _owner(agreement: Agreement, agency: Agency, given: dict[str, Any], by: Any, now: dt.datetime) -> Any:
    return enter_new_owner(vendor_id=agreement.vendor_id, by=by, now=now, **given)


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
        Verb(
            "leave",
            _("Leave this agreement"),
            _("Your district takes part no longer. Its families are told. This cannot be taken back."),
            _("Leave it and tell families"),
            LeaveForm,
            _leave,
        ),
        Verb(
            "owner",
            _("The company has a new owner"),
            _("Families are told, for each signed agreement with the company and with companies it owns."),
            _("Enter it and tell families"),
            OwnerForm,
            _owner,
        ),
    )
}


def verbs_for(request: StaffRequest, agreement: Agreement) -> list[Verb]:
    """Return what the agency may do with an agreement now."""
    if agreement.agency_id != request.agency.pk:
        return [VERBS["leave"]] if _open_part(agreement, request.agency).exists() else []
    if agreement.state == Agreement.State.PROPOSED:
        return [VERBS["sign"], VERBS["decline"]]
    if agreement.state == Agreement.State.SIGNED:
        owner = [VERBS["owner"]] if _speaks_for_all(request, agreement) else []
        return [VERBS["extend"], VERBS["end"], *owner]
    return []


def _open_part(agreement: Agreement, agency: Agency) -> QuerySet[Participation]:
    """Return the agency's part in an agreement somebody else holds, as long as no end of it is entered."""
    parts = Participation.objects.filter(agreement=agreement, agency=agency, until_on=None)
    return parts.exclude(kind=Participation.Kind.OWN)


def _speaks_for_all(request: StaffRequest, agreement: Agreement) -> bool:
    """Tell whether news about the company are this agency's to make: no other agency deals with it."""
    others = Agreement.objects.filter(vendor=agreement.vendor_id).exclude(agency=request.agency)
    return sees_all(request.user) or not others.exists()


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
