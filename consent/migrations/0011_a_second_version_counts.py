"""A notice may concern the children of a second version too."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0010_since_when_a_delivery_is_due"),
        ("districts", "0006_where_a_school_came_from"),
    ]

    operations = [
        migrations.AddField(
            "notice",
            "also_version",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="districts.agreementversion",
            ),
        ),
    ]
