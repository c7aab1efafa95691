"""Three rooms, one direction: portal -> consent -> districts; a floor sees only those above it."""

from pathlib import Path

import pytest

from tests.architecture.source import ROOMS, dotted, imports, is_within, modules

# consent enters districts by these doors only.
DOORS = ("districts.models", "districts.signals")
# Pure: no Django, no database, no clock.
PURE = (
    "districts.breach_rules",
    "districts.contents",
    "districts.diff",
    "districts.severity",
    "districts.phrases",
    "districts.sentences",
    "consent.rules",
    *(
        f"districts.importers.register.{name}"
        for name in (
            *("dates", "entries", "excel", "layout", "names", "phrases", "plan"),
            *("reading", "rows", "sheets", "splitting", "statuses", "vocabulary", "wordlists"),
        )
    ),
)
IMPURE = ("django", "psycopg", "celery", "time", "districts.models", "consent.models")
# The thin edges; nothing but another edge may import one.
EDGES = ("tasks", "views", "admin", "api", "forms", "receivers", "urls", "feeds", "dumps", "adapter",
         "management")  # fmt: skip


def named(paths: list[Path]) -> object:
    return pytest.mark.parametrize("path", paths, ids=dotted)


@named(modules("districts"))
def test_the_public_register_knows_neither_families_nor_the_frame(path: Path) -> None:
    assert [name for name in imports(path) if is_within(name, "consent") or is_within(name, "portal")] == []


@named(modules("consent"))
def test_the_private_room_enters_the_register_by_its_doors_only(path: Path) -> None:
    register = [name for name in imports(path) if is_within(name, "districts") and name != "districts"]
    assert [name for name in register if not any(is_within(name, door) for door in DOORS)] == []
    assert [name for name in imports(path) if is_within(name, "portal")] == []


@named([path for path in modules(*ROOMS) if dotted(path) in PURE])
def test_what_can_be_argued_about_is_pure(path: Path) -> None:
    assert [name for name in imports(path) if any(is_within(name, other) for other in IMPURE)] == []


@named([path for path in modules("districts", "consent") if "models" in path.parts])
def test_models_import_no_verb_and_no_edge(path: Path) -> None:
    room = dotted(path).split(".")[0]
    own = [name for name in imports(path) if is_within(name, room) and name != room]
    allowed = (f"{room}.models", f"{room}.law", *PURE)
    assert [name for name in own if not any(is_within(name, other) for other in allowed)] == []


@named([path for path in modules("districts", "consent") if not set(EDGES) & set(dotted(path).split("."))])
def test_only_edges_import_edges(path: Path) -> None:
    room = dotted(path).split(".")[0]
    edges = [f"{room}.{edge}" for edge in EDGES]
    if path.name == "apps.py":  # connects the receivers
        edges.remove(f"{room}.receivers")
    assert [name for name in imports(path) if any(is_within(name, edge) for edge in edges)] == []
