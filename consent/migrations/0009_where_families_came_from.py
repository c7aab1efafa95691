"""Say where guardians and their ties came from, and what the roster had said of what staff corrected."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0008_choices_bind_the_database"),
        ("districts", "0006_where_a_school_came_from"),
    ]

    operations = [
        migrations.AddField(
            model_name="guardian",
            name="corrected",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                editable=False,
                help_text="What the roster said of each field that staff corrected; until it says something else.",
            ),
        ),
        migrations.AddField(
            model_name="guardian",
            name="origin",
            field=models.CharField(
                choices=[("roster", "The roster"), ("staff", "Entered by staff")],
                db_default="roster",
                editable=False,
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="guardianship",
            name="origin",
            field=models.CharField(
                choices=[("roster", "The roster"), ("staff", "Entered by staff")],
                db_default="roster",
                editable=False,
                max_length=6,
            ),
        ),
        migrations.AddConstraint(
            model_name="guardian",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["roster", "staff"])), name="guardian_origin_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["roster", "staff"])), name="guardianship_origin_is_known"
            ),
        ),
    ]
