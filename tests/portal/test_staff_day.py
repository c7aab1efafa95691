"""What the day asks: alarms, holds, failures, letters, reviews, children with nobody to tell."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from consent.letters import reference_of
from consent.models import Attempt, Delivery, Guardianship, Hold, LetterRun, Notice
from consent.notify import announce, fan_out
from districts.models import Agreement, Incident, Participation, Publication
from districts.publish import publish_version
from portal.tasks import print_letters
from tests import factories
from tests.factories import NOW, TODAY
from tests.portal.staff_cast import Side, make_side, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day_is_the_tests_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def ours() -> Side:
    return make_side("Cedar", factories.make_state())


@pytest.fixture
def dana(ours: Side) -> Client:
    return signed_in(ours.staff)


def words(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def today(client: Client) -> Any:
    return client.get(reverse("staff:today"))


def told(side: Side) -> Delivery:
    """Publish the draft and return the delivery to Alice."""
    publish_version(version_id=side.draft.pk, now=NOW)
    announce(now=NOW)
    notice = Notice.objects.get(agency=side.district)
    fan_out(notice.pk, now=NOW)
    return Delivery.objects.get(notice=notice, guardian=side.alice)


def fail(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state="failed")


def test_today_lists_what_is_due_and_nothing_of_another_district(ours: Side, dana: Client) -> None:
    factories.make_student(ours.district, "Noah")
    before = words(today(dana))
    theirs = make_side("Carols", ours.district.state, "Kim")
    fail(told(theirs))
    page = today(dana)
    assert words(page) == before
    due = page.context["due"]
    assert [hold.pk for hold in due.holds] == [ours.hold.pk]
    assert [draft.pk for draft in due.drafts] == [ours.draft.pk]
    assert (due.untold_count, due.failures_count, due.alarms) == (1, 0, [])
    assert "No alarm." in before


def test_an_overdue_hold_and_a_failure_raise_alarms(ours: Side, dana: Client) -> None:
    Hold.objects.filter(pk=ours.hold.pk).update(review_due_on=TODAY - dt.timedelta(days=1))
    fail(told(ours))
    said = words(today(dana))
    assert "1 hold is past its day: record the order or lift it." in said
    assert "1 message reached nobody." in said


def test_work_that_is_due_and_not_sent_for_an_hour_raises_an_alarm(ours: Side, dana: Client) -> None:
    delivery = told(ours)
    Delivery.objects.filter(pk=delivery.pk).update(due_since=NOW - dt.timedelta(hours=2))
    assert "1 message is due and nothing was sent for an hour." in words(today(dana))


def test_a_failure_stays_until_somebody_has_seen_it_and_others_failures_are_not_touched(
    ours: Side, dana: Client
) -> None:
    theirs = make_side("Carols", ours.district.state, "Kim")
    mine, other = told(ours), told(theirs)
    fail(mine), fail(other)
    assert f"Alice Cedar ({ours.alice.roster_id}): Cedar reading" in words(today(dana))
    dana.post(reverse("staff:failures_seen"), {"delivery": [mine.pk, other.pk, "x"]})
    states = dict(Delivery.objects.filter(pk__in=[mine.pk, other.pk]).values_list("pk", "state"))
    assert states == {mine.pk: "failure_seen", other.pk: "failed"}
    assert today(dana).context["due"].failures_count == 0


def test_children_with_nobody_to_tell_are_counted_listed_and_streamed(ours: Side, dana: Client) -> None:
    noah = factories.make_student(ours.district, "Noah", ours.school, roster_id="n-1")
    factories.make_student(ours.district, "Gone", ours.school, ended_on=TODAY)
    ended = factories.make_student(ours.district, "Ava", ours.school, roster_id="a-1")
    factories.make_guardian(ours.district, "Past", [ended], ended_on=TODAY)
    assert today(dana).context["due"].untold_count == 2
    page = dana.get(reverse("staff:untold"))
    assert page.context["rows"] == [
        ["Ava", "a-1", "Cedar School", "03"],
        ["Noah", noah.roster_id, "Cedar School", "03"],
    ]
    lines = b"".join(dana.get(reverse("staff:untold_csv")).streaming_content).decode().splitlines()
    assert lines[1:] == ["a-1,Ava,Cedar School,03", "n-1,Noah,Cedar School,03"]


def test_a_hold_is_placed_and_shows_by_name_what_had_already_gone_out(ours: Side, dana: Client) -> None:
    delivery = told(ours)
    Delivery.objects.filter(pk=delivery.pk).update(state="leased", lease_until=NOW)
    Delivery.objects.filter(pk=delivery.pk).update(state="sent", lease_until=None)
    Attempt.objects.create(delivery=delivery, n=1, channel="email", result="accepted", message_id="<x@h>")
    found = dana.get(reverse("staff:holds"), {"child": ours.sam.roster_id})
    assert {name for _tie, name in found.context["ties"]} == {"Alice Cedar", "Bob Cedar"}
    place = reverse("staff:place_hold", args=[ours.tie.pk])
    assert not Hold.objects.filter(guardianship=ours.tie).exists()
    answer = dana.post(place, {"evidence": "The father showed a court order."}, follow=True)
    hold = Hold.objects.get(guardianship=ours.tie)
    assert (hold.origin, hold.placed_by) == ("staff", ours.staff)
    said = words(answer)
    assert "Alice Cedar : an e-mail" in said
    assert "Handed to the mail server; it cannot be called back." in said


def test_the_order_behind_a_hold_is_recorded_or_it_is_lifted_with_a_reason(ours: Side, dana: Client) -> None:
    page = reverse("staff:hold", args=[ours.hold.pk])
    assert "Nothing about this child had just gone out" in words(dana.get(page))
    without = dana.post(reverse("staff:hold_order", args=[ours.hold.pk]), {"reference": " "})
    assert without.status_code == 422
    assert 'href="#id_reference"' in without.content.decode()
    dana.post(reverse("staff:hold_order", args=[ours.hold.pk]), {"reference": "Cook 2026-D-0412"})
    assert today(dana).context["due"].holds_count == 0  # it stands without a due day
    dana.post(reverse("staff:hold_lift", args=[ours.hold.pk]), {"reason": ""})
    assert Hold.objects.get(pk=ours.hold.pk).lifted_at is None
    dana.post(reverse("staff:hold_lift", args=[ours.hold.pk]), {"reason": "The order ended."})
    hold = Hold.objects.get(pk=ours.hold.pk)
    assert (hold.lifted_by, hold.lifted_reason, hold.order_reference) == (
        ours.staff,
        "The order ended.",
        "Cook 2026-D-0412",
    )
    again = dana.post(reverse("staff:hold_lift", args=[ours.hold.pk]), {"reason": "Again."}, follow=True)
    assert "This hold was lifted already." in words(again)


def printed(side: Side) -> tuple[LetterRun, Delivery]:
    """Return a printing with Alice's letter, as the letters' worker leaves it."""
    delivery = told(side)
    run = LetterRun.objects.create(agency=side.district, letters=1, printed_at=NOW)
    run.file = storages["private"].save(f"letters/{run.pk}.pdf", ContentFile(b"%PDF-1.7 letters"))
    run.save()
    Delivery.objects.filter(pk=delivery.pk).update(channel="letter", letter_run=run, state="printed")
    return run, delivery


def test_letters_are_printed_by_their_worker_when_staff_ask(
    ours: Side, dana: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    delivery = told(ours)
    Delivery.objects.filter(pk=delivery.pk).update(channel="letter")
    assert "1 letter to print." in words(today(dana))
    asked: list[int] = []
    monkeypatch.setattr(print_letters, "delay", asked.append)
    with django_capture_on_commit_callbacks(execute=True):
        dana.post(reverse("staff:print_letters"))
    assert asked == [ours.district.pk]
    assert dana.get(reverse("staff:print_letters")).status_code == 405


def test_the_letters_of_a_district_are_fetched_by_its_staff_only(ours: Side, dana: Client) -> None:
    run, _delivery = printed(ours)
    answer = dana.get(reverse("staff:letters_file", args=[run.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 letters"
    theirs = make_side("Carols", ours.district.state, "Kim")
    assert signed_in(theirs.staff).get(reverse("staff:letters_file", args=[run.pk])).status_code == 404
    assert signed_in(theirs.staff).post(reverse("staff:letters_posted", args=[run.pk])).status_code == 404


def test_a_printing_is_marked_as_posted_and_a_letter_that_came_back_counts_as_failed(
    ours: Side, dana: Client
) -> None:
    run, delivery = printed(ours)
    assert "Mark as posted" in words(dana.get(reverse("staff:letters")))
    dana.post(reverse("staff:letters_posted", args=[run.pk]))
    delivery.refresh_from_db()
    assert delivery.state == "posted"
    twice = dana.post(reverse("staff:letters_posted", args=[run.pk]), follow=True)
    assert "No letter of this printing waits to be posted." in words(twice)
    wrong = dana.post(reverse("staff:letter_returned"), {"reference": f"{delivery.pk}-0000"})
    assert "No posted letter has this number." in words(wrong)
    number = reference_of(delivery.pk, str(delivery.public_id))
    dana.post(reverse("staff:letter_returned"), {"reference": number.lower()})
    assert today(dana).context["due"].failures_count == 1


def test_people_who_wait_for_review_are_counted(ours: Side, dana: Client) -> None:
    factories.make_guardian(ours.district, "Grandma", [ours.sam], "grandparent", "review")
    assert "1 person waits for review" in words(today(dana))
    Guardianship.objects.filter(rights="review").update(ended_on=TODAY)
    assert "0 people wait for review" in words(today(dana))


def do(client: Client, agreement: Agreement, name: str, **fields: str) -> Any:
    return client.post(reverse("staff:verb", args=[agreement.public_id, name]), fields)


def test_a_proposed_agreement_is_signed_and_told(ours: Side, dana: Client) -> None:
    agreement = factories.make_agreement(ours.district, title="Skylark", state="proposed")
    draft = factories.make_draft(agreement, sharing_starts_on=None)
    refused = do(dana, agreement, "sign", begins_on="2026-09-01")
    assert "needs 14 days to tell families" in words(refused)
    agreement.refresh_from_db()
    assert agreement.state == "proposed"
    done = do(dana, agreement, "sign", begins_on="2026-09-01", sharing_starts_on="2026-10-01")
    assert done.status_code == 302
    assert Publication.objects.get(version=draft).kind == "version"
    assert do(dana, agreement, "sign", begins_on="2026-09-01").status_code == 404  # nothing left to sign


def test_a_proposed_agreement_is_not_approved_and_families_get_no_message(ours: Side, dana: Client) -> None:
    agreement = factories.make_agreement(ours.district, title="Skylark", state="proposed")
    publish_version(version_id=factories.make_draft(agreement).pk, now=NOW)
    page = words(dana.get(reverse("staff:agreement", args=[agreement.public_id])))
    assert "Do not approve it" in page
    assert do(dana, agreement, "decline", note="No day.").status_code == 422
    done = dana.post(
        reverse("staff:verb", args=[agreement.public_id, "decline"]),
        {"declined_on": "2026-09-01", "note": "Two apps do the same."},
        follow=True,
    )
    assert "Done. It stands as not approved." in words(done)
    assert "Families are told" not in words(done)
    change = Publication.objects.get(agreement=agreement, kind="ended").changes.get()
    assert change.severity == "public_only"
    assert do(dana, agreement, "sign", begins_on="2026-09-01").status_code == 404
    assert do(dana, ours.draft.agreement, "decline", declined_on="2026-09-01").status_code == 404


def test_an_agreement_is_extended_and_ended(ours: Side, dana: Client) -> None:
    agreement = ours.draft.agreement
    early = do(dana, agreement, "extend", ends_on="2026-10-01")
    assert "That does not fit this agreement and its dates." in words(early)
    do(dana, agreement, "extend", ends_on="2030-06-30")
    do(dana, agreement, "end", ends_on="2026-12-31", note="The money ran out.")
    agreement.refresh_from_db()
    assert agreement.ends_on == dt.date(2026, 12, 31)


def test_a_district_joins_what_its_state_holds_and_nothing_else(ours: Side, dana: Client) -> None:
    state = ours.district.state
    offered = factories.make_agreement(state, title="Statewide")
    publish_version(version_id=factories.make_draft(offered).pk, now=NOW)
    elsewhere = factories.make_agreement(factories.make_state("Ohio"), title="Ohio only")
    publish_version(version_id=factories.make_draft(elsewhere).pk, now=NOW)
    page = dana.get(reverse("staff:agreements"))
    assert [each.title for each in page.context["offers"]] == ["Statewide"]
    assert do(dana, elsewhere, "join", kind="joined", from_on="2026-09-01").status_code == 404
    assert do(dana, offered, "join", kind="joined", from_on="2026-09-01").status_code == 302
    assert Participation.objects.get(agreement=offered).agency == ours.district
    assert do(dana, offered, "end", ends_on="2026-12-31").status_code == 404  # the state holds it


def test_a_breach_is_told_after_a_confirmation(ours: Side, dana: Client) -> None:
    told(ours)
    incident = Incident.objects.create(
        agency=ours.district,
        vendor=ours.draft.agreement.vendor,
        learned_on=TODAY,
        description="A laptop was lost.",
    )
    address = reverse("staff:incident", args=[incident.public_id])
    assert "Families under these agreements are told" in words(dana.get(address))
    assert not Publication.objects.filter(incident=incident).exists()
    said = words(dana.post(address, follow=True))
    assert Publication.objects.get(incident=incident).agreement == ours.draft.agreement
    assert "Families were told" in said
    assert "Tell families now" not in said
