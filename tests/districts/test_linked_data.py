"""An agreement as linked data: terms that exist, nothing asked of a third party, gaps that say so."""

import csv
import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from districts import dpv
from districts.law import BASES_WITH_A_CHOICE, OPT_IN_BASES, Basis
from districts.models import Crosswalk, SharedElement
from districts.models.versions import RETENTION_RULES, SOURCES
from tests import factories as f
from tests.districts.test_pages import publish

PURPOSES = Path(site.BASE_DIR) / "districts/catalogue/purposes.csv"

# Looked up in DPV 2.0; whoever uses another term looks it up first.
LOOKED_UP = """
Purpose LegalBasis Consent OfficialAuthorityOfController PublicInterest LegalObligation VitalInterest
OptingInToProcess OptingOutFromProcess CannotOptOutFromProcess IdentityAuthentication RecordManagement
ServicePersonalisation ServiceOptimisation PaymentManagement CommunicationManagement EnforceSecurity
LegalCompliance ImprovePublicServices TechnicalServiceProvision ResearchAndDevelopment
PersonnelManagement HumanResourceManagement RepairImpairments MisusePreventionAndDetection
ImproveExistingProductsAndServices ServiceProvision Student ParentOfDataSubject Employee PersonalData
SensitivePersonalData DataController DataControllerDataSource DataSubjectDataSource ThirdPartyDataSource
UntilTimeDuration UntilEventDuration TemporalDuration IndeterminateDuration NotAvailable StorageDuration
Recipient PersonalDataProcess hasApplicability hasDataController hasRecipient hasProcess hasPersonalData
hasDataSubject hasPurpose hasLegalBasis hasEntityInvolvement hasDataSource hasStorageCondition
hasDuration
"""
TERMS = set(LOOKED_UP.split())

GAP = {"const": {"dpv:hasApplicability": "dpv:NotAvailable"}}
NAME = {"type": "object", "required": ["@value"], "additionalProperties": False, "properties": {"@value": {}}}
TERM = {"type": "string", "pattern": "^(dpv|pd):[A-Z][A-Za-z]+$"}


def node(required: str, **properties: Any) -> dict[str, Any]:
    """Return the schema of a node with just these names."""
    names = required.split()
    known = {name: {} for name in names} | properties
    return {"type": "object", "required": names, "additionalProperties": False, "properties": known}


LINE = node(
    "@id @type dpv:hasPersonalData dpv:hasDataSubject dpv:hasPurpose dpv:hasLegalBasis"
    " dpv:hasEntityInvolvement dpv:hasDataSource dpv:hasRecipient dpv:hasStorageCondition",
    **{
        "@type": {"const": "dpv:PersonalDataProcess"},
        "dpv:hasPersonalData": node(
            "@id @type rdfs:label register:element register:category register:sensitivity",
            **{"@type": {"type": "array", "items": TERM, "minItems": 1}},
        ),
        "dpv:hasDataSubject": TERM,
        "dpv:hasPurpose": {"anyOf": [GAP, node("@type rdfs:label register:purpose", **{"@type": TERM})]},
        "dpv:hasLegalBasis": node("@type rdfs:label register:basis", **{"@type": TERM}),
        "dpv:hasEntityInvolvement": TERM,
        "dpv:hasDataSource": {"anyOf": [GAP, TERM]},
        "dpv:hasRecipient": {"type": "array", "items": node("@type rdfs:label", **{"rdfs:label": NAME})},
        "dpv:hasStorageCondition": {
            "anyOf": [
                node("@type dpv:hasApplicability"),
                node(
                    "@type dpv:hasDuration",
                    **{
                        "dpv:hasDuration": node(
                            "@type rdfs:label register:kept",
                            **{"register:keptDays": {"type": "integer"}, "register:keptUntil": {}},
                        )
                    },
                ),
            ]
        },
    },
)
WHOLE = node(
    "@context @id @type dcterms:title dcterms:identifier register:number dcterms:license rdfs:seeAlso"
    " register:state register:from register:until register:subcontractors dpv:hasDataController"
    " dpv:hasRecipient dpv:hasProcess",
    **{"@context": {"type": "object"}, "dpv:hasProcess": {"type": "array", "items": LINE}},
)


