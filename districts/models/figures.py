"""How the news of one publication got to one district's families, as far as anybody may know it."""

from django.db import models
from django.db.models import F, Q

from .agencies import Agency
from .changes import Publication

FIGURES = ["people", "accepted", "letters", "failed", "children", "nobody_to_tell"]


def may_be_known(name: str) -> models.CheckConstraint:
    """Return the constraint that a figure is not there, or at least 10 and rounded to 5."""
    return models.CheckConstraint(
        condition=Q(**{name: None}) | Q(**{f"{name}__gte": 10}) & Q(**{name: F(name) / 5 * 5}),
        name=f"told_{name}_is_rounded_to_5_and_never_below_10",
    )


class ToldFigures(models.Model):
    """The rounded sums of one publication and district; None is a figure nobody may know.

    Written once by the private room, some days after the last message (consent/told_figures.py), and never
    again: two days' figures that differ would tell of single people. Append-only.
    """

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="told_figures")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="told_figures")
    people = models.PositiveIntegerField(null=True, help_text="accepted, posted or failed")
    accepted = models.PositiveIntegerField(null=True, help_text="by mail servers; never: read")
    letters = models.PositiveIntegerField(null=True, help_text="handed over or posted")
    failed = models.PositiveIntegerField(null=True)
    children = models.PositiveIntegerField(null=True, help_text="whom it is about")
    nobody_to_tell = models.PositiveIntegerField(null=True, help_text="of the children")
    recorded_at = models.DateTimeField(editable=False, db_default=models.functions.Now())

    class Meta:
        verbose_name_plural = "told figures"
        constraints = [
            *(may_be_known(name) for name in FIGURES),
            models.UniqueConstraint(
                fields=["publication", "agency"], name="a_publication_has_one_set_of_figures_per_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"figures of {self.publication_id} for {self.agency_id}"

    @property
    def says_something(self) -> bool:
        """Return whether any figure may be known."""
        return any(getattr(self, name) is not None for name in FIGURES)
