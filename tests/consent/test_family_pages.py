"""A parent reads, answers, checks, keeps a receipt; nobody else sees or changes anything of it."""

import re
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from consent import letter_codes, tasks
from consent.models import Claim, Decision, Delivery, Objection
from districts.models import Basis
from tests import factories as f
from tests.consent.family_site import (  # noqa: F401 - fixtures too
    FAR,
    PAST,
    agreement,
    alice,
    district,
    hidden_fields,
    publish,
    sam,
    signed_in,
)

pytestmark = pytest.mark.django_db


def test_what_waits_is_shown_with_four_texts_and_two_equal_buttons(alice):
    page = signed_in(alice).get("/family/").content.decode()
    assert "1 thing needs your answer." in page
    assert "Can Lumino Reading get this about Sam: voice recording?" in page
    for words in ("If you say yes:", "If you say no:", "If you do not answer:", "Data already sent:"):
        assert words in page
    assert page.count('class="btn btn--line" name="answer"') == 2
    assert "checked" not in page


def test_an_answer_goes_through_a_check_page_to_a_receipt(alice, sam):
    client = signed_in(alice)
    fields = hidden_fields(client.get("/family/").content.decode())
    url = f"/family/children/{sam.public_id}/answer/"
    check = client.post(url, {**fields, "answer": "no"})
    assert "Check your answer" in check.content.decode()
    assert not Decision.objects.exists()
    done = client.post(url, hidden_fields(check.content.decode()))
    decision = Decision.objects.get()
    assert done.url == f"/family/receipts/{decision.public_id}/"
    receipt = client.get(done.url).content.decode()
    assert "You said no" in receipt
    assert "We saved your answer. The district has not acted yet." in receipt
    assert Delivery.objects.get().decision == decision


def test_a_change_of_mind_is_one_button_and_the_old_receipt_stays(alice, sam):
    client = signed_in(alice)
    url = f"/family/children/{sam.public_id}/answer/"
    fields = hidden_fields(client.get("/family/").content.decode())
    client.post(url, {**fields, "answer": "yes", "save": "1", "language": "en"})
    page = client.get(f"/family/children/{sam.public_id}/").content.decode()
    assert "Change to no" in page
    fields = hidden_fields(page)
    assert fields["answer"] == "no"
    client.post(url, {**fields, "save": "1", "language": "en"})
    assert list(Decision.objects.order_by("pk").values_list("answer", flat=True)) == ["yes", "no"]
    old = Decision.objects.get(answer="yes")
    assert "newer answer" in client.get(f"/family/receipts/{old.public_id}/").content.decode()


def test_a_stale_page_is_refused_and_says_what_to_do(alice, sam, agreement):
    client = signed_in(alice)
    fields = hidden_fields(client.get("/family/").content.decode())
    publish(agreement, [("voice-recording", "voice", Basis.CONSENT), ("face-scan", "voice", Basis.CONSENT)])
    url = f"/family/children/{sam.public_id}/answer/"
    response = client.post(url, {**fields, "answer": "yes", "save": "1", "language": "en"}, follow=True)
    assert "The agreement changed while you were reading." in response.content.decode()
    assert not Decision.objects.exists()


def test_after_a_yes_only_what_is_new_is_asked_beside_what_was(alice, sam, agreement):
    client = signed_in(alice)
    fields = hidden_fields(client.get("/family/").content.decode())
    url = f"/family/children/{sam.public_id}/answer/"
    client.post(url, {**fields, "answer": "yes", "save": "1", "language": "en"})
    publish(agreement, [("voice-recording", "voice", Basis.CONSENT), ("face-scan", "voice", Basis.CONSENT)])
    page = client.get("/family/").content.decode()
    assert "What is new" in page
    assert "face scan" in page


