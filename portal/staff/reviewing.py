"""What waits of register sheets, grouped by words; and what words of each kind can mean."""

from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from districts.models import Agency, Basis, DataElement, Purpose, RegisterReview
from districts.words import words

Kind = RegisterReview.Kind


def waiting_words(agency: Agency) -> QuerySet[Any, Any]:
    """Return each waiting word once: its kind, how often it waits, and one row of it; what stops first."""
    rows = RegisterReview.objects.waiting().filter(agency=agency)
    return (
        rows.values("kind", "words", "words_sha256")
        .annotate(count=Count("pk"), first=Min("pk"), line=Min("line"))
        .order_by("kind", "-count", "first")
    )


def meanings_of(review: RegisterReview) -> list[tuple[str, str]]:
    """Return what words of this kind can mean, what is called alike first."""
    if review.kind == Kind.BASIS:
        return [(value, str(label)) for value, label in Basis.choices]
    if review.kind == Kind.PURPOSE:
        codes = dict(Purpose.objects.values_list("pk", "code"))
        said = words(purposes=codes)
        return [(code, said.purpose(pk) or code) for pk, code in codes.items()]
    if review.kind not in (Kind.ELEMENT, Kind.MARK):
        return []
    mine = Q(agency=None) | Q(agency=review.agency_id)
    rows = DataElement.objects.filter(mine, same_meaning_as=None).order_by("category__position", "code")
    codes = dict(rows.values_list("pk", "code"))
    said = words(elements=codes)
    likely = {code: place for place, code in enumerate(review.might_be)}
    found = [(code, said.element(pk) or code) for pk, code in codes.items()]
    return sorted(found, key=lambda each: likely.get(each[0], len(likely)))
