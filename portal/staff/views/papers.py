"""Attach the PDFs of agreements, many at once: public copies and originals apart, matched by file name."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from districts.papers import LARGEST, PaperRefused, PdfProblem, attach_original, attach_public_copy

from ..access import StaffRequest, staff_page
from ..page import show
from ..papers import Matcher
from ..upload_forms import PapersForm


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def papers(request: StaffRequest) -> HttpResponse:
    """Take PDFs and show which were attached where, which were refused and why, which fit nowhere."""
    form = PapersForm(request.POST or None, request.FILES or None)
    attached: list[tuple[str, str]] = []
    left: list[list[str]] = []
    if request.method == "POST" and form.is_valid():
        matcher = Matcher(request.agency)
        for file in form.cleaned_data["public"]:
            _attach(matcher, file, is_original=False, attached=attached, left=left)
        for file in form.cleaned_data["originals"]:
            _attach(matcher, file, is_original=True, attached=attached, left=left)
        words = ngettext("%(n)s paper was attached.", "%(n)s papers were attached.", len(attached))
        messages.success(request, words % {"n": len(attached)})
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
        status=422 if form.errors else 200,
    )


def _attach(
    matcher: Matcher, file: Any, *, is_original: bool, attached: list[tuple[str, str]], left: list[list[str]]
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
        attach = attach_original if is_original else attach_public_copy
        attach(version_id=match.version.pk, data=file.read())
    except PaperRefused as refused:
        left.append([file.name, problem_words(refused.problem)])
    else:
        attached.append((file.name, str(match.version)))


def problem_words(problem: PdfProblem) -> str:
    """Return why a PDF is not taken, and what to do."""
    return {
        PdfProblem.NOT_A_PDF: _("It is no PDF. Save it as PDF and try again."),
        PdfProblem.TOO_BIG: _("It is bigger than 30 MB. Make it smaller and try again."),
        PdfProblem.ENCRYPTED: _("It is locked with a password. Save it without one."),
        PdfProblem.ACTIVE: _("It holds scripts, forms or files inside. Print it to a new PDF."),
        PdfProblem.UNREADABLE: _("It cannot be looked through. Print it to a new PDF."),
    }[problem]
