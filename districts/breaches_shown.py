"""Which breaches a district's and a company's page list."""

from django.db.models import Q

from .kept_figures import kept_figures
from .models import Agency, Incident, Vendor


def newest_breaches(whose: Agency | Vendor, n: int) -> list[int]:
    """Return the ids of the newest `n` public breaches of an agency, or at a company in any agency.

    Kept while the register stays: most have none, and to find that out costs as much as to find some.
    """
    if isinstance(whose, Agency):
        theirs = Q(agency=whose)
    else:
        theirs = Q(vendor=whose) | Q(vendor=None, agreement__vendor=whose)
    found = Incident.objects.public().filter(theirs).order_by("-learned_on", "-pk")
    about = ("breaches", whose._meta.model_name, whose.pk, n)
    return kept_figures(about, lambda: list(found.values_list("pk", flat=True)[:n]))
