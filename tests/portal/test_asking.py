"""Anybody asks a district in public: confirmed by mail, read by staff first, and forgotten in time."""

import datetime as dt
import re
from unittest import mock

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.outcomes import RETRY_AFTER
from districts.models import OpenQuestion, OpenRefusal
from districts.public_room import public_room
from districts.publish import publish_version
from portal.asking import mails, moderating
from portal.asking.sending_in import (
    MOST_PER_ADDRESS_AND_DAY,
    MOST_PER_AGREEMENT_AND_DAY,
    TooMany,
    forget,
    send_in,
    token_of,
)
from portal.models import AskedInPublic, AskerMail
from tests import factories as f
from tests.breaking import copy_of, refused_by
from tests.portal.askers import make_asked

pytestmark = pytest.mark.django_db

GIVEN = {
    "kind": "question",
    "shown_name": "Parents for Privacy",
    "text": "Who reads it?",
    "email": "Ada@Example.org",
}
DAY = dt.timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def agreement():
    agreement = f.make_agreement(f.make_district("Cedar Valley Schools"), f.make_vendor("Lumino Reading"))
    publish_version(version_id=f.make_draft(agreement).pk, now=f.NOW)
    return agreement


def address(agreement) -> str:
    return reverse("asking:ask", args=[agreement.public_id])


# The form


def test_the_form_uses_no_session_and_looking_keeps_nothing(agreement):
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(address(agreement))
    assert page.status_code == 200
    assert "sessionid" not in page.cookies
    assert "It tells nothing private about a child or a family." in page.content.decode()
    assert browser.post(address(agreement), GIVEN).status_code == 403  # without its token
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode()).group(1)
    answer = browser.post(address(agreement), {**GIVEN, "csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    assert "sessionid" not in answer.cookies
    asked = AskedInPublic.objects.get()
    assert (asked.state, asked.email, asked.text) == ("sent", "ada@example.org", "Who reads it?")
    assert browser.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"kind": "rumour"}, {"text": " "}, {"shown_name": ""}, {"email": "ada"}, {"text": "x" * 4001}]
)
def test_what_does_not_fit_is_said_and_kept_nowhere(agreement, client, wrong):
    answer = client.post(address(agreement), {**GIVEN, **wrong})
    assert answer.status_code == 200  # as every form of the site that shows its errors
    assert "There is a problem" in answer.content.decode()
    assert not AskedInPublic.objects.exists()


def test_nobody_asks_about_what_nobody_can_read(client):
    hidden = f.make_draft(f.make_agreement(f.make_district())).agreement
    assert client.get(address(hidden)).status_code == 404
    assert client.post(address(hidden), GIVEN).status_code == 404


def test_an_address_and_an_agreement_have_their_most_a_day(agreement, client, now):
    for _n in range(MOST_PER_ADDRESS_AND_DAY):
        assert client.post(address(agreement), GIVEN).status_code == 302
    assert client.post(address(agreement), {**GIVEN, "email": "ADA@example.org"}).status_code == 429
    for n in range(MOST_PER_AGREEMENT_AND_DAY - MOST_PER_ADDRESS_AND_DAY):
        make_asked(agreement, email=f"p{n}@example.org", is_confirmed=False)
    with pytest.raises(TooMany):
        make_asked(agreement, email="new@example.org")
    send_in(agreement=agreement, language="en", now=now + DAY + DAY, **GIVEN)


# The link


def test_only_the_button_confirms(agreement, client):
    asked = make_asked(agreement, is_confirmed=False)
    link = reverse("asking:confirm", args=[token_of(asked)])
    assert "Who reads it?" in client.get(link).content.decode()
    asked.refresh_from_db()
    assert asked.state == "sent"  # a mail scanner follows links
    assert client.post(link).status_code == 302
    asked.refresh_from_db()
    first = asked.confirmed_at
    assert asked.state == "waiting"
    client.post(link)
    asked.refresh_from_db()
    assert asked.confirmed_at == first
    assert "The district has it" in client.get(link).content.decode()
    assert not OpenQuestion.objects.exists()


