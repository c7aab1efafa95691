"""End a claim that an address proved once the guardian's address is another, whoever writes it.

The roster's address may have been a stranger's: when it is put right, the stranger's way in must close.
Claims by a letter's code, or shown to staff, prove a person and stay.
"""

from django.conf import settings
from django.db import migrations

LEAVES = """
CREATE FUNCTION consent_address_is_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consent_claim c SET ended_at = clock_timestamp(), ended_why = 'the address is another now'
      FROM portal_user u
     WHERE c.guardian_id = NEW.id AND c.ended_at IS NULL AND c.proof = 'roster_email'
       AND u.id = c.user_id AND u.email <> NEW.email;
    RETURN NULL;
END $$;
CREATE TRIGGER address_is_gone AFTER UPDATE OF email ON consent_guardian FOR EACH ROW
    WHEN (OLD.email <> NEW.email) EXECUTE FUNCTION consent_address_is_gone();
"""

STAYS = """
DROP TRIGGER address_is_gone ON consent_guardian;
DROP FUNCTION consent_address_is_gone();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0009_where_families_came_from"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunSQL(LEAVES, STAYS)]
