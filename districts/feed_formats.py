"""Writes the same entries as Atom (RFC 4287) and as JSON Feed 1.1."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from .addresses import page
from .news_feeds import Entry

ATOM = "application/atom+xml; charset=utf-8"
LONG_AGO = dt.datetime(2013, 1, 1, tzinfo=dt.UTC)
JSON_FEED = "application/feed+json; charset=utf-8"


@dataclass(frozen=True)
class Heading:
    """What a feed is called, where it is, which page it belongs to, in which language."""

    title: str
    about: str
    home: str
    address: str
    language: str


def atom(heading: Heading, found: Sequence[Entry]) -> str:
    """Return an Atom feed. Ids stay whatever becomes of the addresses: those of publications are URNs."""
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
            link=_page(entry),
            description=_html(entry),
            unique_id=_id(entry),
            pubdate=entry.publication.published_at,
            updateddate=entry.publication.published_at,
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
                "id": _id(entry),
                "url": _page(entry),
                "title": entry.title,
                "content_text": "\n".join(entry.sentences),
                "date_published": entry.publication.published_at.isoformat(),
                "tags": [entry.publication.kind],
            }
            for entry in found
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _id(entry: Entry) -> str:
    return f"urn:uuid:{entry.publication.public_id}"


def _page(entry: Entry) -> str:
    return page("change", entry.publication.public_id)


def _html(entry: Entry) -> str:
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in entry.sentences)