def test_a_link_is_good_for_seven_days_and_cannot_be_made_up(agreement, client):
    asked = make_asked(agreement, is_confirmed=False)
    with mock.patch.object(TimestampSigner, "timestamp", return_value="1"):
        old = token_of(asked)
    for token in (old, token_of(asked)[:-1] + "!", str(asked.public_id)):
        link = reverse("asking:confirm", args=[token])
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404


# What staff decide


def test_what_is_shown_is_whole_and_its_words_leave_the_private_row(agreement, now):
    asked = make_asked(agreement, text="Why does Ann Smith read it? Ann Smith!", shown_name="A parent")
    question = moderating.publish(asked_id=asked.pk, passages=["Ann Smith"], now=now)
    assert question.text == "Why does █████ read it? █████!"
    assert question.is_blacked_out
    asked.refresh_from_db()
    assert (asked.text, asked.shown_name, asked.state) == ("", "", "published")
    with pytest.raises(moderating.NotWaiting):
        moderating.refuse(asked_id=asked.pk, reason="insult", now=now)
    assert not OpenRefusal.objects.exists()


def test_a_refusal_leaves_only_its_reason(agreement, now):
    asked = make_asked(agreement)
    moderating.refuse(asked_id=asked.pk, reason="insult", now=now)
    asked.refresh_from_db()
    assert (asked.text, asked.shown_name) == ("", "")
    assert OpenRefusal.objects.get().reason == "insult"
    with pytest.raises(moderating.NotWaiting):
        moderating.publish(asked_id=asked.pk, now=now)


def test_what_is_not_confirmed_can_not_be_shown(agreement, now):
    asked = make_asked(agreement, is_confirmed=False)
    with pytest.raises(moderating.NotWaiting):
        moderating.publish(asked_id=asked.pk, now=now)


# The mails


def test_the_asker_hears_of_each_step_once(agreement, now, post_office):
    asked = make_asked(agreement, email="ada@example.org", text="Is <b>Ann</b> in it?", now=now)
    mails.send_due(now=now)
    question = moderating.publish(asked_id=asked.pk, now=now)
    moderating.answer(question_id=question.pk, text="No.", now=now)
    for _again in range(2):
        mails.send_due(now=now)
    assert [mail["Subject"] for mail in post_office.mails] == [
        "Confirm what you asked in public",
        "What you asked is public",
        "The district answered you in public",
    ]
    assert {mail["To"] for mail in post_office.mails} == {"ada@example.org"}
    assert len({mail["Message-ID"] for mail in post_office.mails}) == 3
    assert not any("Ann" in str(mail) for mail in post_office.mails)


def test_a_refusal_is_told_with_its_reason_in_the_askers_language(agreement, now, post_office):
    asked = make_asked(agreement, language="es", now=now)
    moderating.refuse(asked_id=asked.pk, reason="off_topic", now=now)
    mails.send_due(now=now)
    assert [mail["Subject"] for mail in post_office.mails] == [
        "Confirme lo que preguntó en público",
        "Lo que preguntó no se muestra",
    ]


def test_a_mail_that_is_put_off_is_tried_again_and_then_given_up(agreement, now, post_office):
    make_asked(agreement, email="ada@example.org", is_confirmed=False, now=now)
    post_office.answers_to_recipient["ada@example.org"] = ["451 later"] * 9
    moment = now
    for _try in range(len(RETRY_AFTER) + 1):
        assert mails.send_due(now=moment) == 0
        assert mails.send_due(now=moment) == 0  # not again before its time
        moment += DAY
    mail = AskerMail.objects.get()
    assert (mail.state, mail.tries) == ("failed", len(RETRY_AFTER) + 1)


def test_an_address_that_the_mail_server_refuses_is_not_tried_again(agreement, now, post_office):
    make_asked(agreement, email="ada@example.org", is_confirmed=False, now=now)
    post_office.answers_to_recipient["ada@example.org"] = ["550 no such mailbox"]
    assert mails.send_due(now=now) == 0
    assert AskerMail.objects.get().state == "failed"


