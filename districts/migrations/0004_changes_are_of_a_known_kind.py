"""Let every change be of a kind PostgreSQL knows; “already in use” joins them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0003_words_that_are_nearly_right"),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="kind",
            field=models.CharField(
                choices=[
                    ("agreement_new", "New agreement"),
                    ("category_added", "Data group added"),
                    ("category_ended", "Data group ended"),
                    ("element_added", "Data added"),
                    ("element_ended", "Data ended"),
                    ("purpose_changed", "Reason changed"),
                    ("basis_changed", "Legal ground changed"),
                    ("recipient_added", "Seen by more"),
                    ("recipient_ended", "Seen by fewer"),
                    ("subcontractor_added", "Other company added"),
                    ("subcontractor_ended", "Other company ended"),
                    ("retention_changed", "Kept for a different time"),
                    ("source_changed", "Comes from somewhere else"),
                    ("promise_changed", "Promise changed"),
                    ("scope_widened", "More students"),
                    ("scope_narrowed", "Fewer students"),
                    ("already_in_use", "In use before this site opened"),
                    ("joined", "District joined"),
                    ("left", "District left"),
                    ("ended", "Agreement ended"),
                    ("extended", "Agreement extended"),
                    ("owner_changed", "New owner"),
                    ("incident", "Breach"),
                ],
                max_length=22,
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "agreement_new",
                            "category_added",
                            "category_ended",
                            "element_added",
                            "element_ended",
                            "purpose_changed",
                            "basis_changed",
                            "recipient_added",
                            "recipient_ended",
                            "subcontractor_added",
                            "subcontractor_ended",
                            "retention_changed",
                            "source_changed",
                            "promise_changed",
                            "scope_widened",
                            "scope_narrowed",
                            "already_in_use",
                            "joined",
                            "left",
                            "ended",
                            "extended",
                            "owner_changed",
                            "incident",
                        ],
                    )
                ),
                name="change_kind_is_known",
            ),
        ),
    ]
