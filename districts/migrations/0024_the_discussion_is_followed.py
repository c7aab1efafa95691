"""Stamp each comment window, hearing, question and refusal by itself: the API tells them one by one."""

from importlib import import_module

from django.db import migrations, models

LOCK = import_module("districts.migrations.0012_the_register_is_stamped").LOCK
EVERYTHING = import_module("districts.migrations.0012_the_register_is_stamped").EVERYTHING
stamped = import_module("districts.migrations.0012_the_register_is_stamped").stamped
before = import_module("districts.migrations.0022_more_changes_move_the_registers_version")

STAMP = """
CREATE FUNCTION openroll_stamp_comment_window(comment_window bigint) RETURNS void LANGUAGE sql AS $$
    SELECT openroll_stamp_object('comment_windows', w.id::text, openroll_is_public(w.agreement_id))
      FROM districts_commentwindow w WHERE w.id = comment_window
$$;
CREATE FUNCTION openroll_stamp_hearing(hearing bigint) RETURNS void LANGUAGE sql AS $$
    SELECT openroll_stamp_object('hearings', h.public_id::text, openroll_is_public(h.agreement_id))
      FROM districts_hearing h WHERE h.id = hearing
$$;
CREATE FUNCTION openroll_stamp_question(question bigint) RETURNS void LANGUAGE sql AS $$
    SELECT openroll_stamp_object('questions', q.public_id::text, openroll_is_public(q.agreement_id))
      FROM districts_openquestion q WHERE q.id = question
$$;
CREATE FUNCTION openroll_stamp_refusal(refusal bigint) RETURNS void LANGUAGE sql AS $$
    SELECT openroll_stamp_object('refusals', r.id::text, openroll_is_public(r.agreement_id))
      FROM districts_openrefusal r WHERE r.id = refusal
$$;
"""
DROP_STAMP = """
DROP FUNCTION openroll_stamp_refusal(bigint);
DROP FUNCTION openroll_stamp_question(bigint);
DROP FUNCTION openroll_stamp_hearing(bigint);
DROP FUNCTION openroll_stamp_comment_window(bigint);
"""

# table -> what a row of it touches in the register
TOUCHED = {
    "districts_commentwindow": "PERFORM openroll_stamp_comment_window({row}.id);",
    "districts_commentwindowchange": "PERFORM openroll_stamp_comment_window({row}.window_id);",
    "districts_hearing": "PERFORM openroll_stamp_hearing({row}.id);",
    "districts_hearingcancellation": "PERFORM openroll_stamp_hearing({row}.hearing_id);",
    "districts_openquestion": "PERFORM openroll_stamp_question({row}.id);",
    "districts_openanswer": "PERFORM openroll_stamp_question({row}.question_id);",
    "districts_openrefusal": "PERFORM openroll_stamp_refusal({row}.id);",
    "districts_openquestionwithdrawal": "PERFORM openroll_stamp_question({row}.question_id);",
}

# What was discussed before this is stamped as if it were written now: a copy that goes on has none of it yet.
DISCUSSION = f"""
CREATE FUNCTION openroll_stamp_discussion() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    PERFORM openroll_stamp_comment_window(id) FROM districts_commentwindow;
    PERFORM openroll_stamp_hearing(id) FROM districts_hearing;
    PERFORM openroll_stamp_question(id) FROM districts_openquestion;
    PERFORM openroll_stamp_refusal(id) FROM districts_openrefusal;
END $$;
"""
DROP_DISCUSSION = """
DROP FUNCTION openroll_stamp_discussion();
DELETE FROM districts_registerstamp WHERE resource IN ('comment_windows', 'hearings', 'questions', 'refusals');
"""

EVERYTHING_BEFORE = EVERYTHING.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
EVERYTHING_NOW = EVERYTHING_BEFORE.replace("END $$;", "    PERFORM openroll_stamp_discussion();\nEND $$;")


def stamped_anew(table: str, touched: str) -> migrations.RunSQL:
    """Return the operation that lets a table's rows stamp themselves, where they stamped their agreement."""
    old = before.stamped(table, before.AGREEMENT.replace("{agreement}", before.DISCUSSED[table]))
    new = stamped(table, touched)
    return migrations.RunSQL(f"{old.reverse_sql}{new.sql}", f"{new.reverse_sql}{old.sql}")


class Migration(migrations.Migration):
    dependencies = [("districts", "0023_languages_of_an_entry_are_in_order")]

    operations = [
        migrations.AlterField(
            model_name="registerstamp", name="resource", field=models.CharField(max_length=20)
        ),
        migrations.RunSQL(STAMP, DROP_STAMP),
        *[stamped_anew(table, touched) for table, touched in TOUCHED.items()],
        migrations.RunSQL(DISCUSSION + EVERYTHING_NOW, EVERYTHING_BEFORE + DROP_DISCUSSION),
        migrations.RunSQL("SELECT openroll_stamp_discussion();", migrations.RunSQL.noop),
    ]
