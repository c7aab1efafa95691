"""What is discussed in public, and a day on which an agency is closed, change the register's version, too."""

from importlib import import_module

from django.db import migrations

# The agreement it hangs on is what changed: whoever follows the register looks at its page again.
AGREEMENT = (
    "PERFORM openroll_stamp_object('agreements', a.public_id::text, openroll_is_public(a.id))"
    " FROM districts_agreement a WHERE a.id = {agreement};"
)
OF_A_WINDOW = "(SELECT w.agreement_id FROM districts_commentwindow w WHERE w.id = {row}.window_id)"
OF_A_HEARING = "(SELECT h.agreement_id FROM districts_hearing h WHERE h.id = {row}.hearing_id)"
OF_A_QUESTION = "(SELECT q.agreement_id FROM districts_openquestion q WHERE q.id = {row}.question_id)"

# Days on which an agency is closed move the day by which it must post what it signed.
CLOSURE = "PERFORM openroll_stamp_object('agencies', {row}.agency_id::text, true);"

# table: the id of its agreement
DISCUSSED = {
    "districts_commentwindow": "{row}.agreement_id",
    "districts_commentwindowchange": OF_A_WINDOW,
    "districts_hearing": "{row}.agreement_id",
    "districts_hearingcancellation": OF_A_HEARING,
    "districts_openquestion": "{row}.agreement_id",
    "districts_openanswer": OF_A_QUESTION,
    "districts_openrefusal": "{row}.agreement_id",
    "districts_openquestionwithdrawal": OF_A_QUESTION,
}

# The operation that an earlier migration made for tables of the same kind.
stamped = import_module("districts.migrations.0012_the_register_is_stamped").stamped


class Migration(migrations.Migration):
    dependencies = [("districts", "0021_told_figures_are_stamped")]

    operations = [
        stamped("districts_agencyclosure", CLOSURE),
        *[
            stamped(table, AGREEMENT.replace("{agreement}", agreement))
            for table, agreement in DISCUSSED.items()
        ],
    ]
