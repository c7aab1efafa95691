"""Keep the words of the public register, to put right what is mistyped in the search."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0025_a_company_is_looked_up_by_its_own_agreements"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "word",
                    models.CharField(db_collation="C", max_length=60, primary_key=True, serialize=False),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("word", name="gin_trgm_ops"),
                        name="search_word_by_likeness",
                    )
                ],
            },
        ),
    ]
