"""A person's address bears the time since which it is theirs: a bounce of the one before says nothing of it."""

from django.db import migrations, models

STAMP = """
CREATE FUNCTION consent_address_is_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.email_since := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER address_is_new BEFORE UPDATE OF email ON consent_guardian FOR EACH ROW
    WHEN (OLD.email <> NEW.email) EXECUTE FUNCTION consent_address_is_new();
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0013_what_is_tied_stays_tied")]

    operations = [
        migrations.AddField(
            model_name="guardian",
            name="email_since",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When the address last changed, by the database's clock; empty: never.",
                null=True,
            ),
        ),
        migrations.RunSQL(
            STAMP,
            """DROP TRIGGER address_is_new ON consent_guardian;
            DROP FUNCTION consent_address_is_new();""",
        ),
    ]
