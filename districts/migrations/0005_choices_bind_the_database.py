"""Bind the last choices of versions in PostgreSQL: source, retention rule, promise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0004_changes_are_of_a_known_kind"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        [
                            "no_sale",
                            "no_advertising",
                            "no_profiling",
                            "no_ai_training",
                            "not_to_colleges",
                            "not_to_employers",
                            "not_to_insurers",
                            "tells_before_police",
                            "tells_before_immigration",
                            "encryption",
                            "breach_notice",
                            "deletion",
                            "liability",
                        ],
                    )
                ),
                name="promise_code_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharedelement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        ["school_record", "student", "family", "use", "other_company", "not_filled_in"],
                    )
                ),
                name="shared_element_source_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharedelement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kept__in",
                        [
                            "not_filled_in",
                            "not_stated",
                            "date",
                            "after_agreement",
                            "after_leaving",
                            "after_collection",
                            "school_year",
                        ],
                    )
                ),
                name="shared_element_kept_is_known",
            ),
        ),
    ]
