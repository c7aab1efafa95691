"""An element stands for one that stands for itself, and keeps its group and meaning once it was published."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION districts_element_keeps_its_meaning() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    further bigint;
BEGIN
    -- One step is enough: what a law forbids, and what a Yes was given to, is looked up by meaning.
    IF NEW.same_meaning_as_id IS NOT NULL THEN
        SELECT e.same_meaning_as_id INTO further FROM districts_dataelement e
         WHERE e.id = NEW.same_meaning_as_id FOR SHARE;  -- nobody turns it into another code meanwhile
        IF further IS NOT NULL OR EXISTS (SELECT FROM districts_dataelement e WHERE e.same_meaning_as_id = NEW.id) THEN
            RAISE EXCEPTION 'an element stands for one that stands for itself'
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'element_stands_for_one_that_stands_for_itself';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE'
       AND (NEW.category_id, NEW.same_meaning_as_id) IS DISTINCT FROM (OLD.category_id, OLD.same_meaning_as_id)
       AND EXISTS (SELECT FROM districts_sharedelement line
                     JOIN districts_agreementversion v ON v.id = line.version_id
                     JOIN districts_dataelement e ON e.id = line.element_id
                    WHERE v.published_at IS NOT NULL AND OLD.id IN (e.id, e.same_meaning_as_id)) THEN
        RAISE EXCEPTION 'a published element keeps its group and its meaning'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'published_element_keeps_its_group_and_meaning';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER element_keeps_its_meaning BEFORE INSERT OR UPDATE ON districts_dataelement
    FOR EACH ROW EXECUTE FUNCTION districts_element_keeps_its_meaning();
"""

UNDO = """
DROP TRIGGER element_keeps_its_meaning ON districts_dataelement;
DROP FUNCTION districts_element_keeps_its_meaning();
"""


class Migration(migrations.Migration):
    dependencies = [("districts", "0007_words_of_register_sheets_that_wait")]

    operations = [migrations.RunSQL(FUNCTION, UNDO)]
