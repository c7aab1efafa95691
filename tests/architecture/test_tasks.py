"""Every task has a queue that a worker listens to, and everything on the schedule is a task."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from celery import Celery
from celery.exceptions import QueueNotFound
from django.db import connection
from kombu.exceptions import OperationalError

from portal.beat import OneClock
from portal.celery import app
from portal.celery_settings import QUEUES, celery_settings
from portal.demo.parts import workers
from portal.schedule import HOURLY, SWEEPS, beat_schedule

app.loader.import_default_modules()
OURS = sorted(name for name in app.tasks if not name.startswith("celery."))


def queue_of(task: str) -> str:
    chosen = getattr(app.tasks[task], "queue", None)
    return str(app.amqp.router.route({"queue": chosen} if chosen else {}, task)["queue"].name)


def listened_to() -> set[str]:
    return {
        queue
        for worker in workers(Path("unused"))
        for queue in worker.command[list(worker.command).index("--queues") + 1].split(",")
    }


def test_the_workers_listen_to_every_queue_there_is() -> None:
    assert listened_to() == set(QUEUES)


@pytest.mark.parametrize("task", OURS)
def test_a_tasks_queue_is_one_a_worker_listens_to(task: str) -> None:
    assert queue_of(task) in listened_to()


def test_a_task_for_a_queue_that_nobody_made_is_an_error() -> None:
    with pytest.raises(QueueNotFound):
        app.amqp.router.route({"queue": "nobody-listens"}, "any")


def test_what_is_on_the_schedule_is_a_task() -> None:
    assert set(SWEEPS + HOURLY) <= set(OURS)
    assert len(set(SWEEPS + HOURLY)) == len(SWEEPS + HOURLY)


def test_a_sweep_comes_as_often_as_it_was_asked_to() -> None:
    assert {entry["schedule"] for name, entry in beat_schedule(30).items() if name in SWEEPS} <= {30.0}


def test_without_redis_tasks_travel_through_folders_of_their_own(tmp_path: Path) -> None:
    chosen = celery_settings(redis_url="", broker_folder=tmp_path)
    folders = {
        v for k, v in chosen["CELERY_BROKER_TRANSPORT_OPTIONS"].items() if k.endswith(("in", "out", "folder"))
    }
    assert chosen["CELERY_BROKER_URL"] == "filesystem://"
    assert {Path(folder).parent for folder in folders} == {tmp_path}
    assert len(folders) == 3  # in and out are one folder


def test_a_stopped_redis_costs_whoever_publishes_a_moment_and_no_result_is_kept() -> None:
    chosen = celery_settings(redis_url="redis://127.0.0.1:1/0", broker_folder=Path("unused"))
    assert chosen["CELERY_TASK_IGNORE_RESULT"] is True
    lonely = Celery("lonely", set_as_current=False)
    lonely.config_from_object(SimpleNamespace(**chosen), namespace="CELERY")
    began = time.monotonic()
    with pytest.raises(OperationalError):
        lonely.send_task("any", queue="default")
    assert time.monotonic() - began < 5


@pytest.mark.django_db(transaction=True)
def test_only_one_of_two_clocks_ticks_and_the_other_takes_over() -> None:
    first, second = OneClock(app=app, lazy=True), OneClock(app=app, lazy=True)

    def second_holds_it(patience: float) -> bool:
        """Ask over a connection of its own, for some seconds: PostgreSQL sees a death a moment later."""

        def ask() -> None:
            deadline = time.monotonic() + patience
            while not (held := second.holds_lock()) and time.monotonic() < deadline:
                time.sleep(0.02)
            seen.append(held)
            connection.close()

        seen: list[bool] = []
        asking = threading.Thread(target=ask)
        asking.start()
        asking.join()
        return seen == [True]

    assert first.holds_lock() is True
    assert first.holds_lock() is True
    assert not second_holds_it(patience=0)
    connection.close()  # as when its process dies
    assert second_holds_it(patience=10)


def test_at_the_start_everything_is_due_at_once() -> None:
    clock = OneClock(app=app, lazy=True)
    app.conf.beat_schedule = {"x": {"task": "celery.ping", "schedule": 3600.0}}
    try:
        clock.setup_schedule()
        assert clock.schedule["x"].is_due().is_due
        assert clock.schedule["x"].last_run_at < datetime.now(UTC)
    finally:
        app.conf.beat_schedule = {}
