"""What some tests need of the machine: without it they are left out, by name, or refused in CI."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.preflight import has_pango

PROJECT = Path(__file__).resolve().parent.parent
REAL_INPUTS = PROJECT.parent / "shared" / "data"
# The one without windows is a quarter faster; both are Debian's.
_BROWSERS = [Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")]
CHROMIUM = Path(os.environ.get("CHROMIUM") or next(filter(Path.exists, _BROWSERS), _BROWSERS[-1]))


@dataclass(frozen=True)
class Need:
    """Something of the machine; tests that need it carry the marker of its name."""

    name: str
    words: str
    is_there: Callable[[], bool]


NEEDS = (
    Need("redis", "needs Redis", lambda: shutil.which("redis-server") is not None),
    Need("browser", "needs Chromium", CHROMIUM.exists),
    Need("pango", "needs Pango", has_pango),
    Need("gettext", "needs gettext", lambda: shutil.which("xgettext") is not None),
    Need("git", "needs git and make", lambda: bool(shutil.which("git") and shutil.which("make"))),
    Need("root", "needs to be root", lambda: os.geteuid() == 0),
    Need("real_inputs", "needs the real inputs beside the project", REAL_INPUTS.exists),
)


def required() -> set[str]:
    """Return the names that OPENROLL_REQUIRE lists: a machine without one of them fails."""
    return {name.strip() for name in os.environ.get("OPENROLL_REQUIRE", "").split(",") if name.strip()}


def refuse_if_lacking() -> str:
    """Return a sentence if something required is not there, else nothing."""
    unknown = required() - {need.name for need in NEEDS}
    if unknown:
        return f"OPENROLL_REQUIRE names what no test knows: {', '.join(sorted(unknown))}."
    lacking = [need.name for need in NEEDS if need.name in required() and not need.is_there()]
    return f"OPENROLL_REQUIRE asks for {', '.join(lacking)}, which is not here." if lacking else ""


def leave_out(items: list[pytest.Item]) -> None:
    """Skip the tests whose need is not there."""
    absent = [need for need in NEEDS if not need.is_there()]
    for item in items:
        for need in absent:
            if item.get_closest_marker(need.name):
                item.add_marker(pytest.mark.skip(reason=need.words))


def reasons(reports: list[pytest.TestReport]) -> Counter[str]:
    """Return how many tests were left out for which reason."""
    counted: Counter[str] = Counter()
    for report in reports:
        where_and_why = report.longrepr
        why = where_and_why[2] if isinstance(where_and_why, tuple) else str(where_and_why)
        counted[why.removeprefix("Skipped: ")] += 1
    return counted


def is_forgiven(reason: str) -> bool:
    """Return whether a run that requires things may still leave a test out for this reason."""
    return any(reason == need.words for need in NEEDS if need.name not in required())
