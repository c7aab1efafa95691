"""What staff may change in the admin, and what stands: published versions, history, what others share."""

import datetime as dt

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from consent.models import Guardianship
from districts.models import Agreement, AgreementEvent, Basis, DataElement, Participation, SharedElement
from districts.publish import publish_version
from portal.models import User
from tests import factories
from tests.factories import NOW
from tests.portal.staff_cast import Side, make_side, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> Side:
    return make_side("Cedar", factories.make_state())


@pytest.fixture
def dana(ours: Side) -> Client:
    return signed_in(ours.staff)


def changed(model: str, pk: int) -> str:
    return reverse(f"admin:{model}_change", args=[pk])


def own_element(side: Side) -> DataElement:
    return factories.make_element(f"bus-photo-{side.district.pk}", agency=side.district, explained=False)


def test_a_person_accepted_or_refused_stays_so_and_is_marked_as_set_by_staff(
    ours: Side, dana: Client
) -> None:
    carol = factories.make_guardian(ours.district, "Grandma", [ours.sam], "grandparent", "review")
    tie = Guardianship.objects.get(guardian=carol)
    before = tie.entered_at
    url = reverse("admin:consent_guardianship_changelist")
    dana.post(url, {"action": "accept", "_selected_action": [tie.pk]})
    tie.refresh_from_db()
    assert (tie.rights, tie.rights_set_by_staff) == ("decides", True)
    assert tie.entered_at > before  # a newcomer, so catch_up welcomes her
    dana.post(url, {"action": "refuse", "_selected_action": [tie.pk]})
    tie.refresh_from_db()
    assert tie.rights == "decides"  # settled already; only what waits is settled


def test_a_company_two_districts_deal_with_is_changed_by_neither(ours: Side, dana: Client) -> None:
    vendor = ours.draft.agreement.vendor
    url = changed("districts_vendor", vendor.pk)
    assert dana.get(url).context["has_change_permission"]
    factories.make_agreement(factories.make_district("Elsewhere"), vendor)
    assert not dana.get(url).context["has_change_permission"]


def test_a_published_version_and_all_its_parts_are_only_looked_at(ours: Side, dana: Client) -> None:
    line, terms = ours.draft.shared_elements.get(), ours.draft.choice_terms.get()
    publish_version(version_id=ours.draft.pk, now=NOW)
    pages = {
        "districts_agreementversion": ours.draft,
        "districts_sharedelement": line,
        "districts_choiceterms": terms,
        "districts_agreement": ours.draft.agreement,
    }
    for model, obj in pages.items():
        page = dana.get(changed(model, obj.pk))
        assert not page.context["has_change_permission"], model
        assert dana.post(changed(model, obj.pk), {}).status_code == 403, model
        assert dana.post(reverse(f"admin:{model}_delete", args=[obj.pk]), {"post": "yes"}).status_code == 403
        formsets = page.context["inline_admin_formsets"]
        assert not any(each.has_change_permission or each.has_add_permission for each in formsets), model


def test_lines_are_taken_out_of_drafts_only(ours: Side, dana: Client) -> None:
    second = factories.make_agreement(ours.district, title="Other")
    draft = factories.make_draft(second, [("bus-stop", "contact", Basis.SCHOOL_OFFICIAL)])
    publish_version(version_id=ours.draft.pk, now=NOW)
    lines = list(SharedElement.objects.values_list("pk", flat=True))
    dana.post(
        reverse("admin:districts_sharedelement_changelist"), {"action": "take_out", "_selected_action": lines}
    )
    assert list(SharedElement.objects.values_list("version", flat=True)) == [ours.draft.pk]
    assert not draft.shared_elements.exists()


def test_nothing_is_deleted_in_bulk_and_history_not_at_all(ours: Side, dana: Client) -> None:
    request = dana.get(reverse("admin:index")).wsgi_request
    for model, each in admin.site._registry.items():
        assert "delete_selected" not in each.get_actions(request), model
    deletable = {m._meta.model_name for m, each in admin.site._registry.items() if each.may_delete}
    assert deletable == {"sharedelement", "choiceterms"}  # parts of drafts


