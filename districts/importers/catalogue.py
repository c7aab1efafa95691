"""Load the catalogue's files into the database: new words become new revisions, nothing is rewritten."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from districts.models import (
    CategoryText,
    Crosswalk,
    DataCategory,
    DataElement,
    ElementText,
    Prohibition,
    Purpose,
    PurposeText,
    SharedElement,
)

from .catalogue_files import (
    CATALOGUE_FOLDER,
    LANGUAGES,
    CatalogueFiles,
    CatalogueRefused,
    Row,
    read_catalogue,
)
from .catalogue_report import LoadReport
from .report import Counts, Problem

INBLOOM = "inbloom"
# Two loads at once take turns: each would otherwise give the same revision number to its words.
LOAD_LOCK = 7_311_204


def load_catalogue(*, now: dt.datetime, folder: Path = CATALOGUE_FOLDER, dry_run: bool = False) -> LoadReport:
    """Bring the catalogue in the database to what the files say, all or nothing.

    The same files twice change nothing. A changed text appends a revision; a code that is in no file any
    more is named in the report and left alone, because agreements may point at it. A crosswalk row that is
    in no file ends. Elements of agencies are not touched.

    Raises CatalogueRefused with every problem of the files.
    """
    files = read_catalogue(folder)
    report = LoadReport(loaded_at=now, dry_run=dry_run)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
        _refuse_codes_of_agencies(files)
        _refuse_other_meanings(files)
        categories = _load_categories(files, report)
        elements = _load_elements(files, categories, report)
        _load_crosswalk(files, elements, report)
        _load_prohibitions(files, elements, report)
        _load_purposes(files, report)
        report.data_points, report.data_point_kinds = count_data_points()
        if dry_run:
            transaction.set_rollback(True)
    return report


def count_data_points() -> tuple[int, int]:
    """Return how many data points the inBloom store had, and of how many kinds they are."""
    found = Crosswalk.objects.filter(scheme=INBLOOM).aggregate(
        points=models.Count("id"), kinds=models.Count("element", distinct=True)
    )
    return found["points"], found["kinds"]


def _refuse_codes_of_agencies(files: CatalogueFiles) -> None:
    """Refuse a code that an agency's own element already bears: the two may mean different things."""
    taken = dict(DataElement.objects.exclude(agency=None).values_list("code", "agency__name"))
    problems = [
        Problem(row.file, row.line, "code", row["code"], f"a code that {taken[row['code']]} does not use")
        for _category, row in files.all_elements()
        if row["code"] in taken
    ]
    if problems:
        raise CatalogueRefused(problems)


def _refuse_other_meanings(files: CatalogueFiles) -> None:
    """Refuse another group or meaning for what a published version shares: answers were given to it."""
    shared = SharedElement.objects.filter(version__published_at__isnull=False).filter(
        models.Q(element=models.OuterRef("pk")) | models.Q(element__same_meaning_as=models.OuterRef("pk"))
    )
    published = DataElement.objects.filter(models.Exists(shared), agency=None)
    columns = ("code", "category__code", "same_meaning_as__code")
    known = {code: (group, meaning or "") for code, group, meaning in published.values_list(*columns)}
    problems = [
        Problem(row.file, row.line, "code", row["code"], "the group and the meaning it was published with")
        for category, row in files.all_elements()
        if row["code"] in known and known[row["code"]] != (category, row["same_meaning_as"])
    ]
    if problems:
        raise CatalogueRefused(problems)


def _load_categories(files: CatalogueFiles, report: LoadReport) -> dict[str, DataCategory]:
    wanted = {row["code"]: {"position": int(row["position"])} for row in files.categories}
    known = {category.code: category for category in DataCategory.objects.all()}
    report.kinds["categories"] = _settle(DataCategory, known, wanted, report)
    words = {(known[row["code"]].pk, ln): _words(row, ln) for row in files.categories for ln in LANGUAGES}
    report.kinds["category texts"] = _append_words(CategoryText, words)
    return known


def _load_elements(
    files: CatalogueFiles, categories: Mapping[str, DataCategory], report: LoadReport
) -> dict[str, DataElement]:
    wanted = {
        row["code"]: {
            "category_id": categories[category].pk,
            "subject": row["subject"],
            "sensitivity": row["sensitivity"],
            "sensitive_kind": row["sensitive_kind"],
        }
        for category, row in files.all_elements()
    }
    known = {element.code: element for element in DataElement.objects.filter(agency=None)}
    counts = _settle(DataElement, known, wanted, report)
    counts.changed += _settle_same_meaning(files, known)
    report.kinds["elements"] = counts
    words = {
        (known[row["code"]].pk, ln): {
            **_words(row, ln),
            "sensitivity_reason": row[f"sensitivity_reason_{ln}"],
            "usual_source": row[f"usual_source_{ln}"],
        }
        for _category, row in files.all_elements()
        for ln in LANGUAGES
    }
    report.kinds["element texts"] = _append_words(ElementText, words)
    return known


