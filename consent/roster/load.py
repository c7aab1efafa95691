"""Loads one full roster export into an agency's families, whole or not at all.

Parse to staging tables, work out who is who, then bring schools, students, guardians, guardianships and
enrollments into step by set-based SQL that touches only what differs. One transaction; the roster lock of
the agency is held from the first look at its families, so that a fan-out sees a load whole or not yet.
"""

import dataclasses
import datetime as dt
import re
import zoneinfo
from pathlib import Path

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from consent import claims, effective
from consent.holds import shut_out_who_has_no_child_left
from consent.locks import roster_lock
from consent.models import RosterLoad
from consent.signals import roster_loaded
from districts.models import Agency

from . import oneroster
from .agencies import find_agency
from .checks import check_staged
from .context import Progress, Reading, no_progress
from .derive import derive_families
from .findings import add_findings
from .oneroster import Org
from .opening import Source, open_source
from .orgs import schools_of
from .people import count_endings, merge_guardians, merge_students
from .reading import look_at_headers, read_header
from .relations import SUPPLEMENT
from .report import Refusals, RosterReport
from .schools import merge_enrollments, merge_schools
from .ssn import SsnWatch
from .staging import analyze_families, planned_for_many_rows, stage
from .ties import bar_known, merge_ties

# An export cut short looks like a district half of whose children left; one without its links, like one half
# of whose parents did. Below this many it may be true.
ENDINGS_COUNT_FROM = 20

# After so many new rows the planner is told at once: a fan-out may follow before autovacuum wakes.
ANALYZE_FROM = 1_000

log = structlog.get_logger(__name__)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """How a roster is to be read.

    as_of: the day it describes; None for the agency's today. create: make the agency, and its state, from
    orgs.csv. state_code: two letters, where the file names no state or the code is used in several.
    month_first: dates with slashes are month/day/year. many_endings: more than half of the
    children, of the adults, or of their addresses, may end.
    """

    as_of: dt.date | None = None
    demographics: str = ""
    create: bool = False
    state_code: str = ""
    month_first: bool = False
    many_endings: bool = False
    dry_run: bool = False


