"""The frame: who a user is, what a page may load, what answers for the machine, what is served."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client, override_settings

from portal.models import User

POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def policy_of(client: Client, address: str) -> set[str]:
    return set(client.get(address).headers["Content-Security-Policy"].split("; "))


@pytest.mark.django_db
def test_one_mailbox_is_one_user_however_it_is_written() -> None:
    alice = User.objects.create_user(" Alice@Example.ORG ")
    assert alice.email == "alice@example.org"
    assert User.objects.get_by_natural_key("ALICE@example.org") == alice
    with pytest.raises(IntegrityError, match="one_user_per_address"), transaction.atomic():
        User.objects.create_user("aLiCe@example.org")
    with pytest.raises(IntegrityError, match="user_address_is_lower_case"), transaction.atomic():
        User.objects.filter(pk=alice.pk).update(email="Alice@example.org")
    with pytest.raises(IntegrityError, match="user_has_an_address"), transaction.atomic():
        User.objects.filter(pk=alice.pk).update(email="")


@pytest.mark.django_db
def test_a_user_without_a_password_cannot_use_one() -> None:
    assert not User.objects.create_user("alice@example.org").has_usable_password()
    with pytest.raises(ValueError, match="address"):
        User.objects.create_user("  ")


@pytest.mark.django_db
def test_pages_run_no_script_and_the_admin_runs_only_its_own(client: Client) -> None:
    assert policy_of(client, "/healthz") == POLICY
    assert policy_of(client, "/admin/login/") == POLICY | {
        "script-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
    }


@pytest.mark.django_db
def test_the_machine_can_ask_whether_the_site_lives_and_can_work(client: Client) -> None:
    assert client.get("/healthz").content == b"alive\n"
    assert client.get("/readyz").content == b"ready\n"
    assert client.post("/healthz").status_code == 405


def test_the_site_that_lost_its_database_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: BaseDatabaseWrapper) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", refuse)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_every_file_a_stylesheet_names_exists_when_the_site_is_deployed(tmp_path: Path) -> None:
    """The production storage refuses to collect a file that refers to a missing one."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    ours = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path, STATICFILES_FINDERS=ours):
        call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
    assert list(tmp_path.glob("css/site.*.css"))
