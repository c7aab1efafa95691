"""Plain functions: who watches what, and the moments of a day."""

import datetime as dt
import re
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from districts.models import Publication
from portal.watching import asking, things
from portal.watching.gathering import newest_round
from portal.watching.models import Watch

ALICE = "alice@example.org"


def watches(kind: str, thing: Any, email: str = ALICE, *, language: str = "en", **when: dt.datetime) -> Watch:
    """Ask and confirm, as two pages do; the question counts as sent."""
    asked = when.get("at", timezone.now() - dt.timedelta(hours=1))
    asking.ask(email=email, kind=kind, thing=thing, language=language, now=asked)
    watch = Watch.objects.get(watcher__email=email, **things.identity(kind, thing))
    asking.confirm(watch.key, now=asked)
    watch.watcher.mails.filter(kind="question").delete()
    watch.refresh_from_db()
    return watch


def next_round() -> dt.datetime:
    """Return a moment just after the next time the site's hour strikes: all there is now was before it."""
    return newest_round(timezone.now()) + dt.timedelta(days=1, minutes=1)


def days_later(days: int) -> dt.datetime:
    return next_round() + dt.timedelta(days=days)


def published_at(publication: Publication, moment: dt.datetime) -> None:
    """Let a publication be of another moment, which only tests can: its clock is PostgreSQL's."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE districts_publication SET published_at = %s WHERE id = %s", [moment, publication.pk]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


def link_in(text: str, page: str) -> str:
    """Return the path of the one link of a message that leads to a page of watches."""
    [found] = set(re.findall(rf"https://data\.cedar\.example((?:/es)?/watch/{page}/[0-9a-f-]+/)", text))
    return found


def key_in(path: str) -> uuid.UUID:
    return uuid.UUID(path.rstrip("/").rpartition("/")[2])
