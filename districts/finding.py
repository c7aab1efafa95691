"""Find things of the public register by words: what begins with them first, then what holds them, then what is like them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connections, router

from .models import SearchEntry
from .search_words import KINDS, SAY_NOTHING, KIND_WORDS_OF, query_for

LONGEST = 100  # letters of a query that are looked at
BEGINS, HOLDS = 1, 2


@dataclass(frozen=True)
class Mark:
    """Where a page of results ended; the next one begins after it."""

    tier: int
    object_id: int
    key: str

    def __str__(self) -> str:
        return f"{self.tier}.{self.object_id}.{self.key}"

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """Return the mark written as a text; None where it is none, so that the list begins anew."""
        tier, _, rest = text.replace("\x00", "").partition(".")
        number, _, key = rest.partition(".")
        if tier not in {"1", "2"} or not number.isascii() or not number.isdigit() or len(number) > 18:
            return None
        return cls(int(tier), int(number), key[:300])


@dataclass(frozen=True)
class Found:
    """One thing that was found: how it is called, what stands under its name, what its address is made of."""

    kind: str
    title: str
    note: str
    reference: str
    mark: Mark


@dataclass(frozen=True)
class Findings:
    """What was found of each kind that has something; `guessed` where nothing holds the words themselves."""

    groups: dict[str, list[Found]]
    more: frozenset[str]
    guessed: bool = False


def find(
    *, typed: str, language: str, kinds: Sequence[str] = KINDS, limit: int = 5, after: Mark | None = None
) -> Findings:
    """Return up to `limit` things of each kind that the typed words mean.

    Costs two queries, three where the words have to be guessed; no count is made, so broad words are cheap.
    """
    key = key_of(typed)
    if not key:
        return Findings({}, frozenset())
    found = _run([_named(kind, key, language, limit + 1, after) for kind in kinds])
    if found or after:
        return _grouped(found, kinds, limit)
    return _grouped(_run([_alike(kind, key, language, limit) for kind in kinds]), kinds, limit, guessed=True)


def key_of(typed: str) -> str:
    """Return typed words as PostgreSQL writes keys: lower case, no accents, no punctuation."""
    with connections[router.db_for_read(SearchEntry)].cursor() as cursor:
        cursor.execute("SELECT openroll_search_key(%s)", [typed.replace("\x00", " ")[:LONGEST]])
        return str(cursor.fetchone()[0])


Part = tuple[str, list[object]]

_COLUMNS = "kind, title, note, reference, object_id, key"
_IN_LANGUAGE = "(language = %s OR language = 'en' AND NOT %s = ANY (languages))"


def _named(kind: str, key: str, language: str, limit: int, after: Mark | None) -> Part:
    """Return the query for things whose name begins with the words, then for those that hold them."""
    query = query_for(kind, key)
    begin = _beginning(kind, key) + "%"
    where, values = _of_kind(kind, language)
    parts: list[Part] = []
    if after is None or after.tier == BEGINS:
        parts.append((f"{where} AND key LIKE %s", [*values, begin]))
    holds = " AND words @@ %s::tsquery" if query else ""
    parts.append((f"{where} AND key NOT LIKE %s{holds}", [*values, begin, *([query] if query else [])]))
    tiers = (BEGINS, HOLDS)[-len(parts) :]
    sql, every = [], []
    for tier, (condition, filled) in zip(tiers, parts, strict=True):
        if after is not None and after.tier == tier:
            condition, filled = (
                f"{condition} AND (key, object_id) > (%s, %s)",
                [*filled, after.key, after.object_id],
            )
        sql.append(
            f"(SELECT {tier} AS tier, {_COLUMNS} FROM districts_searchentry WHERE {condition}"
            " ORDER BY key, object_id LIMIT %s)"
        )
        every += [*filled, limit]
    return f"({' UNION ALL '.join(sql)} LIMIT %s)", [*every, limit]


def _alike(kind: str, key: str, language: str, limit: int) -> Part:
    """Return the query for things called nearly so: each typing mistake costs a few of a word's trigrams."""
    where, values = _of_kind(kind, language)
    sql = (
        f"(SELECT {BEGINS} AS tier, {_COLUMNS} FROM districts_searchentry WHERE {where} AND key %%> %s"
        " ORDER BY key <->> %s, key, object_id LIMIT %s)"
    )
    return sql, [*values, key, key, limit]


def _of_kind(kind: str, language: str) -> Part:
    if kind == "element":
        return f"kind = 'element' AND {_IN_LANGUAGE}", [language, language]
    return "kind = %s", [kind]


def _beginning(kind: str, key: str) -> str:
    """Return the words a name may begin with: as typed, without those that say nothing here."""
    words = [word for word in key.split() if word not in SAY_NOTHING and word not in KIND_WORDS_OF[kind]]
    return " ".join(words) or key


def _run(parts: list[Part]) -> list[Found]:
    with connections[router.db_for_read(SearchEntry)].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sql for sql, _ in parts), [v for _, values in parts for v in values])
        return [
            Found(kind, title, note, reference, Mark(tier, object_id, key))
            for tier, kind, title, note, reference, object_id, key in cursor.fetchall()
        ]


def _grouped(found: list[Found], kinds: Sequence[str], limit: int, *, guessed: bool = False) -> Findings:
    groups = {kind: [one for one in found if one.kind == kind] for kind in kinds}
    return Findings(
        {kind: those[:limit] for kind, those in groups.items() if those},
        frozenset(kind for kind, those in groups.items() if len(those) > limit),
        guessed,
    )
