"""Which version of an agreement counts today, and what stands over the page of one that does not."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from . import published
from .models import AgreementVersion, Publication
from .standing import agreement_state

NEW_FOR = dt.timedelta(days=90)


def version_note(version: AgreementVersion, today: dt.date) -> dict[str, Any]:
    """Return for `_version_note.html` whether this version counts on a day, and where its news stands.

    A version that is published takes effect on a day of its own; until then the one before it counts.
    """
    found = version.agreement
    counting = AgreementVersion.objects.in_force_on(today).filter(agreement=found).first()
    said = []
    if agreement_state(found, today) == found.State.SIGNED:
        if version.effective_from and version.effective_from > today:
            said.append(
                _("Version %(n)s counts from %(day)s.")
                % {"n": version.number, "day": formats.date_format(version.effective_from, "DATE_FORMAT")}
            )
            if counting:
                said.append(_("Until then version %(n)s counts.") % {"n": counting.number})
        elif counting and counting.pk != version.pk:
            said.append(
                _("Version %(old)s no longer counts. Version %(n)s does.")
                % {"old": version.number, "n": counting.number}
            )
    news = version.publications.filter(kind=Publication.Kind.VERSION).first()
    is_new = news is not None and found.kind != found.Kind.RECONSTRUCTION and today - news.day < NEW_FOR
    return {
        "sentences": said,
        "counting": _link(counting) if counting and counting.pk != version.pk else None,
        "new_on": news.day if news and is_new else None,
        "news_url": reverse("districts:change", args=[news.public_id]) if news and is_new else "",
    }


def other_companies(version: AgreementVersion) -> list[dict[str, str]]:
    """Return those a company passes data to, each with its own page where this site has one."""
    others = list(version.subcontractors.all())
    pages = dict(published.vendors().filter(name__in=[o.name for o in others]).values_list("name", "slug"))
    return [
        {
            "name": other.name,
            "url": reverse("districts:vendor", args=[pages[other.name]]) if other.name in pages else "",
            "role": other.role,
            "location": other.location,
        }
        for other in others
    ]


def _link(version: AgreementVersion) -> tuple[str, str]:
    url = reverse("districts:agreement_version", args=[version.agreement.public_id, version.number])
    return _("Version %(n)s") % {"n": version.number}, url
