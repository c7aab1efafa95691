"""What each answer of the API looks like, to whom it is open, and what is never in it."""

import json
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consent.models import Student
from districts.api.examples import EXAMPLES, FOLLOWED
from districts.api.resources import RESOURCES
from districts.api.urls import openapi_document
from districts.discussion import cancel_hearing, move_end
from districts.incidents import report_incident
from districts.models import Change, Incident, Product, VendorOwnership
from districts.open_questions import answer_question, count_refusal, withdraw_question
from districts.public_room import PublicRoomError
from districts.publish import publish_version
from tests import factories as f
from tests.districts.api.register import fill, get, read_lists, stamp_now
from tests.districts.discussing import DAY, asked, heard, windowed

pytestmark = pytest.mark.django_db

# Whoever adds a field adds it here, in the document, and to the changes of the release.
SHAPES = {
    "agencies": "city complaint_route contact_email contact_name contact_phone contact_title"
    " decision_rule fiscal_year_start_day fiscal_year_start_month has_families_here id interpreters_are_free"
    " kind languages law_profile name nces_id notice_window_days postal_address public_answer_days public_url"
    " rights_text slug state state_agency_id state_code time_zone zip_code",
    "schools": "agency city ended_on id name nces_id public_url zip_code",
    "vendors": "business_address contact_email id kind legal_name name owners[owner since source_url until]"
    " owners_note public_url rulings[body decided_on id kind recorded_at source_url summary] slug summary"
    " website",
    "products": "id name public_url slug summary vendor website",
    "categories": "id position public_url texts[definition label language reviewed revision]",
    "elements": "agency category crosswalk[identifier scheme] explained id"
    " prohibitions[citation law_profile note_en note_es] public_url same_meaning_as sensitive_kind"
    " sensitivity subject texts[definition label language reviewed revision sensitivity_reason usual_source]",
    "purposes": "id position public_url texts[definition label language reviewed revision]",
    "agreements": "agency begins_on ends_on events[happened_on kind note recorded_at source_url] id kind"
    " products public_url remarks[answers_to id party recorded_at said_on takes_down text] state term_note"
    " title vendor",
    "versions": "agreement checked_on"
    " choices[answer_by basis category equal_alternative"
    " texts[data_already_sent if_no if_silent if_yes language]]"
    " clause_readings[answer clause place read_on reader recorded_at] correction_note cost"
    " documents[id pages recorded_at redacted_provisions sha256 size text_url url withdrawn]"
    " effective_from id is_baseline is_correction number promises[answer clause code days read_on reader]"
    " public_url published_at scope{grades programs schools}"
    " shared_elements[basis control detail element kept kept_days kept_until prohibited_reason purpose"
    " recipients reported_as source] sharing_starts_on short_notice_reason signer_title standing_note"
    " subcontractors[location name role] subcontractors_answer summary who_decided why_this_company"
    " withdrawn_texts[field reason recorded_at sha256]",
    "participations": "agency agreement from_on id kind public_url until_on",
    "incidents": "agency agreement began_on count_is_suppressed date_kind description elements ended_on"
    " enrollment id learned_on public_url students_affected vendor",
    "publications": "agreement"
    " changes[after before category element id kind position sentences severity] day days_late id incident"
    " kind participation public_url published_at version",
    "comment_windows": "agreement changes[closes_on reason recorded_at] closes_on first_closes_on"
    " how_to_take_part id opens_on public_url recorded_at",
    "hearings": "agreement cancelled ends_at id note online_url place public_url recorded_at starts_at",
    "questions": "agreement answers[answered_on recorded_at text] asked_on due_on id is_blacked_out kind"
    " public_url published_at shown_name text withdrawn",
    "refusals": "agreement id public_url reason recorded_at refused_on",
}
FREE = {"before", "after", "sentences", "withdrawn", "cancelled"}


def shape(value: Any) -> str:
    """Return the names of a record's fields, in order, with those of what it holds."""
    words = []
    for name, held in sorted(value.items()):
        if isinstance(held, list) and held and isinstance(held[0], dict):
            name += f"[{shape(held[0])}]"
        elif isinstance(held, dict) and name not in FREE:
            name += f"{{{shape(held)}}}"
        words.append(name)
    return " ".join(words)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_the_shape_of_each_record_is_pinned(resource):
    fill()
    assert shape(EXAMPLES[resource.name]) == SHAPES[resource.name]
    fullest = max((shape(record) for record in get(resource.name)["results"]), key=len)
    assert fullest == SHAPES[resource.name]


