"""Whatever begins to give rights, and whatever makes news, leaves its mark in PostgreSQL itself.

Staff, a roster load and the calendar all let people into an audience. Newcomers are found by `entered_at`,
so the database sets it, whoever writes; and each publication queues itself for announcing.
"""

from django.db import migrations

WAITS = """
CREATE FUNCTION consent_publication_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO consent_announcement (publication_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER publication_waits_for_its_announcement AFTER INSERT ON districts_publication
    FOR EACH ROW EXECUTE FUNCTION consent_publication_waits();
INSERT INTO consent_announcement (publication_id, announced_at)
SELECT p.id, (SELECT min(n.made_at) FROM consent_notice n WHERE n.publication_id = p.id)
  FROM districts_publication p ON CONFLICT DO NOTHING;
"""

# `ended_on` is the first day outside; an end that is lifted or moved later lets somebody in again.
GUARDIANSHIP = """
CREATE FUNCTION consent_guardianship_enters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.entered_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER guardianship_enters BEFORE UPDATE ON consent_guardianship FOR EACH ROW
    WHEN (NEW.rights = 'decides' AND (OLD.rights <> 'decides' OR OLD.relation <> NEW.relation
          OR (OLD.ended_on IS NOT NULL AND (NEW.ended_on IS NULL OR NEW.ended_on > OLD.ended_on))))
    EXECUTE FUNCTION consent_guardianship_enters();

CREATE TRIGGER enrollment_enters BEFORE UPDATE ON consent_enrollment FOR EACH ROW
    WHEN (OLD.grade <> NEW.grade OR OLD.programs <> NEW.programs
          OR (OLD.ended_on IS NOT NULL AND (NEW.ended_on IS NULL OR NEW.ended_on > OLD.ended_on)))
    EXECUTE FUNCTION consent_guardianship_enters();

CREATE FUNCTION consent_lifted_hold_lets_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consent_guardianship SET entered_at = clock_timestamp() WHERE id = NEW.guardianship_id;
    RETURN NULL;
END $$;
CREATE TRIGGER lifted_hold_lets_in AFTER UPDATE ON consent_hold FOR EACH ROW
    WHEN (OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL)
    EXECUTE FUNCTION consent_lifted_hold_lets_in();

CREATE FUNCTION consent_guardian_comes_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consent_guardianship SET entered_at = clock_timestamp() WHERE guardian_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER guardian_comes_back AFTER UPDATE ON consent_guardian FOR EACH ROW
    WHEN (OLD.ended_on IS NOT NULL AND (NEW.ended_on IS NULL OR NEW.ended_on > OLD.ended_on))
    EXECUTE FUNCTION consent_guardian_comes_back();

CREATE FUNCTION consent_student_comes_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consent_guardianship SET entered_at = clock_timestamp() WHERE student_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER student_comes_back AFTER UPDATE ON consent_student FOR EACH ROW
    WHEN (OLD.ended_on IS NOT NULL AND (NEW.ended_on IS NULL OR NEW.ended_on > OLD.ended_on))
    EXECUTE FUNCTION consent_student_comes_back();

-- A corrected birth date moves the rights from the parents to the student, or back.
CREATE FUNCTION consent_rights_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consent_guardianship SET entered_at = clock_timestamp()
     WHERE student_id = NEW.id
       AND (relation = 'self') = (NEW.eligible_on IS NOT NULL AND NEW.eligible_on <= current_date);
    RETURN NULL;
END $$;
CREATE TRIGGER rights_move AFTER UPDATE ON consent_student FOR EACH ROW
    WHEN ((OLD.eligible_on IS NOT NULL AND OLD.eligible_on <= current_date)
          <> (NEW.eligible_on IS NOT NULL AND NEW.eligible_on <= current_date))
    EXECUTE FUNCTION consent_rights_move();
"""

UNDO_GUARDIANSHIP = """
DROP TRIGGER rights_move ON consent_student;
DROP FUNCTION consent_rights_move();
DROP TRIGGER student_comes_back ON consent_student;
DROP FUNCTION consent_student_comes_back();
DROP TRIGGER guardian_comes_back ON consent_guardian;
DROP FUNCTION consent_guardian_comes_back();
DROP TRIGGER lifted_hold_lets_in ON consent_hold;
DROP FUNCTION consent_lifted_hold_lets_in();
DROP TRIGGER enrollment_enters ON consent_enrollment;
DROP TRIGGER guardianship_enters ON consent_guardianship;
DROP FUNCTION consent_guardianship_enters();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0004_what_waits_to_be_told"),
        ("districts", "0002_history_is_append_only"),
    ]

    operations = [
        migrations.RunSQL(
            WAITS,
            """DROP TRIGGER publication_waits_for_its_announcement ON districts_publication;
            DROP FUNCTION consent_publication_waits();""",
        ),
        migrations.RunSQL(GUARDIANSHIP, UNDO_GUARDIANSHIP),
    ]
