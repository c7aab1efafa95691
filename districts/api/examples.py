"""One example of each record, for the OpenAPI document. A test holds each against its own schema."""

from typing import Any

from .company_examples import PRODUCT, VENDOR
from .discussion_examples import COMMENT_WINDOW, HEARING, QUESTION, REFUSAL
from .version_example import AGREEMENT, SITE, VERSION

PUBLICATION = "7c1f8a52-0f0e-4a6c-8f7d-2b9f6f0e4d22"
CHANGE = "c2d5a6f4-9c4b-4c7a-b1f3-6a3a5f1e9b33"
INCIDENT = "e91b7c30-54d1-4b0f-9a55-1f4d7c8e6a44"
REMARK = "a4e0b2c6-7d18-4f39-b5aa-6c7d8e9f0a77"

EXAMPLES: dict[str, dict[str, Any]] = {
    "agencies": {
        "id": 2,
        "public_url": f"{SITE}/d/cedar-valley/",
        "kind": "district",
        "name": "Cedar Valley Schools",
        "slug": "cedar-valley",
        "state": 1,
        "state_code": "IL",
        "nces_id": "1710370",
        "state_agency_id": "",
        "city": "Cedar Valley",
        "zip_code": "61301",
        "time_zone": "America/Chicago",
        "languages": ["en", "es"],
        "law_profile": "us-il",
        "notice_window_days": 14,
        "public_answer_days": 30,
        "decision_rule": "most_protective",
        "has_families_here": True,
        "fiscal_year_start_month": 7,
        "fiscal_year_start_day": 1,
        "contact_name": "Dana Ruiz",
        "contact_title": "Privacy officer",
        "contact_email": "data@cedar.example",
        "contact_phone": "309-555-0147",
        "postal_address": "",
        "complaint_route": "Write to the privacy officer.",
        "rights_text": "",
        "interpreters_are_free": True,
    },
    "schools": {
        "id": 5,
        "public_url": f"{SITE}/d/cedar-valley/",
        "agency": 2,
        "name": "Cedar Ridge School",
        "nces_id": "",
        "city": "Cedar Valley",
        "zip_code": "61301",
        "ended_on": None,
    },
    "vendors": VENDOR,
    "products": PRODUCT,
    "categories": {
        "id": "student-contact",
        "public_url": f"{SITE}/data/#student-contact",
        "position": 3,
        "texts": [
            {
                "language": "en",
                "label": "Contact details",
                "definition": "How to reach a student.",
                "revision": 1,
                "reviewed": True,
            }
        ],
    },
    "elements": {
        "id": "home-address",
        "public_url": f"{SITE}/data/home-address/",
        "category": "student-contact",
        "subject": "student",
        "sensitivity": "medium",
        "sensitive_kind": "",
        "agency": None,
        "explained": True,
        "same_meaning_as": None,
        "crosswalk": [{"scheme": "ndpa", "identifier": "ndpa.14.01"}],
        "prohibitions": [
            {
                "law_profile": "us-il",
                "citation": "105 ILCS 85",
                "note_en": "Schools may not share it.",
                "note_es": "",
            }
        ],
        "texts": [
            {
                "language": "en",
                "label": "Home address",
                "definition": "Where the student lives.",
                "revision": 1,
                "reviewed": True,
                "sensitivity_reason": "A stranger could come to the door.",
                "usual_source": "The family gives it at enrollment.",
            }
        ],
    },
    "purposes": {
        "id": "teach",
        "public_url": f"{SITE}/data/",
        "position": 1,
        "texts": [
            {
                "language": "en",
                "label": "Teaching",
                "definition": "To teach a class or a subject.",
                "revision": 1,
                "reviewed": True,
            }
        ],
    },
    "agreements": {
        "id": AGREEMENT,
        "public_url": f"{SITE}/agreements/{AGREEMENT}/",
        "agency": 2,
        "vendor": 9,
        "products": [14],
        "title": "Reading agreement",
        "kind": "contract",
        "state": "signed",
        "begins_on": "2025-08-01",
        "ends_on": "2027-07-31",
        "term_note": "",
        "events": [
            {
                "kind": "executed",
                "happened_on": "2025-07-12",
                "note": "",
                "source_url": "",
                "recorded_at": "2025-07-14T15:02:11Z",
            }
        ],
        "remarks": [
            {
                "id": REMARK,
                "party": "company",
                "answers_to": None,
                "takes_down": False,
                "text": "We delete voices after 30 days.",
                "said_on": "2025-09-02",
                "recorded_at": "2025-09-03T10:11:12Z",
            }
        ],
    },
    "versions": VERSION,
    "participations": {
        "id": 31,
        "public_url": f"{SITE}/agreements/{AGREEMENT}/",
        "agreement": AGREEMENT,
        "agency": 2,
        "kind": "own",
        "from_on": "2025-08-01",
        "until_on": None,
    },
    "incidents": {
        "id": INCIDENT,
        "public_url": f"{SITE}/d/cedar-valley/",
        "agency": 2,
        "vendor": 9,
        "agreement": AGREEMENT,
        "date_kind": "estimated",
        "began_on": "2026-02-03",
        "ended_on": None,
        "learned_on": "2026-02-09",
        "elements": ["home-address"],
        "students_affected": None,
        "enrollment": 4210,
        "count_is_suppressed": True,
        "description": "A laptop was lost.",
    },
    "publications": {
        "id": PUBLICATION,
        "public_url": f"{SITE}/changes/{PUBLICATION}/",
        "kind": "version",
        "agreement": AGREEMENT,
        "version": 21,
        "participation": None,
        "incident": None,
        "day": "2025-07-14",
        "published_at": "2025-07-14T15:05:40Z",
        "days_late": 0,
        "changes": [
            {
                "id": CHANGE,
                "position": 1,
                "kind": "element_added",
                "severity": "answer_needed",
                "element": "home-address",
                "category": "student-contact",
                "before": None,
                "after": {"element": "home-address", "purpose": "teach", "basis": "elective_out"},
                "sentences": {
                    "en": "Lumino Reading may get “Home address”.",
                    "es": "Lumino Reading puede recibir «Dirección».",
                },
            }
        ],
    },
    "comment_windows": COMMENT_WINDOW,
    "hearings": HEARING,
    "questions": QUESTION,
    "refusals": REFUSAL,
}

FOLLOWED: dict[str, Any] = {
    "next": "42-118",
    "more": False,
    "results": [
        {"resource": "schools", "id": 5, "removed": False, "record": EXAMPLES["schools"]},
        {"resource": "products", "id": 13, "removed": True, "record": None},
    ],
}
