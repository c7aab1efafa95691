"""Looks up, after a load, what staff must see: addresses that count as none, children with nobody to tell."""

import datetime as dt

from django.db.backends.utils import CursorWrapper

from .report import LISTED_IDS, RosterReport, UnusableAddress

ADDRESSES = """
    SELECT line, id, email_problem, count(*) OVER ()
      FROM roster_person WHERE email_problem <> '' ORDER BY line LIMIT %s
"""

NOBODY = """
    SELECT s.roster_id, count(*) OVER ()
      FROM consent_student s
     WHERE s.agency_id = %s AND (s.ended_on IS NULL OR s.ended_on > %s)
       AND NOT EXISTS (SELECT FROM consent_entitled(%s) e WHERE e.student_id = s.id)
     ORDER BY s.roster_id LIMIT %s
"""

WORDS = "SELECT DISTINCT word FROM roster_extra WHERE word <> '' ORDER BY word LIMIT %s"


def add_findings(cursor: CursorWrapper, report: RosterReport, *, as_of: dt.date) -> None:
    """Fill in what the load found; lists are cut at a thousand, counts are whole."""
    cursor.execute(ADDRESSES, [LISTED_IDS])
    for line, roster_id, problem, count in cursor.fetchall():
        report.unusable_addresses.append(UnusableAddress(line, roster_id, problem))
        report.unusable_address_count = count
    cursor.execute(NOBODY, [report.agency_id, as_of, as_of, LISTED_IDS])
    for roster_id, count in cursor.fetchall():
        report.nobody_to_tell.append(roster_id)
        report.nobody_to_tell_count = count
    cursor.execute(WORDS, [LISTED_IDS])
    report.relation_words = [word for (word,) in cursor.fetchall()]
