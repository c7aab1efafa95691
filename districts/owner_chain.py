"""Who owns a company, and who owns its owners: the whole chain, each link with its days and its source."""

from typing import Any

from django.db.models.expressions import RawSQL
from django.urls import reverse

from .models import Vendor, VendorOwnership

# UNION drops what was found before, so that a circle on paper ends.
_CHAIN = """
WITH RECURSIVE chain(id, owner_id) AS (
    SELECT o.id, o.owner_id FROM districts_vendorownership o WHERE o.vendor_id = %s
    UNION SELECT o.id, o.owner_id FROM districts_vendorownership o JOIN chain ON o.vendor_id = chain.owner_id
) SELECT id FROM chain
"""


def owner_chain(vendor: Vendor) -> list[dict[str, Any]]:
    """Return the links from a company upwards, each company's newest owner first, in one query.

    `owned` is whom the link is about; it is empty where that is the company itself.
    """
    links: dict[int, list[VendorOwnership]] = {}
    found = VendorOwnership.objects.filter(pk__in=RawSQL(_CHAIN, [vendor.pk]))  # noqa: S611 - a constant
    for link in found.select_related("vendor", "owner"):
        links.setdefault(link.vendor_id, []).append(link)
    chain, waiting, seen = [], [vendor.pk], {vendor.pk}
    for below in waiting:  # grows while it is walked: step by step upwards
        for link in links.get(below, []):
            chain.append(_shown(link, vendor))
            if link.owner_id not in seen:
                seen.add(link.owner_id)
                waiting.append(link.owner_id)
    return chain


def _shown(link: VendorOwnership, vendor: Vendor) -> dict[str, Any]:
    return {
        "owner": link.owner.name,
        "url": reverse("districts:vendor", args=[link.owner.slug]),
        "owned": "" if link.vendor_id == vendor.pk else link.vendor.name,
        "since": link.since,
        "until": link.until,
        "source_url": link.source_url,
    }
