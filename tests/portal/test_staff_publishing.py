"""A draft is checked, previewed, counted and published exactly as shown; then its sums meet the audience."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from consent.models import Delivery, Notice
from consent.notify import announce, fan_out
from districts.models import AgreementVersion, Basis, Participation, Publication
from districts.publish import publish_version
from tests import factories
from tests.factories import NOW
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
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    return " ".join(text.replace("&amp;", "&").split())


def at(name: str, version: AgreementVersion) -> str:
    return reverse(f"staff:{name}", args=[version.pk])


def confirm(dana: Client, version: AgreementVersion) -> Any:
    """Read the confirmation page and press its button."""
    page = dana.get(at("publish", version))
    return dana.post(at("publish", version), {"fingerprint": page.context["state"].fingerprint})


def add_families(side: Side) -> None:
    """Make a child with a letter-only guardian who reads Spanish, and one with nobody to tell."""
    lucia = factories.make_student(side.district, "Lucia", side.school)
    factories.make_guardian(side.district, "Rosa", [lucia], email="", language="es")
    factories.make_student(side.district, "Noah", side.school)


def test_the_draft_page_says_what_is_missing_in_the_words_of_the_checks(ours: Side, dana: Client) -> None:
    ours.draft.shared_elements.update(purpose=None)
    page = dana.get(at("version", ours.draft))
    assert "No reason for sharing is filled in for: home address." in words(page)
    assert "First fill in what is missing." in words(page)
    assert at("publish", ours.draft) not in page.content.decode()
    refused = dana.get(at("publish", ours.draft))
    assert refused.headers["Location"] == at("version", ours.draft)


def test_the_draft_page_counts_people_by_school_language_and_channel(ours: Side, dana: Client) -> None:
    add_families(ours)
    page = dana.get(at("version", ours.draft))
    state = page.context["state"]
    assert (state.people, state.children, state.nobody_to_tell) == (2, 3, 1)
    [(district, tables)] = page.context["tables"]
    assert district == ours.district
    assert [table["rows"] for table in tables] == [
        [["Cedar School", 2, 3, 1]],
        [["English", 1], ["Spanish", 1]],
        [["E-mail", 1], ["Letter", 1]],
    ]


def test_the_list_of_children_with_nobody_to_tell_is_streamed_and_safe_in_a_spreadsheet(
    ours: Side, dana: Client
) -> None:
    factories.make_student(ours.district, "=HYPERLINK(1)", ours.school, roster_id="st-x")
    answer = dana.get(at("version_untold_csv", ours.draft))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines == ["student,name,schools,grade", "st-x,'=HYPERLINK(1),Cedar School,03"]


def test_the_confirmation_shows_exactly_the_numbers_and_the_button_repeats_them(
    ours: Side, dana: Client
) -> None:
    add_families(ours)
    said = words(dana.get(at("publish", ours.draft)))
    assert "2 people are told, about 3 children. 1 children have nobody to tell." in said
    assert "Publish and tell 2 people" in said
    assert not Publication.objects.exists()  # looking publishes nothing


def test_what_was_confirmed_is_published_once_and_its_progress_is_shown(ours: Side, dana: Client) -> None:
    answer = confirm(dana, ours.draft)
    publication = Publication.objects.get(version=ours.draft)
    progress = reverse("staff:progress", args=[publication.public_id])
    assert answer.headers["Location"] == progress + "?watch=1"
    assert publication.published_by == ours.staff
    again = dana.post(at("publish", ours.draft), {"fingerprint": "0" * 64})
    assert again.headers["Location"] == progress
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("change", ["line", "text", "family", "date"])
def test_a_draft_that_changed_after_it_was_shown_is_not_published(
    change: str, ours: Side, dana: Client
) -> None:
    shown = dana.get(at("publish", ours.draft)).context["state"].fingerprint
    if change == "line":
        factories.add_line(ours.draft, "bus-stop")
    elif change == "text":
        ours.draft.choice_terms.get().texts.filter(language="es").update(if_no="Otra cosa.")
    elif change == "family":
        add_families(ours)
    else:
        AgreementVersion.objects.filter(pk=ours.draft.pk).update(summary="Something else.")
    answer = dana.post(at("publish", ours.draft), {"fingerprint": shown})
    assert answer.status_code == 409
    assert "It changed meanwhile." in words(answer)
    assert not Publication.objects.exists()
    fresh = answer.context["state"].fingerprint
    assert dana.post(at("publish", ours.draft), {"fingerprint": fresh}).status_code == 302
    assert Publication.objects.exists()


def test_an_agreement_already_in_use_is_published_as_a_baseline_only_if_that_was_shown(
    ours: Side, dana: Client
) -> None:
    news = dana.get(at("publish", ours.draft)).context["state"].fingerprint
    refused = dana.post(at("publish", ours.draft), {"fingerprint": news, "baseline": "on"})
    assert refused.status_code == 409
    page = dana.get(at("publish", ours.draft) + "?baseline=1")
    form = {"fingerprint": page.context["state"].fingerprint, "baseline": "on"}
    assert dana.post(at("publish", ours.draft), form).status_code == 302
    assert Publication.objects.get().kind == "baseline"


def test_a_proposal_says_that_nobody_gets_a_message(ours: Side, dana: Client) -> None:
    agreement = factories.make_agreement(ours.district, title="Skylark", state="proposed")
    page = dana.get(at("publish", factories.make_draft(agreement)))
    assert "Nobody gets a message." in words(page)
    assert "Publish and tell nobody" in words(page)


def test_the_preview_draws_the_family_pages_cards_from_the_draft(ours: Side, dana: Client) -> None:
    factories.add_line(ours.draft, "bus-stop", Basis.SCHOOL_OFFICIAL)
    url = at("preview", ours.draft)
    page = dana.get(url, {"school": ours.school.pk, "language": "en"})
    said = words(page)
    assert "Can Lumino Reading get this: home address?" in said
    assert "[en] Your child reads the same book on paper." in said
    assert "Yes, allow it for Alex" in said
    assert "bus stop" in said  # without a choice
    spanish = words(dana.get(url, {"school": ours.school.pk, "language": "es"}))
    assert "[es] Your child reads the same book on paper." in spanish
    pressed = dana.post(url, {"answer": "yes"}, follow=True)
    assert "This is a preview. Nothing was saved." in words(pressed)


def test_the_preview_says_which_schools_and_answers_are_not_concerned(ours: Side, dana: Client) -> None:
    other = factories.make_school(ours.district, "Hill School")
    publish_version(version_id=ours.draft.pk, now=NOW)
    announce(now=NOW)
    lines = [("home-address", "contact", Basis.CONSENT), ("voice", "voice", Basis.CONSENT)]
    second = factories.make_draft(ours.draft.agreement, lines)
    second.scope_schools.add(ours.school)
    away = dana.get(at("preview", second), {"school": other.pk, "language": "en"})
    assert "This agreement does not concern Hill School." in words(away)
    seen = dana.get(at("preview", second), {"school": ours.school.pk, "language": "en"}).context["seen"]
    assert [card["title"] for card in seen.questions] == ["Can Lumino Reading get this: voice?"]
    assert seen.standing == ["Can Lumino Reading get this: home address?"]


def test_progress_adds_up_to_the_audience_and_to_the_children_in_scope(ours: Side, dana: Client) -> None:
    add_families(ours)
    confirm(dana, ours.draft)
    publication = Publication.objects.get()
    address = reverse("staff:progress", args=[publication.public_id])
    waiting = dana.get(address + "?watch=1")
    assert "The messages are being prepared." in words(waiting)
    assert waiting.headers["Refresh"] == "10"
    assert "Refresh" not in dana.get(address).headers  # nobody asked for it
    announce(now=NOW)
    notice = Notice.objects.get()
    fan_out(notice.pk, now=NOW)
    people, children = dana.get(address).context["parts"][0]["tables"]
    assert dict(people["rows"])["All together"] == 2 == sum(n for _name, n in people["rows"][:-1])
    assert dict(children["rows"])["All together"] == 3 == sum(n for _name, n in children["rows"][:-1])
    assert dict(children["rows"])["Nobody to tell"] == 1
    assert "Refresh" in dana.get(address + "?watch=1").headers
    Delivery.objects.filter(notice=notice, channel="email").update(state="leased", lease_until=NOW)
    Delivery.objects.filter(notice=notice, channel="email").update(state="sent", lease_until=None)
    done = dana.get(address + "?watch=1")  # a letter waits for staff, no machine is busy
    assert "Refresh" not in done.headers
    assert done.context["is_over"]


def test_the_holder_follows_every_district_and_a_district_only_itself(ours: Side) -> None:
    state = ours.district.state
    theirs = make_side("Carols", state, "Kim")
    agreement = factories.make_agreement(state, title="Statewide")
    for side in (ours, theirs):
        Participation.objects.create(
            agreement=agreement, agency=side.district, kind="joined", from_on=factories.TODAY
        )
    draft = factories.make_draft(agreement)
    board = signed_in(factories.make_staff(state))
    counted = board.get(at("version", draft))
    assert [each.agency.name for each in counted.context["state"].audiences] == ["Carols", "Cedar"]
    assert counted.context["state"].people == 2
    confirm(board, draft)
    announce(now=NOW)
    address = reverse("staff:progress", args=[Publication.objects.get(version=draft).public_id])
    seen = {
        name: [part["notice"].agency.name for part in signed_in(user).get(address).context["parts"]]
        for name, user in (("board", factories.make_staff(state)), ("dana", ours.staff))
    }
    assert seen == {"board": ["Carols", "Cedar"], "dana": ["Cedar"]}


def test_a_draft_is_opened_as_a_copy_and_can_be_thrown_away(ours: Side, dana: Client) -> None:
    publish_version(version_id=ours.draft.pk, now=NOW)
    address = reverse("staff:open_draft", args=[ours.draft.agreement.public_id])
    opened = dana.post(address).headers["Location"]
    draft = ours.draft.agreement.versions.get(number=2)
    assert opened == at("version", draft)
    assert draft.shared_elements.count() == 1
    dana.post(at("discard", draft))
    assert ours.draft.agreement.versions.count() == 1
    assert dana.post(at("discard", ours.draft)).status_code == 404  # what is published stays


@pytest.mark.parametrize("asks", [False, True])
def test_fewer_children_are_told_to_exactly_as_many_as_the_confirmation_says(
    ours: Side, dana: Client, asks: bool
) -> None:
    """The page and the fan-out each say who hears of a second version's children (decision 19)."""
    tim = factories.make_student(ours.district, "Tim", ours.school, grade="04")
    factories.make_guardian(ours.district, "Bo", [tim])
    official = [("grade", "school", Basis.SCHOOL_OFFICIAL)]
    agreement = factories.make_agreement(ours.district, title="Cedar grades")
    publish_version(version_id=factories.make_draft(agreement, official).pk, now=NOW)
    announce(now=NOW)
    more = [("voice", "voice", Basis.CONSENT)] if asks else []
    draft = factories.make_draft(agreement, official + more, scope_grades=["03"])
    said = dana.get(at("publish", draft)).context["state"].people
    assert confirm(dana, draft).status_code == 302
    [notice] = announce(now=NOW)
    assert fan_out(notice, now=NOW) == said == (1 if asks else 2)