def test_a_list_on_top_leads_to_every_question_that_waits(district, agreement, sam):
    f.make_student(district, "Mia")
    alice = f.make_guardian(district, "Alice", of=[sam, f.make_student(district, "Lucía")])
    page = signed_in(alice).get("/family/").content.decode()
    assert "2 things need your answer." in page
    top = page[
        page.index('aria-label="What needs your answer"') : page.index("</nav>", page.index("What needs"))
    ]
    anchors = re.findall(
        r'<a href="#([^"]+)"><strong><bdi>Lumino Reading</bdi></strong>: voice recording', top
    )
    assert len(set(anchors)) == 2
    assert all(f'id="{anchor}"' in page for anchor in anchors)
    assert top.index("Lucía") < top.index("Sam")
    assert "Mia" not in page


def test_one_question_needs_no_list(agreement, alice):
    assert "What needs your answer" not in signed_in(alice).get("/family/").content.decode()


def test_all_answers_say_what_each_was_about(alice, sam):
    client = signed_in(alice)
    fields = hidden_fields(client.get("/family/").content.decode())
    url = f"/family/children/{sam.public_id}/answer/"
    client.post(url, {**fields, "answer": "yes", "save": "1", "language": "en"})
    assert "voice recording" in client.get("/family/answers/").content.decode()


def test_after_a_no_a_wider_question_is_not_asked_again(alice, sam, agreement):
    client = signed_in(alice)
    fields = hidden_fields(client.get("/family/").content.decode())
    url = f"/family/children/{sam.public_id}/answer/"
    client.post(url, {**fields, "answer": "no", "save": "1", "language": "en"})
    publish(agreement, [("voice-recording", "voice", Basis.CONSENT), ("face-scan", "voice", Basis.CONSENT)])
    assert "You have no answers waiting." in client.get("/family/").content.decode()


def test_what_leaves_no_choice_offers_to_ask_or_disagree_and_keeps_it(alice, sam, agreement):
    client = signed_in(alice)
    page = client.get(f"/family/children/{sam.public_id}/").content.decode()
    url = f"/family/children/{sam.public_id}/ask/{agreement.public_id}/"
    assert url in page
    client.post(url, {"kind": "disagree", "text": ""})
    assert Objection.objects.get().kind == "disagree"
    assert (
        "The district has not answered yet."
        in client.get(f"/family/children/{sam.public_id}/").content.decode()
    )


def test_a_forged_answer_to_what_leaves_no_choice_leaves_nothing(alice, sam, district):
    inform = f.make_agreement(district, begins_on=PAST, ends_on=FAR)
    publish(inform, [("lunch", "meals", Basis.SCHOOL_OFFICIAL)])
    response = signed_in(alice).post(
        f"/family/children/{sam.public_id}/answer/",
        {"answer": "no", "question_version": "999999", "shown": "0" * 64, "replaces": "", "save": "1"},
    )
    assert response.status_code == 404
    assert not Decision.objects.exists()


class TestNobodyElse:
    def pages(self, sam, agreement):
        return [
            f"/family/children/{sam.public_id}/",
            f"/family/children/{sam.public_id}/ask/{agreement.public_id}/",
        ]

    def test_carol_of_another_district_gets_404(self, alice, sam, agreement):
        other = f.make_district("Millbrook")
        carol = f.make_guardian(other, "Carol", of=[f.make_student(other, "Tia")])
        client = signed_in(carol)
        for page in self.pages(sam, agreement):
            assert client.get(page).status_code == 404
        assert client.post(f"/family/children/{sam.public_id}/answer/", {"answer": "no"}).status_code == 404

    def test_a_barred_adult_sees_an_empty_page_and_404(self, alice, sam, agreement, district):
        bob = f.make_guardian(district, "Bob", of=[sam], relation="father")
        client = signed_in(bob)
        assert "Sam" in client.get("/family/").content.decode()
        f.make_hold(bob, sam)
        assert "Sam" not in client.get("/family/").content.decode()
        for page in self.pages(sam, agreement):
            assert client.get(page).status_code == 404

    def test_another_parents_receipt_does_not_exist(self, alice, sam, district):
        client = signed_in(alice)
        fields = hidden_fields(client.get("/family/").content.decode())
        client.post(
            f"/family/children/{sam.public_id}/answer/",
            {**fields, "answer": "no", "save": "1", "language": "en"},
        )
        bob = f.make_guardian(district, "Bob", of=[sam], relation="father")
        receipt = f"/family/receipts/{Decision.objects.get().public_id}/"
        assert signed_in(bob).get(receipt).status_code == 404
        assert client.get(receipt).status_code == 200

    def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(self, sam):
        response = Client().get(f"/family/children/{sam.public_id}/")
        assert response.status_code == 302
        assert f"next=/family/children/{sam.public_id}/" in response.url

    def test_a_parent_whose_child_turned_18_is_out(self, district, agreement):
        ellis, himself = f.make_eligible_student(district, today=timezone.localdate())
        mother = f.make_guardian(district, "Mo", of=[ellis])
        assert signed_in(mother).get(f"/family/children/{ellis.public_id}/").status_code == 404
        page = signed_in(himself).get(f"/family/children/{ellis.public_id}/").content.decode()
        assert "Yes, allow it for me" in page


