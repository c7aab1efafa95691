"""Lays a publication's changes out as rows: what, before, after, in plain words of the reader's language."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from .models import Change, Promise, Purpose, School
from .phrases import ALL, LANGUAGES, SOURCE
from .saying import control_words, ground_words, promise_question, promise_row
from .sentences import kept_phrase
from .timeline import mark_of, sentence_of
from .words import Words, words

Values = dict[str, Any]


class Rows:
    """The changes of one publication as `_change_table.html` shows them: six queries, however many."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = changes
        sides = [side for each in changes for side in (each.before, each.after) if side]
        codes = {side["purpose"] for side in sides if side.get("purpose")}
        purposes = dict(Purpose.objects.filter(code__in=codes).values_list("pk", "code")) if codes else {}
        self.texts: Words = words(
            elements=(each.element_id for each in changes if each.element_id),
            categories=(each.category_id for each in changes if each.category_id),
            purposes=purposes,
        )
        self.purposes = {code: self.texts.purpose(pk) for pk, code in purposes.items()}
        schools = {
            int(pk)
            for side in sides
            if side.get("side") == "schools"
            for pk in side["covers"]
            if pk.isdigit()
        }
        named = School.objects.filter(pk__in=schools).values_list("pk", "name") if schools else ()
        self.schools = {str(pk): name for pk, name in named}
        language = get_language() or "en"
        self.language = language if language in LANGUAGES else "en"

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self._row(each) for each in self.changes)

    def _row(self, change: Change) -> dict[str, Any]:
        element = change.element
        return {
            "mark": mark_of(change),
            "tag": change.get_kind_display(),
            "title": self._title(change),
            "sensitivity": element.sensitivity if element else "",
            "sentence": sentence_of(change),
            "url": reverse("districts:element", args=[element.code]) if element else "",
            "before": self._side(change, change.before, change.after),
            "after": self._side(change, change.after, change.before),
        }

    def _title(self, change: Change) -> str:
        """Return what a change is about; empty for one that is about the agreement as a whole."""
        if change.element_id and (label := self.texts.element(change.element_id)):
            return label
        if change.category_id and (label := self.texts.category(change.category_id)):
            return label
        said = change.after or change.before or {}
        code = said.get("promise")
        return promise_question(code) if code in Promise.Code.values else str(said.get("name", ""))

    def _side(self, change: Change, values: Values | None, other: Values | None) -> str:
        """Return one side of a change in words; empty means: nothing stood there, or nothing does now."""
        if not values:
            return ""
        if change.kind == Change.Kind.PROMISE_CHANGED:
            return self._promise(values)
        if "side" in values:
            covers = sorted(self.schools.get(name, name) for name in values["covers"])
            return ", ".join(covers) or ALL[self.language]
        if "kept" in values:
            return self._line(change, values, other)
        if "elements" in values:
            count = len(values["elements"])
            return ngettext("%(n)s kind of data", "%(n)s kinds of data", count) % {"n": count}
        return str(values.get("name", ""))

    def _line(self, change: Change, line: Values, other: Values | None) -> str:
        """Return what a change of a line is about; of one that comes or goes as a whole, why and how long."""
        if change.kind in (Change.Kind.RECIPIENT_ADDED, Change.Kind.RECIPIENT_ENDED):
            return ", ".join(line["recipients"]) or _("The company alone")
        if change.kind == Change.Kind.SOURCE_CHANGED:
            return ", ".join(SOURCE[source][self.language] for source in line["source"].split("+"))
        if change.kind == Change.Kind.RETENTION_CHANGED:
            return self._kept(line)
        if change.kind == Change.Kind.PURPOSE_CHANGED and other:
            return self._purpose(line)
        if change.kind == Change.Kind.BASIS_CHANGED and other:
            return f"{control_words(line['basis'])}. {ground_words(line['basis'])}"
        return f"{self._purpose(line)}. {control_words(line['basis'])}. {self._kept(line)}"

    def _purpose(self, line: Values) -> str:
        return self.purposes.get(line["purpose"], line["purpose"]) or SOURCE["not_filled_in"][self.language]

    def _kept(self, line: Values) -> str:
        phrase = kept_phrase(line["kept"], self.language)
        return phrase[:1].upper() + phrase[1:]

    def _promise(self, values: Values) -> str:
        promise = Promise(code=values["promise"], answer=values["answer"], days=values.get("days"))
        return promise_row(values["promise"], promise)["answer"] or SOURCE["not_filled_in"][self.language]
