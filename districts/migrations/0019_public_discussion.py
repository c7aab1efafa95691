"""When anybody may comment on an agreement, and its public hearings: append-only, of public agreements only."""

import uuid
from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

ONLY_PUBLIC = """
CREATE FUNCTION openroll_only_public_is_discussed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT openroll_is_public(NEW.agreement_id) THEN
        RAISE EXCEPTION 'nobody can read this agreement yet'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION openroll_window_closes_after_it_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM districts_commentwindow w
                WHERE w.id = NEW.window_id AND w.opens_on > NEW.closes_on) THEN
        RAISE EXCEPTION 'a comment window opens before it closes'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_comment_window_still_opens_before_it_closes BEFORE INSERT ON districts_commentwindowchange
    FOR EACH ROW EXECUTE FUNCTION openroll_window_closes_after_it_opens();
"""
UNDO_ONLY_PUBLIC = """
DROP TRIGGER a_comment_window_still_opens_before_it_closes ON districts_commentwindowchange;
DROP FUNCTION openroll_window_closes_after_it_opens();
DROP FUNCTION openroll_only_public_is_discussed();
"""

# The operation that an earlier migration made for tables of the same kind.
append_only = import_module("districts.migrations.0002_history_is_append_only").append_only


def only_public(table: str) -> migrations.RunSQL:
    """Return the operation that lets rows of a table hang on public agreements only."""
    return migrations.RunSQL(
        f"""CREATE TRIGGER only_a_public_agreement_is_discussed BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION openroll_only_public_is_discussed();""",
        f"DROP TRIGGER only_a_public_agreement_is_discussed ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0018_products_are_found_at_their_own_page"),
    ]

    operations = [
        migrations.CreateModel(
            name="CommentWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField(help_text="The last day.")),
                ("how_to_take_part", models.TextField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comment_windows",
                        to="districts.agreement",
                    ),
                ),
            ],
            options={
                "ordering": ["opens_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="CommentWindowChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("closes_on", models.DateField(help_text="The last day.")),
                ("reason", models.CharField(max_length=500)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="districts.commentwindow",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Hearing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("online_url", models.URLField(blank=True, max_length=500)),
                (
                    "note",
                    models.TextField(blank=True, help_text="How to speak there, which languages are spoken."),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hearings",
                        to="districts.agreement",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="HearingCancellation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "hearing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancellation",
                        to="districts.hearing",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="commentwindow",
            constraint=models.CheckConstraint(
                condition=models.Q(("opens_on__lte", models.F("closes_on"))),
                name="a_comment_window_opens_before_it_closes",
            ),
        ),
        migrations.AddConstraint(
            model_name="commentwindow",
            constraint=models.CheckConstraint(
                condition=models.Q(("how_to_take_part__regex", "\\S")),
                name="a_comment_window_says_how_to_take_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="commentwindowchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")),
                name="a_changed_comment_window_has_a_public_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="hearing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at", None), ("starts_at__lt", models.F("ends_at")), _connector="OR"
                ),
                name="a_hearing_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="hearing",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__regex", "\\S"), ("online_url__regex", "\\S"), _connector="OR"),
                name="a_hearing_has_a_place_or_a_link",
            ),
        ),
        migrations.AddConstraint(
            model_name="hearingcancellation",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")), name="a_cancelled_hearing_has_a_public_reason"
            ),
        ),
        append_only("districts_commentwindow", "recorded_at"),
        append_only("districts_commentwindowchange", "recorded_at"),
        append_only("districts_hearing", "recorded_at"),
        append_only("districts_hearingcancellation", "recorded_at"),
        migrations.RunSQL(ONLY_PUBLIC, UNDO_ONLY_PUBLIC),
        only_public("districts_commentwindow"),
        only_public("districts_hearing"),
    ]
