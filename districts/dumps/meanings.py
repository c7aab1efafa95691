"""What those columns mean that the API's document does not explain, for the data dictionary."""

from collections.abc import Mapping

#: By name alone, or by table and name where it would be too general; of a part, also by its own name.
MEANINGS: Mapping[str, str] = {
    "id": "Its id in the API, which stays.",
    "name": "What it is called.",
    "city": "The city it is in.",
    "zip_code": "Its ZIP code.",
    "website": "Its address on the web; may be empty.",
    "summary": "What it does, in one plain sentence; may be empty.",
    "title": "What it is called on the paper.",
    "slug": "Its name in addresses of pages.",
    "language": "Which language, as in HTML: en, es.",
    "label": "What it is called in that language.",
    "note": "More about it, in the words of whoever entered it.",
    "source_url": "Where it can be checked; may be empty.",
    "recorded_at": "When it was entered, by the clock of the site's database.",
    "published_at": "When it became public, by the clock of the site's database.",
    "fiscal_year_start_month": "The month in which its fiscal year begins, 1 to 12.",
    "fiscal_year_start_day": "The day of that month.",
    "contact_name": "Whom to ask; empty: the district has not filled this in.",
    "contact_title": "The title of whom to ask.",
    "contact_email": "The e-mail address to write to.",
    "contact_phone": "The telephone to call.",
    "postal_address": "Where letters go.",
    "rights_text": "How a family uses its rights; empty: the district has not filled this in.",
    "interpreters_are_free": "The district offers interpreters without charge.",
    "legal_name": "The name in the contract; empty: not filled in.",
    "business_address": "Its street address for business; empty: not filled in.",
    "identifier": "The code in that list.",
    "law_profile": "Which state's law, e.g. us-ut.",
    "citation": "The place in the law.",
    "note_en": "What the law says, in English.",
    "note_es": "What the law says, in Spanish.",
    "if_yes": "What happens if the family says yes.",
    "if_silent": "What happens if the family does not answer.",
    "data_already_sent": "What happens to data that was sent before.",
    "pages": "How many pages the paper has; null: not counted.",
    "redacted_provisions": "Which parts are blacked out; empty: none.",
    "reason": "Why it had to come down.",
    "withdrawn_recorded_at": "When the paper came down; null: it stands.",
    "scope_grades": "A list of grades; empty: all.",
    "scope_programs": "A list of programs; empty: all.",
    "description": "What happened, as the district tells it.",
    "clause": "Where in the agreement.",
    "read_on": "The day on which the agreement was read for this.",
    "kept_days": "How many days, for the rules that count days.",
    "kept_until": "The day, for the rule “date”.",
    "why_this_company": "Why this company; empty: the district has not filled this in.",
    "who_decided": "Who decided; empty: the district has not filled this in.",
    "signer_title": "The title of who signed; empty: the district has not filled this in.",
    "effective_from": "The first day on which the version counts; null: not filled in.",
    "sharing_starts_on": "The first day of sharing; null: not filled in.",
    "checked_on": "The day on which the district last checked the facts; null: never.",
    "location": "Where it is; empty: not filled in.",
    "incidents.began_on": "The day, or the first of the days; null: not known.",
    "incidents.ended_on": "The last of the days; null: not known, or one day.",
    "participations.from_on": "The first day on which it takes part.",
    "versions_subcontractors.role": "What it does for the company.",
}


def meaning_of(table: str, path: tuple[str, ...]) -> str:
    """Return what a column means; empty where nobody has said it, which a test refuses."""
    name = "_".join(path)
    return MEANINGS.get(f"{table}.{name}") or MEANINGS.get(name) or MEANINGS.get(path[-1], "")
