"""Calls to a real receiver: each publication once, again when it fails, never to one who has enough."""

import datetime as dt
import socket
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.hooks import delivering, registering, signing
from portal.hooks.delivering import LEASE, RETRY_AFTER, deliver_due
from portal.hooks.gathering import gather
from portal.hooks.models import Hook, HookCall, HookMail
from portal.hooks.payloads import bodies
from portal.tasks import gather_hook_calls, send_hook_calls
from tests.districts.races import Rival
from tests.portal.hooks.hooking import A_MINUTE, asked, hooked, verified
from tests.portal.hooks.receiver import Receiver

pytestmark = pytest.mark.django_db


def run(after: dt.timedelta = dt.timedelta()) -> dict[str, int]:
    return dict(deliver_due(now=timezone.now() + after))


def test_each_publication_is_told_once_signed_as_the_api_tells_it(town, receiver: Receiver, client) -> None:
    hook = hooked(receiver.url, "district", town.district)
    for _n in range(2):
        gather(now=timezone.now())
        run()
    assert len(receiver.calls) == 2
    for publication, said in zip((town.first, town.second), receiver.said, strict=True):
        assert said["type"] == "publication.published"
        assert said["data"] == client.get(f"/api/v1/publications/{publication.public_id}").json()
        assert dt.datetime.fromisoformat(said["timestamp"]) - publication.published_at < A_MINUTE
        assert said["about"]["kind"] == "district"
        assert said["about"]["public_url"].endswith("/d/cedar-valley/")
    path, headers, body = receiver.calls[0]
    assert path == "/hooks/in?from=openroll"
    assert headers["content-type"] == "application/json"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert verified(signing.secret_of(hook), headers, body)
    assert not verified(signing.secret_of(hook), headers, body.replace(b"publication", b"Publication", 1))
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert receiver.ids == [signing.name_of(call) for call in hook.calls.order_by("pk")]
    assert b"example.org" not in body


def test_a_failed_call_comes_again_with_growing_waits_and_the_same_id(town, receiver: Receiver) -> None:
    hook = hooked(receiver.url, "agreement", town.agreement)
    HookCall.objects.create(hook=hook, kind="news", publication=town.second, made_at=timezone.now(),
                            next_attempt_at=timezone.now())  # fmt: skip
    statuses = [500, 404, 302, 429, 503, 301, 500]
    receiver.answers = [*statuses, 204]
    later = dt.timedelta()
    for status, wait in zip(statuses, RETRY_AFTER, strict=True):
        assert run(later) == {"put off": 1}
        assert hook.calls.get().result == str(status)
        assert run(later + wait - A_MINUTE / 2) == {}
        later += wait + A_MINUTE / 60
    assert run(later) == {"taken": 1}
    assert len(set(receiver.ids)) == 1
    assert len(receiver.calls) == 8
    stamps = [int(headers["webhook-timestamp"]) for _path, headers, _body in receiver.calls]
    assert stamps == sorted(set(stamps))  # each try is signed with its own moment
    assert hook.calls.get().state == "done"
    hook.refresh_from_db()
    assert hook.state == "active"


def test_after_the_last_try_it_is_paused_its_owner_is_told_once_and_nothing_more_goes(
    town, receiver: Receiver, post_office
) -> None:
    hook = hooked(receiver.url)
    gather(now=timezone.now())
    receiver.answers = [500] * 100
    later = dt.timedelta()
    for wait in (*RETRY_AFTER, dt.timedelta(days=2), dt.timedelta(days=3)):
        run(later)
        later += wait + A_MINUTE / 60
    hook.refresh_from_db()
    assert hook.state == "paused"
    assert len(receiver.calls) == 8  # the second publication waited with the first, and lost no try
    assert run(dt.timedelta(days=30)) == {}
    assert HookMail.objects.filter(hook=hook, kind="stopped").count() == 1


def test_a_hook_that_is_asked_again_and_answers_gets_what_waited(town, receiver: Receiver) -> None:
    hook = hooked(receiver.url)
    gather(now=timezone.now())
    Hook.objects.update(state="paused")
    assert run() == {}
    registering.call_now(pk=hook.pk, now=timezone.now())
    assert run() == {"taken": 3}
    assert [said["type"] for said in receiver.said] == ["hook.challenge"] + ["publication.published"] * 2


def test_a_test_that_waited_when_it_was_paused_does_not_bar_the_question_that_wakes_it(
    town, receiver: Receiver
) -> None:
    hook = hooked(receiver.url)
    registering.call_now(pk=hook.pk, now=timezone.now())
    registering.rest(pk=hook.pk, state="paused", now=timezone.now())
    registering.call_now(pk=hook.pk, now=timezone.now())
    assert run() == {"taken": 1}
    assert [said["type"] for said in receiver.said] == ["hook.challenge"]


def test_gone_stops_it_at_once(town, receiver: Receiver) -> None:
    hook = hooked(receiver.url)
    gather(now=timezone.now())
    receiver.answers = [410]
    assert run() == {"failed": 1}
    hook.refresh_from_db()
    assert hook.state == "gone"
    assert run(dt.timedelta(days=9)) == {}
    assert HookMail.objects.filter(hook=hook, kind="stopped").count() == 1


def test_a_receiver_that_was_not_there_gets_it_when_it_is(town, settings) -> None:
    settings.HOOKS_MAY_CALL_LOOPBACK = True
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hook = hooked(f"http://127.0.0.1:{port}/in", "agreement", town.agreement)
    gather(now=timezone.now())
    assert run() == {"put off": 1}
    assert hook.calls.order_by("pk").first().result == "refused"
    opened = Receiver(port=port)
    try:
        assert run(2 * A_MINUTE) == {"taken": 2}
        assert len(set(opened.ids)) == 2
    finally:
        opened.close()


