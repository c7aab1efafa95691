"""A change page in three layers: one computed sentence, before and after, the papers' exact words."""

import pytest
from django.utils.html import strip_tags

from districts.models import AgreementVersion, Publication
from districts.papers import attach_public_copy, attach_text
from districts.publish import publish_version
from districts.withdrawals import withdraw_document
from tests import factories as f
from tests.districts.test_pages import words_of
from tests.districts.test_papers import plain_pdf

pytestmark = pytest.mark.django_db

OLD = "1. Data. Names and grades.\n2. Deletion. The data is deleted in 90 days.\n3. Law. Illinois law counts."
NEW = OLD.replace("90 days", "60 days") + "\n4. Ads. There are no ads."


def publish(agreement, lines, promise: str = "yes", **line: object) -> Publication:
    draft = f.make_draft(agreement, lines)
    draft.shared_elements.update(**line)
    draft.promises.create(code="no_sale", answer=promise)
    return publish_version(version_id=draft.pk, now=f.NOW)


@pytest.fixture
def second() -> Publication:
    agreement = f.make_agreement(f.make_district())
    grade = ("grade", "school", "school_official")
    publish(agreement, [grade, ("home-address", "contact", "consent")], kept_days=30)
    return publish(agreement, [grade, ("voice", "voice", "consent")], "no", recipients=["Clearwave"])


def page_of(publication: Publication) -> str:
    return f"/changes/{publication.public_id}/"


def test_the_first_thing_is_one_computed_sentence(second, client):
    html = client.get(page_of(second)).content.decode()
    lede = html.split('<p class="lede">')[1].split("</p>")[0]
    first = second.changes.get(kind="element_added").sentences["en"]
    assert lede.startswith(second.changes.order_by("position").first().sentences["en"]) or first in lede
    assert "more changes." in lede


@pytest.mark.parametrize(
    "row",
    [
        "Before Not there Now teach. Only if you say yes. For 60 days after the agreement ends",
        "Before teach. Only if you say yes. For 30 days after the agreement ends Now No longer there",
        "Before For 30 days after the agreement ends Now For 60 days after the agreement ends",
        "Before The company alone Now Clearwave",
        "Before Not allowed Now Allowed",
    ],
)
def test_each_change_stands_before_and_now(second, client, row):
    html = client.get(page_of(second)).content.decode()
    labelled = html.replace('data-l="Before">', ">Before ").replace('data-l="Now">', ">Now ")
    said = " ".join(strip_tags(labelled.replace("<", " <")).split())
    assert row in said


def papers(second: Publication, old: str = OLD, new: str = NEW) -> list[AgreementVersion]:
    versions = list(second.agreement.versions.order_by("number"))
    for version, words in zip(versions, (old, new), strict=True):
        paper = attach_public_copy(version_id=version.pk, data=plain_pdf(version.number))
        if words:
            attach_text(document_id=paper.pk, data=words.encode())
    return versions


def test_the_exact_words_stand_side_by_side_and_what_stayed_is_folded(second, client):
    papers(second)
    html = client.get(page_of(second)).content.decode()
    assert '<del><span class="vh">Removed: </span>90</del>' in html
    assert '<ins><span class="vh">Added: </span>60</ins>' in html
    assert '<ins><span class="vh">Added: </span>4. Ads. There are no ads.</ins>' in html
    assert html.count("1 paragraph is the same") == 2
    assert "2 paragraphs of the paper are not as they were." in html
    folded = html.split('<details class="more"')[1]
    assert "1. Data. Names and grades." in folded.split("</details>")[0]


def test_without_words_on_both_sides_that_is_said_and_nothing_is_invented(second, client):
    papers(second, old="")
    page = words_of(client, page_of(second))
    assert "The words of the two papers cannot be compared. Version 1" in page
    assert "There are no ads" not in page


def test_words_that_were_taken_down_are_not_on_the_change_page(second, client):
    first, _second = papers(second)
    withdraw_document(document_id=first.documents.get().pk, reason="A name stood in it.")
    page = words_of(client, page_of(second))
    assert "cannot be compared" in page
    assert "90 days." not in page.replace("in 90 days after", "")


def test_a_first_version_is_compared_with_nothing(second, client):
    papers(second)
    first = second.agreement.publications.order_by("pk").first()
    assert "The exact words" not in words_of(client, page_of(first))


def test_words_of_a_paper_are_words_and_no_markup(second, client):
    papers(second, new=NEW + "\n5. <script>alert(1)</script>")
    html = client.get(page_of(second)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
