"""The Celery app: tasks move batches, never single people."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Django's checks load every page, which a worker never shows: 16 MB a process. The web server makes them.
os.environ.setdefault("CELERY_SKIP_CHECKS", "true")

app = Celery("openroll")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_broker_folders(sender: Celery, **kwargs: Any) -> None:
    """Make the folders of the filesystem transport, which it expects to exist."""
    options = sender.conf.broker_transport_options or {}
    for name in ("data_folder_in", "data_folder_out", "processed_folder", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True, mode=0o700)


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Keep the logging of the settings: a receiver here stops Celery from installing its own."""
