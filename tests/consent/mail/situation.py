"""Plain functions: a district with news, its people, and the way their deliveries stand."""

import datetime as dt

from consent import notify
from consent.models import Attempt, Delivery, Guardian, Notice
from districts.models import Agency, AgreementVersion, Basis
from tests import factories as f
from tests.consent import news

NOON = f.NOW
NIGHT = f.NOW + dt.timedelta(hours=14)  # 2 am in Chicago
LINES = (("home-address", "contact", Basis.CONSENT),)


def published(
    district: Agency, *severities: str, lines=LINES, kind: str = "version", **fields
) -> AgreementVersion:
    """Publish a version of a new agreement."""
    version = f.make_draft(f.make_agreement(district), lines=lines, **fields)
    news.publish(version, *severities, kind=kind)
    return version


def told(district: Agency, *severities: str, now: dt.datetime = NOON, **fields) -> Notice:
    """Publish, announce and fan out; return the district's notice."""
    published(district, *severities, **fields)
    notice_id = max(notify.announce(now=now))
    notify.fan_out(notice_id, now=now)
    return Notice.objects.get(pk=notice_id)


def standing(notice: Notice | None = None) -> dict[str, str]:
    """Return, by given name, `state/channel` of each delivery."""
    deliveries = Delivery.objects.select_related("guardian").order_by("guardian__given_name", "pk")
    if notice is not None:
        deliveries = deliveries.filter(notice=notice)
    return {d.guardian.given_name: f"{d.state}/{d.channel}" for d in deliveries}


def attempts(guardian: Guardian) -> list[tuple[int, str, str]]:
    """Return number, result and code of each attempt to reach a person."""
    rows = Attempt.objects.filter(delivery__guardian=guardian).order_by("delivery", "n")
    return list(rows.values_list("n", "result", "code"))
