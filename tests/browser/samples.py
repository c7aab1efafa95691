"""Made-up content that fills every fragment, as the pages of the site will fill them."""

import datetime as dt
from types import SimpleNamespace as Thing
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict

from tests.browser.sample_agreement import (
    CHANGES,
    CLAUSE_AFTER,
    CLAUSE_BEFORE,
    FACTS,
    HISTORY,
    LABEL,
    PROMISES,
    SIGNED,
    TALLY,
)

DISTRICT = Thing(
    name="Cedar Valley School District",
    slug="cedar-valley",
    contact_name="Dana Whitlock",
    contact_title="Privacy Officer",
    contact_phone="309-555-0147",
    contact_email="data@cedarvalley.example",
    complaint_route="Write to the State Board, 100 First Street, Springfield.",
    interpreters_are_free=True,
)
TODAY = dt.date(2026, 11, 23)
DUE = dt.date(2026, 12, 14)
QUESTION = {
    "id": "q1",
    "title": "May Lumino Reading get voice recordings?",
    "sensitivity": "high",
    "due": DUE,
    "facts": FACTS,
    "if_yes": "Mateo may use the read-aloud part.",
    "if_no": "Mateo keeps the app. He reads the same books out loud with his teacher.",
    "if_silent": "We count it as no. Nothing is sent.",
    "already_sent": "No voice recordings were sent so far.",
    "action": "#",
    "yes": "Yes, allow it for Mateo",
    "no": "No, do not allow it for Mateo",
    "hidden": [("shown", "abc")],
    "more_url": "#",
    "ask_url": "#",
}
ANSWERS = [
    {
        "company": "PictureDay",
        "data": "School photo",
        "state": "yes",
        "words": "You said yes",
        "date": dt.date(2026, 9, 3),
        "receipt_url": "#",
        "action": "#",
        "button": "Change to no",
    },
    {
        "company": "MathPath",
        "data": "Time in the app",
        "state": "no",
        "words": "You said no",
        "date": dt.date(2026, 9, 3),
        "note": "We saved your answer. The district has not acted yet.",
        "receipt_url": "#",
        "action": "#",
        "button": "Change to yes",
    },
    {
        "company": "Lumino Reading",
        "data": "Name, class, schoolwork, app use",
        "state": "school",
        "words": "Needed for class",
        "since": dt.date(2025, 8, 14),
        "why_url": "#",
    },
]
RECEIPT = [
    ("Receipt number", "CV-7F3K-92QD"),
    ("Your answer", "No"),
    ("Child", "Mateo, grade 3"),
    ("Company", "Lumino Reading, agreement version 3"),
    ("Data", "Voice recordings"),
    ("Starts", "Now"),
]


class EveryField(forms.Form):
    """One of each kind of field, to be shown empty and with errors."""

    code = forms.CharField(
        label="The code in your letter", help_text="It looks like ABCD-EFGH-JKLM. Capitals do not matter."
    )
    email = forms.EmailField(
        label="Your email address", error_messages={"required": "Enter an email address."}
    )
    answer = forms.ChoiceField(
        label="Do you allow it?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no."},
    )
    about = forms.MultipleChoiceField(
        label="Email me about",
        choices=[("changes", "Changes"), ("week", "A summary each week")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    grade = forms.ChoiceField(label="Grade", choices=[("k", "Kindergarten"), ("1", "Grade 1")])
    why = forms.CharField(label="What is wrong?", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    scan = forms.FileField(label="A scan of the paper", help_text="A PDF under 10 MB.", required=False)
    agree = forms.BooleanField(label="I have read it", error_messages={"required": "Tick the box."})


MESSAGE = {
    "language": "en",
    "district": DISTRICT,
    "preheader": "You can say yes or no. If you do not answer, we count it as no.",
    "heading": "Lumino Reading may get voice recordings",
    "greeting": "Hello GREETINGMARK,",
    "lede": "You can say yes or no. Answer by Dec 14, 2026.",
    "box_lead": "If you do not answer, we count it as no.",
    "box": "Nothing is sent. Your child can still use the app.",
    "facts_title": "What is new",
    "facts": FACTS,
    "button_url": "https://data.cedarvalley.example/n/LINKMARK",
    "button_text": "Read it and answer",
    "button_note": "You will be asked to sign in. Or go to data.cedarvalley.example and choose My family.",
    "other_languages": [("es", "ltr", "Léalo en español", "https://data.cedarvalley.example/es/n/LINKMARK")],
    "why": "You get this because your child’s school has this agreement.",
    "rights_url": "https://data.cedarvalley.example/d/cedar-valley/rights/",
    "settings_url": "https://data.cedarvalley.example/u/SETTINGSMARK",
}

CONTEXTS: dict[str, dict[str, Any]] = {
    "company": {
        "section": "companies",
        "crumbs": [("Cedar Valley", "#"), ("Companies", "#"), ("Lumino Reading", "")],
        "label": LABEL,
        "promises": PROMISES,
        "history": HISTORY,
        "signed": SIGNED,
    },
    "change": {
        "section": "companies",
        "crumbs": [("Cedar Valley", "#"), ("Lumino Reading", "#"), ("Version 3", None)],
        "changes": CHANGES,
        "counts": TALLY,
        "before": CLAUSE_BEFORE,
        "after": CLAUSE_AFTER,
        "signed": SIGNED,
        "starts": dt.date(2026, 12, 15),
    },
    "family": {
        "section": "family",
        "question": QUESTION,
        "answers": ANSWERS,
        "today": TODAY,
        "history": HISTORY,
    },
    "receipt": {
        "section": "family",
        "facts": RECEIPT,
        "at": dt.datetime(2026, 11, 24, 1, 42, tzinfo=dt.UTC),
        "zone": "America/Chicago",
    },
    "form": {"section": "family", "form": EveryField()},
    "errors": {"section": "family", "form": EveryField(data={"email": "alice", "grade": "k"})},
    "search": {"crumbs": None, "results": ["Cedar Valley School District", "Daybreak School District"]},
    "search-error": {"errors": [("Enter a school, district, city, or ZIP code.", "q")]},
    "staff": {
        "columns": ["School", "By email", "By letter", "Nobody to tell"],
        "rows": [["Cedar Ridge School", 812, 44, 3], ["Cedar Valley Middle School", 1204, 97, 61]],
        "page": Paginator(range(120), 25).page(2),
        "query": QueryDict("q=lumino&page=2"),
    },
    "empty": {"label": {"rows": []}, "section": "data"},
}


def context_of(name: str) -> dict[str, Any]:
    """Return what a sample page is drawn with."""
    return {"district": DISTRICT, "district_url": "#", **CONTEXTS[name]}
