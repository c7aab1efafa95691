"""Writes the same entries as Atom (RFC 4287) and as JSON Feed 1.1."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

ATOM = "application/atom+xml; charset=utf-8"
LONG_AGO = dt.datetime(2013, 1, 1, tzinfo=dt.UTC)
JSON_FEED = "application/feed+json; charset=utf-8"


class Entry(Protocol):
    """What stands in a feed; `id` stays whatever becomes of the addresses, `at` is when it became public."""

    @property
    def id(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def at(self) -> dt.datetime: ...

    @property
    def tag(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def sentences(self) -> list[str]: ...


@dataclass(frozen=True)
class Heading:
    """What a feed is called, where it is, which page it belongs to, in which language."""

    title: str
    about: str
    home: str
    address: str
    language: str


def atom(heading: Heading, found: Sequence[Entry]) -> str:
    """Return an Atom feed."""
    feed = _Feed(
        title=heading.title,
        link=heading.home,
        description=heading.about,
        subtitle=heading.about,
        language=heading.language,
        feed_url=heading.address,
        feed_guid=heading.address,
        author_name=heading.title,
    )
    for entry in found:
        feed.add_item(
            title=entry.title,
            link=entry.url,
            description=_html(entry),
            unique_id=entry.id,
            pubdate=entry.at,
            updateddate=entry.at,
        )
    return feed.writeString("utf-8")


class _Feed(Atom1Feed):
    """A feed without entries is as old as the site; Django would call it new each time it is asked."""

    def latest_post_date(self) -> dt.datetime:
        """Return when the newest entry was published."""
        return super().latest_post_date() if self.items else LONG_AGO


def json_feed(heading: Heading, found: Sequence[Entry]) -> str:
    """Return a JSON Feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": heading.title,
        "description": heading.about,
        "home_page_url": heading.home,
        "feed_url": heading.address,
        "language": heading.language,
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_text": "\n".join(entry.sentences),
                "date_published": entry.at.isoformat(),
                "tags": [entry.tag],
            }
            for entry in found
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _html(entry: Entry) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in entry.sentences)
