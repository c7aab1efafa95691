"""Words of register sheets that nobody could place: the list, and one of them with what it may mean."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from districts.models import RegisterReview
from districts.register_reviews import NoSuchMeaning, settle

from ..access import StaffRequest, review_or_404, staff_page
from ..page import show
from ..review_form import ReviewForm
from ..reviewing import meanings_of, waiting_words

A_PAGE = 50
SHOWN = 20


@require_safe
@staff_page
def listing(request: StaffRequest) -> HttpResponse:
    """List the words that wait, each once, with how many agreements they are about."""
    page = Paginator(waiting_words(request.agency), A_PAGE).get_page(request.GET.get("page"))
    kinds = dict(RegisterReview.Kind.choices)
    return show(
        request,
        "reviews",
        {
            "page": page,
            "rows": [{**each, "kind_words": kinds[each["kind"]]} for each in page.object_list],
            "query": request.GET,
        },
        place="uploads",
        crumbs=[(_("Uploads"), reverse("staff:uploads")), (_("Words to look at"), None)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """Show words with the rows they stand in; settle them everywhere at once by POST."""
    found = review_or_404(request.agency, pk)
    same = RegisterReview.objects.waiting().filter(
        agency=request.agency, kind=found.kind, words_sha256=found.words_sha256
    )
    form = ReviewForm(request.POST or None, review=found, meanings=meanings_of(found))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            settled = settle(
                review_id=found.pk,
                outcome=given["outcome"],
                meaning=given.get("meaning", "") if given["outcome"] == "means" else "",
                by=request.user,
                now=request.now,
            )
        except NoSuchMeaning:
            form.add_error(None, _("Words of this kind can not mean that."))
        else:
            words = ngettext("Settled in %(n)s place.", "Settled in %(n)s places.", len(settled))
            messages.success(request, words % {"n": len(settled)})
            return redirect("staff:reviews")
    context = {
        "review": found,
        "count": same.count(),
        "places": same.select_related("agreement__vendor").order_by("pk")[:SHOWN],
        "form": form,
    }
    crumbs = [
        (_("Uploads"), reverse("staff:uploads")),
        (_("Words to look at"), reverse("staff:reviews")),
        (found.get_kind_display(), None),
    ]
    status = 422 if form.errors else 200
    return show(request, "review", context, place="uploads", crumbs=crumbs, status=status)
