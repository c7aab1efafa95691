"""Messages to watchers over a real mail server: one connection, one mark each, the same Message-ID again."""

import datetime as dt
from types import SimpleNamespace

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consent.mail import exit as mail_exit
from consent.mail.exit import Outgoing, SensitiveMessageError, hand_over_public_words
from portal.tasks import gather_watch_news, send_watch_mails
from portal.watching import asking, sending, things
from portal.watching.gathering import gather
from portal.watching.messages import outgoing_of
from portal.watching.models import Watch, Watcher, WatchMail
from portal.watching.sending import LEASE, send_due
from tests.consent.mail.post_office import text_of
from tests.portal.watching.watching import ALICE, days_later, key_in, link_in, next_round, watches

pytestmark = pytest.mark.django_db

BOB = "bob@example.org"


def gathered(town, *addresses: str, kind: str = "company") -> dt.datetime:
    """Let addresses watch Lumino Reading and gather its news; return the moment."""
    for address in addresses:
        watches(kind, town.lumino, address)
    gather(now=next_round())
    return next_round()


def states() -> dict[str, str]:
    return dict(WatchMail.objects.values_list("watcher__email", "state"))


def test_the_news_of_a_day_in_both_parts_with_the_way_to_stop_them(town, client, post_office):
    town.something_happens()
    watches("district", town.district)
    now = gathered(town, ALICE)
    assert send_due(now=now) == {"sent": 1}
    [mail] = post_office.mails
    assert mail["To"] == ALICE
    assert "guardian" not in str(mail).lower()
    watcher = Watcher.objects.get()
    stop = f"https://data.cedar.example/watch/stop/{watcher.key}/"
    assert mail["List-Unsubscribe"] == f"<{stop}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        assert text.index("Cedar Valley Schools") < text.index(
            "https://data.cedar.example/companies/lumino-reading/"
        )
        assert f"https://data.cedar.example/changes/{town.second.public_id}/" in text
        assert key_in(link_in(text, "stop")) == watcher.key
        assert "<img" not in text
        assert "http://" not in text.replace("http://www.w3.org", "")
    assert client.get(link_in(text_of(mail), "stop")).status_code == 200


def test_each_address_reads_its_own_language_and_has_its_own_key(town, post_office):
    watches("company", town.lumino)
    watches("company", town.lumino, BOB, language="es")
    gather(now=next_round())
    send_due(now=next_round())
    mails = dict(zip(post_office.recipients, post_office.mails, strict=True))
    assert mails[ALICE]["Content-Language"] == "en"
    assert mails[BOB]["Content-Language"] == "es"
    assert "/es/changes/" in text_of(mails[BOB])
    assert mails[BOB]["List-Unsubscribe"] != mails[ALICE]["List-Unsubscribe"]
    assert post_office.connections == 1
    assert "What changed" not in str(mails[BOB]["Subject"])


def test_a_watch_of_a_kind_of_data_is_told_what_concerns_it(town, post_office):
    watches("data", things.KINDS["data"].named("class-photo").get())
    gather(now=next_round())
    send_due(now=next_round())
    text = text_of(post_office.mails[0])
    assert "class photo" in text.lower()
    assert "voice" not in text.lower()


def test_a_killed_worker_repeats_one_message_at_most_with_the_same_id(town, post_office, monkeypatch):
    now = gathered(town, ALICE, BOB, "carol@example.org")
    real, marked = sending._mark, []

    def mark(mail, handed, now):
        if len(marked) == 1:
            raise KeyboardInterrupt  # the second was taken by the mail server, and is not marked
        marked.append(mail)
        return real(mail, handed, now)

    monkeypatch.setattr(sending, "_mark", mark)
    with pytest.raises(KeyboardInterrupt):
        send_due(now=now)
    monkeypatch.setattr(sending, "_mark", real)
    assert send_due(now=now + LEASE - dt.timedelta(seconds=1)) == {}
    # a lease counts from when the batch was taken, a moment after `now`
    assert send_due(now=now + LEASE + dt.timedelta(seconds=1)) == {"sent": 2}
    assert sorted(post_office.recipients) == [ALICE, BOB, BOB, "carol@example.org"]
    assert len(set(post_office.ids())) == 3
    assert set(states().values()) == {"sent"}


def test_a_message_put_off_comes_again_and_one_that_is_put_off_for_ever_has_failed(town, post_office):
    now = gathered(town, ALICE)
    post_office.answers_to_recipient[ALICE] = ["451 later"] * 5
    for wait, word in [
        (0, "deferred"),
        (5, "deferred"),
        (30, "deferred"),
        (120, "deferred"),
        (720, "failed"),
    ]:
        now += dt.timedelta(minutes=wait, seconds=1)  # the wait counts from when the batch was taken
        assert send_due(now=now - dt.timedelta(seconds=2)) == {}
        assert send_due(now=now) == {word: 1}
    assert states() == {ALICE: "failed"}


