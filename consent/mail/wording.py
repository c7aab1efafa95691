"""The words of every message, once for its mail and its letter; to be called with a language active.

Order of a message: what changed, what one can do and by when, what no answer means, the facts, one button,
why it comes. No sentence is longer than 20 words; no message names a child.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import Control

from ..words import day_words
from .facts import NoticeFacts
from .message import fitting
from .phrases import (
    can_answer,
    choice_subject,
    line_facts,
    may_get,
    named,
    please_answer,
    silence,
    some,
    thing,
    until_and_silence,
    when,
)

MOST_SENTENCES = 8


@dataclass(frozen=True)
class Wording:
    """What one message says, apart from the parts that are each person's own."""

    subject: str
    heading: str
    lede: str
    button: str
    why: str
    box_lead: str = ""
    box: str = ""
    facts_title: str = ""
    facts: Sequence[tuple[str, str]] = ()
    paragraphs: Sequence[str] = ()
    asks: bool = False
    one_question: bool = False  # a yes or no on paper says which question it answers
    is_for_student: bool = False
    is_generic: bool = False

    @property
    def preheader(self) -> str:
        """Return the line a mailbox shows beside the subject."""
        return f"{self.lede} {self.box_lead}".strip()


@dataclass(frozen=True)
class Reader:
    """Who reads: a parent, or the student who decides in person. Every “your child” has its “you”."""

    is_student: bool
    why: str = field(init=False)

    def __post_init__(self) -> None:
        why = (
            _("You get this because you are a student in this district and decide for yourself.")
            if self.is_student
            else _("You get this because your child goes to school in this district.")
        )
        object.__setattr__(self, "why", why)

    def one_of(self, parent: Callable[[], str], student: Callable[[], str]) -> str:
        return student() if self.is_student else parent()


def generic(reader: Reader, *, asks: bool) -> Wording:
    """Say that there is news, and nothing of its subject (a program, or sensitive data)."""
    heading = reader.one_of(
        lambda: _("There is news about data on your child"), lambda: _("There is news about data on you")
    )
    return Wording(
        subject=heading,
        heading=heading,
        lede=_("Sign in to read it."),
        paragraphs=[_("You may be asked for an answer.")] if asks else [],
        button=_("Sign in to read it"),
        why=reader.why,
        asks=asks,
        is_generic=True,
    )


