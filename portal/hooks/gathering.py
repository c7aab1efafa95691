"""Finding what running hooks are to be called about: one statement, however many hooks and publications."""

import datetime as dt
from typing import Any

from django.db import connection, transaction

from districts.news_feeds import WHOLE
from portal.watching.concerning import RECENT, concerns, search

#: How far each sweep looks back, and how far the hourly one does, for what was committed late or missed.
LATELY = dt.timedelta(hours=1)
LOOKED_BACK = dt.timedelta(days=7)
#: What was being published while a hook was started is news for it, though it began a moment before.
UNDER_WAY = 10  # minutes

_GATHER = f"""
    WITH {RECENT}, concerns (hook_id, publication_id) AS ({concerns("portal_hook")}
      UNION ALL
        SELECT h.id, p.id FROM recent p CROSS JOIN portal_hook h
         WHERE num_nonnulls(h.agency_id, h.school_id, h.vendor_id, h.element_id, h.agreement_id, h.words) = 0
    )
    INSERT INTO portal_hookcall
           (public_id, hook_id, publication_id, kind, state, made_at, attempts, next_attempt_at, result)
    SELECT gen_random_uuid(), news.hook_id, news.publication_id, 'news', 'due', %(now)s, 0, %(now)s, ''
      FROM (SELECT DISTINCT n.hook_id, n.publication_id
              FROM concerns n
              JOIN portal_hook h ON h.id = n.hook_id AND h.state = 'active'
              JOIN recent p ON p.id = n.publication_id
             WHERE p.published_at >= h.started_at - make_interval(mins => %(under_way)s)
             ORDER BY n.publication_id, n.hook_id) AS news
    ON CONFLICT (hook_id, publication_id) DO NOTHING
"""  # noqa: S608 - no value is put into this text


@transaction.atomic
def gather(*, now: dt.datetime, looked_back: dt.timedelta = LATELY) -> int:
    """Write down a call for each running hook and each publication that concerns it. Return how many.

    May run at any time, twice, and beside itself. What was published while a hook rested is gathered when it
    runs again, as far as this looks back.
    """
    since = now - looked_back
    until = now + dt.timedelta(minutes=1)  # PostgreSQL's clock says when it was published, ours what is now
    search("portal_hook", "state = 'active'", since=since, until=until)
    values: dict[str, Any] = {
        "since": since,
        "until": until,
        "now": now,
        "under_way": UNDER_WAY,
        "whole": list(WHOLE),
    }
    with connection.cursor() as cursor:
        cursor.execute(_GATHER, values)
        return int(cursor.rowcount)
