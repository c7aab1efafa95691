"""What of the register anybody may read: the one place that says so, for API, feeds and dumps.

An agreement is public from its first published version on, and with it whatever hangs on it. The triggers
that stamp the register (migration 0012) say the same in SQL; a test compares the two.
"""

from typing import Any

from django.db import connections, router
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from .models import (
    Agency,
    Agreement,
    AgreementVersion,
    CommentWindow,
    DataCategory,
    DataElement,
    DocumentWithdrawal,
    Hearing,
    Incident,
    OpenQuestion,
    OpenQuestionWithdrawal,
    OpenRefusal,
    Participation,
    Product,
    Publication,
    Purpose,
    Remark,
    School,
    SharedElement,
    TextWithdrawal,
    Vendor,
)

#: Whoever owns, directly or through others, a company with a public agreement or a breach.
_OWNERS = """
WITH RECURSIVE owner(id) AS (
    SELECT o.owner_id FROM districts_vendorownership o
     WHERE EXISTS (SELECT FROM districts_incident i JOIN districts_publication p ON p.incident_id = i.id
                    WHERE i.vendor_id = o.vendor_id)
        OR EXISTS (SELECT FROM districts_agreement a
                     JOIN districts_agreementversion v ON v.agreement_id = a.id
                    WHERE a.vendor_id = o.vendor_id AND v.published_at IS NOT NULL)
    UNION SELECT o.owner_id FROM districts_vendorownership o JOIN owner ON o.vendor_id = owner.id
) SELECT id FROM owner
"""


def agencies() -> QuerySet[Agency]:
    """Return the states, districts and cooperatives on this site."""
    return Agency.objects.all()


def schools() -> QuerySet[School]:
    """Return the schools, closed ones too."""
    return School.objects.all()


def _is_public(agreement: str) -> Exists:
    """Return the condition that the agreement in a column has a published version."""
    return Exists(AgreementVersion.objects.published().filter(agreement=OuterRef(agreement)))


def agreements() -> QuerySet[Agreement]:
    """Return the agreements with a published version, proposed and ended ones too."""
    return Agreement.objects.filter(_is_public("pk"))


def versions() -> QuerySet[AgreementVersion]:
    """Return the published versions."""
    return AgreementVersion.objects.published()


def vendors() -> QuerySet[Vendor]:
    """Return the companies with a public agreement or a breach, and whoever owns them."""
    signed = Agreement.objects.filter(_is_public("pk"), vendor=OuterRef("pk"))
    breached = Incident.objects.public().filter(vendor=OuterRef("pk"))
    owners: Any = RawSQL(_OWNERS, [])  # noqa: S611 - a constant
    return Vendor.objects.filter(Exists(signed) | Exists(breached) | Q(pk__in=owners))


def vendor_is_public(pk: int) -> bool:
    """Return whether a company is among `vendors()`; it costs no more for what other companies have."""
    with connections[router.db_for_read(Vendor)].cursor() as cursor:
        cursor.execute("SELECT openroll_vendor_is_public(%s)", [pk])
        return bool(cursor.fetchone()[0])


def products() -> QuerySet[Product]:
    """Return the products of public companies."""
    return Product.objects.filter(vendor__in=vendors())


def categories() -> QuerySet[DataCategory]:
    """Return the groups of data."""
    return DataCategory.objects.all()


def purposes() -> QuerySet[Purpose]:
    """Return the reasons for sharing."""
    return Purpose.objects.all()


def elements() -> QuerySet[DataElement]:
    """Return the catalogue, and of an agency's own elements those in a published version or a breach."""
    shared = SharedElement.objects.filter(element=OuterRef("pk"), version__published_at__isnull=False)
    breached = Incident.objects.public().filter(elements=OuterRef("pk"))
    return DataElement.objects.filter(Q(agency=None) | Exists(shared) | Exists(breached))


def participations() -> QuerySet[Participation]:
    """Return who takes or took part in public agreements."""
    return Participation.objects.filter(_is_public("agreement"))


def incidents() -> QuerySet[Incident]:
    """Return the breaches that were told, and those that stand on an agency's page alone."""
    return Incident.objects.public()


def publications() -> QuerySet[Publication]:
    """Return the news of public agreements."""
    return Publication.objects.filter(_is_public("agreement"))


def comment_windows() -> QuerySet[CommentWindow]:
    """Return the days on which anybody may comment on a public agreement."""
    return CommentWindow.objects.filter(_is_public("agreement"))


def hearings() -> QuerySet[Hearing]:
    """Return the public meetings about public agreements, cancelled ones too."""
    return Hearing.objects.filter(_is_public("agreement"))


def open_questions() -> QuerySet[OpenQuestion]:
    """Return what was asked in public about public agreements; words that came down are empty."""
    return OpenQuestion.objects.filter(_is_public("agreement"))


def open_refusals() -> QuerySet[OpenRefusal]:
    """Return what was asked about public agreements and is not shown: reason and day."""
    return OpenRefusal.objects.filter(_is_public("agreement"))


def withdrawals() -> int:
    """Return how many papers, texts, questions and remarks had to come down so far; none is taken back.

    A dump that was made when there were fewer may hold what must not be read any more (dumps/shelf.py).
    A new kind of withdrawal is counted here.
    """
    papers_and_texts = DocumentWithdrawal.objects.count() + TextWithdrawal.objects.count()
    questions = OpenQuestionWithdrawal.objects.count()
    return papers_and_texts + questions + Remark.objects.filter(takes_down=True).count()