def test_opening_a_link_of_a_message_changes_nothing(alice, sam):
    client = signed_in(alice)
    before = Delivery.objects.count(), Decision.objects.count()
    assert client.get(f"/f/{uuid.uuid4()}/").status_code == 404
    assert (Delivery.objects.count(), Decision.objects.count()) == before


@pytest.fixture
def sign_in_with_letter(monkeypatch):
    """Return a function that enters the code of a new letter and proves a mailbox; it gives the page then."""
    cache.clear()
    sent = []
    monkeypatch.setattr(tasks.send_sign_in_code, "delay", lambda *args: sent.append(args))

    def sign_in(client, guardian):
        code = letter_codes.new_letter_code(guardian_id=guardian.pk, now=timezone.now())
        client.post("/family/letter/", {"code": code, "email": "somebody.new@example.org"})
        proof = {"code": sent[-1][1], "next": "/family/letter/child/"}
        return client.get(client.post("/account/login/code/confirm/", proof).url).content.decode()

    return sign_in


def test_the_code_of_a_letter_adds_a_child_for_who_has_no_mail_on_the_roster(
    district, sam, agreement, sign_in_with_letter
):
    rosa = f.make_guardian(district, "Rosa", of=[sam], email="")
    client = Client()
    page = sign_in_with_letter(client, rosa)
    assert "Is this your child?" in page
    assert "Sam" in page
    assert not Claim.objects.exists()
    client.post("/family/letter/child/", {"answer": "yes"})
    assert Claim.objects.get().guardian == rosa
    assert "1 thing needs your answer." in client.get("/family/").content.decode()


def test_the_letter_of_a_student_of_18_asks_for_no_child(district, sign_in_with_letter):
    _student, ellis = f.make_eligible_student(district, "Ellis", timezone.localdate())
    page = sign_in_with_letter(Client(), ellis)
    assert "Is this you?" in page
    assert "Yes, this is me" in page
    assert "child?" not in page


def test_a_wrong_and_a_used_code_get_the_same_words(district, sam):
    rosa = f.make_guardian(district, "Rosa", of=[sam], email="")
    code = letter_codes.new_letter_code(guardian_id=rosa.pk, now=timezone.now())
    letter_codes.use(digest=letter_codes.digest_of(code), user=f.make_user(), now=timezone.now())
    words = "That code did not work. Check the letter, or ask the school for a new one."
    for typed in (code, "AAAA-BBBB"):
        page = Client().post("/family/letter/", {"code": typed, "email": "x@example.org"}).content.decode()
        assert words in page


def test_answers_come_as_csv_that_no_spreadsheet_runs(alice, sam):
    sam.shown_name = "=cmd()"
    sam.save()
    client = signed_in(alice)
    fields = hidden_fields(client.get("/family/").content.decode())
    client.post(
        f"/family/children/{sam.public_id}/answer/", {**fields, "answer": "no", "save": "1", "language": "en"}
    )
    assert "'=cmd()" in client.get("/family/answers/?as=csv").content.decode()
