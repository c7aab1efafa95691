"""The terms of agreements beside each other: until when data is kept, promises, who else sees it.

Nothing is merged over districts.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connections, router
from django.urls import reverse

from .models import AgreementVersion
from .promises_shown import Answered, grouped
from .saying import kept_words, status_words, subcontractor_words

MOST_NAMES = 8  # of other companies in one cell


class _Kept(NamedTuple):
    kept: str
    kept_days: int | None
    kept_until: dt.date | None


# Who else sees data is listed as another company, or named with a kind of data.
_TERMS = """
SELECT DISTINCT version_id, 'kept', kept, NULL, kept_days, kept_until
  FROM districts_sharedelement WHERE version_id = ANY (%(versions)s)
 UNION ALL
(SELECT version_id, 'other', name, NULL, NULL::int, NULL::date
   FROM districts_subcontractor WHERE version_id = ANY (%(versions)s)
  UNION
 SELECT version_id, 'other', unnest(recipients), NULL, NULL, NULL
   FROM districts_sharedelement WHERE version_id = ANY (%(versions)s))
 UNION ALL
SELECT version_id, 'promise', code, answer, NULL, NULL
  FROM districts_promise WHERE version_id = ANY (%(versions)s)
 ORDER BY 1, 2, 3, 5, 6
"""


@dataclass(frozen=True)
class Terms:
    """One agreement beside others: until when data is kept, what is promised, who else sees it, in words.

    An empty word among `kept` is a gap. A district that has filled in nothing is said so once, not at each
    question: it has no terms.
    """

    district: str
    url: str
    title: str
    vendor: str
    status: tuple[str, str]
    kept: tuple[str, ...]
    promises: tuple[Answered, ...]
    others: tuple[str, ...]
    more_others: int
    no_others: str

    @property
    def has_terms(self) -> bool:
        return any([any(self.kept), self.promises, self.others, self.no_others])


def rows(versions: Sequence[AgreementVersion], now: Any) -> list[Terms]:
    """Return what `_side_by_side.html` shows of each version, in one query for any number."""
    kept: dict[int, list[str]] = defaultdict(list)
    others: dict[int, list[str]] = defaultdict(list)
    promises: dict[int, list[tuple[str, str]]] = defaultdict(list)
    with connections[router.db_for_read(AgreementVersion)].cursor() as cursor:
        cursor.execute(_TERMS, {"versions": [version.pk for version in versions]})
        for version, what, said, answer, days, until in cursor:
            if what == "kept":
                kept[version].append(kept_words(_Kept(said, days, until)))
            elif what == "other":
                others[version].append(said)
            else:
                promises[version].append((said, answer))
    return [
        Terms(
            district=version.agreement.agency.name,
            url=reverse("districts:agreement_version", args=[version.agreement.public_id, version.number]),
            title=version.agreement.title,
            vendor=version.agreement.vendor.name,
            status=status_words(version.agreement, version.agreement.agency.today(now)),
            kept=tuple(kept[version.pk]),
            promises=grouped(promises[version.pk]),
            others=tuple(sorted(others[version.pk])[:MOST_NAMES]),
            more_others=max(0, len(others[version.pk]) - MOST_NAMES),
            no_others=subcontractor_words(version),
        )
        for version in versions
    ]
