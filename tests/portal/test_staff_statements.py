"""Staff enter rulings about companies only they deal with, and remarks about their agreements; both stand."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from districts.models import Remark, Ruling
from portal.models import User
from tests import factories
from tests.factories import TODAY
from tests.portal.staff_cast import Side, make_side, signed_in

pytestmark = pytest.mark.django_db

ADD_RULING, ADD_REMARK = "admin:districts_ruling_add", "admin:districts_remark_add"


@pytest.fixture
def ours() -> Side:
    return make_side("Cedar", factories.make_state())


@pytest.fixture
def theirs(ours: Side) -> Side:
    return make_side("Carols", ours.district.state, "Kim")


@pytest.fixture
def dana(ours: Side) -> Client:
    return signed_in(ours.staff)


def order(vendor: Any, **fields: Any) -> dict[str, Any]:
    return {
        "vendor": vendor.pk,
        "kind": "order",
        "body": "Trade Office",
        "decided_on": "2025-11-04",
        "summary": "It must delete old voices.",
        "source_url": "https://office.example/17",
        **fields,
    }


def said(agreement: Any, **fields: Any) -> dict[str, Any]:
    return {"agreement": agreement.pk, "party": "company", "text": "No.", "said_on": str(TODAY), **fields}


def errors(client: Client, name: str, fields: dict[str, Any]) -> dict[str, list[str]]:
    """Post a form; return what is wrong with it by field, nothing where it was saved."""
    answer = client.post(reverse(name), fields)
    return {} if answer.status_code == 302 else dict(answer.context["adminform"].form.errors)


def test_a_ruling_is_entered_for_a_company_nobody_else_deals_with(ours: Side, dana: Client) -> None:
    vendor = ours.draft.agreement.vendor
    assert errors(dana, ADD_RULING, order(vendor)) == {}
    assert Ruling.objects.get().vendor == vendor
    factories.make_agreement(factories.make_district("Elsewhere"), vendor)
    assert list(errors(dana, ADD_RULING, order(vendor))) == ["vendor"]
    runs = signed_in(User.objects.create_superuser("runs@example.org", "correct horse battery"))
    assert errors(runs, ADD_RULING, order(vendor)) == {}


def test_a_ruling_without_a_source_or_about_nothing_is_refused_in_words(ours: Side, dana: Client) -> None:
    vendor = ours.draft.agreement.vendor
    assert errors(dana, ADD_RULING, order(vendor, source_url=""))["__all__"] == [
        "Give the address where anybody can read it."
    ]
    assert errors(dana, ADD_RULING, order(vendor, kind="taken_back"))["__all__"] == [
        "Say which entry is taken back."
    ]
    other = Ruling.objects.create(
        vendor=factories.make_vendor("Other"),
        kind="order",
        body="x",
        decided_on=TODAY,
        summary="y",
        source_url="https://office.example",
    )
    assert list(errors(dana, ADD_RULING, order(vendor, replaces=other.pk))) == ["replaces"]


def test_a_remark_and_its_answer_are_entered_by_who_holds_the_agreement(
    ours: Side, theirs: Side, dana: Client
) -> None:
    agreement = ours.draft.agreement
    assert errors(dana, ADD_REMARK, said(agreement)) == {}
    reply = Remark.objects.get()
    answer = said(agreement, party="district", answers_to=reply.pk)
    assert errors(dana, ADD_REMARK, answer) == {}
    carol = signed_in(theirs.staff)
    assert list(errors(carol, ADD_REMARK, said(agreement))) == ["agreement"]
    elsewhere = said(theirs.draft.agreement, party="district", answers_to=reply.pk)
    assert "answers_to" in errors(carol, ADD_REMARK, elsewhere)  # she does not even see it


def test_a_state_agreements_remarks_are_the_states_to_enter(ours: Side, dana: Client) -> None:
    held = factories.make_agreement(ours.district.state)
    held.participations.create(agency=ours.district, kind="joined", from_on=TODAY)
    factories.make_draft(held)
    held.versions.update(published_at="2026-01-01T00:00:00Z")
    assert list(errors(dana, ADD_REMARK, said(held))) == ["agreement"]


def test_an_answer_to_an_answer_or_to_nothing_is_refused(ours: Side, dana: Client) -> None:
    agreement = ours.draft.agreement
    errors(dana, ADD_REMARK, said(agreement))
    errors(dana, ADD_REMARK, said(agreement, party="district", answers_to=Remark.objects.get().pk))
    answer = Remark.objects.get(party="district")
    again = said(agreement, party="district", answers_to=answer.pk)
    assert list(errors(dana, ADD_REMARK, again)) == ["answers_to"]
    assert errors(dana, ADD_REMARK, again | {"takes_down": "on"}) == {}
    assert "__all__" in errors(dana, ADD_REMARK, said(agreement, party="district"))


def test_what_was_entered_is_neither_changed_nor_deleted(ours: Side, dana: Client) -> None:
    errors(dana, ADD_RULING, order(ours.draft.agreement.vendor))
    errors(dana, ADD_REMARK, said(ours.draft.agreement))
    for model, row in (("ruling", Ruling.objects.get()), ("remark", Remark.objects.get())):
        assert dana.post(reverse(f"admin:districts_{model}_change", args=[row.pk]), {}).status_code == 403
        gone = dana.post(reverse(f"admin:districts_{model}_delete", args=[row.pk]), {"post": "yes"})
        assert gone.status_code == 403


def test_staff_see_what_the_tenth_asks_of_a_breach(ours: Side, dana: Client) -> None:
    add = reverse("admin:districts_incident_add")
    fields = {
        "agency": ours.district.pk,
        "agreement": ours.draft.agreement.pk,
        "date_kind": "unknown",
        "learned_on": str(TODAY),
        "description": "A laptop was lost.",
        "enrollment": "4210",
    }
    too_many = {**fields, "students_affected": "421", "left_off_because": "below_a_tenth"}
    answer = dana.post(add, too_many)
    assert answer.context["adminform"].form.errors["__all__"] == [
        "A tenth of the students or more, or a number not known, must be posted."
    ]
    for affected, left_off in (("421", ""), ("420", ""), ("420", "below_a_tenth")):
        assert (
            dana.post(
                add, {**fields, "students_affected": affected, "left_off_because": left_off}
            ).status_code
            == 302
        )
    page = dana.get(reverse("admin:districts_incident_changelist")).content.decode()
    for said_of_it in ("must be posted: tell families", "may be left off", "Fewer than 1 in 10 students"):
        assert said_of_it in page
