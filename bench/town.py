"""A synthetic district of any size, made set-based: families of two guardians with one or two children."""

import datetime as dt
import itertools
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from consent import notify
from consent.models import Notice
from districts.models import (
    Agency,
    Agreement,
    AgreementVersion,
    Basis,
    Change,
    DataCategory,
    DataElement,
    Participation,
    Publication,
    Purpose,
    SharedElement,
    Vendor,
)

NOW = dt.datetime(2026, 9, 1, 17, tzinfo=dt.UTC)
TODAY = NOW.date()
SCHOOLS = 120
_next = itertools.count(1)

_PEOPLE = """
    INSERT INTO districts_school (agency_id, name, roster_id, nces_id, city, zip_code)
    SELECT %(agency)s, 'School ' || n, 'S' || n, '', '', '' FROM generate_series(1, %(schools)s) n;

    INSERT INTO consent_student (agency_id, roster_id, shown_name, birth_date)
    SELECT %(agency)s, f || '-' || k, 'Child ' || k, date '2012-01-01' + (f %% 3000)::int
      FROM generate_series(1, %(families)s) f, generate_series(1, 2) k
     WHERE k = 1 OR f %% 15 < 7;

    INSERT INTO consent_enrollment (student_id, school_id, grade, programs)
    SELECT s.id, sc.id, lpad((s.id %% 12 + 1)::text, 2, '0'), '{}'
      FROM consent_student s
      JOIN districts_school sc ON sc.agency_id = s.agency_id
       AND sc.roster_id = 'S' || (s.id %% %(schools)s + 1)
     WHERE s.agency_id = %(agency)s;

    INSERT INTO consent_guardian (agency_id, roster_id, given_name, family_name, email, email_problem,
                                  language, postal_address, address_is_confidential)
    SELECT %(agency)s, f || '/' || k, 'Person ' || k, 'Family ' || f,
           CASE WHEN (f + k) %% 20 = 0 THEN '' ELSE 'p' || f || '.' || k || '@example.org' END, '',
           CASE WHEN f %% 5 = 0 THEN 'es' ELSE 'en' END, '', false
      FROM generate_series(1, %(families)s) f, generate_series(1, 2) k;

    INSERT INTO consent_guardianship (guardian_id, student_id, relation, rights, rights_set_by_staff,
                                      is_primary_contact)
    SELECT g.id, s.id, 'parent', 'decides', false, false
      FROM consent_student s
     CROSS JOIN generate_series(1, 2) k
      JOIN consent_guardian g ON g.agency_id = s.agency_id
       AND g.roster_id = split_part(s.roster_id, '-', 1) || '/' || k
     WHERE s.agency_id = %(agency)s;

    INSERT INTO consent_hold (guardianship_id, origin, evidence, review_due_on, order_reference,
                              lifted_reason)
    SELECT gs.id, 'roster', 'NO CONTACT', current_date, '', ''
      FROM consent_guardianship gs JOIN consent_student s ON s.id = gs.student_id
     WHERE s.agency_id = %(agency)s AND gs.id %% 500 = 0;
"""


@dataclass(frozen=True)
class Town:
    """A district, its agreement and the published version all its children are in scope of."""

    district: Agency
    agreement: Agreement
    version: AgreementVersion

    def make_notice(self, severity: str = "tell_now") -> Notice:
        """Make news of the agreement and its notice, nobody written down yet."""
        with transaction.atomic():
            publication = Publication.objects.create(agreement=self.agreement, kind="extended", day=TODAY)
            Change.objects.create(
                publication=publication, position=0, kind="extended", severity=severity, sentences={}
            )
        [notice] = notify.announce(now=NOW)
        return Notice.objects.get(pk=notice)


def build(guardians: int) -> Town:
    """Make a district with this many guardians and 11 children for 15 of them, as large districts have."""
    n = next(_next)
    state = Agency.objects.create(
        kind="state", name=f"State {n}", slug=f"state-{n}", state_code="IL", law_profile="us-il"
    )
    district = Agency.objects.create(
        kind="district", name=f"Town {n}", slug=f"town-{n}", state_code="IL", law_profile="us-il", state=state
    )
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"agency": district.pk, "families": guardians // 2, "schools": SCHOOLS})
    agreement = Agreement.objects.create(
        agency=district,
        vendor=Vendor.objects.create(name=f"Vendor {n}", slug=f"vendor-{n}"),
        title="Reading",
        state="signed",
        begins_on=TODAY,
    )
    Participation.objects.create(agreement=agreement, agency=district, kind="own", from_on=TODAY)
    version = AgreementVersion.objects.create(agreement=agreement, number=1, effective_from=TODAY)
    category, _ = DataCategory.objects.get_or_create(code="contact")
    element, _ = DataElement.objects.get_or_create(
        code="home-address", defaults={"category": category, "subject": "student", "sensitivity": "low"}
    )
    purpose, _ = Purpose.objects.get_or_create(code="teach")
    SharedElement.objects.create(version=version, element=element, purpose=purpose, basis=Basis.CONSENT)
    version.published_at = timezone.now()
    version.save(update_fields=["published_at"])
    settle()
    return Town(district, agreement, version)


def settle() -> None:
    """Let PostgreSQL know its tables, as its own housekeeping would after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
