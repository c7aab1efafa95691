"""What was asked in public and is not public yet: addresses and the mails owed to them, as work rows."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0020_open_questions"),
        ("portal", "0004_watches"),
    ]

    operations = [
        migrations.CreateModel(
            name="AskedInPublic",
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
                        choices=[("question", "Question"), ("letter", "Open letter")], max_length=10
                    ),
                ),
                ("shown_name", models.CharField(blank=True, max_length=120)),
                ("text", models.TextField(blank=True)),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Waits for its address to be confirmed"),
                            ("waiting", "Waits for staff"),
                            ("published", "Published"),
                            ("refused", "Not shown"),
                        ],
                        default="sent",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.agreement",
                    ),
                ),
                (
                    "question",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.openquestion",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="AskerMail",
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
                            ("confirm", "Confirm your address"),
                            ("published", "It is public"),
                            ("refused", "It is not shown"),
                            ("answered", "It is answered"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("private", "It tells private things about a child or a family"),
                            ("insult", "It insults somebody"),
                            ("off_topic", "It is not about this agreement"),
                            ("advertising", "It is advertising"),
                            ("repeated", "The same was asked already"),
                        ],
                        max_length=12,
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
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "answer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.openanswer",
                    ),
                ),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="portal.askedinpublic",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="askedinpublic",
            index=models.Index(fields=["email", "asked_at"], name="asked_by_address_and_day"),
        ),
        migrations.AddConstraint(
            model_name="askedinpublic",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["question", "letter"])), name="asked_in_public_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="askedinpublic",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["sent", "waiting", "published", "refused"])),
                name="asked_in_public_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="askedinpublic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("confirmed_at__isnull", False)),
                    _connector="OR",
                ),
                name="only_a_confirmed_address_asks_in_public",
            ),
        ),
        migrations.AddConstraint(
            model_name="askedinpublic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["sent", "waiting"]),
                    models.Q(("shown_name", ""), ("text", "")),
                    _connector="OR",
                ),
                name="moderated_words_are_gone_from_here",
            ),
        ),
        migrations.AddConstraint(
            model_name="askedinpublic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("question__isnull", False), ("state", "published")),
                    models.Q(models.Q(("state", "published"), _negated=True), ("question", None)),
                    _connector="OR",
                ),
                name="what_is_published_names_its_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="askedinpublic",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="asker_address_is_lower_case",
            ),
        ),
        migrations.AddIndex(
            model_name="askermail",
            index=models.Index(
                condition=models.Q(("state", "due")), fields=["next_try_at", "id"], name="asker_mails_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="askermail",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["confirm", "published", "refused", "answered"])),
                name="asker_mail_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="askermail",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["due", "sent", "failed"])), name="asker_mail_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="askermail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "refused"),
                        ("reason__in", ["private", "insult", "off_topic", "advertising", "repeated"]),
                    ),
                    models.Q(models.Q(("kind", "refused"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="only_a_refusal_is_mailed_with_its_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="askermail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer__isnull", False), ("kind", "answered")),
                    models.Q(models.Q(("kind", "answered"), _negated=True), ("answer", None)),
                    _connector="OR",
                ),
                name="only_an_answer_is_mailed_as_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="askermail",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answer", None)),
                fields=("asked", "kind"),
                name="an_asker_is_told_each_thing_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="askermail",
            constraint=models.UniqueConstraint(
                fields=("asked", "answer"), name="an_asker_is_told_of_an_answer_once"
            ),
        ),
    ]
