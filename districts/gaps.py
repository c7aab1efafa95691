"""Which fields of an agreement a district can leave empty, counted in SQL for lists and for the meter.

A field is empty where the agreement's own page shows a gap. “The agreement does not say” is an answer, and
so is “the company states none”.
"""

from .models.promises import PROMISE_CODES


def _text(field: str) -> str:
    """Return the condition that a text of the version is empty: one that was taken down is no gap."""
    return f"""n.{field} = '' AND NOT EXISTS (
        SELECT FROM districts_textwithdrawal w WHERE w.version_id = n.id AND w.field = '{field}')"""


#: Field -> the condition that it is empty, of agreement `a`, company `v`, its newest version `n`, and what is
#: summed over its lines `l`.
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
    "day it was signed": """a.kind <> 'click_through' AND NOT EXISTS (
        SELECT FROM districts_agreementevent x
         WHERE x.agreement_id = a.id AND x.kind = 'executed' AND x.happened_on IS NOT NULL)""",
    "why this company": _text("why_this_company"),
    "who decided": _text("who_decided"),
    "day it was checked": "n.checked_on IS NULL",
    "other companies": "n.subcontractors_answer = 'not_filled_in'",
    "the data": "l.lines = 0",
    "reasons for sharing": "l.without_reason",
    "sources of the data": "l.without_source",
    "how long it is kept": "l.without_end",
    "the paper": """NOT EXISTS (
        SELECT FROM districts_agreementdocument d
          LEFT JOIN districts_documentwithdrawal w ON w.document_id = d.id
         WHERE d.version_id = n.id AND w.id IS NULL)""",
}

#: All of them, and each promise nobody has answered.
COUNT_SQL = " + ".join(
    [
        *(f"({empty})::int" for empty in EMPTY.values()),
        f"""({len(PROMISE_CODES)} - (
        SELECT count(*) FROM districts_promise p WHERE p.version_id = n.id AND p.answer <> 'not_entered'))""",  # noqa: S608
    ]
)
