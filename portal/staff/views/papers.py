"""Attach the papers of agreements, many at once: copies, words and originals apart, matched by file name."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from districts.models import AgreementVersion
from districts.papers import (
    LARGEST,
    PaperRefused,
    PdfProblem,
    attach_original,
    attach_public_copy,
    attach_text,
)

from ..access import StaffRequest, staff_page
from ..page import show
from ..papers import Matcher
from ..upload_forms import PapersForm

Attach = Callable[[AgreementVersion, bytes], None]


class NoCopy(Exception):
    """Words were handed in for a version that has no public copy."""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def papers(request: StaffRequest) -> HttpResponse:
    """Take files and show which were attached where, which were refused and why, which fit nowhere."""
    form = PapersForm(request.POST or None, request.FILES or None)
    attached: list[tuple[str, str]] = []
    left: list[list[str]] = []
    if request.method == "POST" and form.is_valid():
        given, matcher = form.cleaned_data, Matcher(request.agency)
        for files, attach in (
            (given["public"], _copy(given["redacted"])),
            (given["texts"], _text),
            (given["originals"], _original),
        ):
            for file in files:
                _attach(matcher, file, attach, attached=attached, left=left)
        _say(request, len(attached), len(left))
        form = PapersForm()
    return show(
        request,
        "papers",
        {
            "form": form,
            "attached": attached,
            "left": left,
            "columns": [_("File"), _("Why it was not attached")],
        },
        place="uploads",
        crumbs=[(_("Uploads"), reverse("staff:uploads")), (_("Papers"), None)],
        status=422 if form.errors or left else 200,
    )


def _say(request: StaffRequest, attached: int, left: int) -> None:
    if attached:
        words = ngettext("%(n)s paper was attached.", "%(n)s papers were attached.", attached)
        messages.success(request, words % {"n": attached})
    if left:
        words = ngettext("%(n)s file was NOT attached.", "%(n)s files were NOT attached.", left)
        messages.error(request, words % {"n": left})


def _attach(
    matcher: Matcher, file: Any, attach: Attach, *, attached: list[tuple[str, str]], left: list[list[str]]
) -> None:
    match = matcher.match(file.name)
    if match.version is None:
        why = (
            _("It may belong to several agreements.")
            if match.candidates
            else _("No agreement has this name.")
        )
        left.append([file.name, why])
        return
    try:
        if file.size > LARGEST:
            raise PaperRefused(PdfProblem.TOO_BIG)
        attach(match.version, file.read())
    except PaperRefused as refused:
        left.append([file.name, problem_words(refused.problem)])
    except NoCopy:
        left.append([file.name, _("This agreement has no public copy yet. Attach the PDF first.")])
    else:
        attached.append((file.name, str(match.version)))


def _copy(redacted: str) -> Attach:
    def attach(version: AgreementVersion, data: bytes) -> None:
        attach_public_copy(version_id=version.pk, data=data, redacted=redacted.strip())

    return attach


def _text(version: AgreementVersion, data: bytes) -> None:
    copy = version.documents.filter(withdrawal=None).order_by("-recorded_at", "-pk").first()
    if copy is None:
        raise NoCopy
    attach_text(document_id=copy.pk, data=data)


def _original(version: AgreementVersion, data: bytes) -> None:
    attach_original(version_id=version.pk, data=data)


def problem_words(problem: PdfProblem) -> str:
    """Return why a file is not taken, and what to do."""
    return {
        PdfProblem.NOT_A_PDF: _("It is no PDF. Save it as PDF and try again."),
        PdfProblem.TOO_BIG: _("It is bigger than 30 MB. Make it smaller and try again."),
        PdfProblem.ENCRYPTED: _("It is locked with a password. Save it without one."),
        PdfProblem.ACTIVE: _("It holds scripts, forms or files inside. Print it to a new PDF."),
        PdfProblem.UNREADABLE: _("It cannot be looked through. Print it to a new PDF."),
        PdfProblem.DAMAGED: _("It is damaged, or its end is missing. Save it as PDF again."),
        PdfProblem.TAKEN_DOWN: _("This very file was taken down before. Attach a corrected one."),
        PdfProblem.NOT_A_TEXT: _("It is no plain text. Save it as text (UTF-8) and try again."),
        PdfProblem.TEXT_TOO_LONG: _("It is longer than 600,000 letters."),
    }[problem]
