"""At the one exit entitlement, holds, addresses and sensitivity are read again, whatever the claim saw."""

import datetime as dt

import pytest

from consent import holds
from consent.bundles import single
from consent.deliver import _outgoing, claim, deliver, resume
from consent.leases import ClaimedDelivery
from consent.mail import exit as mail_exit
from consent.mail.build import Builder
from consent.mail.exit import Outgoing, SensitiveMessageError, hand_over, hand_over_sign_in_code
from consent.models import Attempt, Delivery, Guardian, Guardianship, Hold
from consent.outcomes import mark
from tests import factories as f
from tests.consent.mail.post_office import text_of
from tests.consent.mail.situation import NOON, standing, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return f.make_district()


@pytest.fixture
def sam(district):
    return f.make_student(district)


@pytest.fixture
def alice(district, sam):
    return f.make_guardian(district, "Alice", of=[sam])


def leased(notice) -> tuple[list[ClaimedDelivery], list[Outgoing]]:
    """Claim what is due of a notice and build its messages, as a worker does just before it sends."""
    claimed = claim(notice_id=notice.pk, after_id=0, limit=100, now=NOON).deliveries
    builder = Builder(notice.agency, now=NOON)
    return list(claimed), [_outgoing(single(delivery), builder, set()) for delivery in claimed]


def go_on(notice, claimed, outgoing) -> None:
    handed = hand_over(outgoing, agency=notice.agency, now=NOON, seconds=60)
    mark(handed, {delivery.id: delivery for delivery in claimed}, now=NOON)


def place_hold(guardian: Guardian, student) -> Hold:
    tie = Guardianship.objects.get(guardian=guardian, student=student)
    return holds.place_hold(
        guardianship_id=tie.pk, origin="roster", evidence="NO CONTACT ALLOWED", by=None, now=NOON
    )


def test_a_hold_placed_between_claim_and_sending_stops_the_message(post_office, alice, sam) -> None:
    notice = told(alice.agency)
    batch = leased(notice)
    hold = place_hold(alice, sam)
    go_on(notice, *batch)
    assert post_office.mails == []
    assert standing() == {"Alice": "withheld/email"}
    assert not Attempt.objects.exists()
    assert holds.slipped_out(hold) == []


def test_a_bar_that_only_the_exit_sees_is_withheld_there(post_office, alice, sam) -> None:
    """No service told the deliveries: a hold row alone is enough."""
    notice = told(alice.agency)
    batch = leased(notice)
    f.make_hold(alice, sam)
    go_on(notice, *batch)
    assert post_office.mails == []
    assert Delivery.objects.get().withheld_because == "hold"


def test_an_address_that_somebody_barred_began_to_share_gets_nothing_more(
    post_office, district, alice, sam
) -> None:
    bob = f.make_guardian(district, "Bob", of=[sam])
    notice = told(district)
    batch = leased(notice)
    Guardian.objects.filter(pk=bob.pk).update(email=alice.email)
    f.make_hold(bob, sam)
    go_on(notice, *batch)
    resume(now=NOON)
    assert post_office.mails == []
    assert standing() == {"Alice": "due/letter", "Bob": "withheld/email"}


def test_an_address_changed_since_the_claim_is_read_anew(post_office, alice) -> None:
    notice = told(alice.agency)
    batch = leased(notice)
    Guardian.objects.filter(pk=alice.pk).update(email="alice.new@example.org")
    go_on(notice, *batch)
    resume(now=NOON)
    assert post_office.recipients == ["alice.new@example.org"]


def test_a_message_that_names_its_subject_never_carries_a_notice_that_must_not(post_office, alice) -> None:
    notice = told(alice.agency)
    _claimed, outgoing = leased(notice)
    type(notice).objects.filter(pk=notice.pk).update(is_generic=True)
    with pytest.raises(SensitiveMessageError):
        hand_over(outgoing, agency=notice.agency, now=NOON, seconds=60)
    assert post_office.mails == []


def test_a_sensitive_notice_goes_out_and_says_nothing(post_office, district, alice) -> None:
    deliver(
        notice_id=told(district, lines=[("asthma-plan", "health-care", "consent")], scope_programs=[]).pk,
        now=NOON,
    )
    assert "asthma" in text_of(post_office.mails[0])
    lines = [("asthma-care", "health-care", "consent")]
    element = f.make_element("asthma-care", "health-care", sensitive_kind="health")
    assert element.sensitive_kind == "health"
    deliver(notice_id=told(district, lines=lines).pk, now=NOON)
    mail = post_office.mails[1]
    for part in (str(mail["Subject"]), text_of(mail), text_of(mail, "html")):
        assert "asthma" not in part
        assert "health" not in part
        assert "Lumino" not in part


def test_a_code_to_sign_in_goes_out_and_tells_nothing_of_a_family(post_office) -> None:
    assert hand_over_sign_in_code("alice@example.org", "40713355", "es")
    [mail] = post_office.mails
    assert str(mail["To"]) == "alice@example.org"
    assert str(mail["Subject"]) == "Su código para entrar"
    for part in ("plain", "html"):
        assert text_of(mail, part).count("40713355") == 1
    assert str(mail["Auto-Submitted"]) == "auto-generated"


@pytest.mark.parametrize("address", ["no address", "a@b.example\r\nBcc: c@d.example"])
def test_a_code_for_what_is_no_address_is_not_sent(post_office, address) -> None:
    assert not hand_over_sign_in_code(address, "40713355", "en")
    assert post_office.mails == []


def test_a_code_is_not_taken_for_sent_when_the_server_is_closed(post_office) -> None:
    post_office.close()
    assert not hand_over_sign_in_code("alice@example.org", "40713355", "en")


def test_a_batch_that_takes_too_long_leaves_the_rest_for_the_next(post_office, district, sam, alice) -> None:
    f.make_guardian(district, "Bob", of=[sam])
    notice = told(district)
    claimed, outgoing = leased(notice)
    handed = mail_exit.hand_over(outgoing, agency=district, now=NOON, seconds=-1)
    counts = mark(handed, {delivery.id: delivery for delivery in claimed}, now=NOON)
    assert dict(counts) == {"postponed": 2}
    resume(now=NOON + dt.timedelta(minutes=2))
    assert len(post_office.mails) == 2
