"""The example of a version, the largest record, for the OpenAPI document."""

from typing import Any

SITE = "https://data.example.org"
AGREEMENT = "0b6b1d0e-6f0b-4a44-9a8e-5d3f0c2b7a11"
DOCUMENT = "3f2a9b18-7d6c-4e5f-a1b2-c3d4e5f60755"

VERSION: dict[str, Any] = {
    "id": 21,
    "public_url": f"{SITE}/agreements/{AGREEMENT}/v1/",
    "agreement": AGREEMENT,
    "number": 1,
    "published_at": "2025-07-14T15:05:40Z",
    "is_baseline": False,
    "effective_from": "2025-08-01",
    "sharing_starts_on": "2025-08-20",
    "standing_note": "",
    "summary": "Children read aloud; the app marks what to practice.",
    "why_this_company": "",
    "who_decided": "School board",
    "signer_title": "Superintendent",
    "cost": "$18,400 a year",
    "subcontractors_answer": "listed",
    "short_notice_reason": "",
    "checked_on": None,
    "is_correction": False,
    "correction_note": "",
    "scope": {"schools": [5], "grades": ["02", "03"], "programs": []},
    "shared_elements": [
        {
            "element": "home-address",
            "purpose": "teach",
            "basis": "elective_out",
            "control": "opt_out",
            "source": "school_record",
            "recipients": ["Clearwave Speech"],
            "kept": "after_agreement",
            "kept_days": 60,
            "kept_until": None,
            "detail": "",
            "reported_as": [],
            "prohibited_reason": "",
        }
    ],
    "promises": [
        {
            "code": "no_sale",
            "answer": "yes",
            "days": None,
            "clause": "4.2",
            "reader": "Dana Ruiz",
            "read_on": "2025-07-10",
        }
    ],
    "subcontractors": [{"name": "Clearwave Speech", "role": "Hears the reading", "location": "US"}],
    "choices": [
        {
            "category": "student-contact",
            "basis": "elective_out",
            "answer_by": "2025-08-10",
            "equal_alternative": True,
            "texts": [
                {
                    "language": "en",
                    "if_yes": "The app may use it.",
                    "if_no": "Your child reads the same book on paper.",
                    "if_silent": "It is shared from August 20.",
                    "data_already_sent": "The company deletes it in 60 days.",
                }
            ],
        }
    ],
    "documents": [
        {
            "id": DOCUMENT,
            "url": f"{SITE}/documents/{DOCUMENT}/",
            "text_url": f"{SITE}/documents/{DOCUMENT}/text/",
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "size": 182044,
            "pages": 14,
            "redacted_provisions": "",
            "recorded_at": "2025-07-14T15:01:02Z",
            "withdrawn": None,
        }
    ],
    "clause_readings": [
        {
            "clause": "il-deletion",
            "answer": "yes",
            "place": "4.2",
            "reader": "Privacy officer",
            "read_on": "2025-07-10",
            "recorded_at": "2025-07-14T15:09:30Z",
        }
    ],
    "withdrawn_texts": [
        {
            "field": "why_this_company",
            "reason": "A student was named in it.",
            "sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            "recorded_at": "2025-09-02T18:20:00Z",
        }
    ],
}
