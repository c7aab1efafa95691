"""Vendors (the law's "operator"), who owns them, and the products they run for schools."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Vendor(models.Model):
    """Whoever gets data under an agreement; "company" on pages."""

    class Kind(models.TextChoices):
        FOR_PROFIT = "for_profit", _("For profit")
        NON_PROFIT = "non_profit", _("Non-profit")
        PUBLIC_OFFICE = "public_office", _("Public office")
        RESEARCHER = "researcher", _("Researcher")
        UNKNOWN = "unknown", _("Not filled in")

    name = models.CharField(max_length=200, help_text=_("As families know it, e.g. “Lumino Reading”."))
    slug = models.SlugField(max_length=80, unique=True)
    legal_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.UNKNOWN)
    summary = models.CharField(
        max_length=150, blank=True, help_text=_("What it does, in one plain sentence.")
    )
    business_address = models.TextField(blank=True)
    website = models.URLField(blank=True)
    contact_email = models.EmailField(blank=True)
    owners_note = models.CharField(
        max_length=200, blank=True, help_text=_("What is known where there is no owner, e.g. “no owner”.")
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["for_profit", "non_profit", "public_office", "researcher", "unknown"]),
                name="vendor_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VendorOwnership(models.Model):
    """One link of the chain of owners, with its dates (unknown dates stay empty)."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="ownerships")
    owner = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="holdings")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    source_url = models.URLField(blank=True)

    class Meta:
        ordering = [F("since").desc(nulls_last=True)]
        constraints = [
            models.CheckConstraint(condition=~Q(vendor=F("owner")), name="vendor_does_not_own_itself"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(since__lte=F("until")),
                name="ownership_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} > {self.vendor}"

    def on(self, day: dt.date) -> bool:
        """Tell whether the link held on a day; unknown bounds count as open."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class Product(models.Model):
    """What a vendor runs for schools."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80)
    summary = models.CharField(max_length=150, blank=True)
    website = models.URLField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "slug"], name="product_slugs_are_unique_in_a_vendor"),
        ]

    def __str__(self) -> str:
        return self.name
