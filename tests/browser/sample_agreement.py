"""A made-up agreement: its data label, its promises, its history, and what changed in it."""

import datetime as dt

SIGNED = dt.date(2026, 11, 20)
ENDS = "60 days after the agreement ends"

LABEL = {
    "checked_on": SIGNED,
    "glance": [
        ("Sold or used for ads", "Not allowed"),
        ("Other companies", "2 may get some data"),
        ("Deleted", ENDS),
        ("Your choice", "1 of 5 groups"),
    ],
    "rows": [
        {
            "category": "Voice",
            "sensitivity": "high",
            "marks": [("added", "New, your choice")],
            "elements": [("Voice recordings", "#")],
            "why": "To listen to your child read and help with hard words",
            "who": "Lumino, Clearwave Speech",
            "until": "30 days after each recording",
            "choice": "Say yes or no",
            "choice_url": "#choices",
        },
        {
            "category": "Name and sign-in",
            "sensitivity": "medium",
            "elements": [("First name", "#"), ("Last name", "#"), ("School email", "#")],
            "why": "To sign in and show the right name",
            "who": "Lumino, your child’s teacher",
            "until": ENDS,
        },
        {
            "category": "Schoolwork",
            "sensitivity": "medium",
            "marks": [("changed", "")],
            "elements": [("Reading level", "#"), ("Quiz scores", "#"), ("Books read", "#")],
            "why": "To pick books and show progress",
            "who": "Lumino, teacher, principal",
            "until": ENDS,
        },
        {
            "category": "Class",
            "sensitivity": "low",
            "elements": [("Grade", "#"), ("Teacher name", "#")],
            "why": "To put students in the right class",
            "who": "Lumino, teacher",
            "until": "The agreement does not say. We asked on Nov 3, 2026.",
        },
        {
            "category": "App use",
            "sensitivity": "low",
            "marks": [("added", "")],
            "elements": [("Time in the app", "#"), ("Type of device", "#")],
            "why": "",
            "who": "Lumino, Northrack Hosting",
            "until": ENDS,
        },
    ],
    "not_shared": "home address, health facts, lunch status, or grades from other classes.",
}
PROMISES = [
    {
        "question": "May the company sell the data?",
        "state": "kept",
        "answer": "Not allowed",
        "clause": "Section 4.1",
    },
    {
        "question": "May it use the data for ads?",
        "state": "open",
        "answer": "Allowed",
        "clause": "Section 4.3",
        "clause_url": "#",
    },
    {
        "question": "May it train AI with the data?",
        "state": "unclear",
        "answer": "The agreement is not clear",
    },
    {
        "question": "Must it tell the district before it gives data to the police?",
        "state": "silent",
        "answer": "The agreement does not say",
    },
    {"question": "Is the data encrypted?", "state": "", "answer": ""},
]
HISTORY = [
    {
        "date": SIGNED,
        "text": "Version 3 signed.",
        "kind": "added",
        "url": "#",
        "url_text": "See what changed",
    },
    {"date": dt.date(2025, 8, 14), "text": "Version 2 signed. 1 added."},
    {"when": "Day not known", "text": "First agreement."},
]
FACTS = [
    ("What", "Short clips of your child reading out loud"),
    ("Why", "To hear mistakes and help with hard words"),
    ("Who sees it", "Lumino and Clearwave Speech (new company)"),
    ("Until when", "30 days after each clip"),
]
CHANGES = [
    {
        "kind": "added",
        "title": "Voice recordings",
        "sensitivity": "high",
        "facts": [*FACTS, ("Your choice", "Yes or no. Answer by Dec 14, 2026.")],
        "url": "#",
        "url_text": "Read it and answer",
    },
    {
        "kind": "added",
        "tag": "New company",
        "title": "Clearwave Speech",
        "sentence": "Clearwave Speech may get voice recordings.",
    },
    {
        "kind": "removed",
        "title": "Date of birth",
        "sensitivity": "medium",
        "sentence": "Lumino must delete all dates of birth by Jan 14, 2027.",
    },
    {
        "kind": "changed",
        "title": "How long schoolwork is kept",
        "sensitivity": "medium",
        "before": "1 year after the agreement ends",
        "now": ENDS,
    },
]
TALLY = [
    (2, "added", "Added"),
    (1, "removed", "Removed"),
    (1, "changed", "Changed"),
    (9, "", "Stayed the same"),
]
CLAUSE_BEFORE = [
    ("same", "Upon termination, Provider shall delete all Student Data within "),
    ("removed", "one (1) year"),
    ("same", " of the end of the Agreement. Student Data includes name, school email, "),
    ("removed", "date of birth,"),
    ("same", " grade and scores."),
]
CLAUSE_AFTER = [
    ("same", "Upon termination, Provider shall delete all Student Data within "),
    ("added", "sixty (60) days"),
    ("same", " of the end of the Agreement. Student Data includes name, school email, grade, scores "),
    ("added", "and, where the parent agrees, voice recordings"),
    ("same", "."),
]
