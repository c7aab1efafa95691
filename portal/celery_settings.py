"""How tasks travel: over Redis, or without one through files in a folder of the checkout."""

from pathlib import Path
from typing import Any

from kombu import Queue

# Letters have a queue of their own: only their worker loads the PDF library.
QUEUES = ("default", "mail", "letters")
# Longer than the longest batch, so that Redis does not hand one out twice while it runs.
VISIBILITY_SECONDS = 60 * 60


def celery_settings(*, redis_url: str, broker_folder: Path) -> dict[str, Any]:
    """Return Celery's settings. No results are kept: every task leaves its mark in PostgreSQL."""
    return {
        **(_over_redis(redis_url) if redis_url else _over_files(broker_folder)),
        "CELERY_TASK_DEFAULT_QUEUE": "default",
        "CELERY_TASK_QUEUES": [Queue(name) for name in QUEUES],
        "CELERY_TASK_CREATE_MISSING_QUEUES": False,
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_WORKER_HIJACK_ROOT_LOGGER": False,
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
        "CELERY_BROKER_CONNECTION_MAX_RETRIES": None,  # a worker waits for its broker as long as it takes
        # A publication is committed before it nudges: a stopped broker may cost it a moment, not an error.
        "CELERY_TASK_PUBLISH_RETRY": True,
        "CELERY_TASK_PUBLISH_RETRY_POLICY": {
            "max_retries": 1,
            "interval_start": 0,
            "interval_step": 0.2,
            "interval_max": 0.2,
        },
        "CELERY_TIMEZONE": "UTC",
        "CELERY_ENABLE_UTC": True,
        "CELERY_TASK_SERIALIZER": "json",
        "CELERY_ACCEPT_CONTENT": ["json"],
    }


def _over_redis(url: str) -> dict[str, Any]:
    return {
        "CELERY_BROKER_URL": url,
        "CELERY_BROKER_TRANSPORT": None,  # the one the address names
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "visibility_timeout": VISIBILITY_SECONDS,
            "socket_connect_timeout": 1,
            "socket_timeout": 5,
        },
    }


def _over_files(folder: Path) -> dict[str, Any]:
    """Return the settings of the filesystem transport. It never redelivers: the sweep does."""
    messages = str(folder / "messages")
    return {
        "CELERY_BROKER_URL": "filesystem://",
        "CELERY_BROKER_TRANSPORT": "portal.broker:Transport",
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "data_folder_in": messages,
            "data_folder_out": messages,
            "processed_folder": str(folder / "processed"),
            "control_folder": str(folder / "control"),
            # Kept in our own folder, not in the system's temporary one; the supervisor empties it.
            "store_processed": True,
            "polling_interval": 0.2,
        },
    }
