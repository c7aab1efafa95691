"""Let staff hand in register sheets."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0002_staff_uploads"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="upload",
            name="upload_kind_is_known",
        ),
        migrations.AlterField(
            model_name="upload",
            name="kind",
            field=models.CharField(
                choices=[
                    ("roster", "Roster"),
                    ("inventory", "Data inventory"),
                    ("register", "Register sheet"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["roster", "inventory", "register"])),
                name="upload_kind_is_known",
            ),
        ),
    ]
