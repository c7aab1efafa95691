"""Turns the codes of an agreement into the plain words of the public pages. No queries."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, Protocol, TypeVar

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from .clause_readings import Checked
from .clocks import Clock
from .law import Control, control_of
from .legend import Status, status_of
from .models import Agreement, AgreementVersion, ClauseReading, Promise, SharedElement
from .posting import Posting

P = ParamSpec("P")
T = TypeVar("T")


def said_once(words: Callable[P, T]) -> Callable[P, T]:
    """Remember what a code is called in each language: a page says the same words by the dozen.

    For functions of a few codes that look at nothing but those. What they return is shared; do not change it.
    """

    @lru_cache(maxsize=1024)
    def known(_language: str | None, args: tuple[object, ...]) -> T:
        return words(*args)  # type: ignore[arg-type, call-arg]

    @wraps(words)
    def wrapped(*args: P.args, **_kwargs: P.kwargs) -> T:
        return known(get_language(), args)

    return wrapped


class Kept(Protocol):
    """A line, as far as it says until when it is kept (see SharedElement)."""

    @property
    def kept(self) -> str: ...
    @property
    def kept_days(self) -> int | None: ...
    @property
    def kept_until(self) -> dt.date | None: ...


def kept_words(line: Kept) -> str:
    """Return until when a line is kept; empty where the district has not filled it in."""
    kept = SharedElement.Kept
    days = line.kept_days or 0
    if line.kept == kept.DATE and line.kept_until:
        return _("Until %(day)s") % {"day": formats.date_format(line.kept_until, "DATE_FORMAT")}
    if line.kept == kept.AFTER_AGREEMENT:
        return ngettext("%(n)s day after the agreement ends", "%(n)s days after the agreement ends", days) % {
            "n": days
        }
    if line.kept == kept.AFTER_LEAVING:
        return ngettext("%(n)s day after your child leaves", "%(n)s days after your child leaves", days) % {
            "n": days
        }
    if line.kept == kept.AFTER_COLLECTION:
        return ngettext("%(n)s day after it is collected", "%(n)s days after it is collected", days) % {
            "n": days
        }
    if line.kept == kept.SCHOOL_YEAR:
        return _("Until the end of the school year")
    if line.kept == kept.NOT_STATED:
        return _("The agreement does not say")
    return ""


def source_words(line: SharedElement) -> str:
    """Return where a line comes from; empty where the district has not filled it in."""
    return {
        "school_record": _("From school records"),
        "student": _("Your child enters it"),
        "family": _("You enter it"),
        "use": _("Made when your child uses it"),
        "other_company": _("From another company"),
    }.get(line.source, "")


@said_once
def control_words(basis: str) -> str:
    """Return what a family can do about a line with this legal ground."""
    control = control_of(basis)
    if control is Control.OPT_IN:
        return _("Only if you say yes")
    if control is Control.OPT_OUT:
        return _("You can say no")
    return _("You can ask or disagree")


@said_once
def ground_words(basis: str) -> str:
    """Return why the law lets the district share, in plain words with the place in the law."""
    return {
        "consent": _("Only with a parent’s yes (34 CFR 99.30)."),
        "state_optional": _("State law asks for a parent’s yes."),
        "ppra_consent": _("A survey that needs a parent’s yes (20 U.S.C. 1232h)."),
        "coppa_parent": _("An online service that needs a parent’s yes (16 CFR 312)."),
        "ct_iep_exception": _("A tool that needs a parent’s yes (Conn. Gen. Stat. 10-234bb)."),
        "elective_in": _("The tool is not required. The district asks you first."),
        "ppra_optout": _("A survey that a parent may refuse (20 U.S.C. 1232h)."),
        "directory": _("Basic facts a school may share unless you say no (34 CFR 99.37)."),
        "elective_out": _("The tool is not required. The district lets you say no."),
        "school_official": _(
            "The district says federal law lets it share this without asking you (34 CFR 99.31(a)(1))."
        ),
        "coppa_school": _("The school agreed for you, for class use only (16 CFR 312)."),
        "studies": _("A study for the school (34 CFR 99.31(a)(6))."),
        "audit": _("A check of a school program by the state (34 CFR 99.31(a)(3))."),
        "required_by_law": _("A law says the district must share this."),
        "health_safety": _("For use in a health or safety emergency (34 CFR 99.36)."),
        "transfer": _("For a move to a new school (34 CFR 99.34)."),
        "law_enforcement": _("A court or the police asked by law (34 CFR 99.31(a)(9))."),
    }.get(basis, "")


def status_words(agreement: Agreement, today: dt.date) -> tuple[str, str]:
    """Return the kind of mark and the words for how an agreement stands today."""
    return status_mark(status_of(agreement, today))


def status_mark(status: Status, delete_by: dt.date | None = None) -> tuple[str, str]:
    """Return the kind of mark and the words of the legend; what has ended says by when data must go."""
    if status is Status.ENDED and delete_by:
        day = formats.date_format(delete_by, "DATE_FORMAT")
        return "removed", _("Ended, data to be deleted by %(day)s") % {"day": day}
    return _status_mark(status)


@said_once
def _status_mark(status: Status) -> tuple[str, str]:
    return {
        Status.IN_USE: ("yes", _("In use, agreement signed")),
        Status.NO_CONTRACT: ("problem", _("Used without a contract")),
        Status.COMING: ("waiting", _("Signed, not in use yet")),
        Status.PROPOSED: ("waiting", _("Proposed, not in use")),
        Status.NOT_APPROVED: ("no", _("Asked, not approved")),
        Status.ENDED: ("removed", _("Ended")),
        Status.HISTORY: ("plain", _("History")),
    }[status]


@said_once
def status_meaning(status: Status) -> str:
    """Return what a word of the legend means, in one or two sentences."""
    return {
        Status.IN_USE: _("The district signed it. The company may get the data it lists."),
        Status.NO_CONTRACT: _("Somebody clicked yes to the terms of the company. Nobody signed a contract."),
        Status.COMING: _("It is signed. It does not count yet."),
        Status.PROPOSED: _("Nobody has signed it. No data may be shared under it."),
        Status.NOT_APPROVED: _("Somebody asked for it. The district said no."),
        Status.ENDED: _("It is over. We name the last day to delete the data where it sets one."),
        Status.HISTORY: _("A story from the past, told from public sources."),
    }[status]


def posting_words(clock: Clock) -> str:
    """Return whether an agreement was posted in time, or by when it must be."""
    days = {"due": formats.date_format(clock.due_on, "DATE_FORMAT")}
    if clock.posted_on:
        days["day"] = formats.date_format(clock.posted_on, "DATE_FORMAT")
    return {
        Posting.ON_TIME: _("Posted on time. The last day was %(due)s."),
        Posting.LATE: _("Posted late, on %(day)s. The last day was %(due)s."),
        Posting.RUNNING: _("Must be posted in full by %(due)s."),
        Posting.OVERDUE: _("Not posted in full yet. The last day was %(due)s."),
    }[clock.state] % days


def subcontractor_words(version: AgreementVersion) -> str:
    """Return what stands where no other company is listed; empty means a visible gap."""
    if version.subcontractors_answer == AgreementVersion.Subcontractors.NONE_STATED:
        return _("The company says there are none.")
    return ""


@said_once
def promise_question(code: str) -> str:
    """Return a promise as the question a parent would ask."""
    return {
        "no_sale": _("May the company sell the data?"),
        "no_advertising": _("May it use the data for ads?"),
        "no_profiling": _("May it build a profile of your child?"),
        "no_ai_training": _("May it train AI with the data?"),
        "not_to_colleges": _("May it pass data to colleges?"),
        "not_to_employers": _("May it pass data to employers?"),
        "not_to_insurers": _("May it pass data to insurers?"),
        "tells_before_police": _("Must it tell the district before police get data?"),
        "tells_before_immigration": _("Must it tell the district before immigration officers get data?"),
        "encryption": _("Must it lock the data?"),
        "breach_notice": _("Must it tell the district of a breach?"),
        "deletion": _("Must it delete the data at the end?"),
        "liability": _("Must it pay for harm it causes?"),
    }[code]


_FORBIDS = {"no_sale", "no_advertising", "no_profiling", "no_ai_training"} | {
    "not_to_colleges",
    "not_to_employers",
    "not_to_insurers",
}


def promise_row(code: str, promise: Promise | None) -> dict[str, str]:
    """Return one of the hard questions as `_promises.html` shows it; five answers are kept apart."""
    row = {"question": promise_question(code), "answer": "", "state": "", "clause": ""}
    if promise is None or promise.answer == Promise.Answer.NOT_ENTERED:
        return row
    forbids = code in _FORBIDS
    row["answer"], row["state"] = {
        "yes": (_("Not allowed") if forbids else _("Yes"), "kept"),
        "no": (_("Allowed") if forbids else _("No"), "open"),
        "unclear": (_("The agreement is not clear"), "unclear"),
        "not_stated": (_("The agreement does not say"), "silent"),
    }[promise.answer]
    if promise.answer == Promise.Answer.YES and promise.days:
        row["answer"] = ngettext("Yes, in %(n)s day", "Yes, in %(n)s days", promise.days) % {
            "n": promise.days
        }
    if promise.clause:
        row["clause"] = _("Section %(clause)s") % {"clause": promise.clause}
    return row


_STATES = {
    ClauseReading.Answer.YES: "there",
    ClauseReading.Answer.NO: "missing",
    ClauseReading.Answer.UNCLEAR: "unclear",
}


def clause_row(checked: Checked) -> dict[str, str]:
    """Return one clause of the checklist as `_clauses.html` shows it; one nobody has looked for is a gap."""
    row = {"says": str(checked.clause.says), "citation": checked.clause.citation, "state": "", "answer": ""}
    reading = checked.reading
    if reading is None:
        return row
    row["state"] = _STATES[ClauseReading.Answer(reading.answer)]
    row["answer"], row["place"], row["read"] = reading_words(reading)
    return row


def reading_words(reading: ClauseReading) -> tuple[str, str, str]:
    """Return what a reader found of a clause, where (may be empty), and who read it on which day."""
    answer = {
        ClauseReading.Answer.YES: _("It is there"),
        ClauseReading.Answer.NO: _("It is not there"),
        ClauseReading.Answer.UNCLEAR: _("The agreement is not clear"),
    }[ClauseReading.Answer(reading.answer)]
    place = _("Section %(clause)s") % {"clause": reading.place} if reading.place else ""
    day = formats.date_format(reading.read_on, "DATE_FORMAT")
    return answer, place, _("Read by %(reader)s on %(day)s") % {"reader": reading.reader, "day": day}
