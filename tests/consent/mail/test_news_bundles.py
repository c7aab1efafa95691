"""News of one district and day, and what was there before the site opened, comes as one message a person."""

import datetime as dt

import pytest

from consent.deliver import deliver, resume
from consent.leases import claim_news
from consent.models import Bundle, Delivery
from tests import factories as f
from tests.consent.mail.post_office import text_of
from tests.consent.mail.situation import NOON, attempts, standing, told

pytestmark = pytest.mark.django_db

DIGEST_HOUR = NOON + dt.timedelta(hours=4)  # 4 pm in Chicago


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def alice(district):
    return f.make_guardian(district, "Alice", of=[f.make_student(district)])


def test_a_days_news_waits_for_its_hour_and_comes_as_one_message(post_office, district, alice) -> None:
    notices = [told(district, "digest") for _n in range(3)]
    deliver(notice_id=notices[0].pk, now=NOON)
    assert post_office.mails == []
    resume(now=DIGEST_HOUR)
    resume(now=DIGEST_HOUR)
    [mail] = post_office.mails
    assert str(mail["Subject"]) == "3 changes to who may get student data"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    bundle = Bundle.objects.get()
    assert f"<{bundle.message_id}>" == str(mail["Message-ID"])
    assert bundle.deliveries.count() == 3
    assert {n for n, _result, _code in attempts(alice)} == {1}


def test_one_piece_of_news_alone_is_no_bundle(post_office, district, alice) -> None:
    told(district, "digest")
    resume(now=DIGEST_HOUR)
    assert len(post_office.mails) == 1
    assert not Bundle.objects.exists()


def test_a_baseline_is_one_message_with_a_count(post_office, district, alice) -> None:
    for _n in range(3):
        told(district, "digest", kind="baseline")
    resume(now=DIGEST_HOUR)
    [mail] = post_office.mails
    assert str(mail["Subject"]) == "3 companies and offices may get data. See the list."


def test_a_question_never_waits_for_the_days_news(post_office, district, alice) -> None:
    told(district, "digest")
    question = told(district, "answer_needed")
    deliver(notice_id=question.pk, now=NOON)
    assert len(post_office.mails) == 1
    assert standing(question) == {"Alice": "sent/email"}


def test_two_people_of_one_mailbox_get_a_message_each(post_office, district, alice) -> None:
    bob = f.make_guardian(district, "Bob", of=[f.make_student(district, "Kim")], email=alice.email)
    assert bob.email == alice.email
    for _n in range(2):
        told(district, "digest")
    resume(now=DIGEST_HOUR)
    assert post_office.recipients == [alice.email] * 2


def test_news_about_a_child_one_is_barred_from_is_left_out(post_office, district) -> None:
    schools = [f.make_school(district), f.make_school(district)]
    sam, kim = f.make_student(district, school=schools[0]), f.make_student(district, "Kim", school=schools[1])
    alice = f.make_guardian(district, "Alice", of=[sam, kim])
    about_sam, about_both = told(district, "digest"), told(district, "digest")
    Delivery.objects.filter(notice=about_sam).update(about=[sam.pk])
    f.make_hold(alice, sam)
    resume(now=DIGEST_HOUR)
    assert standing(about_sam) == {"Alice": "withheld/email"}
    assert standing(about_both) == {"Alice": "sent/email"}
    assert len(post_office.mails) == 1


def test_news_put_off_comes_again_with_what_is_new_since(post_office, district, alice) -> None:
    post_office.answers_to_recipient[alice.email] = ["451 4.2.0 busy"]
    for _n in range(2):
        told(district, "digest")
    resume(now=DIGEST_HOUR)
    told(district, "digest")
    Delivery.objects.update(next_attempt_at=DIGEST_HOUR)
    resume(now=DIGEST_HOUR + dt.timedelta(minutes=6))
    [mail] = post_office.mails
    assert str(mail["Subject"]).startswith("3 changes")
    assert len(set(Bundle.objects.values_list("message_id", flat=True))) == 2


def test_a_bundle_whose_worker_died_goes_again_as_the_same_message(post_office, district, alice) -> None:
    for _n in range(2):
        told(district, "digest")
    post_office.drops_after_taking[alice.email] = 2
    resume(now=DIGEST_HOUR)
    assert standing() == {"Alice": "due/email"}
    told(district, "digest", now=DIGEST_HOUR - dt.timedelta(minutes=1))
    resume(now=DIGEST_HOUR + dt.timedelta(minutes=6))
    by_subject = {str(m["Subject"]): str(m["Message-ID"]) for m in post_office.mails}
    assert len(post_office.mails) == 4  # twice lost, once taken, and what came since on its own
    assert len(by_subject) == 2
    assert len(set(post_office.ids())) == 2
    assert text_of(post_office.mails[0]) == text_of(post_office.mails[1])


def test_a_person_is_never_split_between_two_workers(district, alice) -> None:
    for _n in range(4):
        told(district, "digest")
    first = claim_news(agency=district, after_id=0, limit=1, now=DIGEST_HOUR)
    second = claim_news(agency=district, after_id=0, limit=1, now=DIGEST_HOUR)
    assert len(first.deliveries) == 4
    assert second.deliveries == ()


def test_news_of_another_district_is_another_message(post_office, district, alice) -> None:
    elsewhere = f.make_district("Other Schools")
    f.make_guardian(elsewhere, "Carol", of=[f.make_student(elsewhere)])
    told(district, "digest")
    told(elsewhere, "digest")
    resume(now=DIGEST_HOUR)
    assert sorted(str(m["From"]).split(" <")[0] for m in post_office.mails) == [
        "Cedar Valley Schools",
        "Other Schools",
    ]