def choice(facts: NoticeFacts, reader: Reader) -> Wording:
    """Ask for a yes or no: the key fact first, then until when, then what silence means."""
    asked = facts.asked
    assert asked is not None
    names = {"company": facts.company, "thing": thing(asked.lines.labels, asked.categories)}
    wants = asked.control == Control.OPT_IN
    if not names["thing"]:
        heading = (
            _("%(company)s wants more kinds of data")
            if wants
            else _("%(company)s may get more kinds of data")
        )
    else:
        heading = _("%(company)s wants %(thing)s") if wants else _("%(company)s may get %(thing)s")
    heading %= names
    return Wording(
        subject=choice_subject(heading, facts.company, asked.answer_by),
        heading=heading,
        lede=can_answer(asked.answer_by),
        box_lead=silence(asked.control, asked.answer_by),
        box=asked.if_silent,
        facts_title=_("What is new"),
        facts=line_facts(facts.company, asked.lines, facts.starts_on),
        paragraphs=some(facts.widened, MOST_SENTENCES // 2),
        button=_("Read it and answer"),
        why=reader.why,
        asks=True,
        one_question=asked.questions == 1,
    )


def news(facts: NoticeFacts, reader: Reader, *, asks: bool = False) -> Wording:
    """Tell what changed where there is nothing to answer, or nothing that could be named."""
    first, *others = facts.sentences or (_("There is news from %(company)s.") % {"company": facts.company},)
    one = thing(facts.lines.labels, ())
    subjects = [first.rstrip(".")]
    if one:
        subjects.append(_("%(company)s may get %(thing)s") % {"company": facts.company, "thing": one})
    subjects += [
        _("News about student data and %(company)s") % {"company": facts.company},
        _("News about student data"),
    ]
    return Wording(
        subject=fitting(subjects),
        heading=first.rstrip("."),
        lede=can_answer(None) if asks else _("You do not have to do anything."),
        facts_title=_("What is new") if facts.lines.labels else "",
        facts=line_facts(facts.company, facts.lines, facts.starts_on),
        paragraphs=[*some(others, MOST_SENTENCES // 2), _("You can ask us about it, or say you disagree.")],
        button=_("Read it and answer") if asks else _("See what changed"),
        why=reader.why,
        asks=asks,
    )


def incident(facts: NoticeFacts, labels: Sequence[str], reader: Reader) -> Wording:
    """Tell of a breach: when, which data, how many, as far as the district knows."""
    what = facts.incident
    assert what is not None
    by_company = _("There was a data breach at %(company)s") % {"company": facts.company}
    in_district = _("There was a data breach in your school district")
    heading = by_company if what.vendor_id else in_district
    said = [(_("When"), when(what)), (_("The district learned of it"), day_words(what.learned_on))]
    if labels:
        said.insert(0, (_("Which data"), named(labels)))
    if what.students_affected and not what.count_is_suppressed:
        said.append(
            (_("How many students"), formats.number_format(what.students_affected, force_grouping=True))
        )
    return Wording(
        subject=fitting([heading, _("There was a data breach")]),
        heading=heading,
        lede=_("Read what happened and what you can do."),
        facts_title=_("What we know"),
        facts=said,
        button=_("Read what happened"),
        why=reader.why,
    )


def digest(
    sentences: Sequence[str], reader: Reader, *, asks: bool = False, asked: Sequence[NoticeFacts] = ()
) -> Wording:
    """Tell several news in one message: first each choice, its last day and what silence means.

    `asks`: an answer is asked for, also where no notice says of what.
    """
    choices = [(facts.asked, choice(facts, reader).heading) for facts in asked if facts.asked is not None]
    questions = [
        f"{heading}. {until_and_silence(asked.control, asked.answer_by)}" for asked, heading in choices
    ]
    last_days = [asked.answer_by for asked, _heading in choices if asked.answer_by]
    asks = asks or bool(questions)
    count = len(sentences) + len(questions)
    heading = ngettext(
        "%(n)d change to who may get student data", "%(n)d changes to who may get student data", count
    ) % {"n": count}
    return Wording(
        subject=heading,
        heading=heading,
        lede=can_answer(min(last_days, default=None)) if asks else _("You do not have to do anything."),
        paragraphs=some([*questions, *sentences], MOST_SENTENCES),
        button=_("Read it and answer") if asks else _("See what changed"),
        why=reader.why,
        asks=asks,
    )


def baseline(companies: int, reader: Reader) -> Wording:
    """Tell what was in force before the site opened, calling nothing new."""
    heading = may_get(companies)
    return Wording(
        subject=f"{heading} {_('See the list.')}",
        heading=heading.rstrip("."),
        lede=_("This is not new. Your school district agreed to it before this site opened."),
        paragraphs=[
            _("Now you can see each company, what it may get, why, and until when."),
            _("Where you have a choice, you can answer on the page."),
        ],
        button=_("See the list"),
        why=reader.why,
    )


def welcome(companies: int, answer_by: dt.date | None, reader: Reader) -> Wording:
    """Tell somebody who has just come what holds today: one message, not the old ones one by one.

    `answer_by` is the first last day of what is asked, for who is told today; None where nothing has one.
    """
    asked = _("Some may ask for your yes or no. Sign in to see the list and to answer.")
    heading = reader.one_of(
        lambda: _("See who may get data about your child"), lambda: _("See who may get data about you")
    )
    return Wording(
        subject=heading,
        heading=heading,
        lede=may_get(companies) if companies else _("The list says what schools share."),
        paragraphs=[f"{asked} {please_answer(answer_by)}".strip()],
        button=_("See the list"),
        why=reader.why,
    )


def receipt(*, has_acted: bool) -> Wording:
    """Say what is true at this moment: the answer is saved, and whether the district has acted."""
    saved = _("We saved your answer")
    return Wording(
        subject=saved,
        heading=saved,
        lede=(
            _("The district has acted on it. The page shows when.")
            if has_acted
            else _("The district has not acted yet.")
        ),
        paragraphs=[
            _("You can see your answer, print it, or change it at any time."),
            _("If you did not answer, tell the school district at once."),
        ],
        button=_("See your receipt"),
        why=_("You get this because you gave an answer."),
        is_generic=True,
    )


def in_language(language: str, words: Callable[..., Wording], **values: Any) -> Wording:
    """Return a message's words in one language."""
    with translation.override(language):
        return words(**values)
