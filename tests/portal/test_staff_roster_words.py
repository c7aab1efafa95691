"""What staff declare about their roster, in the admin: which relations decide, how student numbers look."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.portal.staff_cast import Side, make_side, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Side:
    return make_side("Cedar", factories.make_state())


@pytest.fixture
def dana(ours: Side) -> Client:
    return signed_in(ours.staff)


def save_agency(client: Client, side: Side, **changes: Any) -> Any:
    """Post the agency's page as it is shown, with changes."""
    url = reverse("admin:districts_agency_change", args=[side.district.pk])
    page = client.get(url).context
    fields = page["adminform"].form
    data = {name: fields[name].value() for name in fields.fields if fields[name].value() is not None}
    for inline in page["inline_admin_formsets"]:
        data |= {f"{inline.formset.prefix}-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return client.post(url, {**data, **changes})


def test_the_relations_that_decide_and_the_form_of_student_numbers_are_declared(
    ours: Side, dana: Client
) -> None:
    answer = save_agency(dana, ours, decider_relations=["parent", "grandparent"], roster_id_format=r"\d{9}")
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
    answer = save_agency(dana, ours, **changes)
    assert answer.status_code == 200
    assert words in str(answer.context["errors"])
