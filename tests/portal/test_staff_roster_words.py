"""What staff may say beside the roster, in the admin: who decides, a school, where a person is reached."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consent.models import Guardian
from districts.models import School
from tests import factories
from tests.portal.staff_cast import Side, make_side, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Side:
    return make_side("Cedar", factories.make_state())


@pytest.fixture
def dana(ours: Side) -> Client:
    return signed_in(ours.staff)


def save(client: Client, model: str, pk: int, **changes: Any) -> Any:
    """Post an admin page as it is shown, with changes."""
    url = reverse(f"admin:{model}_change", args=[pk])
    page = client.get(url).context
    fields = page["adminform"].form
    data = {name: fields[name].value() for name in fields.fields if fields[name].value() is not None}
    for inline in page["inline_admin_formsets"]:
        data |= {f"{inline.formset.prefix}-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return client.post(url, {**data, **changes})


def test_the_relations_that_decide_and_the_form_of_student_numbers_are_declared(
    ours: Side, dana: Client
) -> None:
    answer = save(
        dana,
        "districts_agency",
        ours.district.pk,
        decider_relations=["parent", "grandparent"],
        roster_id_format=r"\d{9}",
    )
    assert answer.status_code == 302
    ours.district.refresh_from_db()
    assert ours.district.decider_relations == ["parent", "grandparent"]
    assert ours.district.roster_id_format == r"\d{9}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"roster_id_format": "["}, "This is no pattern"),
        ({"decider_relations": []}, "This field is required"),
        ({"decider_relations": ["self"]}, "Select a valid choice"),
    ],
)
def test_what_no_roster_could_be_read_with_is_refused(
    ours: Side, dana: Client, changes: dict[str, Any], words: str
) -> None:
    answer = save(dana, "districts_agency", ours.district.pk, **changes)
    assert answer.status_code == 200
    assert words in str(answer.context["errors"])


def test_a_school_entered_by_staff_says_so_and_one_of_the_roster_keeps_what_the_roster_says(
    ours: Side, dana: Client
) -> None:
    fields = {"agency": ours.district.pk, "name": "Annex", "roster_id": "annex"}
    assert dana.post(reverse("admin:districts_school_add"), fields).status_code == 302
    assert School.objects.get(roster_id="annex").origin == "staff"
    answer = save(dana, "districts_school", ours.school.pk, name="Renamed", roster_id="other", city="Cedar")
    assert answer.status_code == 302
    school = School.objects.get(pk=ours.school.pk)
    assert (school.name, school.roster_id, school.origin) == (
        ours.school.name,
        ours.school.roster_id,
        "roster",
    )
    assert school.city == "Cedar"


def test_an_address_is_put_right_and_a_name_is_not(ours: Side, dana: Client) -> None:
    before = ours.alice.email
    answer = save(
        dana,
        "consent_guardian",
        ours.alice.pk,
        email="Right@Example.org",
        given_name="Mallory",
        origin="staff",
    )
    assert answer.status_code == 302
    ours.alice.refresh_from_db()
    assert (ours.alice.email, ours.alice.given_name) == ("right@example.org", "Alice")
    assert (ours.alice.origin, ours.alice.corrected) == ("roster", {"email": before})
    page = dana.get(reverse("admin:consent_guardian_change", args=[ours.alice.pk]))
    assert "email" in page.rendered_content.partition("Put right by staff")[2][:200]


def test_an_address_no_mail_server_takes_is_refused_in_plain_words(ours: Side, dana: Client) -> None:
    answer = save(dana, "consent_guardian", ours.alice.pk, email="alice@example.org.")
    assert "It ends with a dot." in str(answer.context["errors"])


def test_another_districts_parent_is_not_there_to_be_put_right(ours: Side, dana: Client) -> None:
    carol = factories.make_guardian(factories.make_district("Elsewhere"), "Carol")
    url = reverse("admin:consent_guardian_change", args=[carol.pk])
    assert dana.post(url, {"email": "dana@example.org"}).status_code == 404


def test_somebody_who_has_left_is_only_looked_at(ours: Side, dana: Client) -> None:
    Guardian.objects.filter(pk=ours.alice.pk).update(ended_on=factories.TODAY)
    url = reverse("admin:consent_guardian_change", args=[ours.alice.pk])
    assert dana.post(url, {"email": "dana@example.org"}).status_code == 403
