"""What a mail provider says later: a bounce leads to a letter, also when it comes before its attempt."""

import base64
import json
import threading

import pytest
from django.db import connection
from django.urls import include, path

from consent import reports
from consent.deliver import claim, deliver, resume
from consent.mail.exit import Handed, Outgoing
from consent.mail.smtp import Result, Verdict
from consent.models import Attempt, Delivery, Guardian, ProviderReport
from consent.outcomes import mark
from consent.reports import record_report
from tests import factories as f
from tests.consent.mail.situation import NOON, standing, told


@pytest.fixture
def alice():
    district = f.make_district()
    return f.make_guardian(district, "Alice", of=[f.make_student(district)])


def id_of(delivery: Delivery) -> str:
    return f"{delivery.public_id}.1@data.cedar.example"


def accepted(notice, alice, now=NOON):
    """Lease Alice's delivery and return what is known once the mail server took it, not marked yet."""
    [one] = claim(notice_id=notice.pk, after_id=0, limit=10, now=now).deliveries
    message_id = f"{one.public_id}.1@data.cedar.example"
    outgoing = Outgoing((one.id,), None, one.name, one.email, message_id, one.public_id)
    return one, [Handed(outgoing, Result(Verdict.ACCEPTED, "250"))]


@pytest.mark.django_db
def test_a_bounce_ends_the_address_and_a_letter_follows(post_office, alice) -> None:
    deliver(notice_id=told(alice.agency).pk, now=NOON)
    delivery = Delivery.objects.get()
    assert record_report(message_id=f"<{id_of(delivery)}>", kind="bounced", code="5.1.1", now=NOON)
    alice.refresh_from_db()
    assert standing() == {"Alice": "due/letter"}
    assert alice.email_failed_at is not None
    assert not record_report(message_id=id_of(delivery), kind="bounced", now=NOON)
    resume(now=NOON)
    assert len(post_office.mails) == 1
    assert Attempt.objects.count() == 1


@pytest.mark.django_db
def test_a_bounce_of_an_earlier_address_says_nothing_of_the_new_one(post_office, alice) -> None:
    deliver(notice_id=told(alice.agency).pk, now=NOON)
    Guardian.objects.update(email="alice@new.example")
    record_report(message_id=id_of(Delivery.objects.get()), kind="bounced", code="5.1.1", now=NOON)
    alice.refresh_from_db()
    assert alice.email_failed_at is None
    assert standing() == {"Alice": "due/email"}
    resume(now=NOON)
    assert [mail["To"] for mail in post_office.mails][1:] == ["Alice <alice@new.example>"]
    assert list(Attempt.objects.values_list("n", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_a_bounce_that_comes_before_its_attempt_is_kept_and_joined(alice) -> None:
    one, handed = accepted(told(alice.agency), alice)
    record_report(message_id=handed[0].outgoing.message_id, kind="bounced", now=NOON)
    assert standing() == {"Alice": "leased/email"}
    mark(handed, {one.id: one}, now=NOON)
    alice.refresh_from_db()
    assert standing() == {"Alice": "due/letter"}
    assert alice.email_failed_at is not None
    assert list(Attempt.objects.values_list("result", flat=True)) == ["accepted"]


@pytest.mark.django_db(transaction=True)
def test_a_bounce_that_comes_while_its_attempt_is_being_marked_is_not_lost(alice, monkeypatch) -> None:
    """Two connections: the report arrives after the marks were joined and before they are committed."""
    one, handed = accepted(told(alice.agency), alice)
    message_id = handed[0].outgoing.message_id
    joined, reporter = threading.Event(), threading.Thread(target=lambda: report())

    def report() -> None:
        joined.wait(10)
        record_report(message_id=message_id, kind="bounced", now=NOON)
        connection.close()

    join_attempts = reports.join_attempts

    def join_and_let_the_report_in(message_ids, *, now) -> None:
        join_attempts(message_ids, now=now)
        if threading.current_thread() is not reporter:
            joined.set()
            reporter.join(0.5)  # it must wait for this transaction

    monkeypatch.setattr(reports, "join_attempts", join_and_let_the_report_in)
    reporter.start()
    mark(handed, {one.id: one}, now=NOON)
    reporter.join(10)
    assert standing() == {"Alice": "due/letter"}


@pytest.mark.django_db
def test_a_bounce_of_a_bundle_concerns_all_it_carried(post_office, alice) -> None:
    notices = [told(alice.agency, "digest"), told(alice.agency, "digest")]
    Delivery.objects.update(next_attempt_at=NOON)
    deliver(notice_id=notices[0].pk, now=NOON)
    [mail] = post_office.mails
    record_report(message_id=str(mail["Message-ID"]), kind="bounced", now=NOON)
    assert list(Delivery.objects.values_list("state", "channel")) == [("due", "letter")] * 2


@pytest.mark.django_db
def test_a_complaint_stops_nothing_and_staff_see_it(post_office, alice) -> None:
    deliver(notice_id=told(alice.agency).pk, now=NOON)
    record_report(message_id=id_of(Delivery.objects.get()), kind="complained", now=NOON)
    deliver(notice_id=told(alice.agency).pk, now=NOON)
    assert len(post_office.mails) == 2
    assert list(reports.complaints(alice.agency_id)) == [alice]
    assert list(reports.complaints(f.make_district().pk)) == []


@pytest.mark.django_db
def test_a_late_bounce_of_a_letter_in_the_post_moves_nothing(post_office, alice) -> None:
    deliver(notice_id=told(alice.agency).pk, now=NOON)
    Delivery.objects.update(state="due", channel="letter")
    Delivery.objects.update(state="printed")
    record_report(message_id=id_of(Delivery.objects.get()), kind="bounced", now=NOON)
    assert standing() == {"Alice": "printed/letter"}


@pytest.mark.django_db
def test_a_report_of_a_message_that_is_not_ours_is_kept_and_does_nothing(alice) -> None:
    assert record_report(message_id="somebody@else.example", kind="bounced", now=NOON)
    assert ProviderReport.objects.count() == 1


urlpatterns = [path("anymail/", include("anymail.urls"))]


@pytest.mark.django_db
@pytest.mark.urls("tests.consent.mail.test_reports")
def test_a_providers_call_is_taken_with_the_secret_only(client, settings, post_office, alice) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "openroll:a-secret"}
    deliver(notice_id=told(alice.agency).pk, now=NOON)
    call = {
        "event": "hard_bounce",
        "email": alice.email,
        "message-id": f"<{id_of(Delivery.objects.get())}>",
        "reason": "550 5.1.1 The account does not exist",
        "ts_epoch": 1788282000000,
    }
    send = {"data": json.dumps(call), "content_type": "application/json"}
    assert client.post("/anymail/brevo/tracking/", **send).status_code == 400
    assert not ProviderReport.objects.exists()
    secret = base64.b64encode(b"openroll:a-secret").decode()
    client.post("/anymail/brevo/tracking/", headers={"authorization": f"Basic {secret}"}, **send)
    assert list(ProviderReport.objects.values_list("kind", "code")) == [("bounced", "550")]
    assert standing() == {"Alice": "due/letter"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("550 5.1.1 no such user", "550"),
        ("smtp; 5.2.2 (over quota)", "5.2.2"),
        ("gone", ""),
        ("x 99 1234", ""),
    ],
)
def test_a_status_code_is_read_from_a_servers_words(words: str, code: str) -> None:
    assert reports.status_code(words) == code
