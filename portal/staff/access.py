"""Every look-up that starts from a staff member's request: their own agency's, or it does not exist (404).

A superuser sees all agencies, and works for one of them at a time.
"""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from consent.models import Claim, Guardian, Guardianship, Hold, LetterRun, Notice, Objection, Student
from districts.models import (
    Agency,
    AgencyStaff,
    Agreement,
    AgreementDocument,
    AgreementVersion,
    CommentWindow,
    Hearing,
    OpenQuestion,
    Publication,
    RegisterReview,
)
from portal.models import AskedInPublic

from .second_step import staff_only

CHOSEN = "staff_agency"

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request whose sender works for an agency; `today` is that agency's calendar day."""

    user: Any
    agency: Agency
    now: dt.datetime
    today: dt.date


def seat_of(user: AbstractBaseUser | AnonymousUser) -> Agency | None:
    """Return the agency a staff account belongs to."""
    if not (user.is_authenticated and user.is_active and getattr(user, "is_staff", False)):
        return None
    seat = AgencyStaff.objects.select_related("agency").filter(user=user.pk).first()
    return seat.agency if seat else None


def sees_all(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Tell whether an account may see every agency."""
    return bool(user.is_active and getattr(user, "is_superuser", False))


def staff_page(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only staff of an agency in, and say for which agency they work; never cached."""

    @staff_only
    @wraps(view)
    def wrapped(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        agency = seat_of(request.user)
        if agency is None and sees_all(request.user):
            agency = Agency.objects.filter(pk=request.session.get(CHOSEN)).first()
            if agency is None:
                return redirect("staff:agency")
        if agency is None:
            raise Http404
        request.agency, request.now = agency, timezone.now()
        request.today = agency.today(request.now)
        with timezone.override(agency.time_zone):  # moments are shown as days of the agency
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    wrapped.is_staff_page = True  # type: ignore[attr-defined]
    return wrapped


def agreements(agency: Agency) -> QuerySet[Agreement]:
    """Return the agreements an agency holds or takes part in, drafts of others left out."""
    held = Q(agency=agency) | Q(versions__published_at__isnull=False)
    found = Agreement.objects.concerning(agency).filter(held).distinct()
    return found.select_related("vendor", "agency").order_by("title", "pk")


def agreement_or_404(agency: Agency, public_id: UUID) -> Agreement:
    """Return an agreement the agency holds or takes part in."""
    return get_object_or_404(agreements(agency), public_id=public_id)


def own_agreement_or_404(agency: Agency, public_id: UUID) -> Agreement:
    """Return an agreement the agency itself holds."""
    found = Agreement.objects.select_related("vendor", "agency")
    return get_object_or_404(found, agency=agency, public_id=public_id)


def window_or_404(agency: Agency, pk: int) -> CommentWindow:
    """Return a comment window of an agreement the agency holds."""
    found = CommentWindow.objects.select_related("agreement__vendor", "agreement__agency")
    return get_object_or_404(found, pk=pk, agreement__agency=agency)


def hearing_or_404(agency: Agency, public_id: UUID) -> Hearing:
    """Return a hearing about an agreement the agency holds that nobody cancelled."""
    found = Hearing.objects.select_related("agreement__vendor", "agreement__agency")
    return get_object_or_404(found, public_id=public_id, agreement__agency=agency, cancellation=None)


def asked_or_404(agency: Agency, public_id: UUID) -> AskedInPublic:
    """Return something asked about an agreement of the agency that waits for its staff."""
    found = AskedInPublic.objects.select_related("agreement__vendor", "agreement__agency")
    waiting = AskedInPublic.State.WAITING
    return get_object_or_404(found, public_id=public_id, agreement__agency=agency, state=waiting)


def open_question_or_404(agency: Agency, public_id: UUID) -> OpenQuestion:
    """Return a public question about an agreement the agency holds that was not taken down."""
    found = OpenQuestion.objects.select_related("agreement__vendor", "agreement__agency", "withdrawal")
    return get_object_or_404(found, public_id=public_id, agreement__agency=agency, is_withdrawn=False)


def own_version_or_404(agency: Agency, pk: int) -> AgreementVersion:
    """Return a version of an agreement the agency itself holds."""
    versions = AgreementVersion.objects.select_related("agreement__agency", "agreement__vendor")
    return get_object_or_404(versions, pk=pk, agreement__agency=agency)


def draft_or_404(agency: Agency, pk: int) -> AgreementVersion:
    """Return a draft of the agency's own."""
    version = own_version_or_404(agency, pk)
    if version.published_at is not None:
        raise Http404
    return version


def public_version_or_404(agency: Agency, pk: int) -> AgreementVersion:
    """Return a published version of the agency's own."""
    version = own_version_or_404(agency, pk)
    if version.published_at is None:
        raise Http404
    return version


def standing_paper_or_404(agency: Agency, public_id: UUID) -> AgreementDocument:
    """Return a public copy of the agency's own that has not been taken down."""
    papers = AgreementDocument.objects.filter(withdrawal=None).select_related("version__agreement__agency")
    return get_object_or_404(papers, public_id=public_id, version__agreement__agency=agency)


def publication_or_404(agency: Agency, public_id: UUID) -> Publication:
    """Return a publication of an agreement the agency holds or takes part in."""
    found = Publication.objects.select_related("agreement__vendor", "agreement__agency", "version")
    return get_object_or_404(found.concerning(agency), public_id=public_id)


def notices_of(publication: Publication, agency: Agency) -> list[Notice]:
    """Return the notices an agency may follow: its own, and as the agreement's holder those of all."""
    notices = Notice.objects.filter(publication=publication).select_related("agency")
    if publication.agreement.agency_id != agency.pk:
        notices = notices.filter(agency=agency)
    return list(notices.order_by("agency__name"))


def student_or_404(agency: Agency, public_id: UUID) -> Student:
    """Return a child of the agency."""
    return get_object_or_404(Student, agency=agency, public_id=public_id)


def guardian_or_404(agency: Agency, public_id: UUID) -> Guardian:
    """Return a guardian of the agency."""
    return get_object_or_404(Guardian, agency=agency, public_id=public_id)


def guardianship_or_404(agency: Agency, pk: int) -> Guardianship:
    """Return the tie of a guardian to a child of the agency."""
    ties = Guardianship.objects.select_related("guardian", "student")
    return get_object_or_404(ties, pk=pk, guardian__agency=agency, student__agency=agency)


def hold_or_404(agency: Agency, pk: int) -> Hold:
    """Return a hold of the agency."""
    holds = Hold.objects.select_related("guardianship__guardian__agency", "guardianship__student")
    return get_object_or_404(holds, pk=pk, guardianship__guardian__agency=agency)


def claim_or_404(agency: Agency, pk: int) -> Claim:
    """Return a claim to a guardian of the agency that staff have not ended yet."""
    found = Claim.objects.select_related("guardian", "user")
    return get_object_or_404(found, pk=pk, guardian__agency=agency, ended_by=None)


def objection_or_404(agency: Agency, public_id: UUID) -> Objection:
    """Return a question or disagreement of one of the agency's families."""
    found = Objection.objects.select_related("student", "guardian", "agreement__vendor")
    return get_object_or_404(found, public_id=public_id, student__agency=agency)


def letter_run_or_404(agency: Agency, pk: int) -> LetterRun:
    """Return a printing of the agency's letters."""
    return get_object_or_404(LetterRun, pk=pk, agency=agency)


def review_or_404(agency: Agency, pk: int) -> RegisterReview:
    """Return words of one of the agency's register sheets that still wait."""
    return get_object_or_404(RegisterReview.objects.waiting(), pk=pk, agency=agency)
