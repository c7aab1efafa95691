"""Asking again costs one query until something public changes, and is never answered with what is old."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.districts.api.register import fill, stamp_now

pytestmark = pytest.mark.django_db

ADDRESSES = ["/api/v1/agencies", "/api/v1/changes", "/api/v1/versions", "/api/v1/openapi.json"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_that_is_still_true_is_not_sent_again(address):
    fill()
    stamp_now()
    first = Client().get(address)
    assert first["ETag"].startswith('W/"')
    with CaptureQueriesContext(connection) as asked:
        again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"
    assert len([q for q in asked if q["sql"].startswith("SELECT")]) == 1


def test_a_changed_register_is_sent_anew(client):
    version = fill()
    stamp_now()
    tag = client.get("/api/v1/vendors")["ETag"]
    vendor = version.agreement.vendor
    vendor.name = "Lumino Learning"
    vendor.save()
    stamp_now()
    again = client.get("/api/v1/vendors", headers={"if-none-match": tag})
    assert again.status_code == 200
    assert again["ETag"] != tag
    assert "Lumino Learning" in again.content.decode()


def test_a_draft_changes_no_tag(client):
    version = fill()
    stamp_now()
    tag = client.get("/api/v1/versions")["ETag"]
    draft = version.agreement.versions.drafts().get()
    draft.summary = "Not yet."
    draft.save()
    stamp_now()
    assert client.get("/api/v1/versions", headers={"if-none-match": tag}).status_code == 304


def test_one_addresss_tag_is_no_other_addresss(client):
    f.make_district()
    tags = {client.get(address)["ETag"] for address in ADDRESSES}
    assert len(tags) == len(ADDRESSES)
    assert "ETag" not in client.get("/api/v1/agencies/0")
