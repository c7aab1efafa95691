"""The one thing that a watch or a hook is about: its columns, and what must hold of them."""

from typing import Any

from django.db import models
from django.db.models import Q

from districts.finding import LONGEST
from districts.models import Agency, Agreement, DataElement, School, Vendor

SEARCH = "search"
#: How addresses spell the kind of what stands in a column.
KIND_OF = {
    "agency_id": "district",
    "school_id": "school",
    "vendor_id": "company",
    "element_id": "data",
    "agreement_id": "agreement",
    "words": SEARCH,
}
THINGS = tuple(column.removesuffix("_id") for column in KIND_OF)


class AboutOneThing(models.Model):
    """One thing of the register that is watched; each field is empty but one. A search is its words."""

    agency = models.ForeignKey(Agency, null=True, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, null=True, on_delete=models.CASCADE, related_name="+")
    vendor = models.ForeignKey(Vendor, null=True, on_delete=models.CASCADE, related_name="+")
    element = models.ForeignKey(DataElement, null=True, on_delete=models.CASCADE, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=LONGEST, null=True)
    words_key = models.TextField(null=True)  # what finding.key_of makes of them
    language = models.CharField(max_length=10)

    class Meta:
        abstract = True

    @property
    def thing(self) -> Any:
        """Return the thing that is watched, of a search its words; None where it is the whole register."""
        return next((found for name in THINGS if (found := getattr(self, name)) is not None), None)

    @property
    def kind(self) -> str:
        """Return the kind of what is watched, as addresses spell it; empty for the whole register."""
        return next((kind for column, kind in KIND_OF.items() if getattr(self, column) is not None), "")


def exactly_one() -> Q:
    """Return the condition that one thing is watched, and no other."""
    condition = Q()
    for named in THINGS:
        condition |= Q(**{f"{field}__isnull": field != named for field in THINGS})
    return condition


def words_have_a_key() -> Q:
    """Return the condition that a search has words, and the key they are looked for by."""
    none = Q(words=None, words_key=None)
    return none | (Q(words__isnull=False, words_key__isnull=False) & ~Q(words="") & ~Q(words_key=""))
