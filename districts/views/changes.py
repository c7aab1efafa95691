"""A change page: one publication, at an address that stays, in three layers."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import published
from ..change_rows import Rows
from ..models import Change, Publication
from ..page_cache import cached_page
from ..paper_comparison import compare_papers
from ..timeline import mark_of, summary_of
from ..told_rows import told_rows

OPEN = 20  # changes, and districts, in view; what is beyond is folded, as there may be hundreds


@require_safe
@cached_page()
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what one publication changed: in one sentence, in a table, in the papers' exact words."""
    found = get_object_or_404(
        published.publications()
        .select_related("agreement__agency", "agreement__vendor", "version", "incident")
        .prefetch_related("changes__element"),
        public_id=public_id,
    )
    changes = list(found.changes.all())
    marks = [mark_of(each) for each in changes]
    rows = list(Rows(changes))
    told = told_rows(found.told_figures.select_related("agency").order_by("agency__name", "agency"))
    agreement, version = found.agreement, found.version
    was_in_use = found.kind == Publication.Kind.BASELINE
    title = _("Already in use") if was_in_use else _("What changed")
    is_compared = version is not None and found.kind == Publication.Kind.VERSION
    return render(
        request,
        "districts/change.html",
        {
            "publication": found,
            "title": title,
            "was_in_use": was_in_use,
            "agreement": agreement,
            "version": version,
            "summary": summary_of(found) if changes else "",
            "rows": rows[:OPEN],
            "more_rows": rows[OPEN:],
            "papers": compare_papers(version) if is_compared and version else None,
            "told": told[:OPEN],
            "more_told": told[OPEN:],
            "asks": any(each.severity == Change.Severity.ANSWER_NEEDED for each in changes),
            "tally": [
                (marks.count("added"), "added", _("Added")),
                (marks.count("removed"), "removed", _("Removed")),
                (marks.count("changed"), "changed", _("Changed")),
            ],
            "district": agreement.agency,
            "district_url": reverse("districts:district", args=[agreement.agency.slug]),
            "section": "companies",
            "crumbs": [
                (agreement.agency.name, reverse("districts:district", args=[agreement.agency.slug])),
                (agreement.vendor.name, reverse("districts:vendor", args=[agreement.vendor.slug])),
                (title, None),
            ],
        },
    )
