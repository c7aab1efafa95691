"""The frame of Openroll: settings, addresses, the task queue, sign-in, and pages that need both rooms."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
