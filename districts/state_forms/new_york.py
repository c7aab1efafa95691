"""New York's supplemental information (8 NYCRR 121.3(c)): six heads for each agreement in use."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..addresses import page
from ..models import Promise
from ..saying import promise_row
from .illinois import subcontractors, use
from .reading import Reading

COLUMNS = (
    ("company", gettext_lazy("Who gets the data."), "8 NYCRR 121.3(c)"),
    (
        "exclusive_purposes",
        gettext_lazy("What it may use the data for, and nothing else."),
        "8 NYCRR 121.3(c)(1)",
    ),
    ("subcontractors", gettext_lazy("Other companies it passes data to."), "8 NYCRR 121.3(c)(2)"),
    (
        "subcontractors_bound",
        gettext_lazy("Whether and where the agreement says how those must keep the same rules."),
        "8 NYCRR 121.3(c)(2)",
    ),
    ("begins_on", gettext_lazy("The first day of the contract."), "8 NYCRR 121.3(c)(3)"),
    ("ends_on", gettext_lazy("The last day of the contract."), "8 NYCRR 121.3(c)(3)"),
    ("data_at_the_end", gettext_lazy("What happens to the data at the end."), "8 NYCRR 121.3(c)(3)"),
    ("challenge", gettext_lazy("How a family can say that data is wrong."), "8 NYCRR 121.3(c)(4)"),
    (
        "stored_where",
        gettext_lazy("Whether and where the agreement says where the data is kept and how it is guarded."),
        "8 NYCRR 121.3(c)(5)",
    ),
    ("encryption", gettext_lazy("Whether the data is locked (encryption)."), "8 NYCRR 121.3(c)(6)"),
    ("page", gettext_lazy("The page of the agreement."), "8 NYCRR 121.3(c)"),
)


def rows(reading: Reading) -> Iterator[dict[str, str]]:
    """Yield the sheet of an agreement. What nobody has entered is a gap, until somebody has read for it."""
    version, found = reading.version, reading.version.agreement
    yield {
        "company": reading.vendor_name,
        "exclusive_purposes": use(reading) or reading.clause("ny-purposes"),
        "subcontractors": subcontractors(version),
        "subcontractors_bound": reading.clause("ny-subcontractors"),
        "begins_on": found.begins_on.isoformat() if found.begins_on else found.term_note,
        "ends_on": found.ends_on.isoformat() if found.ends_on else found.term_note,
        "data_at_the_end": _at_the_end(reading),
        "challenge": reading.agency.rights_text or reading.clause("ny-accuracy"),
        "stored_where": reading.clause("ny-where"),
        "encryption": _promised(reading, Promise.Code.ENCRYPTION) or reading.clause("ny-encryption"),
        "page": page("agreement_version", found.public_id, version.number),
    }


def _at_the_end(reading: Reading) -> str:
    said = _promised(reading, Promise.Code.DELETION)
    if said:
        return _("Must the company delete it? %(answer)s") % {"answer": said}
    return reading.clause("ny-end")


def _promised(reading: Reading, code: str) -> str:
    """Return the answer to one of the hard questions, with its clause; empty where nobody has read for it."""
    row = promise_row(code, reading.promises.get(code))
    return ". ".join(filter(None, [row["answer"], row["clause"]]))
