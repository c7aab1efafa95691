"""Settings come from the environment; a malformed value stops the start and names its variable."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.env import env_bool, env_database, env_int, env_list, env_secret, env_url


@pytest.mark.parametrize(
    ("word", "means"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("", False)]
)
def test_a_yes_or_no_is_read(monkeypatch: pytest.MonkeyPatch, word: str, means: bool) -> None:
    monkeypatch.setenv("FLAG", word)
    assert env_bool("FLAG", not means) is means


def test_what_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THING", raising=False)
    assert env_bool("THING", True) is True
    assert env_int("THING", 7) == 7
    assert env_list("THING", ["a"]) == ["a"]
    assert env_secret("THING", "d") == "d"
    assert env_database("THING") is None


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env_bool("THING", True), "maybe"),
        (lambda: env_int("THING", 1), "three"),
        (lambda: env_int("THING", 1, least=1, most=9), "10"),
        (lambda: env_list("THING"), "a,,b"),
        (lambda: env_url("THING", "", ("https",)), "ftp://x"),
        (lambda: env_database("THING"), "sqlite:///db.sqlite3"),
        (lambda: env_database("THING"), "postgresql://host"),
        (lambda: env_database("THING"), "postgresql://host:port/name"),
    ],
)
def test_a_malformed_value_stops_the_start_and_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, read, value: str
) -> None:
    monkeypatch.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match="THING"):
        read()


def test_a_missing_secret_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="NO_SUCH_SECRET_FILE"):
        env_secret("NO_SUCH_SECRET")


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hidden\n")
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "key"))
    assert env_secret("KEY") == "hidden"


@pytest.mark.parametrize("content", [None, ""])
def test_a_secret_file_that_is_absent_or_empty_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "key").write_text(content)
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match="KEY_FILE"):
        env_secret("KEY", "default")


def test_a_secret_set_twice_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "one")
    monkeypatch.setenv("KEY_FILE", "/two")
    with pytest.raises(ImproperlyConfigured, match="not both"):
        env_secret("KEY")


def test_a_malformed_address_is_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "mysql://user:s3cret@host/name")
    with pytest.raises(ImproperlyConfigured) as caught:
        env_database("THING")
    assert "s3cret" not in str(caught.value)


def test_a_database_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "postgresql://us%40er:p%2Fw@db.example.org:5433/rolls?sslmode=require")
    assert env_database("THING") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "rolls",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example.org",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
