"""A district's state form: what its columns mean, its rows to print, and the same as a file."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ..models import Agency
from ..open_data import open_data_of_the_day
from ..page_cache import cached_page
from ..spreadsheets import lines
from ..state_forms import FORMS, Form, form_of, forms_for
from ..state_forms.forms import said

#: Agreements on one page of a form that is printed.
PAGE_SIZE = 25
LARGEST_ID = 2**63 - 1


@require_safe
@cached_page("after")
def state_form(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Show a form: its columns with their places in the law, and 25 agreements a page where it is printed."""
    agency, form = _found(slug, code)
    after = _after(request)
    rows = (
        list(form.rows(agency, _today(agency), after=after, limit=PAGE_SIZE + 1)) if form.is_printed else []
    )
    shown = rows[:PAGE_SIZE]
    context = {
        "agency": agency,
        "district": agency,
        "district_url": reverse("districts:district", args=[slug]),
        "section": "companies",
        "form": form,
        "columns": form.columns,
        "csv": reverse("districts:state_form_csv", args=[slug, code]),
        "columns_csv": reverse("districts:state_form_columns", args=[slug, code]),
        "sheets": [_sheet(form, row) for _reading, row in shown],
        "is_first": not after,
        "next": shown[-1][0].version.agreement_id if len(rows) > PAGE_SIZE else None,
        "crumbs": [(agency.name, reverse("districts:district", args=[slug])), (form.title, None)],
    }
    return render(request, "districts/state_form.html", context)


@open_data_of_the_day
@require_safe
def state_form_csv(request: HttpRequest, slug: str, code: str) -> StreamingHttpResponse:
    """Serve all rows of a form; a gap is said in words, and counted in the last column."""
    agency, form = _found(slug, code)
    names = [column.name for column in form.columns]

    def rows() -> Iterator[list[str]]:
        for _reading, row in form.rows(agency, _today(agency)):
            yield [*(said(row.get(name, "")) for name in names), str(gaps_of(form, row))]

    return _file(f"{slug}-{code}", [*names, "gaps"], rows())


@open_data_of_the_day
@require_safe
def state_form_columns(request: HttpRequest, slug: str, code: str) -> StreamingHttpResponse:
    """Serve what the columns of a form mean, each with its place in the law."""
    _agency, form = _found(slug, code)
    told = [[column.name, str(column.meaning), column.law] for column in form.columns]
    told.append(["gaps", _("How many of the others are not filled in."), ""])
    return _file(f"{code}-columns", ["column", "meaning", "law"], iter(told))


def gaps_of(form: Form, row: dict[str, str]) -> int:
    """Return how many columns of a row are not filled in."""
    return sum(1 for column in form.columns if not row.get(column.name))


def form_links(agency: Agency) -> list[tuple[str, str]]:
    """Return the title and address of each form that an agency's law profile asks for."""
    return [
        (str(form.title), reverse("districts:state_form", args=[agency.slug, form.code]))
        for form in forms_for(agency)
    ]


def forms_for_page() -> list[dict[str, Any]]:
    """Return the forms that the law profile of some agency of this site asks for, in one query."""
    profiles = set(Agency.objects.values_list("law_profile", flat=True).order_by().distinct())
    return [
        {"title": form.title, "about": form.about, "address": f"/d/…/forms/{form.code}.csv"}
        for form in FORMS
        if form.law_profile in profiles
    ]


def _found(slug: str, code: str) -> tuple[Agency, Form]:
    agency = get_object_or_404(Agency, slug=slug)
    form = form_of(agency, code)
    if form is None:
        raise Http404
    return agency, form


def _today(agency: Agency) -> dt.date:
    return agency.today(timezone.now())


def _after(request: HttpRequest) -> int:
    text = request.GET.get("after", "0")
    if not (text.isascii() and text.isdigit()) or int(text) > LARGEST_ID:
        raise Http404
    return int(text)


def _sheet(form: Form, row: dict[str, str]) -> dict[str, Any]:
    first, *others = form.columns
    gaps = gaps_of(form, row)
    return {
        "title": row[first.name],
        "page": row["page"],
        "facts": [(each.meaning, _shown(row.get(each.name, ""))) for each in others if each.name != "page"],
        "gaps": ngettext("%(n)s gap", "%(n)s gaps", gaps) % {"n": gaps} if gaps else "",
    }


def _shown(value: str) -> str:
    """Return a value as a page shows it: a day in words, anything else as it is."""
    try:
        return str(formats.date_format(dt.date.fromisoformat(value), "DATE_FORMAT"))
    except ValueError:
        return value


def _file(name: str, columns: list[str], rows: Iterator[list[str]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
