"""The examples of what is discussed in public, for the OpenAPI document."""

from typing import Any

from .version_example import AGREEMENT, SITE

HEARING_ID = "2b8f6d14-3c57-4e9a-8d20-7f1e6a5b4c88"
QUESTION_ID = "d7a1c3e5-9b24-4f68-a0c2-1e3d5f7a9b99"
PAGE = f"{SITE}/agreements/{AGREEMENT}/discussion/"

COMMENT_WINDOW: dict[str, Any] = {
    "id": 4,
    "public_url": PAGE,
    "agreement": AGREEMENT,
    "opens_on": "2026-03-02",
    "closes_on": "2026-04-10",
    "first_closes_on": "2026-03-31",
    "how_to_take_part": "Write to data@cedar.example.",
    "recorded_at": "2026-02-27T16:00:00Z",
    "changes": [
        {
            "closes_on": "2026-04-10",
            "reason": "Schools are closed in the last week of March.",
            "recorded_at": "2026-03-20T15:30:00Z",
        }
    ],
}

HEARING: dict[str, Any] = {
    "id": HEARING_ID,
    "public_url": PAGE,
    "agreement": AGREEMENT,
    "starts_at": "2026-03-18T23:30:00Z",
    "ends_at": None,
    "place": "Cedar Ridge School, room 12",
    "online_url": "",
    "note": "Interpreters for Spanish.",
    "recorded_at": "2026-02-27T16:05:00Z",
    "cancelled": {"reason": "The school is closed.", "recorded_at": "2026-03-17T18:00:00Z"},
}

QUESTION: dict[str, Any] = {
    "id": QUESTION_ID,
    "public_url": f"{PAGE}#q-{QUESTION_ID}",
    "agreement": AGREEMENT,
    "kind": "question",
    "shown_name": "A parent",
    "text": "Who hears the recordings?",
    "asked_on": "2026-03-03",
    "due_on": "2026-04-02",
    "is_blacked_out": False,
    "published_at": "2026-03-04T14:20:00Z",
    "answers": [
        {
            "text": "Nobody: a program does.",
            "answered_on": "2026-03-09",
            "recorded_at": "2026-03-09T19:00:00Z",
        }
    ],
    "withdrawn": None,
}

REFUSAL: dict[str, Any] = {
    "id": 3,
    "public_url": PAGE,
    "agreement": AGREEMENT,
    "reason": "advertising",
    "refused_on": "2026-03-05",
    "recorded_at": "2026-03-05T17:40:00Z",
}
