"""Which fields of an agreement are empty: each is counted once; “it does not say” is an answer."""

import pytest

from districts.listing import Wanted, counted, listed
from districts.models import Agreement, DocumentWithdrawal, TextWithdrawal, Vendor
from tests import factories as f
from tests.districts.listed_cast import FILLED, GRADE, LONG_AGO, complete, happened, held, paper, published
from tests.districts.listed_cast import listed as make_listed

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return f.make_district()


def rows(district, **chosen):
    return listed(Wanted(district, f.TODAY, None, chosen), limit=100)


def test_an_agreement_without_an_empty_field_is_complete(district):
    complete(district)
    gaps = make_listed(district, "Gaps")
    figures = counted(Wanted(district, f.TODAY)).figures
    assert (figures.to_fill, figures.filled) == (2, 1)
    assert [row.agreement_id for row in rows(district, gaps="1")] == [gaps.pk]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[(name, "") for name in ("cost", "signer_title", "why_this_company", "who_decided", "summary")],
        ("checked_on", None),
        ("effective_from", None),
        ("sharing_starts_on", None),
        ("subcontractors_answer", "not_filled_in"),
    ],
)
def test_one_empty_field_of_a_version_is_one_that_is_missing(district, field, value):
    agreement = complete(district)
    paper(published(agreement, promises=True, **{**FILLED, field: value}))
    happened(agreement, "executed")
    [row] = rows(district)
    assert row.missing == 1


@pytest.mark.parametrize("line", [{"purpose": None}, {"source": "not_filled_in"}, {"kept": "not_filled_in"}])
def test_one_empty_field_of_a_line_is_missing_once_however_many_lines_lack_it(district, line):
    agreement = complete(district)
    draft = f.make_draft(agreement, [], **{"effective_from": LONG_AGO, **FILLED})
    for code in ("grade", "home-address"):
        f.add_line(draft, code, "school_official", **line)
    for promise in agreement.versions.get(number=1).promises.all():
        draft.promises.create(code=promise.code, answer="yes")
    draft.published_at = f.NOW
    draft.save()
    paper(draft)
    [row] = rows(district)
    assert row.missing == 1


def test_each_promise_without_an_answer_is_missing_and_an_answer_may_be_that_it_does_not_say(district):
    agreement = complete(district)
    draft = f.make_draft(agreement, [GRADE], **{"effective_from": LONG_AGO, **FILLED})
    for promise in agreement.versions.get(number=1).promises.all()[2:]:
        draft.promises.create(code=promise.code, answer="not_stated", reader="Dana", read_on=LONG_AGO)
    draft.promises.create(code="no_sale", answer="not_entered")
    draft.published_at = f.NOW
    draft.save()
    paper(draft)
    [row] = rows(district)
    assert row.missing == 2


def test_a_paper_that_was_taken_down_is_missing(district):
    agreement = complete(district)
    DocumentWithdrawal.objects.create(document=agreement.versions.get().documents.get(), reason="A name.")
    assert rows(district)[0].missing == 1


@pytest.mark.parametrize("field", ["cost", "signer_title", "why_this_company", "who_decided", "summary"])
def test_a_text_that_was_taken_down_is_no_gap(district, field):
    version = complete(district).versions.get()
    TextWithdrawal.objects.create(version=version, field=field, reason="It named a child.")
    version.refresh_from_db()
    assert getattr(version, field) == ""
    [row] = rows(district)
    assert row.missing == 0


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Vendor, {"business_address": ""}),
        (Vendor, {"kind": "unknown"}),
        (Agreement, {"begins_on": None}),
        (Agreement, {"ends_on": None}),
    ],
)
def test_what_is_empty_of_the_company_or_the_term_is_missing(district, model, change):
    complete(district)
    model.objects.update(**change)
    assert rows(district)[0].missing == 1


def test_what_is_not_in_use_may_have_gaps(district):
    published(held(district, state="proposed"))
    published(held(district, "Over", state="ended"))
    assert [row.missing for row in rows(district)] == [0, 0]
    assert counted(Wanted(district, f.TODAY)).figures.to_fill == 0
