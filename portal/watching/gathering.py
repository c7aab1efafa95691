"""Finding what is new for all watches at once: one statement, however many addresses and publications."""

import datetime as dt

import structlog
from django.conf import settings
from django.db import connection, transaction

from districts.news_feeds import WHOLE

from .concerning import LOOKED_BACK, RECENT, concerns, search

log = structlog.get_logger(__name__)

#: What was being published while a watch was confirmed is news for it, though it began a moment before.
UNDER_WAY = 10  # minutes

# The messages of a day and what stands in them come together or not at all.
_GATHER = f"""
    WITH {RECENT}, concerns (watch_id, publication_id) AS ({concerns("portal_watch")}), news AS MATERIALIZED (
        SELECT DISTINCT n.watch_id, w.watcher_id, n.publication_id
          FROM concerns n
          JOIN portal_watch w ON w.id = n.watch_id
          JOIN recent p ON p.id = n.publication_id
         WHERE p.published_at >= w.confirmed_at - make_interval(mins => %(under_way)s)
           AND NOT EXISTS (SELECT FROM portal_watchnews t
                            WHERE t.watch_id = n.watch_id AND t.publication_id = n.publication_id)
    ), made AS (
        INSERT INTO portal_watchmail (public_id, watcher_id, kind, state, day, attempts, next_attempt_at)
        SELECT gen_random_uuid(), watcher_id, 'news', 'due', %(day)s, 0, %(now)s
          FROM (SELECT DISTINCT watcher_id FROM news ORDER BY watcher_id) AS each
        ON CONFLICT (watcher_id, day) WHERE kind = 'news' DO NOTHING
        RETURNING id, watcher_id
    ), told AS (
        INSERT INTO portal_watchnews (mail_id, watch_id, publication_id)
        SELECT m.id, n.watch_id, n.publication_id FROM news n JOIN made m ON m.watcher_id = n.watcher_id
        ON CONFLICT (watch_id, publication_id) DO NOTHING
    )
    SELECT count(*) FROM made
"""  # noqa: S608 - no value is put into this text


@transaction.atomic
def gather(*, now: dt.datetime) -> int:
    """Write down the messages of the newest round: what was published before it and not told. Count them.

    A round is a day at the site's hour (WATCH_HOUR, UTC). May run at any time, twice, and beside itself: who
    has a message of the round gets no second one, and what came too late for it stands in the next.
    """
    until = newest_round(now)
    since = until - LOOKED_BACK
    search("portal_watch", "confirmed_at IS NOT NULL", since=since, until=until)
    with connection.cursor() as cursor:
        cursor.execute(
            _GATHER,
            {
                "since": since,
                "until": until,
                "under_way": UNDER_WAY,
                "day": until.date(),
                "now": now,
                "whole": list(WHOLE),
            },
        )
        (made,) = cursor.fetchone()
    if made:
        log.info("watch news gathered", mails=made, day=str(until.date()))
    return int(made)


def newest_round(now: dt.datetime) -> dt.datetime:
    """Return the last moment at which the site's hour struck; `now` itself counts."""
    today = now.astimezone(dt.UTC).replace(hour=settings.WATCH_HOUR, minute=0, second=0, microsecond=0)
    return today if today <= now else today - dt.timedelta(days=1)
