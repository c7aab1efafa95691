"""Let an agreement end without a signing because the agency did not approve what somebody asked for."""

from django.db import migrations, models

KINDS = [
    ("proposed", "Proposed"),
    ("executed", "Signed"),
    ("extended", "Extended"),
    ("ended", "Ended"),
    ("terminated", "Terminated early"),
    ("declined", "Asked, not approved"),
]


class Migration(migrations.Migration):
    dependencies = [("districts", "0015_told_figures")]

    operations = [
        migrations.AlterField(
            model_name="agreementevent",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=10),
        ),
        migrations.RemoveConstraint(model_name="agreementevent", name="agreement_event_kind_is_known"),
        migrations.AddConstraint(
            model_name="agreementevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", [kind for kind, _label in KINDS])),
                name="agreement_event_kind_is_known",
            ),
        ),
    ]
