"""Tasks of the private room: each only calls a service, and may run twice, late, or beside itself.

announce_changes -> fan_out_notice -> deliver_notice; the sweeps (portal/schedule.py) go on with whatever a
lost message, a killed worker or a stopped broker left undone.
"""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from . import daily, deliver, here, notify, told_figures
from .mail import exit as mail_exit

#: How old a notice is whose message is taken for lost. Younger ones are on their way.
A_WHILE = dt.timedelta(seconds=30)


@shared_task
def announce_changes() -> None:
    """Make the notices of new publications, and have the people of these written down.

    Of these only: an act that publishes a district's 178 agreements nudges as many times.
    """
    for notice_id in notify.announce(now=timezone.now()):
        fan_out_notice.delay(notice_id)


@shared_task
def resume_fan_outs() -> None:
    """Go on with each notice whose people are not all written down after a while."""
    for notice_id in notify.unfinished(made_before=timezone.now() - A_WHILE):
        fan_out_notice.delay(notice_id)


@shared_task
def fan_out_notice(notice_id: int) -> None:
    """Write down whom a notice concerns, then have it delivered."""
    now = timezone.now()
    notify.fan_out(notice_id, now=now)
    daily.follow_notice(notice_id=notice_id, now=now)
    deliver_notice.delay(notice_id)


@shared_task
def catch_up_newcomers() -> None:
    """Welcome whoever entered an audience, and bring each agency into its day; the sweep delivers."""
    now = timezone.now()
    here.mark_districts_here()
    notify.catch_up(now=now)
    daily.turn_days(now=now)


@shared_task
def record_told_figures() -> None:
    """Hand the public pages the rounded sums of notices that are over."""
    told_figures.record_told_figures(now=timezone.now())


@shared_task(queue="mail")
def deliver_notice(notice_id: int) -> None:
    """Send what is due of one notice; what is left goes with the next sweep."""
    deliver.deliver(notice_id=notice_id, now=timezone.now())


@shared_task(queue="mail")
def resume_deliveries() -> None:
    """Send whatever is due: retries, daily messages whose hour has come, receipts, welcomes."""
    deliver.resume(now=timezone.now())


@shared_task(queue="mail")
def send_sign_in_code(email: str, code: str, language: str) -> None:
    """Mail a sign-in code. Queued for an unknown address too, with no code: then nothing is sent."""
    if code:
        mail_exit.hand_over_sign_in_code(email, code, language)
