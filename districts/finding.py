"""Find things of the public register: what begins with the words, what holds them, else what is like them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connections, router

from .models import SearchEntry
from .search_words import EVERY_KIND_WORD, KINDS, MOST_WORDS, beginning_for, query_for, telling
from .spelling import respelled

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
    """What was found of each kind that has something; `guessed` where nothing holds the words themselves.

    The key is what was looked for; an empty one means that the typed words hold no letter and no digit.
    """

    key: str
    groups: dict[str, list[Found]] = field(default_factory=dict)
    more: frozenset[str] = frozenset()
    guessed: bool = False


def find(
    *, typed: str, language: str, kinds: Sequence[str] = KINDS, limit: int = 5, after: Mark | None = None
) -> Findings:
    """Return up to `limit` things of each kind that the typed words mean.

    Costs two queries, and up to three more where the words have to be guessed: names like the whole, then
    names that hold the words nearest to each. No count is made, so broad words are cheap.
    """
    key = key_of(typed)
    if not key:
        return Findings(key)
    found = _run([_named(kind, key, language, limit + 1, after) for kind in kinds])
    guessed = not found and after is None
    if guessed:
        found = _run([_alike(kind, key, language, limit) for kind in kinds])
        if not found and (nearest := _nearest(key)) not in {"", key}:
            found = _run([_named(kind, nearest, language, limit, None) for kind in kinds])
    groups = {kind: [one for one in found if one.kind == kind] for kind in kinds}
    return Findings(
        key,
        {kind: those[:limit] for kind, those in groups.items() if those},
        frozenset(kind for kind, those in groups.items() if len(those) > limit),
        guessed,
    )


def plain(text: str) -> str:
    """Return typed words without control characters and blanks around or beside others."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def key_of(typed: str) -> str:
    """Return typed words as PostgreSQL writes keys: lower case, no accents, no punctuation."""
    with connections[router.db_for_read(SearchEntry)].cursor() as cursor:
        cursor.execute("SELECT openroll_search_key(%s)", [typed.replace("\x00", " ")[:LONGEST]])
        return str(cursor.fetchone()[0])


Part = tuple[str, list[str | int]]


def everything_named(kind: str, key: str, language: str) -> Part:
    """Return the query for the ids of all things of a kind whose names begin with the words, or hold them.

    Words that name the kind itself mean all of it, as on the page of the search; nothing is guessed.
    """
    query = query_for(kind, key)
    where, values = _of_kind(kind, language)
    sql = f"SELECT object_id FROM districts_searchentry WHERE {where}"  # noqa: S608 - none of it was typed
    if not query:
        return sql, values
    begin = beginning_for(kind, key) + "%"
    return f"{sql} AND (key LIKE %s OR words @@ %s::tsquery)", [*values, begin, query]


_COLUMNS = "kind, title, note, reference, object_id, key"
_IN_LANGUAGE = "(language = %s OR language = 'en' AND NOT %s = ANY (languages))"


def _named(kind: str, key: str, language: str, limit: int, after: Mark | None) -> Part:
    """Return the query for things whose name begins with the words, then for those that hold them."""
    query = query_for(kind, key)
    begin = beginning_for(kind, key) + "%"
    where, values = _of_kind(kind, language)
    conditions = {BEGINS: "key LIKE %s", HOLDS: "key NOT LIKE %s"}
    sql, filled = [], list[str | int]()
    for tier in (BEGINS, HOLDS) if after is None else range(after.tier, HOLDS + 1):
        condition = f"{where} AND {conditions[tier]}"
        filled += [*values, begin]
        if tier == HOLDS and query:
            condition += " AND words @@ %s::tsquery"
            filled.append(query)
        if after is not None and after.tier == tier:
            condition += " AND (key, object_id) > (%s, %s)"
            filled += [after.key, after.object_id]
        sql.append(
            f"(SELECT {tier} AS tier, {_COLUMNS} FROM districts_searchentry WHERE {condition}"  # noqa: S608
            " ORDER BY key, object_id LIMIT %s)"
        )
        filled.append(limit)
    return f"(SELECT * FROM ({' UNION ALL '.join(sql)}) AS tiers LIMIT %s)", [*filled, limit]  # noqa: S608


def _alike(kind: str, key: str, language: str, limit: int) -> Part:
    """Return the query for things called nearly so: each typing mistake costs a few of a word's trigrams."""
    where, values = _of_kind(kind, language)
    sql = (
        f"(SELECT {BEGINS} AS tier, {_COLUMNS} FROM districts_searchentry"  # noqa: S608
        f" WHERE {where} AND key %%> %s"
        " ORDER BY key <->> %s, key, object_id LIMIT %s)"
    )
    return sql, [*values, key, key, limit]


def _nearest(key: str) -> str:
    """Return the key with a word of the register for each that it does not know, and without hopeless ones.

    Empty where nothing is left that says what is asked for.
    """
    asked = telling(key.split()[:MOST_WORDS])
    better = respelled(asked)
    left = [word for word in (better.get(word, word) for word in asked) if word]
    return "" if all(word in EVERY_KIND_WORD for word in left) else " ".join(left)


def _of_kind(kind: str, language: str) -> Part:
    if kind == "element":
        return f"kind = 'element' AND {_IN_LANGUAGE}", [language, language]
    return "kind = %s", [kind]


def _run(parts: list[Part]) -> list[Found]:
    with connections[router.db_for_read(SearchEntry)].cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(sql for sql, _ in parts), [v for _, values in parts for v in values]
        )
        return [
            Found(kind, title, note, reference, Mark(tier, object_id, key))
            for tier, kind, title, note, reference, object_id, key in cursor.fetchall()
        ]