def test_an_address_that_the_mail_server_refuses_is_forgotten(town, post_office):
    now = gathered(town, ALICE, BOB)
    post_office.answers_to_recipient[ALICE] = ["550 no such mailbox"]
    assert send_due(now=now) == {"sent": 1, "refused": 1}
    assert list(Watcher.objects.values_list("email", flat=True)) == [BOB]


@pytest.mark.parametrize(
    ("said", "stays"), [("bounced", False), ("complained", False), ("deferred", True), ("opened", True)]
)
def test_an_address_that_bounces_or_complains_later_is_forgotten(town, post_office, said, stays):
    send_due(now=gathered(town, ALICE, BOB))
    mail = next(one for one in post_office.mails if one["To"] == ALICE)
    event = AnymailTrackingEvent(
        event_type=said, message_id="a name of the provider's", esp_event={"id": mail["Message-ID"]}
    )
    tracking.send(sender=None, event=event, esp_name="any")
    assert Watcher.objects.filter(email=ALICE).exists() is stays
    assert Watcher.objects.filter(email=BOB).exists()


def test_a_question_does_not_wait_for_the_news_of_the_day(town, post_office, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 1)
    now = gathered(town, ALICE, BOB)
    asking.ask(email="carol@example.org", kind="company", thing=town.lumino, language="en", now=now)
    send_due(now=now)
    assert post_office.recipients == ["carol@example.org", ALICE, BOB]


def test_a_late_batch_is_leased_from_when_it_is_taken(town, post_office, monkeypatch):
    now = gathered(town, ALICE)
    clock = iter([0.0, 1100.0, 1150.0, 1300.0])
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    seen = []
    monkeypatch.setattr(sending, "_send", lambda leased, moment: seen.append(leased) or sending.Counter())
    send_due(now=now)
    [[mail]] = seen
    assert mail.next_attempt_at == now + dt.timedelta(seconds=1100) + LEASE


def test_without_a_mail_server_nothing_is_lost(town, post_office):
    now = gathered(town, ALICE)
    post_office.close()
    assert send_due(now=now) == {"postponed": 1}
    post_office.open()
    assert send_due(now=now + dt.timedelta(minutes=1, seconds=1)) == {"sent": 1}


def test_who_stopped_meanwhile_is_sent_nothing(town, post_office):
    now = gathered(town, ALICE)
    both = watches("district", town.district, BOB)
    watches("company", town.lumino, BOB)
    gather(now=next_round())
    asking.stop(Watcher.objects.get(email=ALICE).key)
    asking.stop(both.watcher.key, only=both.key)
    assert send_due(now=now) == {"sent": 1}
    assert "/d/cedar-valley/" not in text_of(post_office.mails[0])
    empty = gathered(town, ALICE)
    Watch.objects.filter(watcher__email=ALICE).delete()
    assert send_due(now=empty) == {}
    assert set(states()) == {BOB}


def test_the_same_words_are_built_once_and_ten_addresses_cost_no_more_queries_than_one(town, post_office):
    counts = []
    for n in (1, 10):
        gathered(town, *[f"w{n}-{each}@example.org" for each in range(n)])
        due = list(WatchMail.objects.filter(state="due").select_related("watcher"))
        with CaptureQueriesContext(connection) as asked:
            outgoing = outgoing_of(due)
        counts.append(len(asked))
        assert len(outgoing) == n
        assert len({id(one.message) for one in outgoing}) == 1
        send_due(now=next_round())
    assert counts[0] == counts[1]


def test_a_long_list_is_cut_and_says_how_much_more_there_is(town, post_office, monkeypatch):
    monkeypatch.setattr("portal.watching.messages.MOST_PUBLICATIONS", 1)
    send_due(now=gathered(town, ALICE))
    assert "And 1 more change." in text_of(post_office.mails[0])


def test_the_public_way_out_carries_nothing_of_a_family(post_office):
    one = Outgoing((1,), None, "", ALICE, "x@y", "")
    with pytest.raises(SensitiveMessageError):
        hand_over_public_words([one], now=timezone.now(), seconds=1)
    assert mail_exit.hand_over_public_words([], now=timezone.now(), seconds=1) is not None


def test_the_two_tasks_do_it_all_and_may_run_again(town, post_office, settings):
    settings.WATCH_HOUR = 0
    watches("company", town.lumino, at=timezone.now() - dt.timedelta(days=2))
    asking.ask(email=BOB, kind="company", thing=town.lumino, language="en", now=timezone.now())
    for _n in range(2):
        send_watch_mails()
        gather_watch_news()
    assert post_office.recipients == [BOB]  # today's news come with the next round
    gather(now=days_later(0))
    assert send_due(now=days_later(0)) == {"sent": 1}
