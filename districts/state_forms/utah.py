"""Utah's metadata dictionary (Utah Code 53E-9-301, 53E-9-303): a row per recipient and kind of data."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..addresses import page
from ..law import Basis
from .reading import Reading

LAW = "Utah Code 53E-9-301, 53E-9-303"

COLUMNS = (
    ("district", gettext_lazy("Who shares the data."), LAW),
    ("recipient", gettext_lazy("Who may get it."), LAW),
    ("recipient_kind", gettext_lazy("The company of the agreement, or somebody it passes data to."), LAW),
    ("element", gettext_lazy("Which kind of data."), LAW),
    ("element_code", gettext_lazy("Its code in the list of all kinds of data."), LAW),
    ("about", gettext_lazy("Whom the data is about."), LAW),
    ("purpose", gettext_lazy("Why it is shared."), LAW),
    ("justification", gettext_lazy("Who requires it: a federal law, a state law, or the district."), LAW),
    ("permitted_by", gettext_lazy("How the law permits it."), LAW),
    ("agreement", gettext_lazy("The page of the agreement."), LAW),
)

# Grounds on which no law makes a district share: it decides. On the others a law does, or a court, and the
# register does not say which: a gap.
_LOCAL = frozenset(Basis.values) - {
    Basis.REQUIRED_BY_LAW,
    Basis.AUDIT,
    Basis.LAW_ENFORCEMENT,
    Basis.TRANSFER,
}


def rows(reading: Reading) -> Iterator[dict[str, str]]:
    """Yield one row per line and recipient, and one of whoever is named without a line: what it does."""
    named = set()
    for line in reading.lines:
        for recipient in dict.fromkeys(["", *line.recipients]):
            named.add(recipient)
            yield {
                **_whose(reading, recipient),
                "element": reading.words.element(line.element_id)
                + (f" ({line.detail})" if line.detail else ""),
                "element_code": line.element.code,
                "about": line.element.get_subject_display(),
                "purpose": reading.words.purpose(line.purpose_id),
                "justification": justification(line.basis),
                "permitted_by": line.get_basis_display(),
            }
    for other in reading.version.subcontractors.all():
        if other.name not in named:
            yield {**_whose(reading, other.name), "purpose": other.role}


def justification(basis: str) -> str:
    """Return who requires a sharing; empty where a law does and the register does not hold which."""
    return _("The district decides (local directive)") if basis in _LOCAL else ""


def _whose(reading: Reading, recipient: str) -> dict[str, str]:
    version = reading.version
    return {
        "district": reading.agency.name,
        "recipient": recipient or reading.vendor_name,
        "recipient_kind": _("Gets it from the company") if recipient else _("The company"),
        "agreement": page("agreement_version", version.agreement.public_id, version.number),
    }
