"""Tasks of the public register: each only calls a service, and may run twice, late, or beside itself."""

from celery import shared_task
from django.utils import timezone

from . import endings, spelling, withdrawals
from .dumps import shelf


@shared_task
def expire_agreements() -> None:
    """End agreements whose last day has passed at their agency; due once a day, looked for more often."""
    endings.expire_due(timezone.now())


@shared_task
def dump_register() -> None:
    """Make the night's dump of the public register; due once a night, looked for more often."""
    from .dumps import making  # brings the API along, which no other task needs: not into every worker

    making.refresh(now=timezone.now())


@shared_task
def renew_search_words() -> None:
    """Learn the words that came into the public register, and forget those that left it."""
    spelling.renew_words()


@shared_task
def forget_withdrawn() -> None:
    """Take down the dumps that hold what was withdrawn since they were made."""
    shelf.forget(now=timezone.now())


@shared_task
def delete_withdrawn_files() -> None:
    """Delete files of papers taken down that a process which died left behind."""
    withdrawals.delete_withdrawn_files()
