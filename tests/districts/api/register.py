"""A register with something of everything, and how a client of the API reads it."""

from typing import Any

from django.db import connection
from django.test import Client

from districts.api.resources import RESOURCES
from districts.models import AgreementVersion, Basis, Product, Vendor
from tests import factories as f
from tests.districts.books import keep_register

RECORDS = dict[tuple[str, Any], dict[str, Any]]


def get(address: str, **asked: Any) -> Any:
    """Ask the API; return its answer."""
    response = Client().get(f"/api/v1/{address}", asked)
    assert response.status_code == 200, response.content
    return response.json()


def read_lists(limit: int = 2) -> RECORDS:
    """Read every list to its end, by small pages."""
    found: RECORDS = {}
    for resource in RESOURCES:
        address: str | None = f"/api/v1/{resource.name}?limit={limit}"
        while address:
            answer = Client().get(address).json()
            for record in answer["results"]:
                assert (resource.name, record["id"]) not in found
                found[resource.name, record["id"]] = record
            address = answer["next"] and answer["next"].partition("://")[2].partition("/")[2]
            address = address and f"/{address}"
    return found


def follow(kept: RECORDS, since: str | None = None, limit: int = 3) -> str:
    """Follow the cursor from where a client stands until nothing more waits; return where it stands then."""
    more = True
    while more:
        answer = get("changes", limit=limit, **({"since": since} if since else {}))
        for entry in answer["results"]:
            where = (entry["resource"], entry["id"])
            if entry["removed"]:
                kept.pop(where, None)
            else:
                kept[where] = entry["record"]
        since, more = answer["next"], answer["more"]
    return since


def stamp_now() -> None:
    """Let the triggers of a test's open transaction do at once what they do at a commit, each time anew."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT set_config('openroll.register_version', '', true)")


def fill() -> AgreementVersion:
    """Make one of everything, a draft of a company nobody has heard of, and an agency's own kind of data."""
    published = keep_register()
    district = published.agreement.agency
    hidden = f.make_vendor("Secret Startup", slug="secret-startup")
    Product.objects.create(vendor=hidden, name="Secret product", slug="secret")
    f.make_element("secret-habit", "habits", agency=district)
    f.make_draft(
        f.make_agreement(district, hidden, title="Secret agreement"),
        [("secret-habit", "habits", Basis.SCHOOL_OFFICIAL)],
    )
    return published


def secret_vendor() -> Vendor:
    return Vendor.objects.get(slug="secret-startup")