def holds(schema_of: str, value: Any) -> None:
    """Hold a value against a component of the document; fail with what is wrong."""
    whole = json.loads(openapi_document())
    schema = {"$ref": f"#/components/schemas/{schema_of}", "components": whole["components"]}
    jsonschema.Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_records_and_examples_are_what_the_document_says(resource):
    fill()
    component = resource.serializer.__name__.removesuffix("Serializer")
    holds(component, EXAMPLES[resource.name])
    holds(f"{component}Page", get(resource.name))


def test_what_was_written_since_is_what_the_document_says():
    fill()
    stamp_now()
    holds("Followed", FOLLOWED)
    holds("Followed", get("changes", limit=500))


def test_each_value_of_each_enum_and_each_parameter_is_explained():
    whole = json.loads(openapi_document())
    assert whole["openapi"] == "3.1.0"
    enums = {name: it for name, it in whole["components"]["schemas"].items() if "enum" in it}
    assert len(enums) >= 20
    for name, it in enums.items():
        for value in it["enum"]:
            explained = f"* `{value}` - "
            assert explained in it["description"], f"{name}: {value}"
            said = it["description"].split(explained)[1].split("\n")[0]
            assert len(said.split()) > 1, f"{name}: {value} is only called “{said}”"
    for address, methods in whole["paths"].items():
        assert methods["get"]["description"], address
        assert any("examples" in kind for kind in methods["get"]["responses"]["200"]["content"].values()), (
            address
        )
        assert all(parameter["description"] for parameter in methods["get"].get("parameters", [])), address


def test_every_record_is_found_by_its_id_and_has_a_page_that_opens(client, settings):
    fill()
    stamp_now()
    for (name, key), record in read_lists(limit=100).items():
        assert get(f"{name}/{key}") == record
        assert record["public_url"].startswith(settings.SITE_URL + "/")
        page = record["public_url"].removeprefix(settings.SITE_URL).partition("#")[0]
        assert client.get(page, follow=True).status_code == 200, record["public_url"]


def test_what_is_not_public_is_nowhere(client):
    fill()
    stamp_now()
    everything = json.dumps([*read_lists(limit=100).values(), get("changes", limit=500)]).lower()
    assert "secret" not in everything
    for agreement in f.Agreement.objects.filter(title="Secret agreement"):
        assert str(agreement.public_id) not in everything
        assert client.get(f"/api/v1/agreements/{agreement.public_id}").status_code == 404
        version = agreement.versions.get()
        assert client.get(f"/api/v1/versions/{version.pk}").status_code == 404
        assert get("versions", agreement=agreement.public_id)["results"] == []


def test_a_suppressed_count_and_a_withdrawn_paper_leave_only_that_they_are(client, settings):
    version = fill()
    Incident.objects.create(
        agency=version.agreement.agency,
        learned_on=f.TODAY,
        description="A bag was lost.",
        students_affected=4213,
        count_is_suppressed=True,
    )
    assert [record["students_affected"] for record in get("incidents")["results"]] == [None, None]
    assert "4213" not in json.dumps(get("incidents"))
    papers = get(f"versions/{version.pk}")["documents"]
    gone = [paper for paper in papers if paper["withdrawn"]]
    assert [paper["withdrawn"]["reason"] for paper in gone] == ["A name stood in it."]
    assert client.get(gone[0]["url"].removeprefix(settings.SITE_URL)).status_code == 410


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("agencies?limit=0", "limit: found “0”, expected a whole number from 1 to 500."),
        ("agencies?limit=1&limit=2", "limit: given 2 times; give it once."),
        ("schools?agncy=3", "agncy: no such parameter; known are after, agency, limit."),
        ("schools?agency=three", "agency: found “three”, expected a number."),
        ("schools?agency=99999999999999999999", "agency: found “99999999999999999999”, expected a number."),
        ("agreements?after=x", "after: found “x”, expected a UUID."),
        ("elements?category=a%00b", "category: found “a\x00b”, expected a code of letters, digits, - and _."),
        (
            "changes?since=now",
            "since: found “now”, expected the “next” of an earlier answer, such as 12-345.",
        ),
        ("vendors/1?limit=2", "limit: no such parameter; known are none."),
    ],
)
def test_what_the_api_does_not_understand_it_says_by_name(client, address, said):
    response = client.get(f"/api/v1/{address}", headers={"accept-language": "es"})
    assert (response.status_code, response.json()) == (400, {"detail": said})


