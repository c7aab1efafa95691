"""Everybody concerned gets one message, nobody two; what the mail server says decides what is next."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent import deliver as delivering
from consent.deliver import deliver, resume
from consent.models import Attempt, Delivery, Guardianship
from tests import factories as f
from tests.consent.mail.post_office import PostOffice, text_of
from tests.consent.mail.situation import NIGHT, NOON, attempts, standing, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def family(district):
    sam = f.make_student(district)
    return sam, f.make_guardian(district, "Alice", of=[sam]), f.make_guardian(district, "Bob", of=[sam])


def later(**ago: float) -> dt.datetime:
    return NOON + dt.timedelta(**ago)


def test_each_guardian_is_sent_one_message_whatever_runs_again(post_office, district, family) -> None:
    _sam, alice, bob = family
    notice = told(district)
    deliver(notice_id=notice.pk, now=NOON)
    deliver(notice_id=notice.pk, now=NOON)
    resume(now=later(days=2))
    assert sorted(post_office.recipients) == sorted([alice.email, bob.email])
    assert standing(notice) == {"Alice": "sent/email", "Bob": "sent/email"}
    assert attempts(alice) == [(1, "accepted", "250")]


def test_a_guardian_in_another_district_hears_nothing(post_office, district, family) -> None:
    elsewhere = f.make_district("Other Schools")
    carol = f.make_guardian(elsewhere, "Carol", of=[f.make_student(elsewhere, "Kim")])
    deliver(notice_id=told(district).pk, now=NOON)
    resume(now=NOON)
    assert carol.email not in post_office.recipients


def test_the_message_id_follows_from_the_delivery_and_the_attempt(post_office, district, family) -> None:
    deliver(notice_id=told(district).pk, now=NOON)
    sent = Delivery.objects.filter(guardian__given_name="Alice").get()
    assert f"<{sent.public_id}.1@data.cedar.example>" in post_office.ids()
    assert Attempt.objects.get(delivery=sent).message_id == f"{sent.public_id}.1@data.cedar.example"


def test_a_message_put_off_comes_again_by_the_table_and_then_goes_out(post_office, district, family) -> None:
    _sam, alice, _bob = family
    post_office.answers_to_recipient[alice.email] = ["451 4.2.0 busy", "451 4.2.0 busy"]
    deliver(notice_id=told(district).pk, now=NOON)
    resume(now=later(minutes=4))
    assert attempts(alice) == [(1, "deferred", "451-4.2.0")]
    resume(now=later(minutes=6))
    resume(now=later(minutes=35))
    assert attempts(alice) == [(1, "deferred", "451-4.2.0"), (2, "deferred", "451-4.2.0")]
    resume(now=later(minutes=37))
    assert attempts(alice)[2] == (3, "accepted", "250")
    assert post_office.recipients.count(alice.email) == 1
    assert ".3@" in post_office.ids()[-1]


def test_after_five_deferrals_a_letter_is_written(post_office, district, family) -> None:
    _sam, alice, _bob = family
    post_office.answers_to_recipient[alice.email] = ["452 4.2.2 mailbox full"] * 9
    now = NOON
    deliver(notice_id=told(district).pk, now=now)
    for minutes in (6, 31, 121, 721, 9999):
        now += dt.timedelta(minutes=minutes)
        resume(now=now)
    alice.refresh_from_db()
    assert [result for _n, result, _code in attempts(alice)] == ["deferred"] * 5
    assert standing()["Alice"] == "due/letter"
    assert alice.email_failed_at is not None


def test_a_refused_address_leads_to_a_letter_at_once(post_office, district, family) -> None:
    _sam, alice, _bob = family
    post_office.answers_to_recipient[alice.email] = ["550 5.1.1 no such user"]
    deliver(notice_id=told(district).pk, now=NOON)
    alice.refresh_from_db()
    assert attempts(alice) == [(1, "refused", "550-5.1.1")]
    assert standing() == {"Alice": "due/letter", "Bob": "sent/email"}
    assert alice.email_failed_at is not None


def test_a_refusal_that_speaks_of_us_kills_no_address(post_office, district, family) -> None:
    _sam, alice, bob = family
    post_office.answers_to_recipient[alice.email] = ["554 5.7.1 relay access denied"]
    post_office.answers_to_content[bob.email] = ["552 5.3.4 message too big"]
    deliver(notice_id=told(district).pk, now=NOON)
    alice.refresh_from_db()
    assert standing() == {"Alice": "due/email", "Bob": "due/email"}
    assert alice.email_failed_at is None
    assert attempts(alice) == [(1, "deferred", "554-5.7.1")]


def test_a_sender_the_server_does_not_take_costs_nobody_an_attempt(post_office, district, family) -> None:
    post_office.answers_to_sender = ["550 5.7.1 not you"]
    outcome = deliver(notice_id=told(district).pk, now=NOON)
    assert not outcome.is_finished
    assert standing() == {"Alice": "due/email", "Bob": "due/email"}
    assert not Attempt.objects.exists()
    resume(now=later(minutes=2))
    assert standing() == {"Alice": "sent/email", "Bob": "sent/email"}


def test_a_closed_mail_server_loses_time_and_no_message(post_office, district, family) -> None:
    post_office.close()
    outcome = deliver(notice_id=told(district).pk, now=NOON)
    assert not outcome.is_finished
    assert outcome.counts["postponed"] == 2
    post_office.open()
    resume(now=later(minutes=2))
    assert len(post_office.mails) == 2
    assert {n for n, _result, _code in attempts(family[1])} == {1}


def test_a_dropped_line_is_opened_again_and_the_same_message_sent(post_office, district, family) -> None:
    _sam, alice, bob = family
    post_office.drops[alice.email] = 1
    deliver(notice_id=told(district).pk, now=NOON)
    assert sorted(post_office.recipients) == sorted([alice.email, bob.email])
    assert post_office.connections == 2
    assert attempts(alice) == [(1, "accepted", "250")]


def test_a_message_lost_on_the_way_is_sent_again_as_the_same_one(post_office, district, family) -> None:
    """The server took it and cut the line before saying so: at least once, under one Message-ID."""
    _sam, alice, _bob = family
    post_office.drops_after_taking[alice.email] = 2
    deliver(notice_id=told(district).pk, now=NOON)
    assert attempts(alice) == []
    assert standing()["Alice"] == "due/email"
    resume(now=later(minutes=6))
    mine = [str(m["Message-ID"]) for m in post_office.mails if alice.email in str(m["To"])]
    assert len(mine) == 3
    assert len(set(mine)) == 1
    assert attempts(alice) == [(1, "accepted", "250")]
    assert standing() == {"Alice": "sent/email", "Bob": "sent/email"}


def test_an_address_that_no_server_would_take_becomes_a_letter(post_office, district, family) -> None:
    _sam, alice, _bob = family
    type(alice).objects.filter(pk=alice.pk).update(email="a<li>ce@example.org")
    deliver(notice_id=told(district).pk, now=NOON)
    assert standing() == {"Alice": "due/letter", "Bob": "sent/email"}
    assert attempts(alice) == [(1, "refused", "553-local")]


def test_news_keeps_to_the_districts_day_and_a_question_does_not(post_office, district, family) -> None:
    question, only_news = told(district, now=NIGHT), told(district, "tell_now", now=NIGHT)
    for notice in (question, only_news):
        deliver(notice_id=notice.pk, now=NIGHT)
    assert set(standing(question).values()) == {"sent/email"}
    assert set(standing(only_news).values()) == {"due/email"}
    Delivery.objects.update(next_attempt_at=NIGHT)
    resume(now=NIGHT)
    assert set(standing(only_news).values()) == {"due/email"}
    resume(now=NIGHT + dt.timedelta(hours=7))
    assert set(standing(only_news).values()) == {"sent/email"}


def test_a_stale_lease_is_taken_again_and_a_fresh_one_left_alone(post_office, district, family) -> None:
    notice = told(district)
    claimed = delivering.claim(notice_id=notice.pk, after_id=0, limit=1, now=NOON)
    [first] = claimed.deliveries
    deliver(notice_id=notice.pk, now=NOON)
    resume(now=later(minutes=14))
    assert len(post_office.mails) == 1
    resume(now=later(minutes=16))
    assert len(post_office.mails) == 2
    assert f"<{first.public_id}.1@data.cedar.example>" in post_office.ids()


def test_who_turned_18_between_fan_out_and_claim_is_told_in_person_and_the_parent_is_not(
    post_office, district, family
) -> None:
    sam, _alice, _bob = family
    notice = told(district)
    birthday = district.today(NOON) + dt.timedelta(days=1)
    sam.birth_date = dt.date(birthday.year - 18, birthday.month, birthday.day)
    sam.save()
    just_before = dt.datetime.combine(birthday, dt.time(4, 59), dt.UTC)  # 11:59 pm in Chicago
    assert delivering.claim(notice_id=notice.pk, after_id=0, limit=1, now=just_before).deliveries
    deliver(notice_id=notice.pk, now=just_before + dt.timedelta(minutes=2))
    assert post_office.mails == []
    assert Delivery.objects.get(guardian__given_name="Bob").withheld_because == "turned_18"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda sam, alice: f.make_hold(alice, sam), "hold"),
        (lambda sam, alice: sam.guardianships.filter(guardian=alice).update(rights="none"), "no_rights"),
        (lambda sam, alice: type(sam).objects.filter(pk=sam.pk).update(ended_on=f.TODAY), "left"),
        (lambda sam, alice: type(alice).objects.filter(pk=alice.pk).update(ended_on=f.TODAY), "left"),
    ],
)
def test_who_lost_their_rights_since_the_fan_out_is_withheld_with_the_reason(
    post_office, district, family, change, reason
) -> None:
    sam, alice, _bob = family
    notice = told(district)
    change(sam, alice)
    deliver(notice_id=notice.pk, now=NOON)
    assert alice.email not in post_office.recipients
    assert Delivery.objects.get(guardian=alice).withheld_because == reason


def test_a_message_about_two_children_goes_on_about_the_one_still_decided_for(post_office, district) -> None:
    sam, kim = f.make_student(district), f.make_student(district, "Kim")
    alice = f.make_guardian(district, "Alice", of=[sam, kim])
    notice = told(district)
    f.make_hold(alice, sam)
    deliver(notice_id=notice.pk, now=NOON)
    delivery = Delivery.objects.get(guardian=alice)
    assert (delivery.state, delivery.about) == ("sent", [kim.pk])


def test_an_address_that_a_barred_adult_uses_too_becomes_a_letter(post_office, district, family) -> None:
    sam, alice, bob = family
    type(bob).objects.filter(pk=bob.pk).update(email=alice.email)
    notice = told(district)
    f.make_hold(bob, sam)
    deliver(notice_id=notice.pk, now=NOON)
    assert post_office.mails == []
    assert standing() == {"Alice": "due/letter", "Bob": "withheld/email"}


def test_two_guardians_of_one_mailbox_get_two_messages(post_office, district, family) -> None:
    _sam, alice, bob = family
    type(bob).objects.filter(pk=bob.pk).update(email=alice.email)
    deliver(notice_id=told(district).pk, now=NOON)
    assert post_office.recipients == [alice.email] * 2
    assert len(set(post_office.ids())) == 2
    assert sorted(str(m["To"]).split(" <")[0] for m in post_office.mails) == ["Alice", "Bob"]


def test_an_eligible_student_reads_you_and_not_your_child(post_office, district) -> None:
    f.make_eligible_student(district)
    deliver(notice_id=told(district, "tell_now").pk, now=NOON)
    [mail] = post_office.mails
    assert "you are a student in this district" in " ".join(text_of(mail).split())
    assert "your child" not in text_of(mail)


def test_each_is_written_to_in_their_language_or_the_districts_first(post_office, district) -> None:
    sam = f.make_student(district)
    for name, language in (("Ana", "es-MX"), ("Wei", "zh"), ("Alice", "")):
        f.make_guardian(district, name, of=[sam], language=language)
    deliver(notice_id=told(district).pk, now=NOON)
    seen = {str(m["To"]).split(" <")[0]: str(m["Content-Language"]) for m in post_office.mails}
    assert seen == {"Ana": "es", "Wei": "en", "Alice": "en"}


@pytest.mark.parametrize("severity", ["answer_needed", "digest"])
def test_a_batch_asks_as_many_questions_of_the_database_for_ten_people_as_for_one(
    post_office: PostOffice, severity: str
) -> None:
    counts = []
    for people in (1, 10):
        district = f.make_district()
        sam = f.make_student(district)
        for _n in range(people):
            f.make_guardian(district, "Alice", of=[sam])
        notices = [told(district, severity), told(district, severity)]
        Delivery.objects.filter(state="due").update(next_attempt_at=NOON)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            deliver(notice_id=notices[0].pk, now=NOON)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert not Guardianship.objects.filter(guardian__deliveries__state="leased").exists()
