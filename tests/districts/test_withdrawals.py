"""What has to come down is on no page, in no feed, not in the API or on the disk; a tombstone stays."""

import hashlib

import pytest
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from districts.drafts import open_draft
from districts.models import AgreementDocument, AgreementVersion, DocumentWithdrawal, TextWithdrawal
from districts.papers import PaperRefused, attach_public_copy, attach_text, public_text
from districts.pdf_check import PdfProblem
from districts.public_room import public_room
from districts.publish import publish_version
from districts.withdrawals import (
    NoReason,
    NothingToWithdraw,
    delete_withdrawn_files,
    withdraw_document,
    withdraw_text,
    withdrawn,
)
from tests import factories as f
from tests.breaking import refused_by
from tests.districts.api.register import read_lists, stamp_now
from tests.districts.test_papers import plain_pdf

pytestmark = pytest.mark.django_db

SECRET = "Zebulon Quackenbush asked for it"
WHY = "A student was named in it."


@pytest.fixture
def version() -> AgreementVersion:
    """A published version that says what it should not, beside a draft that says the same."""
    draft = f.make_draft(f.make_agreement(f.make_district()), summary=SECRET, why_this_company=SECRET)
    publish_version(version_id=draft.pk, now=f.NOW)
    open_draft(draft.agreement_id)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def paper(version: AgreementVersion) -> AgreementDocument:
    made = attach_public_copy(version_id=version.pk, data=plain_pdf())
    attach_text(document_id=made.pk, data=SECRET.encode())
    return made


def everything_public(version: AgreementVersion) -> str:
    """Return every page, feed and record in which something of the version may stand."""
    agreement, client = version.agreement, Client()
    district, vendor = agreement.agency.slug, agreement.vendor.slug
    addresses = [
        f"/agreements/{agreement.public_id}/v{version.number}/",
        f"/companies/{vendor}/",
        f"/d/{district}/",
        "/search/?q=Quackenbush",
        "/",
        "/companies/",
        *(f"/changes/{each.public_id}/" for each in agreement.publications.all()),
        *(f"/documents/{each.public_id}/text/" for each in version.documents.all()),
        *(f"{start}feed.{kind}" for start in ("/changes/", f"/d/{district}/") for kind in ("atom", "json")),
        *(f"/companies/{vendor}/feed.{kind}" for kind in ("atom", "json")),
    ]
    stamp_now()
    pages = [client.get(address).content.decode() for address in addresses]
    return " ".join([*pages, str(read_lists()), client.get("/api/v1/changes?limit=500").content.decode()])


