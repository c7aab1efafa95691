"""Three SQL functions that say once who is entitled, which children are in scope, which addresses count.

Every set-based statement asks these, so that page, fan-out, claim and export can not disagree.
All are plain SQL and STABLE: the planner inlines them into the statement that asks.
"""

from django.db import migrations

ENTITLED = """
CREATE FUNCTION consent_entitled(day date)
RETURNS TABLE (guardianship_id bigint, guardian_id bigint, student_id bigint, agency_id bigint,
               entered_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT gs.id, gs.guardian_id, gs.student_id, s.agency_id,
           CASE WHEN gs.relation = 'self' THEN greatest(gs.entered_at, s.eligible_on::timestamptz)
                ELSE gs.entered_at END
      FROM consent_guardianship gs
      JOIN consent_guardian g ON g.id = gs.guardian_id
      JOIN consent_student s ON s.id = gs.student_id
     WHERE gs.rights = 'decides'
       AND (gs.ended_on IS NULL OR gs.ended_on > day)
       AND (g.ended_on IS NULL OR g.ended_on > day)
       AND (s.ended_on IS NULL OR s.ended_on > day)
       AND (CASE WHEN gs.relation = 'self' THEN s.eligible_on IS NOT NULL AND s.eligible_on <= day
                 ELSE s.eligible_on IS NULL OR s.eligible_on > day END)
       AND NOT EXISTS (SELECT FROM consent_hold h WHERE h.guardianship_id = gs.id AND h.lifted_at IS NULL)
$$;
"""

IN_SCOPE = """
CREATE FUNCTION consent_in_scope(version bigint, day date)
RETURNS TABLE (student_id bigint, school_id bigint, agency_id bigint, entered_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT e.student_id, e.school_id, sc.agency_id, e.entered_at
      FROM districts_agreementversion v
      JOIN districts_participation p ON p.agreement_id = v.agreement_id
       AND p.from_on <= day AND (p.until_on IS NULL OR p.until_on > day)
      JOIN districts_school sc ON sc.agency_id = p.agency_id
      JOIN consent_enrollment e ON e.school_id = sc.id
       AND (e.ended_on IS NULL OR e.ended_on > day)
      JOIN consent_student s ON s.id = e.student_id AND (s.ended_on IS NULL OR s.ended_on > day)
     WHERE v.id = version
       AND (v.scope_grades = '{}' OR e.grade = ANY (v.scope_grades))
       AND (v.scope_programs = '{}' OR e.programs && v.scope_programs)
       AND (NOT EXISTS (SELECT FROM districts_scopeschool x WHERE x.version_id = v.id)
            OR EXISTS (SELECT FROM districts_scopeschool x WHERE x.version_id = v.id AND x.school_id = e.school_id))
$$;
"""

SPOILT = """
CREATE FUNCTION consent_spoilt_addresses()
RETURNS TABLE (guardian_id bigint)
LANGUAGE sql STABLE AS $$
    -- An address also used by someone barred from one of this guardian's children counts as no address.
    SELECT DISTINCT mine.guardian_id
      FROM consent_hold h
      JOIN consent_guardianship barred ON barred.id = h.guardianship_id
      JOIN consent_guardian other ON other.id = barred.guardian_id AND other.email <> ''
      JOIN consent_guardianship mine ON mine.student_id = barred.student_id
       AND mine.guardian_id <> barred.guardian_id
      JOIN consent_guardian g ON g.id = mine.guardian_id AND g.email = other.email
     WHERE h.lifted_at IS NULL
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_history_is_append_only")]

    operations = [
        migrations.RunSQL(ENTITLED, "DROP FUNCTION consent_entitled(date);"),
        migrations.RunSQL(IN_SCOPE, "DROP FUNCTION consent_in_scope(bigint, date);"),
        migrations.RunSQL(SPOILT, "DROP FUNCTION consent_spoilt_addresses();"),
    ]
