"""What the search finds: a copy of the public register's names, kept by PostgreSQL, never written here."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """One thing that can be found, in one language; names have the empty one.

    The table, what is public, and the triggers that keep it so are in migration 0006 (docs/decisions/0011).
    `languages` are those the thing has words in; who reads another one is served in English.
    """

    pk = models.CompositePrimaryKey("kind", "object_id", "language")
    kind = models.CharField(max_length=9)
    object_id = models.BigIntegerField()
    language = models.CharField(max_length=8)
    languages = ArrayField(models.CharField(max_length=8))
    title = models.CharField(max_length=200)
    note = models.CharField(max_length=500)
    reference = models.CharField(max_length=161)
    key = models.TextField(db_collation="C")
    words = SearchVectorField()

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word that the entries hold. Renewed every hour (districts/spelling.py), for what is mistyped."""

    LONGEST = 60  # letters

    word = models.CharField(primary_key=True, max_length=LONGEST, db_collation="C")

    class Meta:
        indexes = [
            GinIndex(OpClass("word", name="gin_trgm_ops"), name="search_word_by_likeness"),
        ]

    def __str__(self) -> str:
        return self.word
