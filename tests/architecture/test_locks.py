"""No two mechanisms share the number of an advisory lock: one would wait for the other, for ever perhaps."""

import re
from collections import Counter

from tests.architecture.source import PROJECT, ROOMS

# The one-part form, `NAME_LOCK = 7_311_201`; numbers of the two-part form are a space of their own.
NUMBER = re.compile(r"^(?:\w+_)?LOCK = ([\d_]+)", re.MULTILINE)
TWO_PARTS = {"consent/locks.py", "consent/state_locks.py", "portal/staff/uploading.py"}
BORROWS = {
    "consent/outcomes.py",  # holds shared what consent/reports.py holds alone
    "districts/migrations/0024_the_discussion_is_followed.py",  # stamps behind the lock of migration 0012
}

SOURCES = {
    path.relative_to(PROJECT).as_posix(): path.read_text(encoding="utf-8")
    for room in ROOMS
    for path in sorted((PROJECT / room).rglob("*.py"))
}


def test_every_lock_has_a_number_of_its_own() -> None:
    numbers = [(int(number), name) for name, text in SOURCES.items() for number in NUMBER.findall(text)]
    counted = Counter(number for number, _name in numbers)
    assert len(counted) > 5
    assert [each for each in numbers if counted[each[0]] > 1] == []


def test_whoever_takes_a_lock_names_its_number_so_that_it_is_counted() -> None:
    takers = {name for name, text in SOURCES.items() if re.search(r"pg_(try_)?advisory_(xact_)?lock", text)}
    assert {name for name in takers if not NUMBER.search(SOURCES[name])} == TWO_PARTS | BORROWS