def every_kind(district=None):
    """Publish a version with a line for each ground, source and rule of keeping, and one of gaps."""
    draft = f.make_draft(f.make_agreement(district or f.make_district()), lines=[])
    for n, basis in enumerate(Basis.values):
        kept = RETENTION_RULES[n % len(RETENTION_RULES)]
        f.add_line(
            draft,
            f"kind-{n}",
            basis,
            source=SOURCES[n % len(SOURCES)],
            kept=kept,
            kept_days=30 if kept.startswith("after_") else None,
            kept_until=dt.date(2027, 6, 30) if kept == "date" else None,
            recipients=["Clearwave"] if n else [],
        )
    draft.shared_elements.create(element=f.make_element("grade", "school"), basis=Basis.CONSENT)
    draft.subcontractors.create(name="Northrack Hosting")
    publish(draft)
    return draft


def linked(version, prefix: str = "") -> dict[str, Any]:
    answer = Client().get(f"{prefix}/agreements/{version.agreement.public_id}/v{version.number}.jsonld")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    return answer.json()


def names_in(value: Any) -> Iterator[str]:
    """Yield every name of a property and of a thing."""
    if isinstance(value, dict):
        for name, held in value.items():
            yield name
            if name != "@context":
                yield from names_in(held)
    elif isinstance(value, list):
        for held in value:
            yield from names_in(held)
    elif isinstance(value, str) and re.fullmatch(r"(dpv|pd):\w+", value):
        yield value


@pytest.mark.django_db
def test_the_shape_is_pinned() -> None:
    made = linked(every_kind())
    jsonschema.Draft202012Validator(WHOLE).validate(made)
    assert len(made["dpv:hasProcess"]) == len(Basis.values) + 1


@pytest.mark.django_db
def test_every_term_is_one_of_the_vocabulary_and_every_prefix_is_explained_inside() -> None:
    made = linked(every_kind())
    context = made["@context"]
    assert isinstance(context, dict)  # an address would make whoever reads it ask a third party
    for name in names_in(made):
        if not name.startswith("@"):
            assert name.partition(":")[0] in context, name
    used = {name.removeprefix("dpv:") for name in names_in(made) if name.startswith("dpv:")}
    assert used <= TERMS
    tables = (
        dpv.BASES,
        dpv.CONTROLS,
        dpv.PURPOSES,
        dpv.SUBJECTS,
        dpv.SENSITIVITIES,
        dpv.SOURCES,
        dpv.DURATIONS,
    )
    assert {term.removeprefix("dpv:") for table in tables for term in table.values()} <= TERMS


def test_the_tables_know_all_our_codes_and_call_nothing_a_consent_that_is_none() -> None:
    assert set(dpv.BASES) == set(Basis.values)
    assert {basis for basis, term in dpv.BASES.items() if term == "dpv:Consent"} == set(OPT_IN_BASES)
    opt_out = set(BASES_WITH_A_CHOICE) - set(OPT_IN_BASES)
    assert {dpv.BASES[basis] for basis in opt_out} == {"dpv:LegalBasis"}
    with PURPOSES.open(encoding="utf-8", newline="") as file:
        assert set(dpv.PURPOSES) == {row["code"] for row in csv.DictReader(file)}
    assert set(dpv.SOURCES) == set(SOURCES) - {"not_filled_in"}
    assert set(dpv.DURATIONS) == set(RETENTION_RULES) - {"not_filled_in"}


