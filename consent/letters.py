"""Letters: printed one page a person, a code in each, and handed over or posted by a staff act."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction

from districts.models import Agency

from . import letter_pages, letter_queue, pdf
from .letter_codes import LIFE, new_letter_code
from .letter_pages import Letter
from .letter_queue import DueLetter
from .mail import wording
from .mail.build import Builder
from .mail.facts import acted_on
from .mail.wording import Wording
from .models import Delivery, LetterRun

log = structlog.get_logger(__name__)

State = Delivery.State


class NotPrintedError(Exception):
    """The run has no printed letters waiting to be handed over or posted."""


def print_letters(*, agency_id: int, now: dt.datetime) -> LetterRun | None:
    """Print the letters that are due in an agency, up to a run's worth of people; None if there are none.

    One page a person, all their news on it (receipts have a page of their own). Who is barred, or left,
    before the pages are bound is taken out again: their page is not in the file, which lies in the private
    storage. Raises pdf.PdfUnavailableError where the machine cannot make PDFs; the letters then stay due.
    """
    pdf.require()
    agency = Agency.objects.get(pk=agency_id)
    run, due = letter_queue.take(agency, now)
    if run is None:
        return None
    letters = _letters(due, agency, now)
    sheets = [_sheet(letter, agency, now) for letter in letters]
    with transaction.atomic():
        going = letter_queue.still_going(run, agency, now)
        made = [(letter, sheet) for letter, sheet in zip(letters, sheets, strict=True) if sheet]
        bound = [(letter, sheet) for letter, sheet in made if going >= set(letter.deliveries)]
        if bound:
            content = pdf.bind([sheet for _letter, sheet in bound], title=str(agency))
            run.file = storages["private"].save(f"letters/{agency.slug}/{run.pk}.pdf", ContentFile(content))
        run.letters, run.printed_at = len(bound), now
        run.save(update_fields=["file", "letters", "printed_at"])
        _step(run, [pk for letter, _sheet in bound for pk in letter.deliveries], State.PRINTED, now)
        letter_queue.release([pk for letter, _sheet in made for pk in letter.deliveries], now)
    log.info("letters printed", run=run.pk, agency=agency_id, letters=run.letters)
    return run


@transaction.atomic
def mark_posted(*, run_id: int, by: AbstractBaseUser, now: dt.datetime) -> int:
    """Record that a run's letters were handed over or posted. Returns how many deliveries that settles.

    Raises NotPrintedError if none is waiting.
    """
    run = LetterRun.objects.select_for_update().get(pk=run_id)
    waiting = Delivery.objects.select_for_update().filter(letter_run=run, state=State.PRINTED).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        raise NotPrintedError(run_id)
    _step(run, ids, State.POSTED, now)
    run.posted_at = now
    run.save(update_fields=["posted_at"])
    log.info("letters posted", run=run_id, by=by.pk, deliveries=len(ids))
    return len(ids)


def mark_returned(*, delivery_id: int, by: AbstractBaseUser) -> None:
    """Record that a letter came back: every way to reach this person has failed, and staff see it."""
    moved = Delivery.objects.filter(pk=delivery_id, state=State.POSTED).update(
        state=State.FAILED, settled_at=None
    )
    if not moved:
        raise NotPrintedError(delivery_id)
    log.info("letter returned", delivery=delivery_id, by=by.pk)


def reference_of(delivery_id: int, public_id: str) -> str:
    """Return what stands on a letter so that staff find it again: its number, and a check of four letters."""
    return f"{delivery_id}-{public_id[:4].upper()}"


def find_by_reference(*, agency_id: int, words: str) -> Delivery | None:
    """Return an agency's delivery by the reference on its letter or slip, however it is typed."""
    found = re.fullmatch(r"\s*(\d{1,18})\s*-?\s*([0-9a-fA-F]{4})\s*", words)
    if not found:
        return None
    number, check = found.groups()
    delivery = Delivery.objects.filter(pk=int(number), guardian__agency=agency_id).first()
    return delivery if delivery and str(delivery.public_id).startswith(check.lower()) else None


def _letters(due: Sequence[DueLetter], agency: Agency, now: dt.datetime) -> list[Letter]:
    builder = Builder(agency, now=now)
    by_person: dict[tuple[int, bool], list[DueLetter]] = defaultdict(list)
    for one in due:
        by_person[one.guardian_id, one.notice_id is None].append(one)
    return [_letter(theirs, builder, agency, now) for theirs in by_person.values()]


def _letter(theirs: list[DueLetter], builder: Builder, agency: Agency, now: dt.datetime) -> Letter:
    first = theirs[0]
    languages = letter_pages.languages_of(first.language, agency)
    return Letter(
        deliveries=tuple(one.id for one in theirs),
        guardian_id=first.guardian_id,
        name=first.name,
        address=tuple(
            letter_pages.address_lines(
                postal=first.postal,
                is_confidential=first.is_confidential,
                school=first.school,
                language=languages[0],
            )
        ),
        words=tuple((language, _words(theirs, builder, language)) for language in languages),
        code=new_letter_code(guardian_id=first.guardian_id, now=now),
        expires_on=agency.today(now + LIFE),
        children=max(one.children for one in theirs),
        reference=reference_of(first.id, first.public_id),
    )


def _sheet(letter: Letter, agency: Agency, now: dt.datetime) -> pdf.Sheet | None:
    """Lay a letter out; one that fits no page is left for the next run, and must not stop the others."""
    try:
        return letter_pages.lay_out(letter, agency, agency.today(now))
    except letter_pages.LetterTooLongError:
        log.error("letter fits no page", deliveries=letter.deliveries)
        return None


def _words(theirs: list[DueLetter], builder: Builder, language: str) -> Wording:
    decisions = {one.decision_id for one in theirs if one.decision_id}
    if decisions:
        return wording.in_language(language, wording.receipt, has_acted=acted_on(decisions) == decisions)
    notices = [one.notice_id for one in theirs if one.notice_id]
    return builder.wording_of(notices, language=language, is_student=theirs[0].is_self)


_ATTEMPTS = """
    INSERT INTO consent_attempt (delivery_id, n, channel, message_id, result, code)
    SELECT id, attempts_made + 1, 'letter', '', %s, '' FROM consent_delivery WHERE id = ANY (%s)
"""


def _step(run: LetterRun, ids: list[int], state: str, now: dt.datetime) -> None:
    """Append an attempt to each delivery and move it on."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTEMPTS, [state, ids])
        cursor.execute(
            """UPDATE consent_delivery SET state = %s, attempts_made = attempts_made + 1, settled_at = %s
                WHERE id = ANY (%s)""",
            [state, now if state == State.POSTED else None, ids],
        )
