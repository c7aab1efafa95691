"""Tables of whose programs are called about what of the public register, and of the calls and mails due."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0023_languages_of_an_entry_are_in_order"),
        ("portal", "0006_watches_of_schools_and_searches"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=100, null=True)),
                ("words_key", models.TextField(null=True)),
                ("language", models.CharField(max_length=10)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField(max_length=254)),
                ("url", models.CharField(max_length=500)),
                ("host", models.CharField(max_length=253)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Not confirmed yet"),
                            ("confirmed", "Confirmed; your program has not answered yet"),
                            ("active", "Running"),
                            ("paused", "Paused; your program could not be reached"),
                            ("gone", "Stopped by your program"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("secret_number", models.PositiveIntegerField(default=0)),
                ("secret_proof", models.CharField(blank=True, max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("stands_since", models.DateTimeField()),
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
                    "school",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="districts.school",
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
            ],
        ),
        migrations.CreateModel(
            name="HookCall",
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
                    models.CharField(
                        choices=[
                            ("challenge", "Question whether it wants this"),
                            ("test", "Test"),
                            ("news", "News"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Waiting"), ("done", "Taken"), ("failed", "Given up")],
                        default="due",
                        max_length=6,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True, help_text="A status of HTTP, or what went wrong.", max_length=20
                    ),
                ),
                (
                    "hook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="portal.hook"
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.publication",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HookMail",
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
                    models.CharField(
                        choices=[("question", "Question"), ("stopped", "Stopped")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Due"), ("sent", "Sent"), ("failed", "Failed")],
                        default="due",
                        max_length=6,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                (
                    "hook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mails", to="portal.hook"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="hook",
            index=models.Index(fields=["email"], name="hooks_of_an_address"),
        ),
        migrations.AddConstraint(
            model_name="hook",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "confirmed", "active", "paused", "gone"])),
                name="hook_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="hook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("agency__isnull", False),
                        ("agreement__isnull", True),
                        ("element__isnull", True),
                        ("school__isnull", True),
                        ("vendor__isnull", True),
                        ("words__isnull", True),
                    ),
                    models.Q(
                        ("agency__isnull", True),
                        ("agreement__isnull", True),
                        ("element__isnull", True),
                        ("school__isnull", False),
                        ("vendor__isnull", True),
                        ("words__isnull", True),
                    ),
                    models.Q(
                        ("agency__isnull", True),
                        ("agreement__isnull", True),
                        ("element__isnull", True),
                        ("school__isnull", True),
                        ("vendor__isnull", False),
                        ("words__isnull", True),
                    ),
                    models.Q(
                        ("agency__isnull", True),
                        ("agreement__isnull", True),
                        ("element__isnull", False),
                        ("school__isnull", True),
                        ("vendor__isnull", True),
                        ("words__isnull", True),
                    ),
                    models.Q(
                        ("agency__isnull", True),
                        ("agreement__isnull", False),
                        ("element__isnull", True),
                        ("school__isnull", True),
                        ("vendor__isnull", True),
                        ("words__isnull", True),
                    ),
                    models.Q(
                        ("agency__isnull", True),
                        ("agreement__isnull", True),
                        ("element__isnull", True),
                        ("school__isnull", True),
                        ("vendor__isnull", True),
                        ("words__isnull", False),
                    ),
                    models.Q(
                        ("agency__isnull", True),
                        ("agreement__isnull", True),
                        ("element__isnull", True),
                        ("school__isnull", True),
                        ("vendor__isnull", True),
                        ("words__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_hook_is_about_one_thing_or_about_all",
            ),
        ),
        migrations.AddConstraint(
            model_name="hook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("words", None), ("words_key", None)),
                    models.Q(
                        ("words__isnull", False),
                        ("words_key__isnull", False),
                        models.Q(("words", ""), _negated=True),
                        models.Q(("words_key", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_hooked_search_has_words_and_a_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="hook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email", django.db.models.functions.text.Lower("email")),
                    models.Q(("email", ""), _negated=True),
                ),
                name="hook_email_is_lower_case_and_there",
            ),
        ),
        migrations.AddConstraint(
            model_name="hook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("host", django.db.models.functions.text.Lower("host")),
                    models.Q(("host", ""), _negated=True),
                ),
                name="hook_host_is_lower_case_and_there",
            ),
        ),
        migrations.AddConstraint(
            model_name="hook",
            constraint=models.CheckConstraint(
                condition=models.Q(("url__regex", "^https?://[!-~]+$")), name="hook_address_is_plain_http"
            ),
        ),
        migrations.AddConstraint(
            model_name="hook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "asked"),
                    models.Q(("secret_number__gt", 0), models.Q(("secret_proof", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_confirmed_hook_has_a_secret",
            ),
        ),
        migrations.AddConstraint(
            model_name="hook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["asked", "confirmed"]), ("started_at__isnull", False), _connector="OR"
                ),
                name="a_hook_that_runs_or_ran_says_since_when",
            ),
        ),
        migrations.AddIndex(
            model_name="hookcall",
            index=models.Index(
                condition=models.Q(("state", "due")),
                fields=["hook", "next_attempt_at", "id"],
                name="hook_calls_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="hookcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["challenge", "test", "news"])), name="hook_call_is_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="hookcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["due", "done", "failed"])), name="hook_call_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="hookcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "news"), ("publication__isnull", False)),
                    models.Q(models.Q(("kind", "news"), _negated=True), ("publication", None)),
                    _connector="OR",
                ),
                name="a_call_with_news_names_its_publication_and_others_do_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="hookcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attempts", 0), ("result", ""), ("tried_at", None)),
                    models.Q(("tried_at__isnull", False), models.Q(("result", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_tried_call_says_when_and_what_came",
            ),
        ),
        migrations.AddConstraint(
            model_name="hookcall",
            constraint=models.UniqueConstraint(
                fields=("hook", "publication"), name="a_hook_is_called_about_a_publication_once"
            ),
        ),
        migrations.AddIndex(
            model_name="hookmail",
            index=models.Index(
                condition=models.Q(("state", "due")), fields=["next_attempt_at", "id"], name="hook_mails_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="hookmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["question", "stopped"])), name="hook_mail_is_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="hookmail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["due", "sent", "failed"])), name="hook_mail_state_is_known"
            ),
        ),
    ]
