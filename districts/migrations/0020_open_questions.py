"""Public questions and open letters, their answers, and the count of what is not shown; all append-only.

Words that must come down have a tombstone: PostgreSQL hashes and empties them, the only change a question takes.
"""

import uuid
from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

WITHDRAW = """
CREATE FUNCTION openroll_only_withdrawn_words_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT OLD.is_withdrawn AND NEW.is_withdrawn AND NEW.text = '' AND NEW.shown_name = ''
        AND to_jsonb(OLD) - '{text,shown_name,is_withdrawn}'::text[]
          = to_jsonb(NEW) - '{text,shown_name,is_withdrawn}'::text[]
        AND EXISTS (SELECT FROM districts_openquestionwithdrawal w WHERE w.question_id = OLD.id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'history is for good: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER history_is_for_good BEFORE UPDATE OR DELETE ON districts_openquestion
    FOR EACH ROW EXECUTE FUNCTION openroll_only_withdrawn_words_go();

CREATE FUNCTION openroll_question_begins_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_withdrawn THEN
        RAISE EXCEPTION 'a question begins with its words'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_question_begins_with_its_words BEFORE INSERT ON districts_openquestion
    FOR EACH ROW EXECUTE FUNCTION openroll_question_begins_whole();

CREATE FUNCTION openroll_hash_withdrawn_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sha256 := (SELECT encode(sha256(convert_to(q.shown_name || E'\\n' || q.text, 'UTF8')), 'hex')
                     FROM districts_openquestion q WHERE q.id = NEW.question_id FOR UPDATE);
    RETURN NEW;
END $$;
CREATE TRIGGER a_hash_of_the_words BEFORE INSERT ON districts_openquestionwithdrawal
    FOR EACH ROW EXECUTE FUNCTION openroll_hash_withdrawn_question();

CREATE FUNCTION openroll_empty_withdrawn_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE districts_openquestion SET text = '', shown_name = '', is_withdrawn = true WHERE id = NEW.question_id;
    RETURN NULL;
END $$;
CREATE TRIGGER the_words_are_gone AFTER INSERT ON districts_openquestionwithdrawal
    FOR EACH ROW EXECUTE FUNCTION openroll_empty_withdrawn_question();

CREATE TRIGGER history_is_not_truncated BEFORE TRUNCATE ON districts_openquestion
    FOR EACH STATEMENT EXECUTE FUNCTION openroll_refuse_change();
CREATE TRIGGER stamped_by_the_database BEFORE INSERT ON districts_openquestion
    FOR EACH ROW EXECUTE FUNCTION openroll_stamp('published_at');
"""
UNDO_WITHDRAW = """
DROP TRIGGER stamped_by_the_database ON districts_openquestion;
DROP TRIGGER history_is_not_truncated ON districts_openquestion;
DROP TRIGGER the_words_are_gone ON districts_openquestionwithdrawal;
DROP TRIGGER a_hash_of_the_words ON districts_openquestionwithdrawal;
DROP TRIGGER a_question_begins_with_its_words ON districts_openquestion;
DROP TRIGGER history_is_for_good ON districts_openquestion;
DROP FUNCTION openroll_empty_withdrawn_question();
DROP FUNCTION openroll_hash_withdrawn_question();
DROP FUNCTION openroll_question_begins_whole();
DROP FUNCTION openroll_only_withdrawn_words_go();
"""

# The operations that earlier migrations made for tables of the same kinds.
append_only = import_module("districts.migrations.0002_history_is_append_only").append_only
only_public = import_module("districts.migrations.0019_public_discussion").only_public


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0019_public_discussion"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("answered_on", models.DateField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="OpenQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("question", "Question"), ("letter", "Open letter")], max_length=10
                    ),
                ),
                ("shown_name", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("asked_on", models.DateField()),
                ("due_on", models.DateField(help_text="By when the district says it answers.")),
                ("is_blacked_out", models.BooleanField(default=False)),
                ("is_withdrawn", models.BooleanField(default=False)),
                (
                    "published_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="OpenQuestionWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OpenRefusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("private", "It tells private things about a child or a family"),
                            ("insult", "It insults somebody"),
                            ("off_topic", "It is not about this agreement"),
                            ("advertising", "It is advertising"),
                            ("repeated", "The same was asked already"),
                        ],
                        max_length=12,
                    ),
                ),
                ("refused_on", models.DateField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="agency",
            name="public_answer_days",
            field=models.PositiveSmallIntegerField(
                db_default=30,
                default=30,
                help_text="Days in which the agency says it answers what it is asked in public. Public.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(("public_answer_days__gte", 1), ("public_answer_days__lte", 365)),
                name="agency_answers_in_public_within_a_year",
            ),
        ),
        migrations.AddField(
            model_name="openquestion",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="open_questions",
                to="districts.agreement",
            ),
        ),
        migrations.AddField(
            model_name="openanswer",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="districts.openquestion",
            ),
        ),
        migrations.AddField(
            model_name="openquestionwithdrawal",
            name="question",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawal",
                to="districts.openquestion",
            ),
        ),
        migrations.AddField(
            model_name="openrefusal",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="open_refusals",
                to="districts.agreement",
            ),
        ),
        migrations.AddIndex(
            model_name="openquestion",
            index=models.Index(fields=["agreement", "-asked_on", "-id"], name="open_questions_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="openquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["question", "letter"])), name="open_question_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="openquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_withdrawn", True),
                    models.Q(("shown_name__regex", "\\S"), ("text__regex", "\\S")),
                    _connector="OR",
                ),
                name="an_open_question_has_words_and_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="openquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_on__lte", models.F("due_on"))),
                name="an_open_question_is_due_after_it_was_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="openanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("text__regex", "\\S")), name="an_open_answer_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="openquestionwithdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")), name="a_withdrawn_question_has_a_public_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="openrefusal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason__in", ["private", "insult", "off_topic", "advertising", "repeated"])
                ),
                name="open_refusal_reason_is_a_published_one",
            ),
        ),
        migrations.RunSQL(WITHDRAW, UNDO_WITHDRAW),
        append_only("districts_openanswer", "recorded_at"),
        append_only("districts_openrefusal", "recorded_at"),
        append_only("districts_openquestionwithdrawal", "recorded_at"),
        only_public("districts_openquestion"),
        only_public("districts_openrefusal"),
    ]
