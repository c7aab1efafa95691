"""Words of the public register, to put right what was typed: "lumno readng" is nearly "lumino reading"."""

from collections.abc import Sequence

from django.db import connection, connections, router

from .models import SearchWord

SHORTEST = 4  # letters; of shorter words too little is left to tell what was meant

# One statement: whoever searches meanwhile finds the words of before, or those of now.
RENEW = """
WITH held AS (SELECT DISTINCT unnest(tsvector_to_array(words)) AS word FROM districts_searchentry),
     gone AS (DELETE FROM districts_searchword known
               WHERE NOT EXISTS (SELECT FROM held WHERE held.word = known.word))
INSERT INTO districts_searchword (word) SELECT word FROM held WHERE length(word) BETWEEN %s AND %s
    ON CONFLICT (word) DO NOTHING
"""

# The beginning of a word is no mistake.
NEAREST = """
SELECT typed.word, coalesce(nearest.word, '')
  FROM unnest(%s::text[]) AS typed (word)
  LEFT JOIN LATERAL (SELECT known.word FROM districts_searchword known WHERE known.word %% typed.word
                      ORDER BY similarity(known.word, typed.word) DESC, known.word LIMIT 1) nearest ON true
 WHERE NOT EXISTS (SELECT FROM districts_searchword known
                    WHERE known.word >= typed.word AND known.word < typed.word || U&'\\+10FFFF')
"""


def renew_words() -> None:
    """Keep the words that the public register holds now, and no others. Costs one statement."""
    with connection.cursor() as cursor:
        cursor.execute(RENEW, [SHORTEST, SearchWord.LONGEST])


def respelled(words: Sequence[str]) -> dict[str, str]:
    """Return, for those of the words that nothing in the register begins with, the word most like each.

    It is empty where none is like it at all.
    """
    tried = sorted({word for word in words if len(word) >= SHORTEST})
    if not tried:
        return {}
    with connections[router.db_for_read(SearchWord)].cursor() as cursor:
        cursor.execute(NEAREST, [tried])
        return dict(cursor.fetchall())