def test_a_signed_agreement_is_entered_with_the_districts_own_part_in_it(ours: Side, dana: Client) -> None:
    vendor = factories.make_vendor("Skylark")
    fields = {
        "agency": ours.district.pk,
        "vendor": vendor.pk,
        "title": "Skylark",
        "kind": "contract",
        "state": "signed",
        "begins_on": "2026-08-01",
    }
    assert dana.post(reverse("admin:districts_agreement_add"), fields).status_code == 302
    agreement = Agreement.objects.get(title="Skylark")
    part = Participation.objects.get(agreement=agreement)
    assert (part.agency, part.kind, part.from_on) == (ours.district, "own", dt.date(2026, 8, 1))
    assert AgreementEvent.objects.get(agreement=agreement).kind == "executed"


def test_an_element_of_the_district_gets_numbered_words(ours: Side, dana: Client) -> None:
    element = own_element(ours)
    prefix = "texts"
    fields = {
        "category": element.category_id,
        "subject": "student",
        "sensitivity": "low",
        "agency": ours.district.pk,
        f"{prefix}-TOTAL_FORMS": 3,
        f"{prefix}-INITIAL_FORMS": 2,
        f"{prefix}-2-element": element.pk,
        f"{prefix}-2-language": "en",
        f"{prefix}-2-label": "Bus stop photo",
        f"{prefix}-2-definition": "A photo at the bus stop.",
    }
    for n, text in enumerate(element.texts.order_by("pk")):
        fields |= {f"{prefix}-{n}-id": text.pk, f"{prefix}-{n}-element": element.pk}
    assert dana.post(changed("districts_dataelement", element.pk), fields).status_code == 302
    newest = element.texts.filter(language="en").order_by("-revision").first()
    assert (newest.revision, newest.label) == (2, "Bus stop photo")
    catalogue = factories.make_element("street", "contact")
    assert dana.post(changed("districts_dataelement", catalogue.pk), {}).status_code == 403


def test_every_field_staff_fill_in_has_help(ours: Side) -> None:
    runs = User.objects.create_superuser("runs@example.org", "correct horse battery")
    request = signed_in(runs).get(reverse("admin:index")).wsgi_request
    silent = []
    for model, each in admin.site._registry.items():
        if each.may_change or each.may_add:
            fields = each.get_form(request, None).base_fields
            silent += [f"{model._meta.model_name}.{n}" for n, f in fields.items() if not f.help_text]
            for inline in each.inlines:
                if inline.may_add:
                    shown = inline(model, admin.site).get_formset(request).form.base_fields
                    name = inline.model._meta.model_name
                    to_parent = {fk.name for fk in inline.model._meta.fields if fk.related_model is model}
                    filled_in = shown.keys() - to_parent
                    silent += [f"{name}.{n}" for n in filled_in if not shown[n].help_text]
    assert [name for name in silent if not name.endswith((".id", ".DELETE"))] == []


def test_no_list_has_more_than_eight_columns() -> None:
    assert [m for m, each in admin.site._registry.items() if len(each.list_display) > 8] == []


def test_the_admin_leads_to_the_pages_of_the_daily_work(dana: Client) -> None:
    index = dana.get(reverse("admin:index")).content.decode()
    for name in ("today", "agreements", "uploads", "answers", "letters", "holds"):
        assert f'href="{reverse(f"staff:{name}")}"' in index


def test_a_search_for_data_offers_it_in_words_and_saving_leads_back_to_the_draft(
    ours: Side, dana: Client
) -> None:
    line = ours.draft.shared_elements.get()
    label = line.element.texts.filter(language="en").latest("revision").label
    asked = {"app_label": "districts", "model_name": "sharedelement", "field_name": "element", "term": label}
    offered = dana.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert {"id": str(line.element_id), "text": f"{label} (home-address)"} in offered
    form = {
        "version": ours.draft.pk,
        "element": line.element_id,
        "purpose": line.purpose_id,
        "basis": line.basis,
        "source": "school_record",
        "kept": "school_year",
    }
    saved = dana.post(changed("districts_sharedelement", line.pk), form)
    assert saved.url == reverse("staff:version", args=[ours.draft.pk])
