"""A client that follows the cursor holds the present register, whatever is written, renamed or taken out."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from districts.discussion import cancel_hearing, move_end
from districts.incidents import report_incident
from districts.models import (
    AgreementDocument,
    DocumentWithdrawal,
    Incident,
    RegisterStamp,
    RegisterVersion,
    Remark,
    Ruling,
    School,
    VendorOwnership,
)
from districts.open_questions import answer_question, count_refusal, withdraw_question
from districts.publish import publish_version
from tests import factories as f
from tests.districts.api.register import fill, follow, get, read_lists, secret_vendor, stamp_now
from tests.districts.discussing import DAY, asked, heard, windowed

committed = pytest.mark.django_db(transaction=True)


@committed
def test_whoever_starts_empty_and_follows_the_cursor_holds_the_present_register():
    fill()
    kept = {}
    follow(kept)
    assert kept == read_lists()
    assert {resource for resource, _id in kept} == {
        "agencies",
        "schools",
        "vendors",
        "products",
        "categories",
        "elements",
        "purposes",
        "agreements",
        "versions",
        "participations",
        "incidents",
        "publications",
        "comment_windows",
        "hearings",
        "questions",
        "refusals",
    }


@committed
def test_a_client_that_comes_back_gets_only_what_was_written_since():
    version = fill()
    kept = {}
    since = follow(kept)
    assert get("changes", since=since) == {"next": since, "more": False, "results": []}

    district = version.agreement.agency
    district.name = "Cedar Valley Unified"
    district.save()
    answer = get("changes", since=since)
    assert [(e["resource"], e["id"]) for e in answer["results"]] == [("agencies", district.pk)]
    assert answer["results"][0]["record"]["name"] == "Cedar Valley Unified"


def what_happens(version):
    """Everything that can make an object of the register another one, or take it out."""
    agreement = version.agreement
    vendor, district = agreement.vendor, agreement.agency

    def rename_company():
        vendor.name = "Lumino Learning"
        vendor.save()

    def publish_the_secret():
        draft = secret_vendor().agreements.get().versions.get()
        publish_version(version_id=draft.pk, now=f.NOW)

    def add_and_lose_an_owner():
        owner = f.make_vendor("Media House")
        above = f.make_vendor("Media Holding")
        VendorOwnership.objects.create(vendor=owner, owner=above)
        link = VendorOwnership.objects.create(vendor=vendor, owner=owner)
        yield
        link.delete()

    def report_and_correct_a_breach():
        told = Incident.objects.create(
            agency=district, vendor=secret_vendor(), learned_on=f.TODAY, description="Not told yet."
        )
        breach = Incident.objects.create(agency=district, learned_on=f.TODAY, description="A bag was lost.")
        breach.elements.add(f.make_element("bus-stop", "travel", agency=district))
        yield
        breach.elements.clear()
        yield
        breach.delete()
        told.agreement = secret_vendor().agreements.get()
        told.save()
        told.elements.add(f.make_element("locker", "travel", agency=district))
        report_incident(incident_id=told.pk, now=f.NOW)

    def leave_a_small_breach_off():
        breach = Incident.objects.create(
            agency=district,
            learned_on=f.TODAY,
            description="A list was lost.",
            students_affected=420,
            enrollment=4210,
        )
        yield
        breach.left_off_because = "below_a_tenth"
        breach.save()

    def let_others_speak():
        order = {"vendor": vendor, "kind": "order", "body": "Trade office", "decided_on": f.TODAY}
        wrong = Ruling.objects.create(**order, summary="Wrong.", source_url="https://office.example/1")
        remark = Remark.objects.create(agreement=agreement, party="reader", text="No.", said_on=f.TODAY)
        yield
        Ruling.objects.create(**order | {"kind": "taken_back"}, summary="Another company.", replaces=wrong)
        yield
        Remark.objects.create(
            agreement=agreement,
            party="district",
            answers_to=remark,
            takes_down=True,
            text="It named a child.",
            said_on=f.TODAY,
        )

    def discuss_it():
        window, hearing, question = (
            windowed(agreement, f.NOW),
            heard(agreement, f.NOW),
            asked(agreement, f.NOW),
        )
        count_refusal(agreement=agreement, reason="insult", now=f.NOW)
        yield
        move_end(window_id=window.pk, closes_on=f.TODAY + 30 * DAY, reason="A holiday.", now=f.NOW)
        cancel_hearing(hearing_id=hearing.pk, reason="Snow.", now=f.NOW)
        answer_question(question_id=question.pk, text="The teacher.", now=f.NOW)
        yield
        withdraw_question(question_id=question.pk, reason="A child was named.")

    def withdraw_a_paper():
        paper = AgreementDocument.objects.create(version=version, file="c.pdf", sha256="1" * 64, size=2)
        yield
        DocumentWithdrawal.objects.create(document=paper, reason="A child's name stood in it.")

    def change_the_terms():
        agreement.ends_on += dt.timedelta(days=30)
        agreement.save()
        agreement.products.clear()

    def close_a_school():
        School.objects.filter(agency=district).update(ended_on=f.TODAY)
        extra = f.make_school(district, "Opened by mistake")
        yield
        extra.delete()

    def recode_an_element():
        element = f.make_element("old-code", "contact")
        yield
        element.code = "new-code"
        element.save()
        element.crosswalks.create(scheme="ndpa", identifier="ndpa.99")
        element.prohibitions.create(law_profile="us-il", citation="105 ILCS 85")

    return {name: step for name, step in locals().items() if callable(step)}


STEPS = sorted(
    [
        "rename_company",
        "publish_the_secret",
        "add_and_lose_an_owner",
        "report_and_correct_a_breach",
        "leave_a_small_breach_off",
        "let_others_speak",
        "discuss_it",
        "withdraw_a_paper",
        "change_the_terms",
        "close_a_school",
        "recode_an_element",
    ]
)


@pytest.mark.django_db
@pytest.mark.parametrize("step", STEPS)
def test_whatever_happens_a_client_that_follows_holds_what_the_lists_say(step):
    version = fill()
    stamp_now()
    kept = {}
    since = follow(kept)
    before = dict(kept)
    # A step pauses wherever a client may look; an ordinary one happens all at once.
    for _ in what_happens(version)[step]() or [None]:
        stamp_now()
        since = follow(kept, since)
        assert kept == read_lists(limit=50) != before
    stamp_now()
    follow(kept, since)
    assert kept == read_lists(limit=50)


def test_what_is_only_a_draft_moves_nothing(db):
    fill()
    stamp_now()
    before = RegisterVersion.current()
    draft = secret_vendor().agreements.get().versions.get()
    f.add_line(draft, "shoe-size", "school_official", category="habits")
    stamp_now()  # a new kind of data of the catalogue is public, the line is not
    after_catalogue = RegisterVersion.current()
    assert after_catalogue == before + 1
    draft.summary = "Nobody may know."
    draft.save()
    secret_vendor().products.create(name="Another", slug="another")
    f.make_agreement(draft.agreement.agency, secret_vendor())
    vendor = secret_vendor()
    vendor.summary = "Still nobody."
    vendor.save()
    stamp_now()
    assert RegisterVersion.current() == after_catalogue
    assert not RegisterStamp.objects.filter(resource="vendors", key=str(vendor.pk)).exists()


def test_a_register_older_than_the_stamps_is_stamped_as_one_that_grew_with_them(db):
    fill()
    stamp_now()
    grown = set(RegisterStamp.objects.values_list("resource", "key"))
    RegisterStamp.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT openroll_stamp_everything()")
    assert set(RegisterStamp.objects.values_list("resource", "key")) == grown


def test_a_discussion_older_than_its_stamps_is_told_to_whoever_goes_on(db):
    """Migration 0024 stamps what was discussed before: a copy that goes on from its cursor gets it."""
    fill()
    stamp_now()
    since = follow({})
    discussed = {"comment_windows", "hearings", "questions", "refusals"}
    RegisterStamp.objects.filter(resource__in=discussed).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT openroll_stamp_discussion()")
    kept = {}
    follow(kept, since)
    told = {where: record for where, record in read_lists(limit=50).items() if where in kept}
    assert kept == told
    assert {name for name, _key in kept} == discussed
    assert len(kept) == 7


@committed
def test_numbers_follow_the_commits_not_the_work():
    """A transaction that began first and ends last is found by a client who has read what ended before."""
    district = f.make_district()
    began, other_is_done = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                f.make_school(district, "Slow School")
                began.set()
                assert other_is_done.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(slow)
        assert began.wait(20)
        f.make_school(district, "Quick School")  # does not wait for the one that works
        kept = {}
        since = follow(kept)
        assert [r["name"] for (kind, _id), r in kept.items() if kind == "schools"] == ["Quick School"]
        other_is_done.set()
        working.result(20)
    answer = get("changes", since=since)
    assert [entry["record"]["name"] for entry in answer["results"]] == ["Slow School"]
