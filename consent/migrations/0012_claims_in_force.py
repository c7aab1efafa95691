"""A claim holds as long as its proof does, and a barred adult's mailboxes are known by roster and by claim.

consent_spoilt_mailboxes says which mailbox counts as none for which guardian; consent_spoilt_addresses, which
of them is the roster's own; consent_claims_in_force, which user acts for which guardian at a moment.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SPOILT_MAILBOXES = """
CREATE FUNCTION consent_spoilt_mailboxes()
RETURNS TABLE (guardian_id bigint, email varchar)
LANGUAGE sql STABLE AS $$
    -- A mailbox read by someone barred from one of this guardian's children: the roster's address of that
    -- adult, and each they ever claimed with (unless staff found that it was not theirs).
    SELECT mine.guardian_id, his.email
      FROM consent_hold h
      JOIN consent_guardianship barred ON barred.id = h.guardianship_id
      JOIN consent_guardianship mine ON mine.student_id = barred.student_id
       AND mine.guardian_id <> barred.guardian_id
     CROSS JOIN LATERAL (
           SELECT g.email FROM consent_guardian g WHERE g.id = barred.guardian_id AND g.email <> ''
           UNION ALL
           SELECT u.email FROM consent_claim c JOIN portal_user u ON u.id = c.user_id
            WHERE c.guardian_id = barred.guardian_id AND c.ended_by_id IS NULL) his
     WHERE h.lifted_at IS NULL
$$;
"""

SPOILT = """
CREATE OR REPLACE FUNCTION consent_spoilt_addresses()
RETURNS TABLE (guardian_id bigint)
LANGUAGE sql STABLE AS $$
    -- An address also used by someone barred from one of this guardian's children counts as no address.
    SELECT DISTINCT g.id
      FROM consent_spoilt_mailboxes() x
      JOIN consent_guardian g ON g.id = x.guardian_id AND g.email = x.email
$$;
"""

SPOILT_BEFORE = """
CREATE OR REPLACE FUNCTION consent_spoilt_addresses()
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

IN_FORCE = """
CREATE FUNCTION consent_claims_in_force(moment timestamptz)
RETURNS TABLE (claim_id bigint, user_id bigint, guardian_id bigint)
LANGUAGE sql STABLE AS $$
    SELECT c.id, c.user_id, c.guardian_id
      FROM consent_claim c
      JOIN portal_user u ON u.id = c.user_id
      JOIN consent_guardian g ON g.id = c.guardian_id
     WHERE c.ended_at IS NULL AND (c.valid_until IS NULL OR c.valid_until > moment)
       -- The roster's address proves a person as long as it is theirs, and theirs alone.
       AND (c.proof <> 'roster_email'
            OR (g.email = u.email
                AND NOT EXISTS (SELECT FROM consent_guardian other
                                 WHERE other.email = g.email AND other.email <> '' AND other.id <> g.id
                                   AND other.agency_id = g.agency_id AND other.ended_on IS NULL)))
       AND NOT EXISTS (SELECT FROM consent_spoilt_mailboxes() x
                        WHERE x.guardian_id = c.guardian_id AND x.email = u.email)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0011_a_second_version_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The staff member who found that the mailbox is not this person's.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(model_name="claim", name="ended_why", field=models.TextField(blank=True)),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(ended_at=None) | ~models.Q(ended_why=""),
                name="an_ended_claim_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(ended_by=None) | models.Q(ended_at__isnull=False),
                name="only_an_ended_claim_was_ended_by_somebody",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="claim",
            field=models.ForeignKey(
                blank=True,
                help_text="Through which claim an answer came in online.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="consent.claim",
            ),
        ),
        migrations.RunSQL(SPOILT_MAILBOXES, "DROP FUNCTION consent_spoilt_mailboxes();"),
        migrations.RunSQL(SPOILT, SPOILT_BEFORE),
        migrations.RunSQL(IN_FORCE, "DROP FUNCTION consent_claims_in_force(timestamptz);"),
    ]