@pytest.mark.django_db
def test_a_line_says_what_why_on_what_ground_with_whom_and_until_when(settings) -> None:
    draft = f.make_draft(f.make_agreement(f.make_district()), lines=[])
    element = f.make_element("voice-print", "voice", sensitivity="high")
    Crosswalk.objects.create(scheme="dpv", identifier="pd:Biometric", element=element)
    Crosswalk.objects.create(scheme="ndpa", identifier="ndpa.01", element=element)
    line = f.add_line(draft, "voice-print", Basis.CONSENT, recipients=["Clearwave"])
    publish(draft)
    (made,) = linked(draft)["dpv:hasProcess"]
    address = f"{settings.SITE_URL}/agreements/{draft.agreement.public_id}/v1/"
    assert made == {
        "@id": f"{address}#line-{line.pk}",
        "@type": "dpv:PersonalDataProcess",
        "dpv:hasPersonalData": {
            "@id": f"{settings.SITE_URL}/data/voice-print/",
            "@type": ["dpv:SensitivePersonalData", "pd:Biometric"],
            "rdfs:label": "voice print",
            "register:element": "voice-print",
            "register:category": "voice",
            "register:sensitivity": "high",
        },
        "dpv:hasDataSubject": "dpv:Student",
        "dpv:hasPurpose": {"@type": "dpv:Purpose", "rdfs:label": "teach", "register:purpose": "teach"},
        "dpv:hasLegalBasis": {
            "@type": "dpv:Consent",
            "rdfs:label": "Only with a parent's yes (34 CFR 99.30)",
            "register:basis": "consent",
        },
        "dpv:hasEntityInvolvement": "dpv:OptingInToProcess",
        "dpv:hasDataSource": "dpv:DataControllerDataSource",
        "dpv:hasRecipient": [{"@type": "dpv:Recipient", "rdfs:label": {"@value": "Clearwave"}}],
        "dpv:hasStorageCondition": {
            "@type": "dpv:StorageDuration",
            "dpv:hasDuration": {
                "@type": "dpv:UntilEventDuration",
                "rdfs:label": "60 days after the agreement ends",
                "register:kept": "after_agreement",
                "register:keptDays": 60,
            },
        },
    }


@pytest.mark.django_db
def test_what_is_not_filled_in_is_said_to_be_so() -> None:
    gaps = next(
        line
        for line in linked(every_kind())["dpv:hasProcess"]
        if line["dpv:hasPersonalData"]["register:element"] == "grade"
    )
    missing = {"dpv:hasApplicability": "dpv:NotAvailable"}
    assert gaps["dpv:hasPurpose"] == gaps["dpv:hasDataSource"] == missing
    assert gaps["dpv:hasStorageCondition"] == {"@type": "dpv:StorageDuration", **missing}


@pytest.mark.django_db
def test_the_page_leads_to_it_and_a_draft_has_none(client) -> None:
    version = every_kind()
    address = f"/agreements/{version.agreement.public_id}/v1"
    page = client.get(f"{address}/").content.decode()
    head = page[: page.index("</head>")]
    assert (
        f'<link rel="alternate" type="application/ld+json" title="JSON-LD" href="{address}.jsonld">' in head
    )
    f.make_draft(version.agreement, [("secret", "body", Basis.CONSENT)])
    assert client.get(f"/agreements/{version.agreement.public_id}/v2.jsonld").status_code == 404
    answer = client.get(f"{address}.jsonld")
    assert client.get(f"{address}.jsonld", headers={"if-none-match": answer["ETag"]}).status_code == 304


@pytest.mark.django_db
def test_it_speaks_the_language_of_its_address() -> None:
    version = every_kind()
    english, spanish = linked(version), linked(version, "/es")
    assert (english["@context"]["@language"], spanish["@context"]["@language"]) == ("en", "es")
    assert "Hasta" in json.dumps(spanish, ensure_ascii=False)
    assert "Hasta" not in json.dumps(english, ensure_ascii=False)


@pytest.mark.django_db
def test_ten_lines_ask_no_more_than_one() -> None:
    def queries(lines: int) -> int:
        kinds = [(f"thing-{lines}-{n}", "group", Basis.SCHOOL_OFFICIAL) for n in range(lines)]
        version = f.make_draft(f.make_agreement(f.make_district()), kinds)
        publish(version)
        with CaptureQueriesContext(connection) as asked:
            made = linked(version)
        assert len(made["dpv:hasProcess"]) == lines == SharedElement.objects.filter(version=version).count()
        return len(asked)

    assert queries(10) == queries(1)
