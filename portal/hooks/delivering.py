"""Calling hooks: lease what is due, call several at once, mark each as soon as it is known."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

import structlog
from django.db import transaction
from django.db.models import Q

from portal.leasing import lease
from portal.watching.things import RELATED

from . import calling, signing
from .calling import Answer
from .models import Hook, HookCall
from .registering import rest

log = structlog.get_logger(__name__)

AT_ONCE = 8
BATCH = 16  # of different hooks: one that answers slowly holds up nobody but itself
LEASE = dt.timedelta(minutes=5)  # longer than a batch: who leased it is dead then
RUN_SECONDS = 45.0
#: How long after each failed try the next one comes; after one more the hook is paused.
RETRY_AFTER = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))
GONE = 410

State, Kind = HookCall.State, HookCall.Kind


def deliver_due(*, now: dt.datetime) -> Counter[str]:
    """Call whoever is due, batch after batch. Return how many were taken, failed or put off.

    At least once: a call is marked right after its answer, so a killed worker repeats those alone that it had
    not marked, with the webhook-id they had, when the lease has run out.
    """
    counts: Counter[str] = Counter()
    began = time.monotonic()
    while (seconds := time.monotonic() - began) < RUN_SECONDS:
        moment = now + dt.timedelta(seconds=seconds)  # a lease counts from when it is taken
        leased = _lease(moment)
        if not leased:
            break
        for call, answer in _answers(leased, moment):
            counts[_mark(call, answer, moment)] += 1
    if counts:
        log.info("hooks called", **counts)
    return counts


def _lease(now: dt.datetime) -> list[HookCall]:
    """Take up to a batch of what is due, the next of each hook; other workers pass over it meanwhile."""
    runs = Q(hook__state=Hook.State.ACTIVE)
    asks = Q(kind=Kind.CHALLENGE) & ~Q(hook__state=Hook.State.ASKED)
    due = HookCall.objects.filter(runs | asks, state=State.DUE, next_attempt_at__lte=now)
    first = due.order_by("hook_id", "next_attempt_at", "pk").distinct("hook_id").values("pk")
    next_ones = HookCall.objects.filter(pk__in=first, state=State.DUE)
    ids = lease(next_ones, column="next_attempt_at", now=now, length=LEASE, most=BATCH)
    hooks = [f"hook__{name}" for name in RELATED]
    leased = HookCall.objects.filter(pk__in=ids).select_related("hook", "publication", *hooks)
    return list(leased.order_by("pk"))


def _answers(leased: Sequence[HookCall], now: dt.datetime) -> Iterator[tuple[HookCall, Answer]]:
    """Yield each call with its answer, as they come in. Only the network is used in other threads."""
    from .payloads import bodies  # brings the API along: not into a worker that has nobody to call

    said = bodies(leased)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting: dict[Future[Answer], HookCall] = {}
        for call in leased:
            try:
                secret = signing.secret_of(call.hook)
            except signing.SecretLost:
                yield call, Answer(0, "no secret")
                continue
            body = said[call.pk]
            headers = signing.signed(secret, name=signing.name_of(call), body=body, now=now)
            reads = call.kind == Kind.CHALLENGE
            waiting[pool.submit(calling.call, call.hook.url, body, headers, reads=reads)] = call
        for done in as_completed(waiting):
            yield waiting[done], done.result()


def _mark(call: HookCall, answer: Answer, now: dt.datetime) -> str:
    """Record what became of one try; return the word it is counted under."""
    word, taken = answer.word, answer.is_taken
    if call.kind == Kind.CHALLENGE and taken and not answer.holds(signing.challenge_of(call)):
        word, taken = "wrong answer", False
    tried = {"attempts": call.attempts + 1, "tried_at": now, "result": word}
    row = HookCall.objects.filter(pk=call.pk)
    if taken:
        row.update(state=State.DONE, **tried)
        if call.kind == Kind.CHALLENGE:
            _start(call.hook, now)
        return "taken"
    is_over = call.attempts >= len(RETRY_AFTER) or answer.status == GONE or word == "no secret"
    if call.kind != Kind.NEWS or is_over:
        row.update(state=State.FAILED, **tried)
        if call.kind == Kind.NEWS:
            state = Hook.State.GONE if answer.status == GONE else Hook.State.PAUSED
            rest(pk=call.hook_id, state=state, now=now)
        return "failed"
    later = now + RETRY_AFTER[call.attempts]
    row.update(next_attempt_at=later, **tried)
    # The rest would fail likewise, each after its ten seconds: it waits with this one, and loses no try.
    waiting = HookCall.objects.filter(hook=call.hook_id, kind=Kind.NEWS, state=State.DUE)
    waiting.filter(next_attempt_at__lt=later).update(next_attempt_at=later)
    return "put off"


def _start(hook: Hook, now: dt.datetime) -> None:
    """Let a hook run whose receiver has proved that it wants to be called; what waits goes at once."""
    with transaction.atomic():
        resting = Hook.objects.filter(pk=hook.pk).exclude(state__in=[Hook.State.ASKED, Hook.State.ACTIVE])
        if resting.update(state=Hook.State.ACTIVE, started_at=hook.started_at or now, stands_since=now):
            waiting = HookCall.objects.filter(hook=hook.pk, kind=Kind.NEWS, state=State.DUE)
            waiting.update(next_attempt_at=now, attempts=0, tried_at=None, result="")