def test_a_closed_mail_server_costs_time_and_no_tries(agreement, now, post_office):
    make_asked(agreement, is_confirmed=False, now=now)
    post_office.close()
    for minutes in range(8):
        assert mails.send_due(now=now + dt.timedelta(minutes=2 * minutes)) == 0
    assert AskerMail.objects.get().tries == 0
    post_office.open()
    assert mails.send_due(now=now + dt.timedelta(minutes=30)) == 1
    assert AskerMail.objects.get().state == "sent"


def test_a_mail_whose_worker_died_is_sent_by_the_next(agreement, now, monkeypatch, post_office):
    make_asked(agreement, is_confirmed=False, now=now)
    with monkeypatch.context() as dying:
        dying.setattr(mails, "_mark", mock.Mock(side_effect=SystemExit))
        with pytest.raises(SystemExit):
            mails.send_due(now=now)
    assert mails.send_due(now=now) == 0
    assert mails.send_due(now=now + mails.LEASE) == 1
    assert AskerMail.objects.get().state == "sent"
    first, again = post_office.mails
    assert first["Message-ID"] == again["Message-ID"]


# What is kept, where, and for how long


def test_the_public_role_reads_no_address():
    for model in (AskedInPublic, AskerMail):
        with pytest.raises(Exception, match="permission denied"), public_room():
            model.objects.exists()


def test_addresses_go_thirty_days_after_the_answer_or_the_refusal(agreement, now):
    never = make_asked(agreement, is_confirmed=False, now=now)
    refused, answered, open_one, waiting = (make_asked(agreement, now=now) for _n in range(4))
    moderating.refuse(asked_id=refused.pk, reason="insult", now=now)
    moderating.publish(asked_id=open_one.pk, now=now)
    question = moderating.publish(asked_id=answered.pk, now=now)
    moderating.answer(question_id=question.pk, text="Yes.", now=now)
    assert forget(now=now + 6 * DAY) == 0
    assert forget(now=now + 8 * DAY) == 1  # never confirmed
    assert not AskedInPublic.objects.filter(pk=never.pk).exists()
    assert forget(now=now + 29 * DAY) == 0
    assert forget(now=now + 31 * DAY) == 2
    assert set(AskedInPublic.objects.values_list("pk", flat=True)) == {open_one.pk, waiting.pk}
    moderating.answer(question_id=question.pk, text="And again.", now=now)  # nobody to tell any more
    assert OpenQuestion.objects.count() == 2


BROKEN = {
    "asked_in_public_kind_is_known": ("portal_askedinpublic", {"kind": "'rumour'"}),
    "asked_in_public_state_is_known": ("portal_askedinpublic", {"state": "'lost'"}),
    "only_a_confirmed_address_asks_in_public": ("portal_askedinpublic", {"confirmed_at": "NULL"}),
    "moderated_words_are_gone_from_here": ("portal_askedinpublic", {"state": "'refused'"}),
    "what_is_published_names_its_question": (
        "portal_askedinpublic",
        {"state": "'published'", "text": "''", "shown_name": "''"},
    ),
    "asker_address_is_lower_case": ("portal_askedinpublic", {"email": "'Ada@example.org'"}),
    "asker_mail_kind_is_known": ("portal_askermail", {"kind": "'gossip'"}),
    "asker_mail_state_is_known": ("portal_askermail", {"state": "'lost'", "kind": "'published'"}),
    "only_a_refusal_is_mailed_with_its_reason": ("portal_askermail", {"kind": "'refused'"}),
    "only_an_answer_is_mailed_as_one": ("portal_askermail", {"kind": "'answered'"}),
    "an_asker_is_told_each_thing_once": ("portal_askermail", {}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_row_that_breaks_a_rule_is_refused(name, agreement):
    make_asked(agreement)
    table, changed = BROKEN[name]
    assert refused_by(copy_of(table, changed)) == name


def test_an_asker_is_told_of_an_answer_once(agreement, now):
    question = moderating.publish(asked_id=make_asked(agreement).pk, now=now)
    moderating.answer(question_id=question.pk, text="Yes.", now=now)
    assert refused_by(copy_of("portal_askermail", {})) == "an_asker_is_told_of_an_answer_once"
    named = {c.name for model in (AskedInPublic, AskerMail) for c in model._meta.constraints}
    assert named == {*BROKEN, "an_asker_is_told_of_an_answer_once"}
