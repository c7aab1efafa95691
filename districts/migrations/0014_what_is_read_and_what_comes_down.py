"""The words of papers, readings of clauses, corrections; and what takes a public text down for good.

A tombstone in districts_textwithdrawal hashes the text it is about and empties it, in PostgreSQL itself: the
only change a published version takes.
"""

from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

FREEZE = """
CREATE OR REPLACE FUNCTION openroll_freeze_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.published_at IS NOT NULL THEN
            RAISE EXCEPTION 'a version begins as a draft'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.published_at IS NOT NULL {unless_withdrawn}THEN
        RAISE EXCEPTION 'a published version is frozen: % is refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.published_at IS NOT NULL AND OLD.published_at IS NULL THEN
        NEW.published_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
"""

# An UPDATE that does nothing but empty texts which have a tombstone. One that changes nothing is refused too.
ONLY_WITHDRAWN = """
CREATE FUNCTION openroll_only_empties_withdrawn(was jsonb, is_now jsonb) RETURNS boolean LANGUAGE sql AS $$
    SELECT was <> is_now AND NOT EXISTS (
        SELECT FROM jsonb_each(was) old JOIN jsonb_each(is_now) new USING (key)
         WHERE old.value <> new.value
           AND NOT (new.value = '""'
                    AND EXISTS (SELECT FROM districts_textwithdrawal w
                                 WHERE w.version_id = (was ->> 'id')::bigint AND w.field = key))
    )
$$;
"""

WITHDRAW = """
CREATE FUNCTION openroll_hash_withdrawn_text() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text := (SELECT to_jsonb(v) ->> NEW.field FROM districts_agreementversion v
                   WHERE v.id = NEW.version_id AND v.published_at IS NOT NULL FOR UPDATE);
BEGIN
    IF coalesce(said, '') = '' THEN
        RAISE EXCEPTION 'there is no such public text to take down'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'only_a_public_text_is_withdrawn';
    END IF;
    NEW.sha256 := encode(sha256(convert_to(said, 'UTF8')), 'hex');
    RETURN NEW;
END $$;
CREATE TRIGGER a_hash_of_the_text BEFORE INSERT ON districts_textwithdrawal
    FOR EACH ROW EXECUTE FUNCTION openroll_hash_withdrawn_text();

CREATE FUNCTION openroll_empty_withdrawn_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE districts_agreementversion SET %I = %L WHERE id = $1', NEW.field, '')
      USING NEW.version_id;
    RETURN NULL;
END $$;
CREATE TRIGGER the_text_is_gone AFTER INSERT ON districts_textwithdrawal
    FOR EACH ROW EXECUTE FUNCTION openroll_empty_withdrawn_text();
"""
UNDO_WITHDRAW = """
DROP TRIGGER the_text_is_gone ON districts_textwithdrawal;
DROP TRIGGER a_hash_of_the_text ON districts_textwithdrawal;
DROP FUNCTION openroll_empty_withdrawn_text();
DROP FUNCTION openroll_hash_withdrawn_text();
"""

READ_WHEN_PUBLISHED = """
CREATE FUNCTION openroll_only_published_is_read() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM districts_agreementversion v
                    WHERE v.id = NEW.version_id AND v.published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'clauses are read in a published version'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_a_published_version_is_read BEFORE INSERT ON districts_clausereading
    FOR EACH ROW EXECUTE FUNCTION openroll_only_published_is_read();
"""
UNDO_READ_WHEN_PUBLISHED = """
DROP TRIGGER only_a_published_version_is_read ON districts_clausereading;
DROP FUNCTION openroll_only_published_is_read();
"""

# table -> what in the API a row of it changes
TOUCHED = {
    "districts_documenttext": "PERFORM openroll_stamp_version(d.version_id)"
    " FROM districts_agreementdocument d WHERE d.id = {row}.document_id;",
    "districts_clausereading": "PERFORM openroll_stamp_version({row}.version_id);",
    "districts_textwithdrawal": "PERFORM openroll_stamp_version({row}.version_id);",
}

