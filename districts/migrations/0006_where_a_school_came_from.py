"""Say where a school came from: a full roster ends only what came from a roster."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0005_choices_bind_the_database"),
    ]

    operations = [
        migrations.AddField(
            model_name="school",
            name="origin",
            field=models.CharField(
                choices=[("roster", "The roster"), ("staff", "Entered by staff")],
                db_default="roster",
                editable=False,
                max_length=6,
            ),
        ),
        migrations.AddConstraint(
            model_name="school",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["roster", "staff"])), name="school_origin_is_known"
            ),
        ),
    ]
