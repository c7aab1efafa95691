"""The rounded figures of how news got to families: written once, each at least 10 and a multiple of 5."""

from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import F, Q

FIGURES = ("people", "accepted", "letters", "failed", "children", "nobody_to_tell")

# The operation that an earlier migration made for tables of the same kind.
append_only = import_module("districts.migrations.0002_history_is_append_only").append_only


def may_be_known(name: str) -> models.CheckConstraint:
    """Return the constraint that a figure is not there, or at least 10 and rounded to 5."""
    return models.CheckConstraint(
        condition=Q(**{name: None}) | Q(**{f"{name}__gte": 10}) & Q(**{name: F(name) / 5 * 5}),
        name=f"told_{name}_is_rounded_to_5_and_never_below_10",
    )


def foreign_key(to: str) -> models.ForeignKey:
    """Return the field that says what the figures are of."""
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="told_figures", to=f"districts.{to}"
    )


class Migration(migrations.Migration):
    dependencies = [("districts", "0014_what_is_read_and_what_comes_down")]

    operations = [
        migrations.CreateModel(
            name="ToldFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("people", models.PositiveIntegerField(help_text="accepted, posted or failed", null=True)),
                (
                    "accepted",
                    models.PositiveIntegerField(help_text="by mail servers; never: read", null=True),
                ),
                ("letters", models.PositiveIntegerField(help_text="handed over or posted", null=True)),
                ("failed", models.PositiveIntegerField(null=True)),
                ("children", models.PositiveIntegerField(help_text="whom it is about", null=True)),
                ("nobody_to_tell", models.PositiveIntegerField(help_text="of the children", null=True)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("publication", foreign_key("publication")),
                ("agency", foreign_key("agency")),
            ],
            options={
                "verbose_name_plural": "told figures",
                "constraints": [
                    *(may_be_known(name) for name in FIGURES),
                    models.UniqueConstraint(
                        fields=("publication", "agency"),
                        name="a_publication_has_one_set_of_figures_per_agency",
                    ),
                ],
            },
        ),
        append_only("districts_toldfigures", "recorded_at"),
    ]
