"""Who gets into the staff pages, and that each of them ends at the border of the own district."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from consent.models import Claim, LetterRun, Objection, QuestionVersion
from consent.notify import announce
from districts.discussion import announce_hearing, open_comments
from districts.models import Incident, Participation, RegisterReview
from districts.papers import attach_public_copy
from districts.publish import publish_version
from portal.asking.moderating import publish as publish_asked
from portal.models import Upload, User
from portal.staff.urls import urlpatterns
from tests import factories
from tests.cedar_valley import blank_pdf
from tests.factories import NOW, TODAY
from tests.portal.askers import make_asked
from tests.portal.staff_cast import Side, make_side, signed_in

pytestmark = pytest.mark.django_db

# The address of each page for one district's objects.
# Asked for before it is known for which agency somebody works; each has tests of its own.
BEFORE_AN_AGENCY = {"agency", "second_step"}
OPEN_TO_ALL_STAFF = {
    "today",
    "untold",
    "untold_csv",
    "agreements",
    "uploads",
    "upload_roster",
    "upload_register",
    "reviews",
    "papers",
    "answers",
    "letters",
    "holds",
    "objections",
    "asked",
}
ACTS = {"failures_seen", "print_letters", "letter_returned"}


@pytest.fixture
def ours() -> Side:
    return make_side("Cedar", factories.make_state())


@pytest.fixture
def theirs(ours: Side) -> Side:
    return make_side("Carols", ours.district.state, "Kim")


def addresses_of(side: Side) -> dict[str, list[Any]]:
    """Return what each page that shows one object takes, for one district's objects."""
    second = factories.make_agreement(side.district, title="Skylark")
    published = factories.make_draft(second, summary="Reads aloud.")
    publication = publish_version(version_id=published.pk, now=NOW)
    announce(now=NOW)
    question = QuestionVersion.objects.get(version=published)
    objection = Objection.objects.create(
        student=side.sam, guardian=side.alice, agreement=second, kind="ask", text="Why?"
    )
    incident = Incident.objects.create(agency=side.district, learned_on=TODAY, description="Lost laptop.")
    upload = Upload.objects.create(
        agency=side.district, kind="roster", name="r.zip", sha256="0" * 64, size=1, handed_in_by=side.staff
    )
    words = RegisterReview.objects.create(
        agency=side.district, kind="element", words="glorp", words_sha256="0" * 64, file="r.csv", line=2
    )
    run = LetterRun.objects.create(agency=side.district)
    window = open_comments(
        agreement_id=second.pk, opens_on=TODAY, closes_on=TODAY, how_to_take_part="Write.", now=NOW
    )
    hearing = announce_hearing(
        agreement_id=second.pk, starts_at=timezone.now() + dt.timedelta(days=9), place="Library", now=NOW
    )
    asked = make_asked(second)
    question_asked = publish_asked(asked_id=make_asked(second).pk, now=NOW)
    draft, agreement, public = [side.draft.pk], [second.public_id], [published.pk]
    paper = attach_public_copy(version_id=published.pk, data=blank_pdf(1))
    return {
        "version": draft,
        "preview": draft,
        "publish": draft,
        "discard": draft,
        "version_untold_csv": draft,
        "inventory": draft,
        "public_parts": public,
        "clauses": public,
        "withdraw_words": [published.pk, "summary"],
        "withdraw_paper": [paper.public_id],
        "progress": [publication.public_id],
        "agreement": agreement,
        "open_draft": agreement,
        "export": agreement,
        "steps": agreement,
        "verb": [second.public_id, "end"],
        "discussion": agreement,
        "open_comments": agreement,
        "announce_hearing": agreement,
        "move_end": [window.pk],
        "moderate": [asked.public_id],
        "refuse": [asked.public_id],
        "open_question": [question_asked.public_id],
        "withdraw_question": [question_asked.public_id],
        "cancel_hearing": [hearing.public_id],
        "upload": [upload.public_id],
        "drop_upload": [upload.public_id],
        "review": [words.pk],
        "answers_of": [side.sam.public_id],
        "enter_answer": [side.sam.public_id, side.alice.public_id, question.pk],
        "letters_file": [run.pk],
        "letters_posted": [run.pk],
        "place_hold": [side.tie.pk],
        "hold": [side.hold.pk],
        "hold_order": [side.hold.pk],
        "hold_lift": [side.hold.pk],
        "claims": [side.alice.public_id],
        "claim": [Claim.objects.create(user=factories.make_user(), guardian=side.alice, proof="staff").pk],
        "objection": [objection.public_id],
        "incident": [incident.public_id],
    }


