"""The admin shows staff their own agency only: lists, objects, choices, autocompletes, histories, actions."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from consent.models import Guardianship, Objection
from consent.notify import announce, fan_out
from districts.models import (
    DataElement,
    Incident,
    Remark,
    SharedElement,
)
from districts.publish import publish_version
from portal.models import User
from portal.staff.admin.mixin import AgencyScope
from tests import factories
from tests.factories import NOW, TODAY
from tests.portal.staff_cast import Side, make_side, signed_in

pytestmark = pytest.mark.django_db

# What belongs to an agency, as (app_model, how to get one of a side).
OWNED = {
    "districts_agency": lambda side: side.district,
    "districts_school": lambda side: side.school,
    "districts_agreement": lambda side: side.draft.agreement,
    "districts_agreementversion": lambda side: side.draft,
    "districts_sharedelement": lambda side: side.draft.shared_elements.get(),
    "districts_choiceterms": lambda side: side.draft.choice_terms.get(),
    "districts_incident": lambda side: make_incident(side),
    "districts_remark": lambda side: make_remark(side),
    "districts_dataelement": lambda side: own_element(side),
    "consent_student": lambda side: side.sam,
    "consent_guardian": lambda side: side.alice,
    "consent_guardianship": lambda side: side.tie,
    "consent_hold": lambda side: side.hold,
    "consent_objection": lambda side: make_objection(side),
    "consent_notice": lambda side: make_notice(side),
    "consent_delivery": lambda side: make_notice(side).deliveries.get(),
}
SHARED = {
    "districts_vendor",
    "districts_product",
    "districts_ruling",
    "districts_datacategory",
    "districts_purpose",
}
FOR_WHOEVER_RUNS_THE_SITE = {"portal_user"}
WITHOUT_ROWS_HERE = {"consent_letterrun"}


def make_incident(side: Side) -> Incident:
    return Incident.objects.create(agency=side.district, learned_on=TODAY, description="A laptop was lost.")


def make_remark(side: Side) -> Remark:
    return Remark.objects.create(
        agreement=side.draft.agreement, party="company", text="We delete sooner.", said_on=TODAY
    )


def own_element(side: Side) -> DataElement:
    return factories.make_element(f"bus-photo-{side.district.pk}", agency=side.district, explained=False)


def make_objection(side: Side) -> Objection:
    return Objection.objects.create(
        student=side.sam, guardian=side.alice, agreement=side.draft.agreement, kind="ask", text="Why?"
    )


def make_notice(side: Side) -> Any:
    from consent.models import Notice

    publish_version(version_id=side.draft.pk, now=NOW)
    announce(now=NOW)
    notice = Notice.objects.get(agency=side.district)
    fan_out(notice.pk, now=NOW)
    return notice


@pytest.fixture
def ours() -> Side:
    return make_side("Cedar", factories.make_state())


@pytest.fixture
def theirs(ours: Side) -> Side:
    return make_side("Carols", ours.district.state, "Kim")


@pytest.fixture
def dana(ours: Side) -> Client:
    return signed_in(ours.staff)


def changed(model: str, pk: Any) -> str:
    return reverse(f"admin:{model}_change", args=[pk])


def test_every_admin_class_narrows_to_the_agency_and_none_of_another_package_is_in() -> None:
    registry = admin.site._registry
    assert all(isinstance(each, AgencyScope) for each in registry.values())
    inlines = [inline for each in registry.values() for inline in each.inlines]
    assert all(issubclass(inline, AgencyScope) for inline in inlines)
    names = {f"{model._meta.app_label}_{model._meta.model_name}" for model in registry}
    assert names == OWNED.keys() | SHARED | FOR_WHOEVER_RUNS_THE_SITE | WITHOUT_ROWS_HERE


@pytest.mark.parametrize("model", OWNED)
def test_staff_see_their_own_object_and_not_that_of_another_district(
    model: str, ours: Side, theirs: Side, dana: Client
) -> None:
    mine, other = OWNED[model](ours), OWNED[model](theirs)
    assert dana.get(changed(model, mine.pk)).status_code == 200
    assert dana.get(changed(model, other.pk)).status_code == 404
    assert dana.post(changed(model, other.pk), {"name": "x"}).status_code in (403, 404)
    assert dana.get(reverse(f"admin:{model}_history", args=[other.pk])).status_code == 404
    assert dana.get(reverse(f"admin:{model}_delete", args=[other.pk])).status_code in (403, 404)
    shown = {row.pk for row in dana.get(reverse(f"admin:{model}_changelist")).context["cl"].result_list}
    assert mine.pk in shown
    assert other.pk not in shown


@pytest.mark.parametrize("model", OWNED)
def test_whoever_runs_the_site_sees_all(model: str, ours: Side, theirs: Side) -> None:
    runs = signed_in(User.objects.create_superuser("runs@example.org", "correct horse battery"))
    assert runs.get(changed(model, OWNED[model](ours).pk)).status_code == 200
    assert runs.get(changed(model, OWNED[model](theirs).pk)).status_code == 200


@pytest.mark.parametrize("model", sorted(OWNED.keys() | SHARED))
def test_a_family_and_staff_without_an_agency_see_nothing(model: str, ours: Side) -> None:
    family = signed_in(factories.make_user("alice@example.org"))
    assert family.get(reverse(f"admin:{model}_changelist")).status_code == 302
    homeless = signed_in(User.objects.create_user("nobody@example.org", is_staff=True))
    assert homeless.get(reverse(f"admin:{model}_changelist")).status_code == 403


def test_families_mailboxes_are_shown_to_nobody_and_accounts_only_to_whoever_runs_the_site(
    dana: Client,
) -> None:
    alice = factories.make_user("alice@example.org")
    assert dana.get(reverse("admin:portal_user_changelist")).status_code == 403
    runs = signed_in(User.objects.create_superuser("runs@example.org", "correct horse battery"))
    assert runs.get(changed("portal_user", alice.pk)).status_code == 404


def autocomplete(client: Client, app: str, model: str, field: str) -> set[str]:
    answer = client.get(
        reverse("admin:autocomplete"),
        {"app_label": app, "model_name": model, "field_name": field, "term": ""},
    )
    return {row["id"] for row in answer.json()["results"]} if answer.status_code == 200 else set()


def test_an_autocomplete_offers_nothing_of_another_district(ours: Side, theirs: Side, dana: Client) -> None:
    own_element(ours), own_element(theirs)
    assert autocomplete(dana, "districts", "scopeschool", "school") == {str(ours.school.pk)}
    agreements = autocomplete(dana, "districts", "incident", "agreement")
    assert agreements == {str(ours.draft.agreement_id)}
    codes = set(
        DataElement.objects.filter(
            pk__in=autocomplete(dana, "districts", "sharedelement", "element")
        ).values_list("code", flat=True)
    )
    assert f"bus-photo-{ours.district.pk}" in codes
    assert f"bus-photo-{theirs.district.pk}" not in codes


def test_a_forged_choice_of_another_districts_object_is_refused(
    ours: Side, theirs: Side, dana: Client
) -> None:
    forged = {"agency": theirs.district.pk, "name": "Mine now", "roster_id": "S9"}
    answer = dana.post(reverse("admin:districts_school_add"), forged)
    assert answer.context["adminform"].form.errors.keys() == {"agency"}
    line = ours.draft.shared_elements.get()
    fields = {"version": theirs.draft.pk, "element": line.element_id, "basis": line.basis}
    fields |= {"purpose": line.purpose_id, "source": line.source, "kept": "school_year"}
    answer = dana.post(changed("districts_sharedelement", line.pk), fields)
    assert "version" in answer.context["adminform"].form.errors
    assert SharedElement.objects.filter(version=theirs.draft).count() == 1


def test_an_action_cannot_reach_another_districts_rows(ours: Side, theirs: Side, dana: Client) -> None:
    for side in (ours, theirs):
        Guardianship.objects.filter(pk=side.tie.pk).update(rights="review")
    chosen = {"action": "accept", "_selected_action": [ours.tie.pk, theirs.tie.pk]}
    dana.post(reverse("admin:consent_guardianship_changelist"), chosen)
    assert ours.tie.rights == "decides"
    assert theirs.tie.rights == "review"


def test_history_shows_what_colleagues_did_to_a_shared_record_and_not_what_others_did(
    ours: Side, theirs: Side, dana: Client
) -> None:
    vendor = factories.make_vendor()
    for side in (ours, theirs):
        LogEntry.objects.create(
            user_id=side.staff.pk,
            content_type=ContentType.objects.get_for_model(vendor),
            object_id=str(vendor.pk),
            object_repr="x",
            action_flag=ADDITION,
        )
    shown = dana.get(reverse("admin:districts_vendor_history", args=[vendor.pk])).content.decode()
    assert ours.staff.email in shown
    assert theirs.staff.email not in shown
