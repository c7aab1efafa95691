"""An agreement's page: who takes part, whom this site tells, its papers, the clauses the law asks for."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consent.here import mark_districts_here
from districts.clause_readings import Found, NotAsked, NotPublished, checklist, record_readings
from districts.clauses import CLAUSES, clauses_for
from districts.models import Agency, AgreementVersion, Participation, Remark
from districts.papers import attach_original, attach_public_copy, attach_text
from districts.publish import PublishRefused, publish_version
from tests import factories as f
from tests.breaking import refused_by
from tests.districts.test_pages import words_of
from tests.districts.test_papers import plain_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> AgreementVersion:
    draft = f.make_draft(
        f.make_agreement(f.make_district()), cost="$18,400 a year", signer_title="Chief clerk"
    )
    publish_version(version_id=draft.pk, now=f.NOW)
    draft.refresh_from_db()
    return draft


def page_of(version: AgreementVersion) -> str:
    return f"/agreements/{version.agreement.public_id}/v{version.number}/"


def test_it_says_cost_and_who_signed(version, client):
    page = words_of(client, page_of(version))
    assert "Cost $18,400 a year" in page
    assert "Signed by (title) Chief clerk" in page


def test_districts_stand_by_how_they_came_and_those_not_on_this_site_are_said_to_be(version, client):
    joined, required = f.make_district("Oak Hill"), f.make_district("Pine Grove")
    for agency, kind in ((joined, "joined"), (required, "required")):
        Participation.objects.create(
            agreement=version.agreement, agency=agency, kind=kind, from_on=f.TODAY.replace(year=2020)
        )
    f.make_student(version.agreement.agency)
    f.make_student(joined)
    assert mark_districts_here() == 2
    assert mark_districts_here() == 0
    page = words_of(client, page_of(version))
    assert "Joined (1) Oak Hill From" in page
    assert "Required by the state (1) Pine Grove Families are not told through this site" in page
    assert "The families of 1 district are not told through this site." in page
    assert not Agency.objects.get(pk=required.pk).has_families_here


def test_what_others_say_stands_beside_the_districts_text_with_its_answer(version, client):
    page = words_of(client, page_of(version))
    assert "What others say Is something wrong here? Write to the district." in page
    said = {"agreement": version.agreement, "said_on": f.TODAY}
    reply = Remark.objects.create(party="company", text="We delete after 30 days.", **said)
    wrong = Remark.objects.create(party="reader", text="Ann Smith told me otherwise.", **said)
    page = words_of(client, page_of(version))
    assert "The company says We delete after 30 days." in page
    assert "Somebody wrote that this is wrong Ann Smith told me otherwise." in page
    assert page.count("The district has not answered yet.") == 2
    Remark.objects.create(party="district", answers_to=reply, text="The paper says 60.", **said)
    Remark.objects.create(
        party="district", answers_to=wrong, takes_down=True, text="It named somebody.", **said
    )
    page = words_of(client, page_of(version))
    assert "The district answers The paper says 60." in page
    assert "Why they were taken down It named somebody." in page
    assert "Ann Smith" not in page
    assert "has not answered yet" not in page


def test_another_agreements_remarks_do_not_stand_here(version, client):
    other = f.make_agreement(version.agreement.agency, version.agreement.vendor)
    Remark.objects.create(agreement=other, party="company", text="Not about this one.", said_on=f.TODAY)
    assert "Not about this one" not in words_of(client, page_of(version))


def test_a_page_with_many_districts_and_papers_asks_no_more_than_one_with_few(version):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(page_of(version)).status_code == 200
        return len(queries)

    def more(n: int) -> None:
        Participation.objects.create(
            agreement=version.agreement, agency=f.make_district(f"D {n}"), kind="joined", from_on=f.TODAY
        )
        paper = attach_public_copy(version_id=version.pk, data=plain_pdf(n + 1))
        attach_text(document_id=paper.pk, data=b"words")
        said = {"agreement": version.agreement, "said_on": f.TODAY}
        reply = Remark.objects.create(party="company", text="No.", **said)
        Remark.objects.create(party="district", answers_to=reply, text="Yes.", **said)

    more(0)
    count()
    one = count()
    for n in range(1, 10):
        more(n)
    assert count() == one


def test_clauses_the_law_asks_for_are_gaps_until_somebody_looked(version, client):
    page = words_of(client, page_of(version))
    clauses = page[page.index("What the law asks the agreement to say") :]
    assert "The district has not filled this in yet. Which kinds of data it is about." in clauses
    assert "Who pays when data gets out. 105 ILCS 85/15(4)" in clauses
    record_readings(
        version_id=version.pk,
        found={"il-breach-costs": Found("no"), "il-deletion": Found("yes", "4.2, page 3")},
        reader="Privacy officer",
        read_on=f.TODAY,
    )
    page = words_of(client, page_of(version))
    assert "Who pays when data gets out. 105 ILCS 85/15(4) It is not there Read by Privacy officer" in page
    assert "It is there Section 4.2, page 3" in page


def test_each_law_asks_for_its_own_clauses_and_federal_law_for_its_own_everywhere():
    codes = [clause.code for clauses in CLAUSES.values() for clause in clauses]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]{2}-[a-z-]{1,37}", code) for code in codes)
    assert {name: len(clauses_for(name)) for name in (*CLAUSES, "us-wy")} == {
        "us-il": 9,
        "us-ct": 13,
        "us-ny": 9,
        "us-ca": 12,
        "us-wy": 3,
    }


def test_a_reading_is_of_a_published_version_and_of_a_clause_that_is_asked_for(version):
    draft = f.make_draft(version.agreement)
    given = {"reader": "Officer", "read_on": f.TODAY}
    with pytest.raises(NotPublished):
        record_readings(version_id=draft.pk, found={}, **given)
    with pytest.raises(NotAsked):
        record_readings(version_id=version.pk, found={"ny-end": Found("no")}, **given)

    def insert(version_id: int, answer: str, place: str = "", reader: str = "Officer") -> str | None:
        return refused_by(
            "INSERT INTO districts_clausereading (version_id, clause, answer, place, reader, read_on)"
            " VALUES (%s, 'il-deletion', %s, %s, %s, '2026-09-01')",
            [version_id, answer, place, reader],
        )

    assert insert(draft.pk, "no") == "only_a_published_version_is_read"
    assert insert(version.pk, "maybe") == "clause_answer_is_one_of_three"
    assert insert(version.pk, "yes") == "a_clause_that_is_there_has_a_place"
    assert insert(version.pk, "no", reader=" ") == "a_clause_reading_has_a_reader"
    assert insert(version.pk, "yes", "4.2") is None


# Corrections


def publish_next(version: AgreementVersion, **fields: object) -> AgreementVersion:
    draft = f.make_draft(version.agreement, **fields)
    publish_version(version_id=draft.pk, now=f.NOW)
    return AgreementVersion.objects.select_related("agreement__agency").get(pk=draft.pk)


def test_a_correction_is_marked_and_keeps_the_readings_of_what_it_corrects(version, client):
    record_readings(
        version_id=version.pk,
        found={"il-deletion": Found("yes", "4.2")},
        reader="Officer",
        read_on=f.TODAY,
    )
    fixed = publish_next(version, is_correction=True, correction_note="The cost was wrong.", cost="$8,400")
    page = words_of(client, page_of(fixed))
    assert "This is a correction. The agreement itself is the same. The cost was wrong." in page
    assert [each.reading.place for each in checklist(fixed) if each.reading] == ["4.2"]
    change = fixed.publications.get()
    assert not change.changes.exists()
    page = words_of(client, f"/changes/{change.public_id}/")
    assert "This is a correction." in page
    assert "Nothing was added, removed or changed." in page
    renewed = publish_next(fixed)
    assert not any(each.reading for each in checklist(renewed))


def test_a_correction_says_what_was_wrong_and_is_never_the_first(version):
    draft = f.make_draft(version.agreement, is_correction=True)
    with pytest.raises(PublishRefused) as refused:
        publish_version(version_id=draft.pk, now=f.NOW)
    assert [each.code for each in refused.value.refusals] == ["correction_not_explained"]
    first = f.make_draft(f.make_agreement(version.agreement.agency))
    sql = f"UPDATE districts_agreementversion SET is_correction = true WHERE id = {first.pk}"
    assert refused_by(sql) == "a_first_version_corrects_nothing"


# Papers


def test_the_words_of_a_paper_are_a_page_beside_the_pdf(version, client):
    paper = attach_public_copy(version_id=version.pk, data=plain_pdf(), redacted="section 7")
    page = words_of(client, page_of(version))
    assert "No text that can be read aloud yet." in page
    assert "Some parts are blacked out: section 7" in page
    assert paper.sha256 in page
    assert client.get(f"/documents/{paper.public_id}/text/").status_code == 404
    attach_text(document_id=paper.pk, data=b"1. Data.\n2. <b>Law</b> & order.")
    html = client.get(f"/documents/{paper.public_id}/text/").content.decode()
    assert "<p>1. Data.</p>" in html
    assert "&lt;b&gt;Law&lt;/b&gt; &amp; order." in html
    assert "The district wrote these words down" in html
    assert f"/documents/{paper.public_id}/text/" in client.get(page_of(version)).content.decode()


def test_a_paper_may_be_kept_by_a_cache_only_if_it_asks_each_time(version, client):
    paper = attach_public_copy(version_id=version.pk, data=plain_pdf())
    address = f"/documents/{paper.public_id}/"
    first = client.get(address)
    assert b"".join(first.streaming_content) == plain_pdf()
    assert first["Cache-Control"] == "public, no-cache"
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(page_of(version))["Cache-Control"] == "no-cache"


def test_the_paper_of_a_draft_is_nowhere(version, client):
    draft = f.make_draft(version.agreement)
    paper = attach_public_copy(version_id=draft.pk, data=plain_pdf())
    assert client.get(f"/documents/{paper.public_id}/").status_code == 404
    assert client.get(f"/documents/{paper.public_id}/text/").status_code == 404


def test_the_original_is_reached_by_no_guess(version, client):
    original = attach_original(version_id=version.pk, data=plain_pdf(7))
    public = attach_public_copy(version_id=version.pk, data=plain_pdf(2))
    name = original.file.name
    guesses = [
        *(f"{start}{name}" for start in ("/", "/media/", "/private/", "/static/", "/documents/", "/files/")),
        *(f"/media/{up}{name}" for up in ("../", "../private/", "%2e%2e/private/", "..%2fprivate%2f")),
        *(f"/static/{up}{name}" for up in ("../private/", "../var/private/", "%2e%2e/private/")),
        f"/documents/{original.pk}/",
        f"/documents/{original.sha256}/",
        f"/documents/{public.public_id}/original/",
        f"/documents/{public.public_id}/?original=1&file={name}",
        f"/api/v1/versions/{version.pk}/originals",
        f"/api/v1/originals/{original.pk}",
        f"/{settings.PRIVATE_MEDIA_ROOT}/{name}",
    ]
    for guess in guesses:
        response = client.get(guess)
        body = response.getvalue() if response.streaming else response.content
        assert body != plain_pdf(7), guess
        assert original.sha256.encode() not in body.replace(guess.encode(), b""), guess
    assert original.sha256 not in client.get(page_of(version)).content.decode()
    assert not str(settings.PRIVATE_MEDIA_ROOT).startswith(str(settings.MEDIA_ROOT))
