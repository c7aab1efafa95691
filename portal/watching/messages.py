"""The two messages to a watcher: did you ask for this, and what changed. Built once per content."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from consent.mail.build import FALLBACK, OFFERS, address
from consent.mail.exit import Outgoing
from consent.mail.message import TOKEN, Message, assemble, fitting, host
from consent.mail.substitute import Marks
from districts.models import Publication
from districts.news_feeds import about, told

from .asking import DAYS_TO_CONFIRM
from .models import Watch, WatchMail, WatchNews
from .things import RELATED, names, page_of

MOST_PUBLICATIONS = 20  # of one watch in one message; its page has them all
MOST_SENTENCES = 5  # of one publication

# Written out, because to look them up would load every page into the worker; a test compares the two.
CHANGE = "/changes/{}/"
CONFIRM, STOP = "/watch/confirm/{}/", "/watch/stop/{}/"

Row = tuple[int, tuple[int, ...], int]  # a watch, its publications to be told, how many more there are


def message_id_of(mail: WatchMail) -> str:
    """Return the Message-ID of a mail, the same at every try."""
    return f"watch.{mail.public_id}@{host()}"


def outgoing_of(mails: Sequence[WatchMail]) -> list[Outgoing]:
    """Return the messages of a batch, ready for the exit; one that has nothing to tell any more has none."""
    batch = _Batch(mails)
    return [made for mail in mails if (made := batch.outgoing(mail)) is not None]


@dataclass
class _Batch:
    """What the messages of a batch are about, read in few queries, and each message built so far."""

    mails: Sequence[WatchMail]
    rows: dict[int, list[Row]] = field(init=False)
    watches: dict[int, Watch] = field(init=False)
    publications: dict[int, Publication] = field(init=False)
    built: dict[Any, Message] = field(default_factory=dict)
    named: dict[str, dict[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = _rows(self.mails)
        about = {row[0] for rows in self.rows.values() for row in rows}
        about |= {mail.watch_id for mail in self.mails if mail.watch_id}
        self.watches = Watch.objects.select_related(*RELATED).in_bulk(about)
        shown = {pk for rows in self.rows.values() for row in rows for pk in row[1]}
        self.publications = Publication.objects.prefetch_related("changes__element").in_bulk(shown)

    def outgoing(self, mail: WatchMail) -> Outgoing | None:
        watcher = mail.watcher
        if mail.watch_id:
            watch = self.watches[mail.watch_id]
            language, token, own = _known(watch.language), str(watch.key), {}
            message = self._question(watch, language)
        elif rows := self.rows.get(mail.pk):
            language, token = _known(watcher.language), str(watcher.key)
            own = {"stop": f"<{address(language, STOP.format(watcher.key))}>"}
            message = self._news(rows, language)
        else:
            return None
        return Outgoing((), message, "", watcher.email, message_id_of(mail), token, own)

    def _question(self, watch: Watch, language: str) -> Message:
        with translation.override(language):
            # Anybody can type anybody's address: a mail carries no stranger's words to it.
            name = _("a search") if watch.words else self._names(language)[watch.pk]
            context = {"name": name, "days": DAYS_TO_CONFIRM}
            context |= {"subject": fitting([_("Do you want news about %(name)s?") % {"name": name}])}
            return self._once(
                ("question", language, name), "emails/watch_question", context, language, CONFIRM
            )

    def _news(self, rows: list[Row], language: str) -> Message:
        key = ("news", language, tuple((self._thing(watch), shown, more) for watch, shown, more in rows))
        if key in self.built:
            return self.built[key]
        with translation.override(language):
            groups = [self._group(row, language) for row in rows]
            about = [_("What changed: %(name)s") % {"name": groups[0]["name"]}] if len(groups) == 1 else []
            context = {"groups": groups, "subject": fitting([*about, _("What changed on pages you watch")])}
            return self._once(key, "emails/watch_news", context, language, STOP)

    def _group(self, row: Row, language: str) -> dict[str, Any]:
        watch = self.watches[row[0]]
        these = about([watch.element]) if watch.element else None
        entries = [told(self.publications[pk], these) for pk in row[1]]
        return {
            "name": self._names(language)[watch.pk],
            "url": page_of(watch, language),
            "entries": [
                {
                    "day": entry.publication.day,
                    "sentences": entry.sentences[:MOST_SENTENCES],
                    "more": max(0, len(entry.sentences) - MOST_SENTENCES),
                    "url": address(language, CHANGE.format(entry.publication.public_id)),
                }
                for entry in entries
            ],
            "more": row[2],
        }

    def _once(self, key: Any, templates: str, context: dict[str, Any], language: str, link: str) -> Message:
        if key not in self.built:
            marks = Marks([TOKEN])
            context["link"] = address(language, link.format(marks[TOKEN]))
            list_headers = {
                "List-Id": f"<watch.{host()}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
            self.built[key] = assemble(
                templates,
                context,
                language=language,
                marks=marks,
                is_generic=False,
                headers=list_headers if link == STOP else {},
                own_headers={"List-Unsubscribe": "stop"} if link == STOP else {},
            )
        return self.built[key]

    def _thing(self, watch_id: int) -> tuple[str, int | str]:
        watch = self.watches[watch_id]
        return watch.kind, watch.words or watch.thing.pk

    def _names(self, language: str) -> dict[int, str]:
        if language not in self.named:
            self.named[language] = names(self.watches.values())
        return self.named[language]


def _rows(mails: Sequence[WatchMail]) -> dict[int, list[Row]]:
    """Return per mail what it tells, grouped by watch, the newest publications first."""
    found: dict[int, dict[int, list[int]]] = {}
    news = WatchNews.objects.filter(mail__in=mails).order_by("mail_id", "watch_id", "-publication_id")
    for mail, watch, publication in news.values_list("mail_id", "watch_id", "publication_id"):
        found.setdefault(mail, {}).setdefault(watch, []).append(publication)
    return {
        mail: [
            (watch, tuple(all_[:MOST_PUBLICATIONS]), len(all_[MOST_PUBLICATIONS:]))
            for watch, all_ in by.items()
        ]
        for mail, by in found.items()
    }


def _known(language: str) -> str:
    return language if language in OFFERS else FALLBACK
