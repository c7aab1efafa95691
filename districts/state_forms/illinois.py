"""Illinois' list of operators (105 ILCS 85/27): a row for each agreement in use."""

import datetime as dt
import zoneinfo
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..addresses import page
from ..models import AgreementDocument, AgreementEvent, AgreementVersion, ClauseReading, Incident
from .reading import Reading, joined

COLUMNS = (
    ("operator", gettext_lazy("The company, as the contract names it."), "105 ILCS 85/27(a)(2)"),
    ("business_address", gettext_lazy("Its business address."), "105 ILCS 85/27(a)(2)"),
    ("products", gettext_lazy("What it runs for the schools."), "105 ILCS 85/15(4)(B)"),
    ("elements", gettext_lazy("Which kinds of data it may get."), "105 ILCS 85/27(a)(1)"),
    ("use", gettext_lazy("What the data is used for."), "105 ILCS 85/27(a)(1)"),
    ("disclosed_to", gettext_lazy("Who else may get some of it."), "105 ILCS 85/27(a)(1)"),
    ("subcontractors", gettext_lazy("Other companies it passes data to."), "105 ILCS 85/27(a)(3)"),
    ("agreement_copy", gettext_lazy("Where the paper is."), "105 ILCS 85/27(a)(2)"),
    ("redacted", gettext_lazy("Which parts are blacked out."), "105 ILCS 85/27(a)(2), 85/15(4)(F)"),
    ("signed_on", gettext_lazy("The day it was signed."), "105 ILCS 85/27(c)"),
    ("posted_on", gettext_lazy("The day these facts were first on this site."), "105 ILCS 85/27(c)"),
    ("signer_title", gettext_lazy("The title of who signed."), "105 ILCS 85/27(b)"),
    ("rights", gettext_lazy("How a family uses its rights."), "105 ILCS 85/27(a)(4)"),
    ("breaches", gettext_lazy("Breaches at this company."), "105 ILCS 85/27(a)(5)"),
    ("checked_on", gettext_lazy("The day the district last checked the facts."), "105 ILCS 85/27(a)"),
    ("page", gettext_lazy("The page of the agreement."), "105 ILCS 85/27(a)"),
)


def rows(reading: Reading) -> Iterator[dict[str, str]]:
    """Yield the row of an agreement."""
    version, found = reading.version, reading.version.agreement
    yield {
        "operator": reading.vendor_name,
        "business_address": " ".join(found.vendor.business_address.split()),
        "products": products(reading),
        "elements": joined(reading.words.element(line.element_id) for line in reading.lines),
        "use": use(reading),
        "disclosed_to": disclosed_to(reading),
        "subcontractors": subcontractors(version),
        **_paper(version),
        "signed_on": _day(_signed_on(version)),
        "posted_on": _day(_posted_on(reading)),
        "signer_title": reading.text("signer_title"),
        "rights": page("district", reading.agency.slug) + "#rights" if reading.agency.rights_text else "",
        "breaches": joined(map(breach, reading.incidents)) or _("The district has reported none here."),
        "checked_on": _day(version.checked_on),
        "page": page("agreement_version", found.public_id, version.number),
    }


def products(reading: Reading) -> str:
    """Return the products that are entered, or else where the agreement names them (105 ILCS 85/15(4)(B))."""
    named = joined(product.name for product in reading.version.agreement.products.all())
    clause = reading.clauses.get("il-product")
    names_them = clause is not None and clause.answer == ClauseReading.Answer.YES
    return named or (reading.clause("il-product") if names_them else "")


def use(reading: Reading) -> str:
    """Return the purposes of all lines; empty, a gap, as long as one line has none."""
    if any(line.purpose_id is None for line in reading.lines):
        return ""
    return joined(reading.words.purpose(line.purpose_id) for line in reading.lines)


def disclosed_to(reading: Reading) -> str:
    """Return who besides the company is named; nobody is a gap as long as the district has not said so."""
    passed_on = [other.name for other in reading.version.subcontractors.all()]
    named = joined([name for line in reading.lines for name in line.recipients] + passed_on)
    answered = reading.version.subcontractors_answer != AgreementVersion.Subcontractors.NOT_FILLED_IN
    return named or (_("None named") if answered else "")


def subcontractors(version: AgreementVersion) -> str:
    """Return those listed, or that the company states none; a blank is a gap (105 ILCS 85/27(a)(3))."""
    if version.subcontractors_answer == AgreementVersion.Subcontractors.NONE_STATED:
        return _("The company says there are none.")
    return joined(": ".join(filter(None, [each.name, each.role])) for each in version.subcontractors.all())


def breach(incident: Incident) -> str:
    """Return a breach in one phrase; the number is not printed where the law forbids it."""
    day = str(incident.began_on) if incident.began_on else _("The day is not known.")
    if incident.began_on and incident.ended_on:
        day = f"{incident.began_on}/{incident.ended_on}"
    if incident.count_is_suppressed:
        return f"{day} {_('The law does not let us print how many students.')}"
    if incident.students_affected is None:
        return f"{day} {_('The district does not know yet how many students.')}"
    return f"{day} {_('Students: %(n)s') % {'n': incident.students_affected}}"


def _paper(version: AgreementVersion) -> dict[str, str]:
    """Return where the newest paper is that stands, and what is blacked out in it."""
    papers = list(version.documents.all())
    standing = [paper for paper in papers if not _is_withdrawn(paper)]
    if standing:
        redacted = standing[0].redacted_provisions or _("None named")
        return {"agreement_copy": page("document", standing[0].public_id), "redacted": redacted}
    down = _("Taken down") if papers else ""
    return {"agreement_copy": down, "redacted": down}


def _is_withdrawn(paper: AgreementDocument) -> bool:
    return hasattr(paper, "withdrawal")


def _signed_on(version: AgreementVersion) -> dt.date | None:
    signed = [e for e in version.agreement.events.all() if e.kind == AgreementEvent.Kind.EXECUTED]
    return next((event.happened_on for event in signed if event.happened_on), None)


def _posted_on(reading: Reading) -> dt.date | None:
    at = reading.version.published_at
    return at.astimezone(zoneinfo.ZoneInfo(reading.agency.time_zone)).date() if at else None


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
