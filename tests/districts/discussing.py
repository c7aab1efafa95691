"""A proposed agreement, and what is opened, announced and asked about it, as far as a test needs it."""

import datetime as dt

from districts.discussion import announce_hearing, open_comments
from districts.models import Agreement, CommentWindow, Hearing, OpenQuestion
from districts.open_questions import publish_question
from districts.publish import publish_version
from tests import factories as f

DAY = dt.timedelta(days=1)


def propose(district, now, name="Lumino Reading") -> Agreement:
    agreement = f.make_agreement(district, f.make_vendor(name), state="proposed")
    publish_version(version_id=f.make_draft(agreement).pk, now=now)
    return agreement


def windowed(agreement, now, first=0, last=20) -> CommentWindow:
    today = agreement.agency.today(now)
    return open_comments(
        agreement_id=agreement.pk,
        opens_on=today + first * DAY,
        closes_on=today + last * DAY,
        how_to_take_part="Write to the board.",
        now=now,
    )


def heard(agreement, now, days=8, **fields) -> Hearing:
    given = {"place": "Library", **fields}
    return announce_hearing(agreement_id=agreement.pk, starts_at=now + days * DAY, now=now, **given)


def asked(agreement, now, days_ago=0, text="Who reads it?", **fields) -> OpenQuestion:
    given = {"kind": "question", "shown_name": "A parent", "is_blacked_out": False, **fields}
    day = agreement.agency.today(now) - days_ago * DAY
    return publish_question(agreement=agreement, text=text, asked_on=day, **given)


def in_words(day: dt.date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def page_of(agreement) -> str:
    return f"/agreements/{agreement.public_id}/discussion/"
