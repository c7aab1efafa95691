"""Answers on paper and by telephone; the export; what was done with it; replies to families."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from consent.models import Decision, Fulfilment, Objection, QuestionVersion
from consent.notify import announce
from districts.models import Basis
from districts.publish import publish_version
from tests import factories
from tests.factories import NOW, TODAY
from tests.portal.staff_cast import Side, make_side, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day_is_the_tests_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def ours() -> Side:
    side = make_side("Cedar", factories.make_state())
    publish_version(version_id=side.draft.pk, now=NOW)
    announce(now=NOW)
    return side


@pytest.fixture
def dana(ours: Side) -> Client:
    return signed_in(ours.staff)


def words(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def address(side: Side, guardian: Any = None) -> str:
    question = QuestionVersion.objects.get(version=side.draft)
    who = guardian or side.alice
    return reverse("staff:enter_answer", args=[side.sam.public_id, who.public_id, question.pk])


def enter(client: Client, side: Side, answer: str = "no", **more: Any) -> Any:
    """Fill in the form as it is shown."""
    form = client.get(address(side)).context["form"]
    shown = {name: form.initial[name] for name in ("shown", "language", "replaces")}
    fields = {"answer": answer, "channel": "paper", "received_on": TODAY.isoformat(), **shown, **more}
    return client.post(address(side), {key: value for key, value in fields.items() if value is not None})


def test_a_child_is_found_by_the_number_and_only_todays_deciders_are_offered(
    ours: Side, dana: Client
) -> None:
    found = dana.get(reverse("staff:answers"), {"child": f" {ours.sam.roster_id} "}, follow=True)
    assert [name for _decider, name, _asked in found.context["rows"]] == ["Alice Cedar"]  # Bob is on hold
    missing = dana.get(reverse("staff:answers"), {"child": "no-such-number"})
    assert "No student here has this number." in words(missing)


def test_the_number_of_another_districts_child_finds_nobody(ours: Side, dana: Client) -> None:
    theirs = make_side("Carols", ours.district.state, "Kim")
    missing = dana.get(reverse("staff:answers"), {"child": theirs.sam.roster_id})
    assert "No student here has this number." in words(missing)


def test_an_answer_on_paper_is_kept_with_who_entered_it_when_it_came_and_its_scan(
    ours: Side, dana: Client
) -> None:
    scan = SimpleUploadedFile("../../scan of Sam.pdf", b"%PDF-1.7 a scan")
    assert enter(dana, ours, "no", scan=scan).status_code == 302
    decision = Decision.objects.get()
    assert (decision.answer, decision.channel, decision.decider) == ("no", "paper", ours.alice)
    assert (decision.entered_by, decision.received_on) == (ours.staff, TODAY)
    assert re.fullmatch(r"scans/[0-9a-f]{32}\.pdf", decision.scan)
    assert storages["private"].open(decision.scan).read() == b"%PDF-1.7 a scan"


def test_a_later_answer_by_telephone_takes_its_place(ours: Side, dana: Client) -> None:
    enter(dana, ours, "no")
    assert enter(dana, ours, "yes", channel="phone").status_code == 302
    first, second = Decision.objects.order_by("pk")
    assert (second.replaces, second.channel) == (first, "phone")
    same = enter(dana, ours, "yes")
    assert "This answer stands already." in words(same)


def test_the_question_is_shown_in_the_familys_language_and_proven_in_it(ours: Side, dana: Client) -> None:
    type(ours.alice).objects.filter(pk=ours.alice.pk).update(language="es")
    page = dana.get(address(ours))
    assert "[es] Your child reads the same book on paper." in words(page)
    enter(dana, ours, "yes")
    assert '"language":"es"' in Decision.objects.get().shown.body


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("received_on", "2026-09-02", "This day is still to come."),
        ("received_on", "", "This field is required."),
        ("answer", "perhaps", "Select a valid choice."),
        ("channel", "web", "Select a valid choice."),
        ("shown", "0" * 64, "The question or an answer changed meanwhile."),
        ("scan", SimpleUploadedFile("scan.pdf", b"<html>"), "Use a PDF, JPEG or PNG"),
    ],
)
def test_what_is_not_right_is_not_entered(
    field: str, value: Any, said: str, ours: Side, dana: Client
) -> None:
    answer = enter(dana, ours, **{field: value})
    assert answer.status_code == 422
    assert said in words(answer)
    assert not Decision.objects.exists()


def test_nothing_is_entered_for_somebody_on_hold(ours: Side, dana: Client) -> None:
    assert dana.get(address(ours, ours.bob)).status_code == 404
    assert dana.post(address(ours, ours.bob), {"answer": "yes"}).status_code == 404


def download(client: Client, side: Side) -> Any:
    return client.post(reverse("staff:export", args=[side.draft.agreement.public_id]))


def test_the_export_holds_what_is_permitted_and_names_its_moment(
    ours: Side, dana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(dana, ours, "yes")
    factories.make_student(ours.district, "Noah", ours.school)  # nobody answered for him
    rows = b"".join(download(dana, ours).streaming_content).decode().splitlines()
    assert len(rows) == 1  # sharing has not started
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + dt.timedelta(days=60))
    dana = signed_in(ours.staff)
    answer = download(dana, ours)
    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert len(rows) == 2
    assert rows[0].startswith("agreement,version,student,element")
    assert f",{ours.sam.roster_id},home-address," in rows[1]
    assert re.search(
        r'filename="permitted-cedar-reading-[\dTZ-]+\.csv"', answer.headers["Content-Disposition"]
    )
    assert dana.get(reverse("staff:export", args=[ours.draft.agreement.public_id])).status_code == 405


def test_what_was_done_is_entered_for_the_answers_the_export_held(ours: Side, dana: Client) -> None:
    enter(dana, ours, "no")
    download(dana, ours)
    page = reverse("staff:agreement", args=[ours.draft.agreement.public_id])
    until = dana.get(page).context["form"].initial["until"]
    lucia = factories.make_student(ours.district, "Lucia", ours.school)
    factories.make_guardian(ours.district, "Rosa", [lucia])
    enter(dana, ours, "yes")  # after the export
    steps = reverse("staff:steps", args=[ours.draft.agreement.public_id])
    done = {"step": "district_acted", "until": until, "done_on": TODAY.isoformat()}
    assert dana.post(steps, done).status_code == 302
    assert Fulfilment.objects.get().decision.answer == "no"
    assert Fulfilment.objects.get().recorded_by == ours.staff
    told = {**done, "step": "company_told"}
    assert "Entered for 1 answer." in words(dana.post(steps, told, follow=True))


def test_a_step_needs_an_export_and_a_day_gone_by(ours: Side, dana: Client) -> None:
    steps = reverse("staff:steps", args=[ours.draft.agreement.public_id])
    without = dana.post(steps, {"step": "district_acted", "done_on": TODAY.isoformat()})
    assert "Download the export first." in words(without)
    future = {"step": "district_acted", "until": NOW.isoformat(), "done_on": "2026-09-02"}
    assert "This day is still to come." in words(dana.post(steps, future))
    assert not Fulfilment.objects.exists()


def test_a_family_gets_a_reply_and_waits_no_more(ours: Side, dana: Client) -> None:
    said = Objection.objects.create(
        student=ours.sam, guardian=ours.alice, agreement=ours.draft.agreement, kind="ask", text="Why them?"
    )
    assert "Why them?" in words(dana.get(reverse("staff:objection", args=[said.public_id])))
    assert dana.get(reverse("staff:today")).context["due"].objections_count == 1
    dana.post(reverse("staff:objection", args=[said.public_id]), {"text": "The teachers chose it."})
    assert [(r.text, r.replied_by) for r in said.replies.all()] == [("The teachers chose it.", ours.staff)]
    assert dana.get(reverse("staff:today")).context["due"].objections_count == 0
    assert "Answered" in words(dana.get(reverse("staff:objections")))


def test_a_school_official_ground_is_never_entered_as_an_answer(ours: Side, dana: Client) -> None:
    agreement = factories.make_agreement(ours.district, title="Bus")
    publish_version(
        version_id=factories.make_draft(agreement, [("bus-stop", "bus", Basis.SCHOOL_OFFICIAL)]).pk, now=NOW
    )
    announce(now=NOW)
    page = dana.get(reverse("staff:answers_of", args=[ours.sam.public_id]))
    [(_decider, _name, asked)] = page.context["rows"]
    assert [title for _asked, title in asked] == ["Can Lumino Reading get this: home address?"]