def load_roster(
    *,
    path: Path,
    agency_code: str,
    now: dt.datetime,
    options: Options = Options(),
    by: AbstractBaseUser | None = None,
    progress: Progress = no_progress,
) -> RosterReport:
    """Load a roster folder or zip into the agency known by a slug, NCES id or state id.

    Raises RosterRefused, and then nothing is changed. A dry run does all of it and takes it back.
    """
    refusals = Refusals()
    with (
        open_source(path, refusals, options.demographics) as source,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        reading, orgs, agency, org = _begin(source, agency_code, now, options, refusals, progress)
        stage(cursor, reading, orgs)
        check_staged(cursor, refusals)
        progress(_("Families"), 0)
        report = RosterReport(agency.pk, agency.slug, reading.as_of, options.dry_run)
        report.notes = derive_families(cursor, schools_of(orgs, org))
        roster_lock(agency.pk)
        _refuse_cut_export(cursor, agency, reading, options)
        with planned_for_many_rows(cursor):
            restricted = _merge(cursor, agency, report, reading, by=by)
        moment = _moment(agency, now, options)
        bar_known(cursor, restricted, by=by, now=moment)
        shut_out_who_has_no_child_left(agency_id=agency.pk, today=report.as_of, now=moment)
        claims.end_unproven(agency_id=agency.pk, now=moment)
        with planned_for_many_rows(cursor):
            add_findings(cursor, report, as_of=report.as_of)
        effective.recompute(agency_id=agency.pk, today=report.as_of)
        _record(agency, report, source, by)
        if options.dry_run:
            transaction.set_rollback(True)
    return report


def _begin(
    source: Source, code: str, now: dt.datetime, options: Options, refusals: Refusals, progress: Progress
) -> tuple[Reading, list[Org], Agency, Org | None]:
    """Look at all headers, read orgs.csv, find or make the agency."""
    for name in (oneroster.ORGS, oneroster.USERS):
        if name not in source:
            refusals.stop(name, None, "", _("no such file"), _("orgs.csv and users.csv"), is_cell=False)
    # The ids of schools are nobody's: they are watched apart from those of people.
    reading = Reading(source, now.date(), SsnWatch(refusals), refusals, options.month_first, progress)
    look_at_headers(source, reading.watch, refusals)
    oneroster.refuse_changes_only(reading)
    orgs = list(oneroster.read_orgs(reading))
    refusals.raise_if_any()
    agency, org = find_agency(
        code, orgs, create=options.create, state_code=options.state_code.upper(), refusals=refusals
    )
    watch = SsnWatch(refusals, _id_format(agency, refusals))
    as_of = options.as_of or agency.today(now)
    return dataclasses.replace(reading, as_of=as_of, watch=watch), orgs, agency, org


def _id_format(agency: Agency, refusals: Refusals) -> str:
    """Return the agency's declared id format, refused if it is no pattern."""
    try:
        re.compile(agency.roster_id_format)
    except re.error:
        refusals.stop(
            "--agency", None, "", agency.roster_id_format, _("a declared id format that is a pattern")
        )
    return agency.roster_id_format


def _moment(agency: Agency, now: dt.datetime, options: Options) -> dt.datetime:
    """Return the instant the load counts as: noon at the agency on the day given, else now."""
    if options.as_of is None:
        return now
    return dt.datetime.combine(options.as_of, dt.time(12), zoneinfo.ZoneInfo(agency.time_zone))


def _refuse_cut_export(cursor: CursorWrapper, agency: Agency, reading: Reading, options: Options) -> None:
    """Refuse to end more than half of the children, adults or addresses, if nobody said it is right."""
    if options.many_endings:
        return
    asked = [
        _("%(missing)d of %(all)d students missing"),
        _("%(missing)d of %(all)d parents and guardians missing"),
        _("%(missing)d of %(all)d e-mail addresses missing"),
    ]
    counted = count_endings(cursor, agency_id=agency.pk, as_of=reading.as_of)
    for words, (count, ending) in zip(asked, counted, strict=True):
        if count >= ENDINGS_COUNT_FROM and ending * 2 > count:
            reading.refusals.stop(
                oneroster.USERS,
                None,
                "",
                words % {"missing": ending, "all": count},
                _("the full roster (or --many-endings, if they left)"),
                is_cell=False,
            )


def _merge(
    cursor: CursorWrapper,
    agency: Agency,
    report: RosterReport,
    reading: Reading,
    *,
    by: AbstractBaseUser | None,
) -> dict[int, str]:
    """Bring everything into step and fill in the counts. Return whom `bar_known` has to bar."""
    has_supplement = SUPPLEMENT in reading.source
    programs_known = has_supplement and "programs" in read_header(
        reading.source, SUPPLEMENT, reading.refusals
    )
    agency_id, as_of, counts = agency.pk, report.as_of, report.counts
    counts["schools"] = merge_schools(cursor, agency_id=agency_id, as_of=as_of)
    counts["students"] = merge_students(cursor, agency_id=agency_id, as_of=as_of)
    counts["guardians"] = merge_guardians(cursor, agency_id=agency_id, as_of=as_of)
    counts["guardianships"], counts["holds"], restricted = merge_ties(
        cursor, agency=agency, as_of=as_of, by=by
    )
    counts["enrollments"] = merge_enrollments(
        cursor, agency_id=agency_id, as_of=as_of, programs_known=programs_known
    )
    return restricted


def _record(agency: Agency, report: RosterReport, source: Source, by: AbstractBaseUser | None) -> None:
    """Write down the load and nudge those who look for newcomers."""
    if report.dry_run:
        return
    load = RosterLoad.objects.create(
        agency=agency,
        as_of=report.as_of,
        file_sha256=source.sha256,
        counts={kind: tally.as_json() for kind, tally in report.counts.items()},
        loaded_by_id=by.pk if by else None,
    )
    if report.total("created") >= ANALYZE_FROM:
        transaction.on_commit(analyze_families)
    roster_loaded.send(sender=RosterLoad, agency_id=agency.pk)
    log.info("roster_loaded", agency_id=agency.pk, load_id=load.pk)
