"""A delivery keeps since when it is due: retries move the next attempt only."""

from django.db import migrations, models
from django.db.models import Func

SINCE = """
CREATE FUNCTION consent_delivery_is_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.due_since := NEW.next_attempt_at;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_is_due BEFORE INSERT ON consent_delivery
    FOR EACH ROW EXECUTE FUNCTION consent_delivery_is_due();
CREATE TRIGGER delivery_is_due_again BEFORE UPDATE ON consent_delivery
    FOR EACH ROW WHEN (NEW.state = 'due' AND OLD.state NOT IN ('due', 'leased'))
    EXECUTE FUNCTION consent_delivery_is_due();
"""

UNDO = """
DROP TRIGGER delivery_is_due ON consent_delivery;
DROP TRIGGER delivery_is_due_again ON consent_delivery;
DROP FUNCTION consent_delivery_is_due();
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0009_where_families_came_from")]

    operations = [
        migrations.AddField(
            "delivery",
            "due_since",
            models.DateTimeField(
                editable=False, db_default=Func(function="clock_timestamp"), help_text="No retry moves it."
            ),
        ),
        migrations.RunSQL("UPDATE consent_delivery SET due_since = next_attempt_at", migrations.RunSQL.noop),
        migrations.RunSQL(SINCE, UNDO),
    ]
