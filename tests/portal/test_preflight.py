"""Before anything is installed one line says everything that is missing; and translations need no gettext."""

import gettext
import os
import socket
from pathlib import Path

import pytest

from portal import locales, preflight
from portal.embedded import binaries


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with Python 3.11 and nothing else."""
    monkeypatch.setattr(preflight, "WHEEL_PYTHON", (99,))
    monkeypatch.setattr(binaries, "is_available", lambda: False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("OPENROLL_PG_BIN", raising=False)


def test_nothing_missing_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert preflight.main([]) == 0
    assert capsys.readouterr().err == ""


def test_everything_missing_is_one_line(bare_machine: None, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert preflight.main([str(port)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "apt-get install postgresql" in said
    assert f"{port} cannot be used" in said


def test_a_server_elsewhere_needs_no_postgresql_here(
    bare_machine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.org/openroll")
    assert preflight.missing(None) == []


def test_the_wheel_needs_no_postgresql_here(bare_machine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "WHEEL_PYTHON", (3, 0))
    assert preflight.missing(None) == []


def test_a_folder_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENROLL_VAR", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)
    assert preflight.missing(None) == [f"permission to write to {tmp_path}"]


def test_without_pango_the_demo_runs_and_says_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preflight, "has_pango", lambda: False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert preflight.main([str(port)]) == 0
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "libpango" in said


@pytest.mark.parametrize("port", ["eighty", "-1", "70000"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert preflight.main([port]) == 1
    assert port in capsys.readouterr().err


def test_translations_are_compiled_where_they_changed(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "es" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    source.write_text(head + 'msgid "Child"\nmsgstr "Niña o niño"\n', encoding="utf-8")
    assert locales.compile_changed(tmp_path) == [source.with_suffix(".mo")]
    assert locales.compile_changed(tmp_path) == []
    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Child") == "Niña o niño"
    later = source.with_suffix(".mo").stat().st_mtime + 10
    os.utime(source, (later, later))
    assert locales.compile_changed(tmp_path) == [source.with_suffix(".mo")]
    assert [path.name for path in source.parent.iterdir() if path.name.endswith(".new")] == []
