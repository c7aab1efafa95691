"""What values mean whose label on the pages is one word, for the OpenAPI document."""

MEANS: dict[str, dict[str, str]] = {
    "AgencyKind": {"cooperative": "A cooperative that acts for several districts"},
    "AgreementKind": {"contract": "A contract of this agency with this company"},
    "AgreementState": {
        "proposed": "Not signed: nothing may be shared under it",
        "signed": "Signed; in use while its term contains the day",
        "ended": "Over: it ran out, was ended early, or was given up",
    },
    "ChangeKind": {"incident": "A breach was reported"},
    "EventKind": {
        "proposed": "It was put forward",
        "executed": "It was signed",
        "extended": "Its term was made longer",
        "ended": "Its term ran out",
        "declined": "Somebody asked for it, and the agency did not approve it",
    },
    "ParticipationKind": {"joined": "The district joined of its own will"},
    "PromiseAnswer": {
        "yes": "The agreement makes this promise",
        "no": "The agreement says that there is no such promise",
        "unclear": "A person read it, and it can be read both ways",
        "not_stated": "A person read it, and it does not say",
        "not_entered": "Nobody has entered it yet: a gap",
    },
    "QuestionKind": {
        "question": "A question to the district",
        "letter": "An open letter to the district",
    },
    "WithdrawnField": {"cost": "What it costs"},
    "VendorKind": {"non_profit": "Not for profit", "researcher": "A researcher or a university"},
}


def explained(component: str, description: str, values: list[str]) -> str:
    """Return an enum's description, with our own words for the values that have some."""
    means = MEANS.get(component, {})
    lines = dict(line.removeprefix("* `").split("` - ", 1) for line in description.split("\n"))
    return "\n".join(f"* `{value}` - {means.get(value, lines[value])}" for value in values)
