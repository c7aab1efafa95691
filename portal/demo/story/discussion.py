"""What is discussed in public about the finger scan: comments, hearings, a question answered and one not."""

import datetime as dt

from districts.discussion import announce_hearing, cancel_hearing, open_comments
from districts.models import Agreement
from districts.open_questions import answer_question, count_refusal, publish_question
from portal.asking.sending_in import confirm, send_in, token_of

HOW = (
    "Write to privacy@cedar-valley.example, or to the Privacy Officer, 1 School Street, Cedar Valley, "
    "IL 61301.\n\n"
    "You can write in any language. The board gets every letter before it votes."
)
ANSWERED = (
    "Who keeps the finger scans, and for how long?",
    "ScanPass keeps a number made from the scan, not a picture. It deletes the number when the school year "
    "ends. The proposed agreement says so, and we check it each June.",
)
OPEN_LETTER = (
    "We are 41 families. We ask the board not to buy this.\n\n"
    "Our children can pay with a card today. A finger scan can not be changed when it is stolen. In 2013 "
    "nobody asked us before our children’s data was shared. Please ask us this time."
)
WAITING = "Will a child who says no have to wait longer for lunch?"


def talk_about(agreement: Agreement, now: dt.datetime) -> None:
    """Let a proposed agreement be open for comments, with hearings, and with what people asked."""
    today = agreement.agency.today(now)
    open_comments(
        agreement_id=agreement.pk,
        opens_on=today - dt.timedelta(days=40),
        closes_on=today + dt.timedelta(days=30),
        how_to_take_part=HOW,
        now=now,
    )
    evening = now.replace(hour=0, minute=30, second=0, microsecond=0)  # half past six or seven in Illinois
    for days in (14, 21):
        hearing = announce_hearing(
            agreement_id=agreement.pk,
            starts_at=evening + dt.timedelta(days=days),
            ends_at=evening + dt.timedelta(days=days, hours=1, minutes=30),
            place="Cedar Valley Middle School, library",
            online_url="https://meet.cedar-valley.example/board",
            note="Anybody can speak for three minutes. Interpreters for Spanish are there.",
            now=now,
        )
    cancel_hearing(
        hearing_id=hearing.pk, reason="The library is closed that week. Come a week earlier.", now=now
    )
    question, answer = ANSWERED
    asked = publish_question(
        agreement=agreement,
        kind="question",
        shown_name="A parent of two",
        text=question,
        asked_on=today - dt.timedelta(days=26),
        is_blacked_out=False,
    )
    answer_question(question_id=asked.pk, text=answer, now=now - dt.timedelta(days=19))
    publish_question(
        agreement=agreement,
        kind="letter",
        shown_name="Cedar Valley Families for Privacy",
        text=OPEN_LETTER,
        asked_on=today - dt.timedelta(days=36),
        is_blacked_out=False,
    )
    count_refusal(agreement=agreement, reason="private", now=now)
    waiting = send_in(
        agreement=agreement,
        kind="question",
        shown_name="A grandmother",
        text=WAITING,
        email="rosa.ask@example.org",
        language="en",
        now=now,
    )
    confirm(token=token_of(waiting), now=now)
