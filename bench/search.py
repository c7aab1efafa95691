"""The search over all kinds of things, beside a bare indexed look-up of the same words among as many names.

Asked in turn are brands, beginnings, whole names, broad words, several of them, words that never meet, and
typing mistakes. The bare look-up has the same kinds of indexes, lists in the same order, and is told which
index to use: words, or trigrams for the mistakes. Judged are the 95th percentiles over all that was asked.
Among few products both take a millisecond or two, most of it for planning one query of one table there and of
six kinds of things here; the bar is meant for 100,000.
"""

import random
import statistics
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain

from django.core.management import call_command
from django.db import connection

from bench.measure import RUNS, Row, seconds
from bench.town import settle
from districts.finding import find
from districts.public_room import public_room
from districts.spelling import renew_words
from tests import factories as f

BAR = 3.0
ROUNDS = 4  # in one turn
YARDSTICK = "bare indexed look-up"
Times = dict[str, list[float]]
Turn = tuple[Times, Times]
SUBJECTS = ["Reading", "Math", "Science", "Writing", "Music", "History", "Spanish", "Coding", "Art", "Health"]
SORTS = [
    "Learning",
    "Practice",
    "Classroom",
    "Studio",
    "Academy",
    "Quiz",
    "Journal",
    "Library",
    "Lab",
    "Games",
]
SYLLABLES = (
    "ba be bo da do el en fi go ka ki la li lo lu ma mi mo na no pa pe ra ri ro sa so ta ti to va vi xo za"
)

PRODUCTS = """
INSERT INTO districts_product (vendor_id, name, slug, summary, website)
SELECT (%(vendors)s::bigint[])[1 + n %% cardinality(%(vendors)s::bigint[])], name, 'p' || n, '', ''
  FROM unnest(%(names)s::text[]) WITH ORDINALITY AS named (name, n);
INSERT INTO districts_agreement_products (agreement_id, product_id)
SELECT g.id, p.id FROM districts_product p JOIN districts_agreement g ON g.vendor_id = p.vendor_id;
"""
BARE = """
CREATE TABLE bare AS SELECT id, name, openroll_search_key(name) COLLATE "C" AS key,
                            to_tsvector('simple', openroll_search_key(name)) AS words FROM districts_product;
CREATE INDEX ON bare USING gin (words);
CREATE INDEX ON bare USING gin (key gin_trgm_ops);
CREATE INDEX ON bare (key, id);
"""
BY_WORDS = "SELECT id, name FROM bare WHERE words @@ to_tsquery('simple', %s) ORDER BY key, id LIMIT 26"
BY_LIKENESS = "SELECT id, name FROM bare WHERE key %%> %s ORDER BY key <->> %s LIMIT 26"


def run(size: int) -> list[Row]:
    """Measure one size: a number of products."""
    call_command("setup_roles", verbosity=0)
    dice = random.Random(size)
    brands = sorted({"".join(dice.choices(SYLLABLES.split(), k=3)) for _ in range(size // 5)})
    names = [
        f"{dice.choice(brands)} {dice.choice(SUBJECTS)} {dice.choice(SORTS)}".title() for _ in range(size - 1)
    ]
    _fill([*names, "Google Classroom"], vendors=max(size // 100, 1))
    asked = _asked(dice, brands, names)
    sorts = dict.fromkeys(sort for sort, _typed in asked)
    with public_room():
        turns = [_turn(asked) for _ in range(RUNS)]
    what = f"search of all kinds of things, {size:,} products"
    whole = Row(f"{what}, 95th percentile", size, _ratios(turns, sorts), YARDSTICK, BAR)
    return [whole, *(Row(f"{what}, {sort}", size, _ratios(turns, [sort]), YARDSTICK, None) for sort in sorts)]


def _turn(asked: Sequence[tuple[str, str]]) -> Turn:
    """Ask everything some times; return the seconds of ours and of the bare look-up, of each sort."""
    ours: Times = {}
    bare: Times = {}
    for _ in range(ROUNDS):
        for sort, typed in asked:
            bare.setdefault(sort, []).append(seconds(partial(_bare, sort, typed)))
            ours.setdefault(sort, []).append(seconds(partial(find, typed=typed, language="en")))
    return ours, bare


def _ratios(turns: Iterable[Turn], sorts: Iterable[str]) -> list[float]:
    """Return for each turn how many times the bare look-up's 95th percentile ours is, over these sorts."""
    sorts = list(sorts)

    def taken(one: Times) -> float:
        return p95([*chain(*(one[sort] for sort in sorts))])

    return [taken(ours) / taken(bare) for ours, bare in turns]


def p95(taken: list[float]) -> float:
    """Return the time that 95 of 100 calls keep."""
    return statistics.quantiles(taken, n=20)[-1]


def _fill(names: list[str], vendors: int) -> None:
    district = f.make_district()
    made = [f.make_vendor(f"Company {n}") for n in range(vendors)]
    versions = [f.make_draft(f.make_agreement(district, vendor)) for vendor in made]
    with connection.cursor() as cursor:
        cursor.execute(PRODUCTS, {"vendors": [vendor.pk for vendor in made], "names": names})
        cursor.execute(
            "UPDATE districts_agreementversion SET published_at = now() WHERE id = ANY (%s)",
            [[version.pk for version in versions]],
        )
        cursor.execute(BARE)
        cursor.execute("GRANT SELECT ON bare TO PUBLIC")
    renew_words()
    settle()


def _asked(dice: random.Random, brands: list[str], names: list[str]) -> list[tuple[str, str]]:
    """Return what is typed, each with its sort."""
    some = dice.sample(brands, 5)
    return [
        *[("a brand", brand) for brand in some],
        *[("a beginning", brand[:3]) for brand in some],
        *[("a whole name", name) for name in dice.sample(names, 5)],
        *[("a broad word", word.lower()) for word in (*SUBJECTS[:3], *SORTS[:2])],
        *[("two broad words", f"{a} {b}".lower()) for a, b in zip(SUBJECTS[:5], SORTS[:5], strict=True)],
        ("words that never meet", "reading math"),
        *[("a typing mistake", brand[:2] + brand[3:] + " learnig") for brand in some],
        ("a typing mistake", "gogle clasroom"),
    ]


def _bare(sort: str, typed: str) -> None:
    query, values = BY_WORDS, [" & ".join(f"{word}:*" for word in typed.split())]
    if sort == "a typing mistake":
        query, values = BY_LIKENESS, [typed, typed]
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        cursor.fetchall()
