"""Make PostgreSQL itself refuse to change history, and stamp its own clock on it."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION openroll_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is for good: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;

CREATE FUNCTION openroll_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW := jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], clock_timestamp()));
    RETURN NEW;
END $$;

CREATE FUNCTION openroll_freeze_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.published_at IS NOT NULL THEN
            RAISE EXCEPTION 'a version begins as a draft'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published version is frozen: % is refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.published_at IS NOT NULL THEN
        NEW.published_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION openroll_freeze_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part record;
    frozen boolean;
BEGIN
    FOR part IN SELECT * FROM (VALUES (to_jsonb(OLD)), (to_jsonb(NEW))) AS parts(body) WHERE body IS NOT NULL LOOP
        IF TG_ARGV[0] = 'terms_id' THEN
            SELECT v.published_at IS NOT NULL INTO frozen
              FROM districts_choiceterms t JOIN districts_agreementversion v ON v.id = t.version_id
             WHERE t.id = (part.body ->> 'terms_id')::bigint FOR SHARE OF v;
        ELSE
            SELECT v.published_at IS NOT NULL INTO frozen
              FROM districts_agreementversion v
             WHERE v.id = (part.body ->> 'version_id')::bigint FOR SHARE;
        END IF;
        IF frozen THEN
            RAISE EXCEPTION 'a published version is frozen: % on % is refused', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION openroll_freeze_part();
DROP FUNCTION openroll_freeze_version();
DROP FUNCTION openroll_stamp();
DROP FUNCTION openroll_refuse_change();
"""

# table -> the column PostgreSQL's clock fills in
HISTORY = {
    "districts_categorytext": "recorded_at",
    "districts_elementtext": "recorded_at",
    "districts_purposetext": "recorded_at",
    "districts_agreementevent": "recorded_at",
    "districts_agreementdocument": "recorded_at",
    "districts_documentwithdrawal": "recorded_at",
    "districts_agreementoriginal": "recorded_at",
    "districts_publication": "published_at",
    "districts_change": None,
}

VERSION_PARTS = {
    "districts_sharedelement": "version_id",
    "districts_subcontractor": "version_id",
    "districts_promise": "version_id",
    "districts_scopeschool": "version_id",
    "districts_choiceterms": "version_id",
    "districts_choicetext": "terms_id",
}


def append_only(table: str, stamped: str | None) -> migrations.RunSQL:
    """Return the operation that makes a table append-only, its times stamped by PostgreSQL."""
    sql = f"""
    CREATE TRIGGER history_is_for_good BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION openroll_refuse_change();
    CREATE TRIGGER history_is_not_truncated BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION openroll_refuse_change();
    """
    undo = f"""
    DROP TRIGGER history_is_for_good ON {table};
    DROP TRIGGER history_is_not_truncated ON {table};
    """
    if stamped:
        sql += f"""
        CREATE TRIGGER stamped_by_the_database BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION openroll_stamp('{stamped}');
        """
        undo += f"DROP TRIGGER stamped_by_the_database ON {table};"
    return migrations.RunSQL(sql, undo)


def frozen_part(table: str, column: str) -> migrations.RunSQL:
    """Return the operation that freezes rows of a published version."""
    return migrations.RunSQL(
        f"""CREATE TRIGGER published_version_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION openroll_freeze_part('{column}');
        CREATE TRIGGER published_version_is_not_truncated BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION openroll_refuse_change();""",
        f"""DROP TRIGGER published_version_is_frozen ON {table};
        DROP TRIGGER published_version_is_not_truncated ON {table};""",
    )


class Migration(migrations.Migration):
    dependencies = [("districts", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        *[append_only(table, stamped) for table, stamped in HISTORY.items()],
        migrations.RunSQL(
            """CREATE TRIGGER published_version_is_frozen BEFORE INSERT OR UPDATE OR DELETE
                ON districts_agreementversion FOR EACH ROW EXECUTE FUNCTION openroll_freeze_version();
            CREATE TRIGGER published_version_is_not_truncated BEFORE TRUNCATE ON districts_agreementversion
                FOR EACH STATEMENT EXECUTE FUNCTION openroll_refuse_change();""",
            """DROP TRIGGER published_version_is_frozen ON districts_agreementversion;
            DROP TRIGGER published_version_is_not_truncated ON districts_agreementversion;""",
        ),
        *[frozen_part(table, column) for table, column in VERSION_PARTS.items()],
    ]
