"""What a status word says of an agreement, and which cells of a matrix are marked. Pure."""

from dataclasses import dataclass
from functools import cache

from .phrases import key
from .wordlists import rows_of

_MARKED = frozenset("x ✓ ✔ ☑ ☒ 🗹 ● • y yes true 1 si sí checked collected required".split())  # noqa: SIM905
_NOT_MARKED = frozenset(["", "n", "no", "false", "0", "-", "–", "—", "n/a", "na", "☐", "□", "none"])


@dataclass(frozen=True)
class Status:
    """What a status means: proposed, signed, ended or none (no agreement); and what it says besides."""

    state: str
    needs_consent: bool = False
    no_data: bool = False


def read_status(words: str) -> Status | None:
    """Return what status words mean, None where nobody can say."""
    return None if "?" in words else _known().get(key(words))


def is_marked(cell: str) -> bool | None:
    """Return whether a cell of a matrix is marked; None for a cell that is no mark at all."""
    mark = cell.strip().casefold()
    if mark in _MARKED:
        return True
    return False if mark in _NOT_MARKED else None


@cache
def _known() -> dict[str, Status]:
    return {
        key(words): Status(state, needs_consent=means == "consent", no_data=means == "no_data")
        for words, state, means in rows_of("statuses")
    }
