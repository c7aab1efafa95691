"""What runs by itself, and how often. Every task looks in the database for what is due and may run any time.

Intervals only: no task depends on the hour at which the clock ticks (a deadline is a row with a date).
"""

from typing import Any

# Looked for again and again: whatever a lost message, a killed worker or a stopped broker left undone.
SWEEPS: tuple[str, ...] = (
    "consent.tasks.announce_changes",
    "consent.tasks.resume_fan_outs",
    "consent.tasks.resume_deliveries",
    "districts.tasks.delete_withdrawn_files",
    "portal.tasks.resume_uploads",
    "portal.tasks.send_watch_mails",
    "districts.tasks.forget_withdrawn",
    "portal.tasks.send_asker_mails",
    "portal.tasks.send_hook_mails",
    "portal.tasks.send_hook_calls",
)
# Looked for every hour; most of it is due once a day at most, and they see in the database that it is done.
HOURLY: tuple[str, ...] = (
    "consent.tasks.catch_up_newcomers",
    "consent.tasks.record_told_figures",
    "districts.tasks.expire_agreements",
    "districts.tasks.dump_register",
    "districts.tasks.renew_search_words",
    "portal.tasks.gather_watch_news",
    "portal.tasks.forget_askers",
    "portal.tasks.gather_hook_calls",
)
HOUR_SECONDS = 3600.0


def beat_schedule(sweep_seconds: int) -> dict[str, dict[str, Any]]:
    """Return Celery's schedule. A message that waited longer than its interval is dropped for the next."""
    return {
        task: {"task": task, "schedule": float(seconds), "options": {"expires": float(seconds)}}
        for tasks, seconds in ((SWEEPS, float(sweep_seconds)), (HOURLY, HOUR_SECONDS))
        for task in tasks
    }
