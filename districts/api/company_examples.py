"""The examples of a company and of a product, for the OpenAPI document."""

from typing import Any

SITE = "https://data.example.org"

VENDOR: dict[str, Any] = {
    "id": 9,
    "public_url": f"{SITE}/companies/lumino-reading/",
    "name": "Lumino Reading",
    "slug": "lumino-reading",
    "legal_name": "Lumino Reading, Inc.",
    "kind": "for_profit",
    "summary": "Reading aloud with an app.",
    "business_address": "12 Oak Street, Peoria, IL",
    "website": "https://lumino.example",
    "contact_email": "",
    "owners": [{"owner": 10, "since": "2026-01-15", "until": None, "source_url": ""}],
    "owners_note": "",
    "rulings": [
        {
            "id": "5d3c1f70-2b64-4c7e-8f10-9a2b3c4d5e66",
            "kind": "order",
            "body": "Federal Trade Commission",
            "decided_on": "2025-11-04",
            "summary": "The company must delete recordings of children it kept too long.",
            "source_url": "https://regulator.example/orders/17",
            "recorded_at": "2025-11-06T09:00:00Z",
        }
    ],
}

PRODUCT: dict[str, Any] = {
    "id": 14,
    "public_url": f"{SITE}/companies/lumino-reading/lumino-reader/",
    "vendor": 9,
    "name": "Lumino Reader",
    "slug": "lumino-reader",
    "summary": "Hears children read.",
    "website": "",
}
