"""No change is added to a publication that already went out; what was told of a breach is not written anew."""

from django.db import migrations

CHANGE = """
CREATE FUNCTION openroll_change_is_of_this_moment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- now() is when this transaction began: a publication of an earlier one bears an earlier time.
    IF (SELECT published_at FROM districts_publication WHERE id = NEW.publication_id) < now() THEN
        RAISE EXCEPTION 'the publication went out already, without this change'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_change_comes_with_its_publication BEFORE INSERT ON districts_change
    FOR EACH ROW EXECUTE FUNCTION openroll_change_is_of_this_moment();
"""

# The argument names the column that holds the breach's id.
INCIDENT = """
CREATE FUNCTION openroll_keep_told_incident() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM districts_publication
                WHERE incident_id IN ((to_jsonb(OLD) ->> TG_ARGV[0])::bigint, (to_jsonb(NEW) ->> TG_ARGV[0])::bigint))
    THEN
        RAISE EXCEPTION 'families were told of this breach: % on % is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_told_incident_is_kept BEFORE UPDATE OR DELETE ON districts_incident
    FOR EACH ROW EXECUTE FUNCTION openroll_keep_told_incident('id');
CREATE TRIGGER a_told_incident_is_kept BEFORE INSERT OR UPDATE OR DELETE ON districts_incident_elements
    FOR EACH ROW EXECUTE FUNCTION openroll_keep_told_incident('incident_id');
"""


class Migration(migrations.Migration):
    dependencies = [("districts", "0012_the_register_is_stamped")]

    operations = [
        migrations.RunSQL(
            CHANGE,
            """DROP TRIGGER a_change_comes_with_its_publication ON districts_change;
            DROP FUNCTION openroll_change_is_of_this_moment();""",
        ),
        migrations.RunSQL(
            INCIDENT,
            """DROP TRIGGER a_told_incident_is_kept ON districts_incident;
            DROP TRIGGER a_told_incident_is_kept ON districts_incident_elements;
            DROP FUNCTION openroll_keep_told_incident();""",
        ),
    ]