def test_a_name_that_leads_home_by_now_is_not_called(town, receiver: Receiver, settings) -> None:
    hook = hooked(receiver.url)
    gather(now=timezone.now())
    settings.HOOKS_MAY_CALL_LOOPBACK = False
    Hook.objects.filter(pk=hook.pk).update(url=f"https://127.0.0.1:8443/{receiver.port}")
    assert run() == {"put off": 1}
    assert hook.calls.order_by("pk").first().result == "not allowed: address"
    assert receiver.calls == []


def test_nothing_is_said_but_the_question_before_the_receiver_proves_that_it_wants_it(
    town, receiver: Receiver
) -> None:
    hook = asked(receiver.url)
    gather(now=timezone.now())
    registering.call_now(pk=hook.pk, now=timezone.now())
    assert run() == {}
    registering.confirm(pk=hook.pk, now=timezone.now())
    gather(now=timezone.now())
    assert (run(), receiver.calls) == ({}, [])
    receiver.answers = [204]  # takes it, but gives nothing back: a stranger's address
    registering.call_now(pk=hook.pk, now=timezone.now())
    assert run() == {"failed": 1}
    assert hook.calls.get().result == "wrong answer"
    hook.refresh_from_db()
    assert hook.state == "confirmed"
    registering.call_now(pk=hook.pk, now=timezone.now())
    assert run() == {"taken": 1}
    hook.refresh_from_db()
    assert (hook.state, hook.started_at is not None) == ("active", True)
    challenge = receiver.said[-1]["data"]["challenge"]
    assert len(challenge) == 40
    assert receiver.said[0]["data"]["challenge"] != challenge
    _path, headers, body = receiver.calls[-1]
    assert verified(signing.secret_of(hook), headers, body)
    registering.call_now(pk=hook.pk, now=timezone.now())
    assert run() == {"taken": 1}
    assert receiver.said[-1]["type"] == "hook.test"


def test_a_hook_whose_secret_is_lost_rests_until_it_has_a_new_one(town, receiver: Receiver, settings) -> None:
    hook = hooked(receiver.url)
    gather(now=timezone.now())
    settings.SECRET_KEY = "another key " * 5
    assert run() == {"failed": 1}
    assert receiver.calls == []
    hook.refresh_from_db()
    assert hook.state == "paused"
    assert registering.new_secret(pk=hook.pk)
    registering.call_now(pk=hook.pk, now=timezone.now())
    run()
    hook.refresh_from_db()
    assert hook.state == "active"


def test_a_killed_worker_repeats_only_what_it_had_not_marked(town, receiver: Receiver, monkeypatch) -> None:
    hooked(receiver.url)
    hooked(receiver.url, "company", town.lumino)
    gather(now=timezone.now())
    real, marked = delivering._mark, []

    def mark(call, answer, now):
        if marked:
            raise KeyboardInterrupt  # the second was taken, and is not marked
        marked.append(call)
        return real(call, answer, now)

    monkeypatch.setattr(delivering, "_mark", mark)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.setattr(delivering, "_mark", real)
    assert len(receiver.calls) == 2
    assert run() == {"taken": 2}  # the other publication of each
    assert run(LEASE - A_MINUTE) == {}
    assert run(LEASE + A_MINUTE) == {"taken": 1}
    assert len(receiver.calls) == 5
    assert len(set(receiver.ids)) == 4
    assert set(HookCall.objects.values_list("state", flat=True)) == {"done"}


def test_a_hook_that_fails_holds_up_no_other(town, receiver: Receiver, settings) -> None:
    hooked("http://127.0.0.1:1/in")
    hooked(receiver.url)
    gather(now=timezone.now())
    assert run() == {"taken": 2, "put off": 1}


def test_ten_calls_cost_as_many_queries_as_one(town) -> None:
    counts = []
    for n in (1, 10):
        for _each in range(n):
            hooked("https://receiver.example/in", "company", town.lumino, f"w{_each}@example.org")
        gather(now=timezone.now())
        calls = list(HookCall.objects.select_related("hook__vendor", "publication"))
        with CaptureQueriesContext(connection) as asked_for:
            assert len(bodies(calls)) == len(calls) >= 2 * n
        counts.append(len(asked_for))
        with CaptureQueriesContext(connection) as asked_for:
            delivering._lease(timezone.now())
        counts.append(len(asked_for))
        HookCall.objects.all().delete()
    assert counts[:2] == counts[2:]


def test_the_two_tasks_do_it_all_and_may_run_again(town, receiver: Receiver) -> None:
    hooked(receiver.url)
    for _n in range(2):
        send_hook_calls()
        gather_hook_calls()
    assert len(receiver.calls) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_call_each_hook_once(town, receiver: Receiver, monkeypatch) -> None:
    for n in range(6):
        hooked(receiver.url, "company", town.lumino, f"w{n}@example.org")
    gather(now=timezone.now())
    monkeypatch.setattr(delivering, "BATCH", 2)
    both = threading.Barrier(2)

    def work() -> int:
        both.wait(20)
        return deliver_due(now=timezone.now())["taken"]

    rivals = [Rival(work), Rival(work)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.finish()
    assert sum(rival.result for rival in rivals) == 12
    assert len(receiver.ids) == len(set(receiver.ids)) == 12
