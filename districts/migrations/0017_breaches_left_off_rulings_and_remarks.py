"""What a breach needs to be left off, what courts decided, and what is said against a district's text."""

import datetime
import uuid
from importlib import import_module

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

append_only = import_module("districts.migrations.0002_history_is_append_only").append_only
stamped = import_module("districts.migrations.0012_the_register_is_stamped").stamped

# A correction is about the same company, an answer about the same agreement; an answer only comes down.
OF_THE_SAME = """
CREATE FUNCTION openroll_ruling_replaces_its_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM districts_ruling r WHERE r.id = NEW.replaces_id AND r.vendor_id = NEW.vendor_id
    ) THEN
        RAISE EXCEPTION 'a ruling replaces one about the same company'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_ruling_replaces_one_of_its_company BEFORE INSERT ON districts_ruling
    FOR EACH ROW EXECUTE FUNCTION openroll_ruling_replaces_its_own();

CREATE FUNCTION openroll_remark_answers_its_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.answers_to_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM districts_remark r
         WHERE r.id = NEW.answers_to_id AND r.agreement_id = NEW.agreement_id
           AND (r.answers_to_id IS NULL OR NEW.takes_down)
    ) THEN
        RAISE EXCEPTION 'the district answers a remark about the same agreement'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER an_answer_is_about_the_same_agreement BEFORE INSERT ON districts_remark
    FOR EACH ROW EXECUTE FUNCTION openroll_remark_answers_its_own();
"""
OF_THE_SAME_UNDO = """
DROP TRIGGER an_answer_is_about_the_same_agreement ON districts_remark;
DROP FUNCTION openroll_remark_answers_its_own();
DROP TRIGGER a_ruling_replaces_one_of_its_company ON districts_ruling;
DROP FUNCTION openroll_ruling_replaces_its_own();
"""

# table -> what a row of it touches in the register
TOUCHED = {
    "districts_ruling": "PERFORM openroll_stamp_vendor({row}.vendor_id);",
    "districts_remark": "PERFORM openroll_stamp_agreement({row}.agreement_id);",
}

# As in migration 0012, and: what a district leaves off its list of breaches is in nobody's sight.
INCIDENT = """
CREATE OR REPLACE FUNCTION openroll_incident_is_public(incident bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM districts_publication p WHERE p.incident_id = incident)
        OR EXISTS (SELECT FROM districts_incident i
                    WHERE i.id = incident AND i.vendor_id IS NULL AND i.agreement_id IS NULL{left_off})
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0016_an_agreement_may_be_turned_down"),
    ]

    operations = [
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("company", "The company"),
                            ("reader", "A reader of this page"),
                            ("district", "The district"),
                        ],
                        max_length=8,
                    ),
                ),
                ("takes_down", models.BooleanField(default=False)),
                ("text", models.TextField(max_length=2000)),
                ("said_on", models.DateField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["said_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
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
                        choices=[
                            ("judgment", "Court judgment"),
                            ("order", "Order of a regulator"),
                            ("settlement", "Settlement with a regulator or a court"),
                            ("taken_back", "Entry taken back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("body", models.CharField(max_length=200)),
                ("decided_on", models.DateField()),
                ("summary", models.CharField(max_length=300)),
                ("source_url", models.URLField(blank=True)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ["-decided_on", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="incident",
            name="enrollment",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="incident",
            name="left_off_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("below_a_tenth", "Fewer than 1 in 10 students"),
                    ("before_july_2021", "It was before July 1, 2021"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_off_because__in", ["", "below_a_tenth", "before_july_2021"])),
                name="incident_left_off_reason_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_off_because", "below_a_tenth"), _negated=True),
                    models.Q(
                        (
                            "enrollment__gt",
                            django.db.models.expressions.CombinedExpression(
                                models.Value(10), "*", models.F("students_affected")
                            ),
                        ),
                        ("enrollment__isnull", False),
                        ("students_affected__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="only_less_than_a_tenth_is_left_off_as_such",
                violation_error_message="A tenth of the students or more, or a number not known, must be posted.",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_off_because", "before_july_2021"), _negated=True),
                    models.Q(
                        ("began_on__isnull", False),
                        ("began_on__lt", datetime.date(2021, 7, 1)),
                        models.Q(
                            ("ended_on", None), ("ended_on__lt", datetime.date(2021, 7, 1)), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="only_what_was_before_the_list_is_left_off_as_such",
                violation_error_message="Only a breach that was over by then may be left off for its day.",
            ),
        ),
        migrations.AddField(
            model_name="remark",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="districts.agreement"
            ),
        ),
        migrations.AddField(
            model_name="remark",
            name="answers_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="districts.remark",
            ),
        ),
        migrations.AddField(
            model_name="ruling",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="districts.ruling",
            ),
        ),
        migrations.AddField(
            model_name="ruling",
            name="vendor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rulings", to="districts.vendor"
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("party__in", ["company", "reader", "district"])),
                name="remark_party_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answers_to__isnull", False), ("party", "district")),
                    models.Q(models.Q(("party", "district"), _negated=True), ("answers_to__isnull", True)),
                    _connector="OR",
                ),
                name="the_district_answers_and_others_begin",
                violation_error_message="The district answers somebody; others answer nobody.",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("takes_down", False), ("party", "district"), _connector="OR"),
                name="only_the_district_takes_words_down",
                violation_error_message="Only the district takes words down.",
            ),
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_remark_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["judgment", "order", "settlement", "taken_back"])),
                name="ruling_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "taken_back"), ("source_url__regex", "^https?://"), _connector="OR"
                ),
                name="a_ruling_has_a_public_source",
                violation_error_message="Give the address where anybody can read it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "taken_back"), _negated=True),
                    ("replaces__isnull", False),
                    _connector="OR",
                ),
                name="what_is_taken_back_was_entered",
                violation_error_message="Say which entry is taken back.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("body", ""), _negated=True), models.Q(("summary", ""), _negated=True)
                ),
                name="a_ruling_says_who_decided_what",
            ),
        ),
        *[append_only(table, "recorded_at") for table in TOUCHED],
        *[stamped(table, touched) for table, touched in TOUCHED.items()],
        migrations.RunSQL(OF_THE_SAME, OF_THE_SAME_UNDO),
        migrations.RunSQL(
            INCIDENT.format(left_off=" AND i.left_off_because = ''"), INCIDENT.format(left_off="")
        ),
    ]
