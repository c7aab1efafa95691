"""Schools and searches may be watched too; going back, whatever watches one is forgotten."""

import django.db.models.deletion
from django.db import migrations, models

FORGET = """
    DELETE FROM portal_watchnews USING portal_watch w
     WHERE watch_id = w.id AND (w.school_id IS NOT NULL OR w.words IS NOT NULL);
    DELETE FROM portal_watchmail USING portal_watch w
     WHERE watch_id = w.id AND (w.school_id IS NOT NULL OR w.words IS NOT NULL);
    DELETE FROM portal_watch WHERE school_id IS NOT NULL OR words IS NOT NULL;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0023_languages_of_an_entry_are_in_order"),
        ("portal", "0005_asked_in_public"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="watch",
            name="a_watch_is_about_exactly_one_thing",
        ),
        migrations.AddField(
            model_name="watch",
            name="school",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="districts.school",
            ),
        ),
        migrations.AddField(
            model_name="watch",
            name="words",
            field=models.CharField(max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="watch",
            name="words_key",
            field=models.TextField(null=True),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGET),
        migrations.AddConstraint(
            model_name="watch",
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
                    _connector="OR",
                ),
                name="a_watch_is_about_exactly_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                fields=("watcher", "school"), name="an_address_watches_one_school_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                fields=("watcher", "words_key"), name="an_address_watches_one_search_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
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
                name="a_watched_search_has_words_and_a_key",
            ),
        ),
    ]