@pytest.mark.parametrize("places", [0, 512])
def test_a_paper_that_is_withdrawn_is_gone_with_its_words(
    version, paper, client, settings, places, django_capture_on_commit_callbacks
):
    """At once, also where every page that says it has just been drawn and kept."""
    settings.PAGE_CACHE_PLACES = places
    caches["pages"].clear()
    assert SECRET in everything_public(version)
    words = paper.texts.get()
    names = [paper.file.name, words.file.name]
    assert all(default_storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_document(document_id=paper.pk, reason=WHY)
    assert not any(default_storage.exists(name) for name in names)
    for address in (f"/documents/{paper.public_id}/", f"/documents/{paper.public_id}/text/"):
        response = client.get(address)
        assert response.status_code == 410
        assert WHY in response.content.decode()
        assert paper.sha256 in response.content.decode()
        assert "no-cache" in response["Cache-Control"]
    withdraw_text(version_id=version.pk, field="summary", reason=WHY)
    withdraw_text(version_id=version.pk, field="why_this_company", reason=WHY)
    said = everything_public(version)
    assert "Zebulon" not in said
    assert "Quackenbush" not in said.replace("q=Quackenbush", "").replace('value="Quackenbush"', "").replace(
        "“Quackenbush”", ""
    )
    paper = AgreementDocument.objects.select_related("withdrawal").get(pk=paper.pk)
    assert public_text(paper) is None


def test_a_file_that_a_dead_process_left_is_deleted_by_the_sweep(paper):
    withdraw_document(document_id=paper.pk, reason=WHY)  # the commit that deletes never comes in a test
    assert default_storage.exists(paper.file.name)
    assert delete_withdrawn_files() == 2
    assert delete_withdrawn_files() == 0
    assert not default_storage.exists(paper.file.name)


def test_all_copies_of_the_same_bytes_go_and_none_comes_back(version, paper):
    other = f.make_draft(f.make_agreement(version.agreement.agency))
    elsewhere = f.make_draft(f.make_agreement(f.make_district("Other")))
    attach_public_copy(version_id=other.pk, data=plain_pdf())
    theirs = attach_public_copy(version_id=elsewhere.pk, data=plain_pdf())
    assert len(withdraw_document(document_id=paper.pk, reason=WHY)) == 2
    assert not hasattr(AgreementDocument.objects.get(pk=theirs.pk), "withdrawal")
    with pytest.raises(PaperRefused) as refused:
        attach_public_copy(version_id=version.pk, data=plain_pdf())
    assert refused.value.problem == PdfProblem.TAKEN_DOWN
    with pytest.raises(PaperRefused):
        attach_text(document_id=paper.pk, data=b"It is back.")


def test_a_text_that_is_withdrawn_leaves_a_tombstone_with_the_hash_of_what_it_was(version, client):
    [made] = withdraw_text(version_id=version.pk, field="summary", reason=WHY)
    made.refresh_from_db()
    assert made.sha256 == hashlib.sha256(SECRET.encode()).hexdigest()
    version.refresh_from_db()
    assert (version.summary, version.why_this_company) == ("", SECRET)
    assert not AgreementVersion.objects.drafts().filter(summary=SECRET).exists()
    page = client.get(f"/agreements/{version.agreement.public_id}/v1/").content.decode()
    assert WHY in page
    assert made.sha256 in page


def test_the_same_text_goes_from_every_version_of_the_agreement(version):
    draft = version.agreement.versions.drafts().get()
    draft.effective_from = f.TODAY
    draft.save()
    publish_version(version_id=draft.pk, now=f.NOW)
    assert [
        each.version.number for each in withdraw_text(version_id=draft.pk, field="summary", reason=WHY)
    ] == [
        1,
        2,
    ]
    assert not AgreementVersion.objects.filter(summary=SECRET).exists()


def test_what_is_not_there_or_has_no_reason_is_not_withdrawn(version, paper):
    with pytest.raises(NoReason):
        withdraw_document(document_id=paper.pk, reason="  ")
    with pytest.raises(NoReason):
        withdraw_text(version_id=version.pk, field="summary", reason="")
    with pytest.raises(ValueError, match="published_at"):
        withdraw_text(version_id=version.pk, field="published_at", reason=WHY)
    withdraw_text(version_id=version.pk, field="summary", reason=WHY)
    with pytest.raises(NothingToWithdraw):
        withdraw_text(version_id=version.pk, field="summary", reason=WHY)
    draft = version.agreement.versions.drafts().get()
    with pytest.raises(NothingToWithdraw):
        withdraw_text(version_id=draft.pk, field="why_this_company", reason=WHY)
    withdraw_document(document_id=paper.pk, reason=WHY)
    with pytest.raises(NothingToWithdraw):
        withdraw_document(document_id=paper.pk, reason=WHY)


def test_one_function_says_what_no_dump_may_hold_and_the_public_role_may_ask_it(version, paper):
    withdraw_text(version_id=version.pk, field="summary", reason=WHY)
    withdraw_document(document_id=paper.pk, reason=WHY)
    with public_room():
        found = withdrawn()
    text = hashlib.sha256(SECRET.encode()).hexdigest()
    assert {(each.what, each.sha256) for each in found} == {
        ("summary", text),
        ("document", paper.sha256),
        ("document", text),
    }
    assert {each.document for each in found} == {None, str(paper.public_id)}


# In SQL


def test_a_published_text_is_emptied_by_a_tombstone_and_by_nothing_else(version):
    frozen, mine = "published_version_is_frozen", f"WHERE id = {version.pk}"
    update = "UPDATE districts_agreementversion SET"
    assert refused_by(f"{update} summary = '' {mine}") == frozen
    assert refused_by(f"{update} summary = summary {mine}") == frozen
    TextWithdrawal.objects.create(version=version, field="summary", reason=WHY)
    for change in ("summary = 'back'", "why_this_company = ''", "published_at = now()", "number = 9"):
        assert refused_by(f"{update} {change} {mine}") == frozen
    assert refused_by(f"DELETE FROM districts_agreementversion {mine}") == frozen


def test_a_tombstone_is_about_a_public_text_that_is_there_and_its_hash_is_postgresqls(version):
    draft = version.agreement.versions.drafts().get()

    def insert(version_id: int, field: str, reason: str = WHY) -> str | None:
        return refused_by(
            "INSERT INTO districts_textwithdrawal (version_id, field, reason, sha256)"
            " VALUES (%s, %s, %s, %s)",
            [version_id, field, reason, "f" * 64],
        )

    assert insert(draft.pk, "why_this_company") == "only_a_public_text_is_withdrawn"
    assert insert(version.pk, "cost") == "only_a_public_text_is_withdrawn"
    assert insert(version.pk, "id") == "withdrawn_text_is_a_known_one"
    assert insert(version.pk, "summary", " ") == "a_withdrawn_text_has_a_public_reason"
    assert insert(version.pk, "summary") is None
    assert TextWithdrawal.objects.get().sha256 == hashlib.sha256(SECRET.encode()).hexdigest()
    assert insert(version.pk, "summary") == "only_a_public_text_is_withdrawn"


def test_a_paper_has_a_public_reason_in_sql_too(paper):
    sql = "INSERT INTO districts_documentwithdrawal (document_id, reason) VALUES (%s, ' ')"
    assert refused_by(sql, [paper.pk]) == "a_withdrawal_has_a_public_reason"
    assert not DocumentWithdrawal.objects.exists()


def test_what_comes_down_changes_the_registers_version(version, client):
    stamp_now()
    tag = client.get("/api/v1/versions")["ETag"]
    withdraw_text(version_id=version.pk, field="summary", reason=WHY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT summary FROM districts_agreementversion WHERE id = %s", [version.pk])
        assert cursor.fetchone() == ("",)
    stamp_now()
    again = client.get("/api/v1/versions", headers={"if-none-match": tag})
    assert again.status_code == 200
    [record] = again.json()["results"]
    assert (record["summary"], record["withdrawn_texts"][0]["reason"]) == ("", WHY)