# The operations that earlier migrations made for tables of the same kinds.
append_only = import_module("districts.migrations.0002_history_is_append_only").append_only
stamped = import_module("districts.migrations.0012_the_register_is_stamped").stamped


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0013_changes_come_with_their_publication"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClauseReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("clause", models.CharField(max_length=40)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("yes", "It is there"),
                            ("no", "It is not there"),
                            ("unclear", "The agreement is not clear"),
                        ],
                        max_length=7,
                    ),
                ),
                ("place", models.CharField(blank=True, help_text="e.g. 4.2, page 3", max_length=80)),
                (
                    "reader",
                    models.CharField(
                        help_text="The title of who read it, e.g. privacy officer.", max_length=120
                    ),
                ),
                ("read_on", models.DateField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="DocumentText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file", models.FileField(upload_to="agreement-texts/%Y/")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("read", "Read from the PDF by a program"),
                            ("written", "Written by the district"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["-recorded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="TextWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("standing_note", "The label over the page"),
                            ("summary", "What the product is used for"),
                            ("why_this_company", "Why this company"),
                            ("who_decided", "Who decided"),
                            ("signer_title", "Signed by"),
                            ("cost", "Cost"),
                            ("short_notice_reason", "Why so soon"),
                            ("correction_note", "What was corrected"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "sha256",
                    models.CharField(
                        editable=False, help_text="of the text, written by PostgreSQL", max_length=64
                    ),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["recorded_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="agency",
            name="has_families_here",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="A roster was loaded: its families are told through this site. Kept by the private room.",
            ),
        ),
        migrations.AddField(
            model_name="agreementversion",
            name="correction_note",
            field=models.TextField(
                blank=True, db_default="", default="", help_text="Public. What was wrong, and what is right."
            ),
        ),
        migrations.AddField(
            model_name="agreementversion",
            name="is_correction",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The agreement itself is the same. Families are told only of what it changes.",
                verbose_name="this corrects what the version before said wrongly",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_correction", False), ("number__gt", 1), _connector="OR"),
                name="a_first_version_corrects_nothing",
                violation_error_message="The first version cannot correct another.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentwithdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")), name="a_withdrawal_has_a_public_reason"
            ),
        ),
        migrations.AddField(
            model_name="clausereading",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clause_readings",
                to="districts.agreementversion",
            ),
        ),
        migrations.AddField(
            model_name="documenttext",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="texts",
                to="districts.agreementdocument",
            ),
        ),
        migrations.AddField(
            model_name="textwithdrawal",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawn_texts",
                to="districts.agreementversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="clausereading",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer__in", ["yes", "no", "unclear"])),
                name="clause_answer_is_one_of_three",
            ),
        ),
        migrations.AddConstraint(
            model_name="clausereading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "yes"), _negated=True), ("place__regex", "\\S"), _connector="OR"
                ),
                name="a_clause_that_is_there_has_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="clausereading",
            constraint=models.CheckConstraint(
                condition=models.Q(("reader__regex", "\\S")), name="a_clause_reading_has_a_reader"
            ),
        ),
        migrations.AddConstraint(
            model_name="documenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="document_text_hash_is_sha256"
            ),
        ),
        migrations.AddConstraint(
            model_name="documenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["read", "written"])), name="document_text_origin_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="textwithdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "field__in",
                        [
                            "standing_note",
                            "summary",
                            "why_this_company",
                            "who_decided",
                            "signer_title",
                            "cost",
                            "short_notice_reason",
                            "correction_note",
                        ],
                    )
                ),
                name="withdrawn_text_is_a_known_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="textwithdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")), name="a_withdrawn_text_has_a_public_reason"
            ),
        ),
        *[append_only(table, "recorded_at") for table in TOUCHED],
        *[stamped(table, touched) for table, touched in TOUCHED.items()],
        migrations.RunSQL(ONLY_WITHDRAWN, "DROP FUNCTION openroll_only_empties_withdrawn(jsonb, jsonb);"),
        migrations.RunSQL(
            FREEZE.replace(
                "{unless_withdrawn}",
                "AND (TG_OP = 'DELETE' OR NOT openroll_only_empties_withdrawn(to_jsonb(OLD), to_jsonb(NEW))) ",
            ),
            FREEZE.replace("{unless_withdrawn}", ""),
        ),
        migrations.RunSQL(WITHDRAW, UNDO_WITHDRAW),
        migrations.RunSQL(READ_WHEN_PUBLISHED, UNDO_READ_WHEN_PUBLISHED),
    ]
