"""Ties stay within one agency; holds, claims and notices keep what they were made of, and are never deleted."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION openroll_keep_columns() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY TG_ARGV LOOP
        IF to_jsonb(OLD) -> kept IS DISTINCT FROM to_jsonb(NEW) -> kept THEN
            RAISE EXCEPTION '% of % is kept as it was', kept, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE FUNCTION consent_tie_is_within_an_agency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT agency_id FROM consent_guardian WHERE id = NEW.guardian_id)
       <> (SELECT agency_id FROM consent_student WHERE id = NEW.student_id) THEN
        RAISE EXCEPTION 'the guardian and the student are of two agencies'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION consent_enrollment_is_within_an_agency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT agency_id FROM districts_school WHERE id = NEW.school_id)
       <> (SELECT agency_id FROM consent_student WHERE id = NEW.student_id) THEN
        RAISE EXCEPTION 'the school and the student are of two agencies'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION consent_enrollment_is_within_an_agency();
DROP FUNCTION consent_tie_is_within_an_agency();
DROP FUNCTION openroll_keep_columns();
"""

# trigger: (table, when it fires, what it calls)
TRIGGERS = {
    "a_tie_is_within_an_agency": (
        "consent_guardianship",
        "INSERT OR UPDATE OF guardian_id, student_id",
        "consent_tie_is_within_an_agency()",
    ),
    "an_enrollment_is_within_an_agency": (
        "consent_enrollment",
        "INSERT OR UPDATE OF student_id, school_id",
        "consent_enrollment_is_within_an_agency()",
    ),
    "a_student_stays_in_its_agency": (
        "consent_student",
        "UPDATE OF agency_id",
        "openroll_keep_columns('agency_id')",
    ),
    "a_guardian_stays_in_its_agency": (
        "consent_guardian",
        "UPDATE OF agency_id",
        "openroll_keep_columns('agency_id')",
    ),
    "a_school_stays_in_its_agency": (
        "districts_school",
        "UPDATE OF agency_id",
        "openroll_keep_columns('agency_id')",
    ),
    "a_hold_keeps_whom_it_bars": (
        "consent_hold",
        "UPDATE",
        "openroll_keep_columns('guardianship_id', 'origin', 'evidence', 'placed_at', 'placed_by_id')",
    ),
    "a_claim_keeps_its_proof": (
        "consent_claim",
        "UPDATE",
        "openroll_keep_columns('user_id', 'guardian_id', 'proof', 'proven_at')",
    ),
    "a_notice_keeps_its_subject": (
        "consent_notice",
        "UPDATE",
        "openroll_keep_columns('publication_id', 'agency_id', 'welcome_day', 'version_id')",
    ),
}

# trigger: (table, the column that says it is over)
OVER = {
    "a_lifted_hold_stays_lifted": ("consent_hold", "lifted_at"),
    "an_ended_claim_stays_ended": ("consent_claim", "ended_at"),
}

NEVER_DELETED = ("consent_hold", "consent_claim", "consent_notice")


def trigger(name: str, table: str, when: str, calls: str, condition: str = "") -> migrations.RunSQL:
    """Return the operation that makes a row trigger, and its undoing."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {calls};",
        f"DROP TRIGGER {name} ON {table};",
    )


def never_deleted(table: str) -> migrations.RunSQL:
    """Return the operation that refuses DELETE and TRUNCATE."""
    return migrations.RunSQL(
        f"""CREATE TRIGGER history_is_for_good BEFORE DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION openroll_refuse_change();
        CREATE TRIGGER history_is_not_truncated BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION openroll_refuse_change();""",
        f"""DROP TRIGGER history_is_for_good ON {table};
        DROP TRIGGER history_is_not_truncated ON {table};""",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0012_claims_in_force"),
        ("districts", "0012_the_register_is_stamped"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        *[trigger(name, *how) for name, how in TRIGGERS.items()],
        *[
            trigger(
                name, table, "UPDATE", f"openroll_keep_columns('{over}')", f"WHEN (OLD.{over} IS NOT NULL)"
            )
            for name, (table, over) in OVER.items()
        ],
        *[never_deleted(table) for table in NEVER_DELETED],
    ]
