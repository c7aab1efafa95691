"""Keeping the effective states in step with what no answer changes: a new day, and a publication."""

import datetime as dt

import structlog
from django.db import transaction

from .effective import drift, recompute
from .models import CatchUp, Notice, Question

log = structlog.get_logger(__name__)


def turn_days(*, now: dt.datetime) -> list[int]:
    """Bring the effective states of each agency into its new day: rights move at 18, ties and terms end.

    Return the ids of the agencies turned. Runs at any hour, as often as you like: an agency whose day is
    turned already costs nothing. One that has told nobody anything has no answers to bring along.
    """
    turned = []
    for mark in CatchUp.objects.select_related("agency").order_by("pk"):
        if mark.states_on != mark.agency.today(now) and _turn(mark.pk, now):
            turned.append(mark.pk)
    return turned


def follow_notice(*, notice_id: int, now: dt.datetime) -> int:
    """Bring the states of a notice's agreement in step, in its district. Return how many changed."""
    notice = Notice.objects.select_related("agency", "publication").get(pk=notice_id)
    if notice.publication is None:
        return 0
    questions = Question.objects.filter(agreement=notice.publication.agreement_id)
    return recompute(
        question_ids=list(questions.values_list("pk", flat=True)),
        agency_id=notice.agency_id,
        today=notice.agency.today(now),
    )


@transaction.atomic
def _turn(agency_id: int, now: dt.datetime) -> bool:
    mark = CatchUp.objects.select_for_update(of=("self",)).select_related("agency").get(pk=agency_id)
    today = mark.agency.today(now)
    if mark.states_on == today:
        return False  # another worker was faster
    if mark.states_on is not None:
        # Every event recomputes what it touches, so the day that ends must leave nothing to correct.
        drifted = drift(agency_id=agency_id, today=mark.states_on)
        if drifted:
            log.error("states_had_drifted", agency=agency_id, day=str(mark.states_on), states=drifted)
    changed = recompute(agency_id=agency_id, today=today)
    mark.states_on = today
    mark.save(update_fields=["states_on"])
    log.info("day_turned", agency=agency_id, day=str(today), changed=changed)
    return True
