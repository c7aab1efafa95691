"""Tasks through files: what is put in is read whole, whatever moment a worker looks."""

import threading
from pathlib import Path
from queue import Empty
from types import SimpleNamespace

from celery import Celery

from portal.celery_settings import celery_settings

MESSAGES = 1500


def test_a_worker_that_looks_at_any_moment_reads_every_message_whole(tmp_path: Path) -> None:
    app = Celery("files", set_as_current=False)
    app.config_from_object(
        SimpleNamespace(**celery_settings(redis_url="", broker_folder=tmp_path)), namespace="CELERY"
    )
    for name in ("messages", "processed", "control"):
        (tmp_path / name).mkdir()
    with app.connection_for_write() as writing, app.connection_for_read() as reading:
        inbox, outbox = reading.SimpleQueue("mail"), writing.SimpleQueue("mail")
        writer = threading.Thread(target=lambda: [outbox.put({"n": n}) for n in range(MESSAGES)])
        writer.start()
        read = set()
        while len(read) < MESSAGES:
            try:
                message = inbox.get_nowait()
            except Empty:
                if not writer.is_alive() and not list((tmp_path / "messages").glob("*.msg")):
                    break
                continue
            read.add(message.payload["n"])
            message.ack()
        writer.join()
    assert read == set(range(MESSAGES))
