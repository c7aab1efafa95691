"""Modules are read in one sitting, named by subject, and say nothing of the machine they were written on."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.architecture.source import PROJECT, ROOMS, dotted, files, modules

MOST_LINES = 300
# A file of data, not of code.
NAMES_OF_NOTHING = {"utils.py", "helpers.py", "util.py", "helper.py", "common.py", "misc.py"}
TEXTS = {".py", ".html", ".txt", ".md", ".css", ".svg", ".toml", ".csv", ".json", ".po", ".lock", ".yml", ""}
# A folder of somebody's machine. The system's own folders may be named (they are looked into, not relied on).
HOME_PATH = re.compile(r"(?<![\w.])/(?:work|home|Users|root)/[\w.-]+")
REGISTRY_HOST = re.compile(r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org)\b")


@pytest.mark.parametrize("path", modules(*ROOMS, "tests", "bench"), ids=dotted)
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_no_module_is_named_after_nothing() -> None:
    assert [path for path in modules(*ROOMS, "tests", "bench") if path.name in NAMES_OF_NOTHING] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        dotted(path)
        for path in modules(*ROOMS, "bench")
        if path.stat().st_size and ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []


def test_no_file_names_a_folder_of_somebodys_machine_or_a_registry() -> None:
    found = []
    for path in files():
        if path.suffix not in TEXTS or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [(str(path.relative_to(PROJECT)), hit.group()) for hit in HOME_PATH.finditer(text)]
        found += [(str(path.relative_to(PROJECT)), hit.group()) for hit in REGISTRY_HOST.finditer(text)]
    assert found == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
