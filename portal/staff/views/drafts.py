"""A draft: its checklist, the preview as a parent, the confirmation, publishing exactly what was shown."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent.audience import children_with_nobody_to_tell
from districts.drafts import DraftHasPapers, discard_draft
from districts.models import AgreementVersion, Participation, School
from districts.publish import NotADraft, PublishRefused

from .. import csv_of
from ..access import StaffRequest, draft_or_404, own_version_or_404, staff_page
from ..counting import audience_tables
from ..drafts import ChangedMeanwhile, DraftState, draft_state, publish_as_shown, sentence_of
from ..page import Crumbs, show
from ..preview import CHILD, parent_view

LANGUAGES = [("en", gettext_lazy("English")), ("es", gettext_lazy("Spanish"))]


class PreviewForm(forms.Form):
    school = forms.ModelChoiceField(
        label=gettext_lazy("School"), queryset=School.objects.none(), empty_label=None
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)


class ConfirmForm(forms.Form):
    fingerprint = forms.RegexField(r"^[0-9a-f]{64}$")
    baseline = forms.BooleanField(required=False)


@require_safe
@staff_page
def version(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what a draft still lacks, what families will be told, and how many they are."""
    found = own_version_or_404(request.agency, pk)
    if found.published_at is not None:
        return _to_progress(found)
    state = draft_state(found, today=request.today, baseline="baseline" in request.GET)
    return show(
        request,
        "draft",
        {
            "state": state,
            "version": found,
            "sentences": [(fact, sentence_of(fact)) for fact in state.facts],
            "tables": audience_tables(state.audiences),
            "preview_form": _preview_form(found, None),
            "links": _links(found),
        },
        place="agreements",
        crumbs=_crumbs(found, _("Draft %(n)s") % {"n": found.number}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def preview(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a draft as a parent of a school; pressing an answer there saves nothing and says so."""
    found = draft_or_404(request.agency, pk)
    if request.method == "POST":
        messages.info(request, _("This is a preview. Nothing was saved."))
        return redirect("staff:version", pk)
    form = _preview_form(found, request.GET or None)
    seen, school, language = None, None, "en"
    if form.is_valid():
        school, language = form.cleaned_data["school"], form.cleaned_data["language"]
        with override(language):
            seen = parent_view(found, school, language)
    return show(
        request,
        "preview",
        {
            "form": form,
            "seen": seen,
            "school": school,
            "language": language,
            "version": found,
            "child": CHILD,
        },
        place="agreements",
        crumbs=[*_crumbs(found, None), (_("Preview"), None)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """Show exactly what will happen; on confirmation do exactly that, or say what changed."""
    found = own_version_or_404(request.agency, pk)
    if found.published_at is not None:
        messages.info(request, _("It is published already."))
        return _to_progress(found)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _publish(request, found, form)
    state = draft_state(found, today=request.today, baseline="baseline" in request.GET)
    return _confirmation(request, state)


def _publish(request: StaffRequest, found: AgreementVersion, form: ConfirmForm) -> HttpResponse:
    try:
        publication = publish_as_shown(
            version_id=found.pk,
            fingerprint=form.cleaned_data["fingerprint"],
            baseline=form.cleaned_data["baseline"],
            by=request.user,
            now=request.now,
        )
    except (ChangedMeanwhile, PublishRefused):
        state = draft_state(found, today=request.today, baseline=form.cleaned_data["baseline"])
        return _confirmation(request, state, changed=True)
    except NotADraft:
        messages.info(request, _("It is published already."))
        return _to_progress(found)
    messages.success(request, _("Published."))
    return redirect(reverse("staff:progress", args=[publication.public_id]) + "?watch=1")


def _confirmation(request: StaffRequest, state: DraftState, *, changed: bool = False) -> HttpResponse:
    if state.refusals:
        messages.error(request, _("It cannot be published yet. See the list."))
        return redirect("staff:version", state.version.pk)
    return show(
        request,
        "publish",
        {
            "state": state,
            "version": state.version,
            "sentences": [(fact, sentence_of(fact)) for fact in state.facts],
            "tables": audience_tables(state.audiences),
            "errors": [(_("It changed meanwhile. Read it again, then confirm."), "")] if changed else [],
        },
        place="agreements",
        crumbs=[*_crumbs(state.version, None), (_("Publish"), None)],
        status=409 if changed else 200,
    )


@require_POST
@staff_page
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    found = draft_or_404(request.agency, pk)
    try:
        discard_draft(version_id=found.pk)
    except (DraftHasPapers, NotADraft):
        messages.error(request, _("The draft has papers, so it stays."))
        return redirect("staff:version", pk)
    messages.success(request, _("The draft was thrown away."))
    return redirect("staff:agreement", found.agreement.public_id)


@require_safe
@staff_page
def untold_csv(request: StaffRequest, pk: int) -> StreamingHttpResponse:
    """Stream the agency's own children that its draft's page counts as having nobody to tell."""
    found = draft_or_404(request.agency, pk)
    also = draft_state(found, today=request.today).also
    rows = (
        [child.roster_id, child.shown_name, "; ".join(child.schools), child.grade]
        for child in children_with_nobody_to_tell(found.pk, request.agency.pk, request.today, also=also)
    )
    return csv_of.response("nobody-to-tell", ["student", "name", "schools", "grade"], rows)


def _preview_form(found: AgreementVersion, data: object) -> PreviewForm:
    form = PreviewForm(data)  # type: ignore[arg-type]
    form.fields["school"].queryset = _schools(found)  # type: ignore[attr-defined]
    return form


def _schools(found: AgreementVersion) -> QuerySet[School]:
    """Return the schools of all districts that take part: a parent of each may read it."""
    parts = Participation.objects.filter(agreement=found.agreement_id)
    return School.objects.filter(agency__in=parts.values("agency"), ended_on=None).order_by("name")


def _links(found: AgreementVersion) -> list[tuple[str, str]]:
    """Return where the parts of a draft are edited."""
    of_version = f"?version__id__exact={found.pk}"
    return [
        (
            _("Dates, summary, promises, schools"),
            reverse("admin:districts_agreementversion_change", args=[found.pk]),
        ),
        (_("What may be shared"), reverse("admin:districts_sharedelement_changelist") + of_version),
        (_("Texts beside Yes and No"), reverse("admin:districts_choiceterms_changelist") + of_version),
    ]


def _crumbs(found: AgreementVersion, last: str | None) -> Crumbs:
    agreement = found.agreement
    trail: list[tuple[str, str | None]] = [
        (_("Agreements"), reverse("staff:agreements")),
        (agreement.title, reverse("staff:agreement", args=[agreement.public_id])),
    ]
    if last is None:
        return [*trail, (_("Draft %(n)s") % {"n": found.number}, reverse("staff:version", args=[found.pk]))]
    return [*trail, (last, None)]


def _to_progress(found: AgreementVersion) -> HttpResponse:
    publication = found.publications.filter(kind__in=["version", "baseline"]).first()
    if publication is None:
        return redirect("staff:agreement", found.agreement.public_id)
    return redirect("staff:progress", publication.public_id)
