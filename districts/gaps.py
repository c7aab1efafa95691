"""Which fields of an agreement a district can leave empty, counted in SQL for lists and for the meter.

A field is empty where the agreement's own page shows a gap. “The agreement does not say” is an answer, and
so is “the company states none”.
"""

from .models.promises import PROMISE_CODES


def _text(field: str) -> str:
    """Return the condition that a text of the version is empty: one that was taken down is no gap."""
    return f"""n.{field} AND (SELECT true FROM districts_textwithdrawal w
        WHERE w.version_id = n.id AND w.field = '{field}' LIMIT 1) IS NULL"""  # noqa: S608 - constants


#: Field -> the condition that it is empty, of agreement `a`, company `v`, its newest version `n` (which says
#: of a text whether it is empty), what is summed over its lines `l`, and its `event`s.
EMPTY = {
    "address of the company": "v.business_address = ''",
    "kind of company": "v.kind = 'unknown'",
    "first day": "a.begins_on IS NULL AND a.term_note = ''",
    "last day": "a.ends_on IS NULL AND a.term_note = ''",
    "day it counts from": "n.effective_from IS NULL",
    "day sharing starts": "n.sharing_starts_on IS NULL",
    "what it is for": f"{_text('summary')} AND v.summary = ''",
    "cost": _text("cost"),
    "who signed": f"{_text('signer_title')} AND a.kind <> 'click_through'",
    "day it was signed": "a.kind <> 'click_through' AND event.dated IS NOT TRUE",
    "why this company": _text("why_this_company"),
    "who decided": _text("who_decided"),
    "day it was checked": "n.checked_on IS NULL",
    "other companies": "n.subcontractors_answer = 'not_filled_in'",
    "the data": "l.lines IS NULL",
    "reasons for sharing": "l.without_reason IS TRUE",
    "sources of the data": "l.without_source IS TRUE",
    "how long it is kept": "l.without_end IS TRUE",
    "the paper": """(SELECT true FROM districts_agreementdocument d
          LEFT JOIN districts_documentwithdrawal w ON w.document_id = d.id
         WHERE d.version_id = n.id AND w.id IS NULL LIMIT 1) IS NULL""",
}

#: All of them, and each promise nobody has answered.
COUNT_SQL = " + ".join(
    [
        *(f"({empty})::int" for empty in EMPTY.values()),
        f"""({len(PROMISE_CODES)} - (
        SELECT count(*) FROM districts_promise p WHERE p.version_id = n.id AND p.answer <> 'not_entered'))""",  # noqa: S608
    ]
)
