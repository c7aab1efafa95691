"""What an agency's staff have to see to today."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.failures import failed
from consent.models import Delivery, Guardianship, Hold, LetterRun, Objection
from consent.progress import Alarm, AlarmKind, alarms
from consent.untold import count_untold
from districts.models import Agency, AgreementVersion, OpenAnswer, OpenQuestion
from portal.models import AskedInPublic, Upload

from .access import StaffRequest
from .reviewing import waiting_words

SHOWN = 20


@dataclass(frozen=True)
class Due:
    """Everything the page of today shows; lists are cut at SHOWN, counts are whole."""

    alarms: list[tuple[str, str]]
    holds: list[Hold]
    holds_count: int
    failures: list[Delivery]
    failures_count: int
    letters_due: int
    runs_to_post: list[LetterRun]
    objections: list[Objection]
    objections_count: int
    drafts: list[AgreementVersion]
    drafts_count: int
    words_count: int
    uploads: list[Upload]
    review_count: int
    untold_count: int
    asked_count: int
    unanswered_count: int


def due(request: StaffRequest) -> Due:
    """Return what is due for the agency of a request."""
    agency = request.agency
    holds = holds_without_order(agency)
    failures = failed(agency.pk)
    objections = waiting_objections(agency)
    drafts = own_drafts(agency)
    return Due(
        alarms=[alarm_words(alarm) for alarm in alarms(agency, request.now)],
        holds=list(holds[:SHOWN]),
        holds_count=holds.count(),
        failures=list(failures[:SHOWN]),
        failures_count=failures.count(),
        letters_due=letters_due(request),
        runs_to_post=list(runs_to_post(agency)),
        objections=list(objections[:SHOWN]),
        objections_count=objections.count(),
        drafts=list(drafts[:SHOWN]),
        drafts_count=drafts.count(),
        words_count=waiting_words(agency).count(),
        uploads=list(Upload.objects.filter(agency=agency, state__in=["checking", "checked", "applying"])),
        review_count=Guardianship.objects.filter(
            Q(ended_on=None) | Q(ended_on__gt=request.today),
            student__agency=agency,
            rights=Guardianship.Rights.REVIEW,
        ).count(),
        untold_count=count_untold(agency.pk, request.today),
        asked_count=waiting_in_public(agency).count(),
        unanswered_count=unanswered_in_public(agency).count(),
    )


def holds_without_order(agency: Agency) -> QuerySet[Hold]:
    """Return the open holds whose order is not recorded yet, the most urgent first."""
    rows = Hold.objects.filter(guardianship__guardian__agency=agency, lifted_at=None, order_reference="")
    return rows.select_related("guardianship__guardian", "guardianship__student").order_by(
        "review_due_on", "pk"
    )


def own_drafts(agency: Agency) -> QuerySet[AgreementVersion]:
    """Return the drafts of the agency's own agreements."""
    rows = AgreementVersion.objects.drafts().filter(agreement__agency=agency)
    return rows.select_related("agreement__vendor").order_by("agreement__title", "number")


def waiting_objections(agency: Agency) -> QuerySet[Objection]:
    """Return questions and disagreements nobody replied to, the oldest first."""
    rows = Objection.objects.filter(student__agency=agency, replies=None)
    return rows.select_related("student", "agreement__vendor").order_by("made_at")


def waiting_in_public(agency: Agency) -> QuerySet[AskedInPublic]:
    """Return what was asked in public and confirmed, and nobody of the staff looked at, the oldest first."""
    rows = AskedInPublic.objects.filter(agreement__agency=agency, state=AskedInPublic.State.WAITING)
    return rows.select_related("agreement__vendor").order_by("confirmed_at", "pk")


def unanswered_in_public(agency: Agency) -> QuerySet[OpenQuestion]:
    """Return the public questions the agency did not answer, those that are due first before the others."""
    answered = Exists(OpenAnswer.objects.filter(question=OuterRef("pk")))
    rows = OpenQuestion.objects.filter(~answered, agreement__agency=agency, is_withdrawn=False)
    return rows.select_related("agreement__vendor").order_by("due_on", "pk")


def letters_due(request: StaffRequest) -> int:
    """Return to how many people a letter is to be printed now."""
    waiting = Delivery.objects.filter(
        guardian__agency=request.agency, state="due", channel="letter", next_attempt_at__lte=request.now
    )
    return int(waiting.aggregate(people=Count("guardian", distinct=True))["people"])


def runs_to_post(agency: Agency) -> QuerySet[LetterRun]:
    """Return the printings whose letters nobody has posted yet."""
    rows = LetterRun.objects.filter(agency=agency, printed_at__isnull=False, posted_at=None, letters__gt=0)
    return rows.order_by("printed_at")


def alarm_words(alarm: Alarm) -> tuple[str, str]:
    """Return an alarm as a sentence, and where something can be done about it."""
    n = alarm.count
    sentences: dict[AlarmKind, tuple[str, str]] = {
        AlarmKind.NOTHING_SENT: (
            ngettext(
                "%(n)s message is due and nothing was sent for an hour. Ask whoever runs this site.",
                "%(n)s messages are due and nothing was sent for an hour. Ask whoever runs this site.",
                n,
            ),
            "",
        ),
        AlarmKind.NOT_ANNOUNCED: (
            ngettext(
                "%(n)s publication was not announced for an hour. Ask whoever runs this site.",
                "%(n)s publications were not announced for an hour. Ask whoever runs this site.",
                n,
            ),
            "",
        ),
        AlarmKind.NOT_WRITTEN_DOWN: (
            ngettext(
                "The people to tell of %(n)s notice are not written down. Ask whoever runs this site.",
                "The people to tell of %(n)s notices are not written down. Ask whoever runs this site.",
                n,
            ),
            "",
        ),
        AlarmKind.HOLDS_OVERDUE: (
            ngettext(
                "%(n)s hold is past its day: record the order or lift it.",
                "%(n)s holds are past their day: record the order or lift them.",
                n,
            ),
            reverse("staff:holds"),
        ),
        AlarmKind.FAILED: (
            ngettext("%(n)s message reached nobody.", "%(n)s messages reached nobody.", n),
            reverse("staff:today") + "#failures",
        ),
        AlarmKind.LETTERS_WAIT: (
            ngettext("%(n)s letter has waited for two days.", "%(n)s letters have waited for two days.", n),
            reverse("staff:letters"),
        ),
    }
    words, url = sentences.get(alarm.kind, (_("Something needs a look: %(n)s."), ""))
    return words % {"n": n}, url


def about_of(delivery: Delivery) -> Any:
    """Return what a delivery tells of, in words."""
    if delivery.notice is None:
        return _("Receipt")
    publication = delivery.notice.publication
    return publication.agreement.title if publication else _("Welcome")
