"""Staff read what is asked in public first: they show it, refuse it, answer it, take it down."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from districts.models import OpenQuestion, OpenRefusal
from districts.publish import publish_version
from portal.asking.moderating import publish
from portal.models import AskedInPublic
from tests import factories as f
from tests.portal.askers import make_asked
from tests.portal.staff_cast import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    agreement = f.make_agreement(f.make_district())
    publish_version(version_id=f.make_draft(agreement).pk, now=f.NOW)
    return agreement


@pytest.fixture
def dana(agreement):
    return signed_in(f.make_staff(agreement.agency))


def at(name, thing):
    return reverse(f"staff:{name}", args=[thing.public_id])


def public_page(client, agreement):
    return client.get(f"/agreements/{agreement.public_id}/discussion/").content.decode()


def test_what_is_asked_is_public_once_staff_say_so(agreement, dana, client):
    asked = make_asked(agreement, text="Why is Ann Smith in it?")
    assert dana.get(at("moderate", asked)).status_code == 200
    assert "Why is" not in public_page(client, agreement)
    assert dana.post(at("moderate", asked), {"passages": "Ann Smith"}).status_code == 422  # not sure yet
    given = {"passages": "Ann Smyth", "is_sure": "on"}
    assert "This is not in the text: Ann Smyth" in dana.post(at("moderate", asked), given).content.decode()
    assert dana.post(at("moderate", asked), {**given, "passages": "Ann Smith\n"}).status_code == 302
    page = public_page(client, agreement)
    assert "Why is" in page
    assert "Ann Smith" not in page
    assert dana.get(at("moderate", asked)).status_code == 404


def test_what_is_refused_is_counted_and_gone(agreement, dana, client):
    asked = make_asked(agreement)
    assert dana.post(at("refuse", asked), {"reason": "dislike"}).status_code == 422
    assert dana.get(at("refuse", asked)).status_code == 200
    assert not OpenRefusal.objects.exists()
    assert dana.post(at("refuse", asked), {"reason": "insult"}).status_code == 302
    assert "1 was not shown:" in public_page(client, agreement)
    assert AskedInPublic.objects.get().text == ""


def test_an_answer_is_public_and_may_be_followed_by_another(agreement, dana, client):
    question = publish(asked_id=make_asked(agreement).pk, now=timezone.now())
    assert "A parent" in dana.get(reverse("staff:asked")).content.decode()
    assert dana.post(at("open_question", question), {"text": " "}).status_code == 422
    for text in ("The teacher.", "And the principal."):
        assert dana.post(at("open_question", question), {"text": text}).status_code == 302
    page = public_page(client, agreement)
    assert page.index("The teacher.") < page.index("And the principal.")
    assert "A parent" not in dana.get(reverse("staff:asked")).content.decode()


def test_words_come_down_with_a_reason(agreement, dana, client):
    question = publish(asked_id=make_asked(agreement, text="Ann is ill.").pk, now=timezone.now())
    address = at("withdraw_question", question)
    assert dana.post(address, {"reason": "A child was named."}).status_code == 422
    assert dana.get(address).status_code == 200
    assert OpenQuestion.objects.get().text == "Ann is ill."
    assert dana.post(address, {"reason": "A child was named.", "is_sure": "on"}).status_code == 302
    assert "Ann is ill." not in public_page(client, agreement)
    assert dana.get(address).status_code == 404


def test_today_counts_what_waits_and_other_districts_see_none_of_it(agreement, dana):
    make_asked(agreement)
    publish(asked_id=make_asked(agreement).pk, now=timezone.now())
    page = dana.get(reverse("staff:today")).content.decode()
    assert "1 thing to look at. 1 thing to answer." in page
    carol = signed_in(f.make_staff(f.make_district("Other"), "carol"))
    assert "0 things to look at. 0 things to answer." in carol.get(reverse("staff:today")).content.decode()
    assert "A parent" not in carol.get(reverse("staff:asked")).content.decode()


def test_nobody_reads_it_before_its_address_is_confirmed(agreement, dana):
    asked = make_asked(agreement, is_confirmed=False)
    assert dana.get(at("moderate", asked)).status_code == 404


def test_ten_cost_as_many_queries_as_one(agreement, dana):
    counts = []
    for _n in range(10):
        make_asked(agreement)
        publish(asked_id=make_asked(agreement).pk, now=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            assert dana.get(reverse("staff:asked")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[-1]
