"""Tables of who asked to be mailed about what of the public register, and of the messages due."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0013_changes_come_with_their_publication"),
        ("portal", "0003_register_sheets_are_uploaded"),
    ]

    operations = [
        migrations.CreateModel(
            name="Watcher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("language", models.CharField(max_length=10)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("email",), name="one_watcher_per_address"),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="watcher_address_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", ""), _negated=True), name="watcher_has_an_address"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("language", models.CharField(max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="districts.agency",
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="districts.agreement",
                    ),
                ),
                (
                    "element",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="districts.dataelement",
                    ),
                ),
                (
                    "vendor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="districts.vendor",
                    ),
                ),
                (
                    "watcher",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to="portal.watcher",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "watches",
            },
        ),
        migrations.CreateModel(
            name="WatchMail",
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
                    models.CharField(choices=[("question", "Question"), ("news", "News")], max_length=8),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Due"), ("sent", "Sent"), ("failed", "Failed")],
                        default="due",
                        max_length=6,
                    ),
                ),
                ("day", models.DateField(help_text="The day (UTC) it counts for.")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "watch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="portal.watch",
                    ),
                ),
                (
                    "watcher",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mails", to="portal.watcher"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WatchNews",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="news",
                        to="portal.watchmail",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.publication",
                    ),
                ),
                (
                    "watch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="news", to="portal.watch"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "watch news",
            },
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("agency__isnull", False),
                        ("agreement__isnull", True),
                        ("element__isnull", True),
                        ("vendor__isnull", True),
                    ),
                    models.Q(
                        ("agency__isnull", True),
                        ("agreement__isnull", True),
                        ("element__isnull", True),
                        ("vendor__isnull", False),
                    ),
                    models.Q(
                        ("agency__isnull", True),
                        ("agreement__isnull", True),
                        ("element__isnull", False),
                        ("vendor__isnull", True),
                    ),
                    models.Q(
                        ("agency__isnull", True),
                        ("agreement__isnull", False),
                        ("element__isnull", True),
                        ("vendor__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_watch_is_about_exactly_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                fields=("watcher", "agency"), name="an_address_watches_one_agency_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                fields=("watcher", "vendor"), name="an_address_watches_one_vendor_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                fields=("watcher", "element"), name="an_address_watches_one_element_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                fields=("watcher", "agreement"), name="an_address_watches_one_agreement_once"
            ),
        ),
        migrations.AddIndex(
            model_name="watchmail",
            index=models.Index(
                condition=models.Q(("state", "due")),
                fields=["kind", "next_attempt_at", "id"],
                name="watch_mails_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="watchmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["question", "news"])), name="watch_mail_is_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="watchmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["due", "sent", "failed"])), name="watch_mail_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="watchmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("kind", "question"), _negated=True),
                        ("watch__isnull", False),
                        _connector="OR",
                    ),
                    models.Q(models.Q(("kind", "news"), _negated=True), ("watch", None), _connector="OR"),
                ),
                name="a_question_names_its_watch_and_news_do_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="watchmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="a_sent_watch_mail_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="watchmail",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "news")),
                fields=("watcher", "day"),
                name="news_come_once_a_day_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="watchnews",
            constraint=models.UniqueConstraint(
                fields=("watch", "publication"), name="a_watch_is_told_of_a_publication_once"
            ),
        ),
    ]
