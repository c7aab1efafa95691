"""Uploads: hand in a file, look at its dry run, confirm exactly that file, watch it being loaded."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.models import Upload
from portal.tasks import work_on_upload

from .. import uploading
from ..access import StaffRequest, draft_or_404, staff_page
from ..page import show
from ..reporting import report_tables
from ..upload_forms import ConfirmUploadForm, InventoryForm, RegisterForm, RosterForm

LISTED = 20


@require_safe
@staff_page
def listing(request: StaffRequest) -> HttpResponse:
    """List what was handed in lately, and lead to the forms."""
    uploads = Upload.objects.filter(agency=request.agency).select_related("handed_in_by")[:LISTED]
    return show(request, "uploads", {"uploads": uploads}, place="uploads")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def roster(request: StaffRequest) -> HttpResponse:
    """Take a roster zip."""
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        options = {
            "as_of": given["as_of"].isoformat() if given["as_of"] else "",
            "month_first": given["month_first"],
            "many_endings": given["many_endings"],
        }
        return _receive(request, Upload.Kind.ROSTER, given["file"], options)
    return _form(request, form, _("Upload a roster"), [])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def inventory(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an inventory sheet for a draft."""
    version = draft_or_404(request.agency, pk)
    form = InventoryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file, purpose = given.pop("file"), given.pop("purpose")
        options = {**given, "purpose": purpose.code if purpose else ""}
        return _receive(request, Upload.Kind.INVENTORY, file, options, version)
    crumb = (_("Draft %(n)s") % {"n": version.number}, reverse("staff:version", args=[pk]))
    return _form(request, form, _("Upload an inventory sheet"), [crumb])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def register(request: StaffRequest) -> HttpResponse:
    """Take a register sheet."""
    form = RegisterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        return _receive(request, Upload.Kind.REGISTER, given.pop("file"), given)
    return _form(request, form, _("Upload a register sheet"), [])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def upload(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show how far an upload is; confirm it by POST."""
    found = get_object_or_404(
        Upload.objects.select_related("version"), agency=request.agency, public_id=public_id
    )
    if request.method == "POST":
        form = ConfirmUploadForm(request.POST)
        try:
            uploading.confirm(upload_id=found.pk, sha256=form.data.get("sha256", ""))
        except uploading.NotAsShown:
            messages.error(request, _("This is not what was checked. Look again."))
        else:
            _work(found)
        return redirect("staff:upload", public_id)
    busy = found.state in uploading.WORK
    response = show(
        request,
        "upload",
        {
            "upload": found,
            "busy": busy,
            "watches": busy and "watch" in request.GET,
            **report_tables(found.report),
        },
        place="uploads",
        crumbs=[(_("Uploads"), reverse("staff:uploads")), (found.name, None)],
    )
    if busy and "watch" in request.GET:
        response["Refresh"] = "5"
    return response


@require_POST
@staff_page
def drop(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """Throw a checked file away."""
    found = get_object_or_404(Upload, agency=request.agency, public_id=public_id)
    uploading.drop(upload_id=found.pk)
    messages.success(request, _("The file was thrown away. Nothing was changed."))
    return redirect("staff:uploads")


def _receive(
    request: StaffRequest, kind: str, file: Any, options: dict[str, Any], version: Any = None
) -> HttpResponse:
    try:
        found = uploading.receive(
            kind=kind, file=file, agency=request.agency, by=request.user, options=options, version=version
        )
    except uploading.TooBig:
        messages.error(request, _("The file is bigger than any roster."))
        return redirect("staff:uploads")
    _work(found)
    return redirect(reverse("staff:upload", args=[found.public_id]) + "?watch=1")


def _work(found: Upload) -> None:
    """Work on a small file at once, on a big one by a task; a sweep goes on with what a lost task left."""
    if found.size <= uploading.AT_ONCE:
        uploading.work(upload_id=found.pk, now=timezone.now())
    else:
        transaction.on_commit(lambda: work_on_upload.delay(found.pk), robust=True)


def _form(request: StaffRequest, form: Any, title: str, more: list[tuple[str, str | None]]) -> HttpResponse:
    return show(
        request,
        "upload_form",
        {"form": form, "title": title},
        place="uploads",
        crumbs=[*(more or [(_("Uploads"), reverse("staff:uploads"))]), (title, None)],
        status=422 if form.errors else 200,
    )
