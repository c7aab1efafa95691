"""Reads what a version says, and what things are called, from the database: a fixed number of queries."""

from collections.abc import Iterable, Iterator

from django.db.models import F
from django.db.models.functions import Coalesce

from .contents import Line, Promise, VersionFacts
from .models import Agreement, AgreementVersion, DataCategory, DataElement, Purpose, School, SharedElement
from .phrases import LANGUAGES
from .sentences import Labels, Names
from .words import words


def version_facts(version: AgreementVersion) -> VersionFacts:
    """Return everything of a version that a comparison looks at, in four queries."""
    return VersionFacts(
        lines=list(_lines(version)),
        promises=frozenset(
            Promise(code, answer, days)
            for code, answer, days in version.promises.values_list("code", "answer", "days")
        ),
        subcontractors=frozenset(_tidy(version.subcontractors.values_list("name", flat=True))),
        schools=frozenset(str(pk) for pk in version.scope_schools.values_list("pk", flat=True)),
        grades=frozenset(version.scope_grades),
        programs=frozenset(version.scope_programs),
    )


def names_for(agreement: Agreement, *versions: VersionFacts) -> Names:
    """Return what the parts of the versions are called in every language, in ten queries at most."""
    codes = {line.element_code for facts in versions for line in facts.lines}
    elements = dict(DataElement.objects.filter(code__in=codes).values_list("pk", "code"))
    groups = {line.category for facts in versions for line in facts.lines}
    categories = dict(DataCategory.objects.filter(code__in=groups).values_list("pk", "code"))
    reasons = {line.purpose for facts in versions for line in facts.lines}
    purposes = dict(Purpose.objects.filter(code__in=reasons).values_list("pk", "code"))
    labels = {}
    for language in LANGUAGES:
        said = words(elements=elements, categories=categories, purposes=purposes, language=language)
        labels[language] = Labels(
            elements={elements[pk]: text.label for pk, text in said.elements.items()},
            categories={categories[pk]: text.label for pk, text in said.categories.items()},
            purposes={purposes[pk]: text.label for pk, text in said.purposes.items()},
        )
    schools = {pk for facts in versions for pk in facts.schools}
    return Names(
        agency=agreement.agency.name,
        vendor=agreement.vendor.name,
        labels=labels,
        schools={
            str(pk): name for pk, name in School.objects.filter(pk__in=schools).values_list("pk", "name")
        },
    )


def _lines(version: AgreementVersion) -> Iterator[Line]:
    """Yield the lines of a version under the meaning of each element, and under that meaning's category.

    A re-coded element takes the category of the one it stands for: it is not new in another category.
    """
    rows = (
        SharedElement.objects.filter(version=version)
        .annotate(
            meaning=Coalesce("element__same_meaning_as_id", "element_id"),
            group=Coalesce("element__same_meaning_as__category__code", "element__category__code"),
            reason=F("purpose__code"),
            code=F("element__code"),
        )
        .order_by("pk")
    )
    for row in rows.iterator():
        yield Line(
            meaning=row.meaning,
            element_code=row.code,
            category=row.group,
            purpose=row.reason or "",
            basis=row.basis,
            source=row.source,
            recipients=frozenset(_tidy(row.recipients)),
            kept=_kept(row),
            detail=" ".join(row.detail.split()),
        )


def _kept(row: SharedElement) -> str:
    """Return a retention rule with its days or date: `after_agreement:60`, `date:2026-06-30`."""
    if row.kept == SharedElement.Kept.DATE:
        return f"{row.kept}:{row.kept_until}"
    if row.kept.startswith("after_"):
        return f"{row.kept}:{row.kept_days}"
    return row.kept


def _tidy(names: Iterable[str]) -> Iterator[str]:
    """Yield names without stray spaces, which would look like somebody new."""
    return (" ".join(name.split()) for name in names if name.strip())
