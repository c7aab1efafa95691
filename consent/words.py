"""Plain words for facts that pages, receipts and messages of the private room share."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from districts.models import SharedElement

from .models import Fulfilment

Kept = SharedElement.Kept
Step = Fulfilment.Step


def day_words(day: dt.date) -> str:
    """Return a day the way the current language writes it, always with its year."""
    return formats.date_format(day, "DATE_FORMAT")


def inside(label: str) -> str:
    """Return a label as it reads inside a sentence; “ID number” keeps its capitals."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label


def kept_words(kept: Mapping[str, Any]) -> str:
    """Return until when data is kept; `kept` as in a shown line: rule, days, until (ISO day)."""
    days = kept["days"] or 0
    match kept["rule"]:
        case Kept.DATE:
            return _("Until %(day)s") % {"day": day_words(dt.date.fromisoformat(kept["until"]))}
        case Kept.AFTER_AGREEMENT:
            return _after(
                days,
                _("Until the agreement ends"),
                ngettext(
                    "%(days)s day after the agreement ends", "%(days)s days after the agreement ends", days
                ),
            )
        case Kept.AFTER_LEAVING:
            return _after(
                days,
                _("Until the student leaves"),
                ngettext(
                    "%(days)s day after the student leaves", "%(days)s days after the student leaves", days
                ),
            )
        case Kept.AFTER_COLLECTION:
            return _after(
                days,
                _("Not kept"),
                ngettext("%(days)s day after it was collected", "%(days)s days after it was collected", days),
            )
        case Kept.SCHOOL_YEAR:
            return _("Until the school year ends")
        case Kept.NOT_STATED:
            return _("The agreement does not say")
    return _("The district has not filled this in")


def _after(days: int, at_once: str, later: str) -> str:
    return later % {"days": days} if days else at_once


def status_words(steps: Mapping[str, dt.date], company: str) -> str:
    """Return how far an answer has got; `steps` maps each step done to its day.

    Nothing counts as stopped or allowed before the district's own step has a date.
    """
    if Step.COMPANY_CONFIRMED in steps:
        return _("%(company)s confirmed it on %(day)s.") % {
            "company": company,
            "day": day_words(steps[Step.COMPANY_CONFIRMED]),
        }
    if Step.COMPANY_TOLD in steps:
        return _("The district told %(company)s on %(day)s.") % {
            "company": company,
            "day": day_words(steps[Step.COMPANY_TOLD]),
        }
    if Step.DISTRICT_ACTED in steps:
        return _("The district acted on %(day)s.") % {"day": day_words(steps[Step.DISTRICT_ACTED])}
    return _("We saved your answer. The district has not acted yet.")
