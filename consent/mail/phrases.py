"""Parts of sentences that several messages share; to be called with a language active."""

import datetime as dt
from collections.abc import Sequence

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from districts.models import Control, Incident

from ..words import day_words, inside
from .facts import Lines
from .message import fitting

MOST_NAMED = 4  # kinds of data in one line; the page has them all
SHORT_DAY = {"en": "M j", "es": r"j \d\e b"}  # in a subject only; the body shows the year


def short_day(day: dt.date) -> str:
    """Return a day without its year, for a subject."""
    return formats.date_format(day, SHORT_DAY.get(get_language() or "en", "MONTH_DAY_FORMAT"))


def choice_subject(heading: str, company: str, answer_by: dt.date | None) -> str:
    """Return the subject of a question: until when, who, what, as far as there is room."""
    if answer_by is None:
        return fitting([heading, _("Your answer is needed: %(company)s") % {"company": company}])
    day = short_day(answer_by)
    return fitting(
        [
            _("Answer by %(day)s: %(heading)s") % {"day": day, "heading": heading},
            _("By %(day)s: %(heading)s") % {"day": day, "heading": heading},
            _("Answer by %(day)s: news from %(company)s") % {"day": day, "company": company},
            _("Answer by %(day)s: news about student data") % {"day": day},
        ]
    )


def can_answer(answer_by: dt.date | None) -> str:
    """Return what one can do, and by when."""
    return f"{_('You can say yes or no.')} {please_answer(answer_by)}".strip()


def please_answer(answer_by: dt.date | None) -> str:
    """Return by when to answer, or nothing where there is no last day."""
    return _("Please answer by %(day)s.") % {"day": day_words(answer_by)} if answer_by else ""


def silence(control: Control | None, answer_by: dt.date | None) -> str:
    """Return what no answer amounts to; the days and the rest are on the page."""
    if control == Control.OPT_IN:
        return _("If you do not answer, we count it as no.")
    if control is None:
        return _("You have more than one choice. The page says what no answer means for each.")
    if answer_by is None:  # without a last day silence never becomes yes
        return _("If you do not answer, we count it as no.")
    return _("If you do not answer by %(day)s, we count it as yes.") % {"day": day_words(answer_by)}


def until_and_silence(control: Control | None, answer_by: dt.date | None) -> str:
    """Return until when to answer and what no answer amounts to, each day once."""
    words = silence(control, answer_by)
    if answer_by is None or control == Control.OPT_OUT:
        return words
    return f"{_('Please answer by %(day)s.') % {'day': day_words(answer_by)}} {words}"


def line_facts(company: str, lines: Lines, starts_on: dt.date | None) -> list[tuple[str, str]]:
    """Return what, why, who sees it, until when, and from when on."""
    if not lines.labels:
        return []
    said = [
        # One kind of data stands in the heading already: here it is explained.
        (_("What"), named(lines.definitions if len(lines.labels) == 1 else ()) or named(lines.labels)),
        (_("Why"), named(lines.purposes) or _("The district has not filled this in")),
        (_("Who sees it"), named([company, *lines.recipients])),
        (_("Until when"), named(lines.kept) or _("The district has not filled this in")),
    ]
    if starts_on:
        said.append((_("Starts on"), day_words(starts_on)))
    return said


def thing(labels: Sequence[str], categories: Sequence[str]) -> str:
    """Return the one kind of data, or the one group, that it is about; nothing where there are several."""
    only = labels if len(labels) == 1 else categories if len(categories) == 1 else ()
    if not only:
        return ""
    return inside(only[0])


def named(values: Sequence[str]) -> str:
    """Return values in one line, the first few where they are many."""
    if len(values) <= MOST_NAMED + 1:
        return "; ".join(values)
    more = len(values) - MOST_NAMED
    rest = ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}
    return f"{'; '.join(values[:MOST_NAMED])}; {rest}"


def some(sentences: Sequence[str], most: int) -> list[str]:
    """Return the first sentences, and how many more there are."""
    if len(sentences) <= most + 1:
        return list(sentences)
    more = len(sentences) - most
    return [*sentences[:most], ngettext("And %(n)d more.", "And %(n)d more.", more) % {"n": more}]


def may_get(companies: int) -> str:
    """Return the sentence that counts who may get data."""
    return ngettext(
        "%(n)d company or office may get data.", "%(n)d companies and offices may get data.", companies
    ) % {"n": companies}


def when(what: Incident) -> str:
    """Return when an incident was, as exactly as the district knows."""
    if what.began_on is None or what.date_kind == Incident.DateKind.UNKNOWN:
        return _("The day is not known")
    began = day_words(what.began_on)
    if what.date_kind == Incident.DateKind.ESTIMATED:
        return _("About %(day)s") % {"day": began}
    if what.date_kind == Incident.DateKind.RANGE and what.ended_on:
        return _("%(first)s to %(last)s") % {"first": began, "last": day_words(what.ended_on)}
    return began
