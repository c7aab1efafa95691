"""The register's version, and what of the register was last written at which version.

Both are kept by triggers of PostgreSQL when a transaction commits (docs/decisions/0012); nothing here writes.
"""

from django.db import models


class RegisterVersion(models.Model):
    """One row: how many transactions have changed the public register so far. Numbers follow the commits."""

    number = models.PositiveBigIntegerField()

    # With the transaction that wrote it: a number may come again after a backup was restored, its writer not.
    CURRENT_AND_WRITER = "SELECT number, xmin::text FROM districts_registerversion"

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """Return the version of what everybody may read now; 0 while the register is empty."""
        return cls.objects.values_list("number", flat=True).first() or 0


class RegisterStamp(models.Model):
    """At which version an object of the public register was last written, or taken out.

    One row for each object that is or was public: what was never public leaves no trace here.
    """

    resource = models.CharField(max_length=20)
    key = models.CharField(max_length=80, help_text="The object's id in the API.")
    version = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["version", "id"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "key"], name="an_object_is_stamped_once"),
        ]
        indexes = [models.Index(fields=["version", "id"], name="stamps_in_the_order_written")]

    def __str__(self) -> str:
        return f"{self.resource} {self.key} at {self.version}"