def _settle_same_meaning(files: CatalogueFiles, known: Mapping[str, DataElement]) -> int:
    """Point old codes at the ones they stand for; return how many pointers moved."""
    moved = []
    for _category, row in files.all_elements():
        element = known[row["code"]]
        target = known[row["same_meaning_as"]].pk if row["same_meaning_as"] else None
        if element.same_meaning_as_id != target:
            element.same_meaning_as_id = target
            moved.append(element)
    DataElement.objects.bulk_update(moved, ["same_meaning_as"])
    return len(moved)


def _load_purposes(files: CatalogueFiles, report: LoadReport) -> None:
    wanted = {row["code"]: {"position": int(row["position"])} for row in files.purposes}
    known = {purpose.code: purpose for purpose in Purpose.objects.all()}
    report.kinds["purposes"] = _settle(Purpose, known, wanted, report)
    words = {
        (known[row["code"]].pk, ln): _words(row, ln, "explanation")
        for row in files.purposes
        for ln in LANGUAGES
    }
    report.kinds["purpose texts"] = _append_words(PurposeText, words)


def _load_crosswalk(files: CatalogueFiles, elements: Mapping[str, DataElement], report: LoadReport) -> None:
    wanted = {
        (row["scheme"], row["identifier"]): {"element_id": elements[row["element"]].pk}
        for row in files.crosswalk
    }
    rows = Crosswalk.objects.select_related("element")
    known = {(row.scheme, row.identifier): row for row in rows}
    counts = _settle_pairs(Crosswalk, ("scheme", "identifier"), known, wanted)
    gone = [row.pk for key, row in known.items() if key not in wanted and row.element.agency_id is None]
    Crosswalk.objects.filter(pk__in=gone).delete()
    counts.ended = len(gone)
    report.kinds["crosswalk"] = counts


def _load_prohibitions(
    files: CatalogueFiles, elements: Mapping[str, DataElement], report: LoadReport
) -> None:
    wanted = {
        (elements[row["element"]].pk, row["law_profile"]): {
            name: row[name] for name in ("citation", "note_en", "note_es")
        }
        for row in files.prohibitions
    }
    known = {(row.element_id, row.law_profile): row for row in Prohibition.objects.all()}
    report.kinds["prohibitions"] = _settle_pairs(Prohibition, ("element_id", "law_profile"), known, wanted)


def _settle(
    model: type[models.Model],
    known: dict[str, Any],
    wanted: Mapping[str, Mapping[str, object]],
    report: LoadReport,
) -> Counts:
    """Create what is new by code, update what differs, and name what is in no file. `known` grows."""
    keyed = {(code,): row for code, row in known.items()}
    counts = _settle_pairs(model, ("code",), keyed, {(code,): values for code, values in wanted.items()})
    report.in_no_file += sorted(code for code in known if code not in wanted)
    known.update({code: row for (code,), row in keyed.items()})
    return counts


def _settle_pairs(
    model: type[models.Model],
    key_names: tuple[str, ...],
    known: dict[Any, Any],
    wanted: Mapping[Any, Mapping[str, object]],
) -> Counts:
    """Create and update rows in two statements. `known` grows by the new rows."""
    new = {
        key: model(**dict(zip(key_names, key, strict=True)), **values)
        for key, values in wanted.items()
        if key not in known
    }
    differing = [
        _set(known[key], values)
        for key, values in wanted.items()
        if key in known and any(getattr(known[key], name) != value for name, value in values.items())
    ]
    counts = Counts(len(new), len(differing), len(wanted) - len(new) - len(differing))
    manager = model._default_manager
    manager.bulk_create(new.values())
    if differing:
        manager.bulk_update(differing, [name.removesuffix("_id") for name in next(iter(wanted.values()))])
    known.update(new)
    return counts


def _set(row: models.Model, values: Mapping[str, object]) -> models.Model:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _words(row: Row, language: str, definition: str = "definition") -> dict[str, str]:
    return {"label": row[f"label_{language}"], "definition": row[f"{definition}_{language}"]}


def _append_words(model: Any, wanted: Mapping[tuple[int, str], Mapping[str, str]]) -> Counts:
    """Append a revision wherever the newest one says something else; history is never rewritten."""
    newest = {
        (getattr(text, model.OWNER), text.language): text
        for language in LANGUAGES
        for text in model.objects.current(language)
    }
    counts = Counts()
    revisions = []
    for (owner, language), words in wanted.items():
        last = newest.get((owner, language))
        if last is not None and _says(last, words):
            counts.unchanged += 1
            continue
        counts.created += last is None
        counts.changed += last is not None
        number = 1 if last is None else last.revision + 1
        revisions.append(model(**{model.OWNER: owner}, language=language, revision=number, **words))
    model.objects.bulk_create(revisions)
    return counts


def _says(text: models.Model, words: Mapping[str, str]) -> bool:
    return all(getattr(text, name) == value for name, value in words.items())