TO_ALL = OPEN_TO_ALL_STAFF | BEFORE_AN_AGENCY
ONE_OBJECT = [path.name for path in urlpatterns if path.name not in TO_ALL | ACTS]


def test_every_page_asks_who_is_there() -> None:
    for path in urlpatterns:
        view = path.callback
        assert getattr(view, "is_staff_page", False) or path.name in BEFORE_AN_AGENCY, path.name
    assert get_resolver().namespace_dict["staff"]


@pytest.mark.parametrize("name", ONE_OBJECT)
def test_another_districts_object_does_not_exist_by_any_method(name: str, ours: Side, theirs: Side) -> None:
    dana, carols = signed_in(ours.staff), signed_in(theirs.staff)
    address = reverse(f"staff:{name}", args=addresses_of(theirs)[name])
    posted = dana.post(address, {"school": 1, "sha256": "0" * 64})
    assert posted.status_code in (404, 405)
    assert dana.get(address).status_code in (404, 405)
    own = {carols.get(address).status_code}
    if own == {405}:
        own = {carols.post(address, {"step": "district_acted"}).status_code}
    assert not own & {403, 500}
    assert own != {404} or name == "letters_file"  # this printing has no file yet


@pytest.mark.parametrize("name", sorted(OPEN_TO_ALL_STAFF))
def test_a_page_is_for_staff_of_an_agency(name: str, ours: Side) -> None:
    address = reverse(f"staff:{name}")
    assert signed_in(ours.staff).get(address).status_code == 200
    assert Client().get(address).status_code == 302
    assert signed_in(factories.make_user()).get(address).status_code == 302
    homeless = User.objects.create_user("nobody@example.org", is_staff=True)
    assert signed_in(homeless).get(address).status_code == 404


@pytest.mark.parametrize("name", sorted(OPEN_TO_ALL_STAFF))
def test_a_staff_page_is_not_kept_by_any_cache(name: str, ours: Side) -> None:
    answer = signed_in(ours.staff).get(reverse(f"staff:{name}"))
    assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_sees_all_agencies_works_for_one_at_a_time(ours: Side, theirs: Side) -> None:
    runs = signed_in(User.objects.create_superuser("runs@example.org", "correct horse battery"))
    assert runs.get(reverse("staff:today")).headers["Location"] == reverse("staff:agency")
    runs.post(reverse("staff:agency"), {"agency": theirs.district.pk})
    assert theirs.district.name in runs.get(reverse("staff:today")).content.decode()
    assert runs.get(reverse("staff:version", args=[ours.draft.pk])).status_code == 404
    assert signed_in(ours.staff).get(reverse("staff:agency")).status_code == 404


def test_a_district_that_joined_sees_the_agreement_but_no_draft_of_it(ours: Side, theirs: Side) -> None:
    agreement = factories.make_agreement(ours.district.state, title="Statewide")
    published = factories.make_draft(agreement)
    Participation.objects.create(agreement=agreement, agency=ours.district, kind="joined", from_on=TODAY)
    publish_version(version_id=published.pk, now=NOW)
    draft = factories.make_draft(agreement, effective_from=None)
    dana = signed_in(ours.staff)
    page = dana.get(reverse("staff:agreement", args=[agreement.public_id]))
    assert [version.pk for version in page.context["versions"]] == [published.pk]
    assert dana.get(reverse("staff:version", args=[draft.pk])).status_code == 404
    assert dana.post(reverse("staff:open_draft", args=[agreement.public_id])).status_code == 404
    away = signed_in(theirs.staff)
    assert away.get(reverse("staff:agreement", args=[agreement.public_id])).status_code == 404


def test_what_nobody_has_is_nothing_for_staff_either(ours: Side) -> None:
    dana = signed_in(ours.staff)
    for name in ("agreement", "progress", "upload", "objection", "incident"):
        assert dana.get(reverse(f"staff:{name}", args=[uuid.uuid4()])).status_code == 404
