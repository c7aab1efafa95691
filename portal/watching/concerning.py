"""Which recent publications concern which watched things, for all rows of a table at once, in SQL.

It says what districts/news_feeds.py says of one thing; tests compare the two. Only a search is looked for by
its feed's own definition, once for each search however many watch it.
"""

import datetime as dt

from django.db import connection

from districts.news_feeds import of_search

#: Publications older than this are not looked for any more; no site stands still so long.
LOOKED_BACK = dt.timedelta(days=60)

#: Begins a statement: the publications of a while, of public agreements. Needs `since` and `until`.
RECENT = """recent AS MATERIALIZED (
        SELECT p.id, p.agreement_id, p.version_id, p.published_at FROM districts_publication p
         WHERE p.published_at >= %(since)s AND p.published_at < %(until)s
           AND EXISTS (SELECT FROM districts_agreementversion v
                        WHERE v.agreement_id = p.agreement_id AND v.published_at IS NOT NULL)
    )"""

_PARTS = """CROSS JOIN LATERAL (SELECT a.agency_id FROM districts_agreement a WHERE a.id = p.agreement_id
                          UNION SELECT j.agency_id FROM districts_participation j
                                 WHERE j.agreement_id = p.agreement_id) AS part"""

_CONCERNS = f"""
    SELECT w.id, p.id
      FROM {{table}} w JOIN recent p ON w.agreement_id = p.agreement_id
  UNION ALL
    SELECT w.id, p.id
      FROM recent p JOIN districts_agreement a ON a.id = p.agreement_id
      JOIN {{table}} w ON w.vendor_id = a.vendor_id
  UNION ALL
    SELECT w.id, p.id
      FROM recent p {_PARTS}
      JOIN {{table}} w ON w.agency_id = part.agency_id
  UNION ALL
    SELECT w.id, p.id
      FROM recent p {_PARTS}
     CROSS JOIN LATERAL (SELECT v.id FROM districts_agreementversion v
                          WHERE v.agreement_id = p.agreement_id AND v.published_at IS NOT NULL
                          ORDER BY v.number DESC LIMIT 1) AS newest
      JOIN districts_school s ON s.agency_id = part.agency_id
      JOIN {{table}} w ON w.school_id = s.id
     WHERE NOT EXISTS (SELECT FROM districts_scopeschool o WHERE o.version_id = newest.id)
        OR EXISTS (SELECT FROM districts_scopeschool o WHERE o.version_id = newest.id AND o.school_id = s.id)
  UNION ALL
    SELECT w.id, f.publication_id
      FROM openroll_found_by_search f
      JOIN {{table}} w ON w.words_key = f.words_key AND w.language = f.language
  UNION ALL
    SELECT w.id, p.id
      FROM recent p JOIN districts_change c ON c.publication_id = p.id
     CROSS JOIN LATERAL jsonb_array_elements_text(
           CASE jsonb_typeof(c.after -> 'elements') WHEN 'array' THEN c.after -> 'elements' ELSE '[]' END
           ) AS listed (code)
      JOIN districts_dataelement e ON e.code = listed.code
      JOIN {{table}} w ON w.element_id = e.id
  UNION ALL
    SELECT w.id, named.publication_id
      FROM (SELECT c.publication_id, coalesce(e.same_meaning_as_id, e.id) AS meaning
              FROM recent p JOIN districts_change c ON c.publication_id = p.id
              JOIN districts_dataelement e ON e.id = c.element_id
            UNION
            SELECT p.id, coalesce(e.same_meaning_as_id, e.id)
              FROM recent p JOIN districts_sharedelement s ON s.version_id = p.version_id
              JOIN districts_dataelement e ON e.id = s.element_id
             WHERE EXISTS (SELECT FROM districts_change c
                            WHERE c.publication_id = p.id AND c.kind = ANY (%(whole)s))
           ) AS named
      JOIN districts_dataelement watched ON coalesce(watched.same_meaning_as_id, watched.id) = named.meaning
      JOIN {{table}} w ON w.element_id = watched.id
"""  # noqa: S608 - no value is put into this text

_NO_TABLE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS openroll_found_by_search
        (words_key text, language text, publication_id bigint) ON COMMIT DROP;
    TRUNCATE openroll_found_by_search
"""


def concerns(table: str) -> str:
    """Return the query for the ids of a table's rows, each with a publication of RECENT that concerns it.

    May yield a pair twice. Needs `whole` (news_feeds.WHOLE) among the statement's values, and `search`
    before it in the same transaction.
    """
    return _CONCERNS.format(table=table)


def search(table: str, condition: str, *, since: dt.datetime, until: dt.datetime) -> None:
    """Look for the news of every search that rows of a table watch, for the statement that follows.

    What is found stays in PostgreSQL, in a table that ends with the transaction: a broad search of a whole
    state's news takes no memory here. One statement for each different search.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT words_key, language"  # noqa: S608 - names of ours
            f" FROM {table} WHERE words_key IS NOT NULL AND {condition} ORDER BY words_key, language"
        )
        searches = cursor.fetchall()
        cursor.execute(_NO_TABLE)
        for key, language in searches:
            news = of_search(key, language).filter(published_at__gte=since, published_at__lt=until)
            sql, values = news.order_by().values("pk").query.sql_with_params()
            cursor.execute(
                f"INSERT INTO openroll_found_by_search SELECT %s, %s, found.* FROM ({sql}) AS found",  # noqa: S608
                [key, language, *values],
            )
