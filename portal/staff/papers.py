"""Finds the agreement a PDF belongs to by its file name."""

import re
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.text import slugify

from districts.models import Agency, Agreement, AgreementVersion

# What people add to a name without meaning another agreement.
_EXTRAS = re.compile(
    r"(^|-)(v\d+|\d{4}|signed|final|copy|public|redacted|original|dpa|agreement|contract)(?=-|$)"
)


@dataclass(frozen=True)
class Match:
    """The version a file belongs to, or None with the number of agreements it may belong to."""

    name: str
    version: AgreementVersion | None
    candidates: int


class Matcher:
    """The agreements of one agency by the names files may have."""

    def __init__(self, agency: Agency) -> None:
        self.by_name: dict[str, set[int]] = {}
        agreements = Agreement.objects.filter(agency=agency).select_related("vendor")
        self.agreements = {agreement.pk: agreement for agreement in agreements}
        for agreement in agreements:
            for name in (agreement.title, agreement.vendor.slug, agreement.vendor.name, agreement.public_id):
                key = _key(str(name))
                if key:
                    self.by_name.setdefault(key, set()).add(agreement.pk)

    def match(self, name: str) -> Match:
        """Return where a file belongs: its newest published version, else its draft."""
        found = self.by_name.get(_key(PurePath(name).stem), set())
        if len(found) != 1:
            return Match(name, None, len(found))
        versions = AgreementVersion.objects.filter(agreement=next(iter(found))).order_by("-number")
        version = versions.published().first() or versions.first()
        return Match(name, version, 1)


def _key(name: str) -> str:
    """Return a name without case, signs and the words people add."""
    slug = slugify(name.replace("_", "-"))
    while (shorter := _EXTRAS.sub("", slug).strip("-")) != slug:
        slug = shorter
    return slug
