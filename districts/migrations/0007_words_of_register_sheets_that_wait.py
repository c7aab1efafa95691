"""Make room for words of register sheets that wait for staff."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0006_where_a_school_came_from"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RegisterReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("element", "Kind of data"),
                            ("mark", "Neither marked nor empty"),
                            ("status", "Status"),
                            ("term", "Dates that differ"),
                            ("basis", "Legal ground"),
                            ("purpose", "Reason"),
                            ("choice", "Choice of families"),
                            ("name", "Company or product"),
                        ],
                        max_length=8,
                    ),
                ),
                ("words", models.TextField()),
                ("words_sha256", models.CharField(max_length=64)),
                ("file", models.CharField(max_length=200)),
                ("line", models.PositiveIntegerField()),
                ("column", models.CharField(blank=True, db_column="header", max_length=200)),
                (
                    "might_be",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                    ),
                ),
                (
                    "about",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=20)),
                (
                    "found_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("means", "It was said what they mean"),
                            ("other", "Taken as other data, in these words"),
                            ("dismissed", "Seen; nothing to do"),
                        ],
                        max_length=10,
                    ),
                ),
                ("meaning", models.CharField(blank=True, max_length=80)),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_reviews",
                        to="districts.agency",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_reviews",
                        to="districts.agreement",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "words_sha256", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["agency", "kind", "words_sha256"],
                        name="reviews_that_wait",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["element", "mark", "status", "term", "basis", "purpose", "choice", "name"],
                            )
                        ),
                        name="register_review_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["", "means", "other", "dismissed"])),
                        name="register_review_outcome_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at", None)),
                            models.Q(models.Q(("outcome", ""), _negated=True), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="register_review_is_settled_with_an_outcome",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "agreement", "kind", "words_sha256"),
                        name="words_are_asked_about_once_per_agreement",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
    ]