@pytest.mark.parametrize(
    "address",
    ["agencies/0", "agencies/x", "versions/99999", "nothing", "", "elements/home%20address", "agreements/1"],
)
def test_what_is_not_there_is_said_in_the_apis_own_form(client, address):
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/json"
    assert "There is no" in response.json()["detail"]


def test_the_register_can_not_be_written(client):
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)("/api/v1/agencies")
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_any_site_may_ask(client):
    f.make_district()
    for response in (client.options("/api/v1/agencies"), client.get("/api/v1/agencies")):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "If-None-Match" in response["Access-Control-Allow-Headers"]
        assert not response.cookies


def test_nobody_is_asked_who_they_are_and_no_familys_row_can_be_read(client, monkeypatch):
    client.force_login(f.make_user())
    f.make_district()
    assert client.get("/api/v1/agencies").status_code == 200
    monkeypatch.setitem(vars(RESOURCES[0]), "rows", lambda: Student.objects.all())
    with pytest.raises(Exception, match="permission denied"):
        client.get("/api/v1/agencies")


def more_of_everything(n: int) -> None:
    """Add to every list something with parts of its own."""
    district = f.make_district(f"District {n}")
    f.make_school(district)
    vendor = f.make_vendor(f"Company {n}")
    VendorOwnership.objects.create(vendor=vendor, owner=f.make_vendor(f"Owner {n}"))
    agreement = f.make_agreement(district, vendor)
    agreement.products.add(Product.objects.create(vendor=vendor, name="Thing", slug="thing"))
    agreement.events.create(kind="executed")
    draft = f.make_draft(agreement, [(f"kind-of-{n}", f"group-of-{n}", "consent")])
    draft.subcontractors.create(name="Clearwave")
    draft.promises.create(code="no_sale", answer="yes")
    draft.scope_schools.add(f.make_school(district))
    draft.documents.create(file=f"{n}.pdf", sha256="2" * 64, size=3)
    publish_version(version_id=draft.pk, now=f.NOW)
    f.make_purpose(f"reason-{n}")
    breach = Incident.objects.create(
        agency=district, agreement=agreement, vendor=vendor, learned_on=f.TODAY, description="Lost."
    )
    breach.elements.add(f.make_element(f"kind-of-{n}"))
    report_incident(incident_id=breach.pk, now=f.NOW)
    window = windowed(agreement, f.NOW)
    move_end(window_id=window.pk, closes_on=f.TODAY + 30 * DAY, reason="A holiday.", now=f.NOW)
    cancel_hearing(hearing_id=heard(agreement, f.NOW).pk, reason="Snow.", now=f.NOW)
    for _n in range(2):
        question = asked(agreement, f.NOW)
        answer_question(question_id=question.pk, text="The teacher.", now=f.NOW)
    withdraw_question(question_id=question.pk, reason="A child was named.")
    count_refusal(agreement=agreement, reason="insult", now=f.NOW)


def queries(address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", [*(resource.name for resource in RESOURCES), "changes"])
def test_ten_records_cost_as_many_queries_as_one(name):
    more_of_everything(0)
    stamp_now()
    one = queries(f"/api/v1/{name}?limit=500")
    for n in range(1, 10):
        more_of_everything(n)
    stamp_now()
    assert len(get(name, limit=500)["results"]) >= 10
    assert queries(f"/api/v1/{name}?limit=500") == one


def test_news_comes_newest_first_and_pages_by_what_was_read_last(client):
    fill()
    days = [record["published_at"] for record in get("publications")["results"]]
    assert days == sorted(days, reverse=True)
    assert len(days) == len({record["id"] for record in get("publications")["results"]}) > 4
    assert client.get(f"/api/v1/publications?after={EXAMPLES['publications']['id']}").status_code == 404
    assert Change.objects.exists()


def test_the_room_is_closed_to_whoever_asks_for_the_user(rf):
    from districts.open_data import open_data

    asked = rf.get("/")
    asked.user = "Alice"
    with pytest.raises(PublicRoomError):
        open_data(lambda request: request.user.pk)(asked)
