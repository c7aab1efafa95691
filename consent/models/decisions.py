"""What may be answered, what was shown, and the ledger of answers."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from districts.models import (
    BASES_WITH_A_CHOICE,
    Agreement,
    AgreementVersion,
    Basis,
    Control,
    DataCategory,
    control_of,
)

from .accounts import Claim
from .families import Guardian, Student


class Question(models.Model):
    """What may be answered: agreement × category × basis. Only where the basis leaves a choice."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(DataCategory, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=20, choices=Basis)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=BASES_WITH_A_CHOICE), name="question_only_where_there_is_a_choice"
            ),
            models.UniqueConstraint(
                fields=["agreement", "category", "basis"],
                name="one_question_per_agreement_category_and_basis",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def control(self) -> Control:
        """Return whether silence is No (opt in) or Yes (opt out)."""
        return control_of(self.basis)


class QuestionVersion(models.Model):
    """Exactly which lines a question covers in one agreement version. Append-only.

    `covers` lists line keys (`meaning|purpose|detail|recipient`, see questions.line_keys) of the version;
    `new` those the question version before did not cover. An empty `new` re-opens nothing; nothing is made
    per child.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField(null=True, blank=True)
    covers = ArrayField(models.CharField(max_length=400))
    new = ArrayField(models.CharField(max_length=400), default=list)
    recorded_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_versions_are_numbered"),
            models.UniqueConstraint(fields=["question", "version"], name="one_question_version_per_version"),
        ]

    def __str__(self) -> str:
        return f"question {self.question_id}.{self.number}"


class Shown(models.Model):
    """What was shown before an answer: canonical JSON under its SHA-256. Append-only, no names."""

    sha256 = models.CharField(max_length=64, unique=True)
    body = models.TextField(help_text="canonical JSON: sorted keys, no spaces, UTF-8")
    recorded_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    sha256=Func(
                        Func(
                            Func(models.F("body"), models.Value("UTF8"), function="convert_to"),
                            function="sha256",
                            output_field=models.BinaryField(),
                        ),
                        models.Value("hex"),
                        function="encode",
                        output_field=models.CharField(),
                    )
                ),
                name="shown_hash_is_the_hash_of_its_body",
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:8]


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions in the words of the domain."""

    def current(self) -> "DecisionQuerySet":
        """Return the answers that stand: the last of each chain that is not voided.

        A voided answer counts as never given, so the one it replaced stands again.
        """
        later = Decision.objects.filter(
            student=models.OuterRef("student"),
            question=models.OuterRef("question"),
            decider=models.OuterRef("decider"),
            voiding=None,
            pk__gt=models.OuterRef("pk"),
        )
        return self.filter(~models.Exists(later), voiding=None)


class Decision(models.Model):
    """One answer of one decider to one question version for one student. Append-only.

    A change of mind is a chain: the next answer points at the one it replaces. Two unique constraints make
    it race-free: one beginning per (student, question, decider), each answer replaced at most once.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")

    class Channel(models.TextChoices):
        WEB = "web", _("Online")
        PAPER = "paper", _("On paper")
        PHONE = "phone", _("By telephone")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="decisions")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="decisions")
    question_version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="decisions")
    decider = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="decisions")
    answer = models.CharField(max_length=3, choices=Answer)
    shown = models.ForeignKey(Shown, on_delete=models.PROTECT, related_name="decisions")
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.WEB)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    claim = models.ForeignKey(
        Claim,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
        help_text="Through which claim an answer came in online.",
    )
    received_on = models.DateField(null=True, blank=True, help_text=_("Day the paper or call came in."))
    scan = models.CharField(max_length=200, blank=True, help_text="path in the private storage")
    decided_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(answer__in=["yes", "no"]), name="answer_is_yes_or_no"),
            models.UniqueConstraint(
                fields=["student", "question", "decider"],
                condition=Q(replaces=None),
                name="one_beginning_per_student_question_and_decider",
            ),
            models.CheckConstraint(
                condition=Q(channel="web", entered_by=None)
                | Q(channel__in=["paper", "phone"], entered_by__isnull=False, received_on__isnull=False),
                name="an_answer_entered_for_someone_says_by_whom_and_when",
            ),
        ]
        indexes = [models.Index(fields=["question", "student"], name="decision_by_question_student")]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Voiding(models.Model):
    """Takes a decision out of force because the decider had no right. Append-only."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="voiding")
    reason = models.TextField()
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    voided_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    def __str__(self) -> str:
        return f"voiding of {self.decision_id}"


class EffectiveState(models.Model):
    """What today's answers amount to for one child and question. No row means: what silence gives.

    `covers` is the question version a Yes reaches (its lines, no later ones); empty with No.
    """

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="effective_states")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="effective_states")
    answer = models.CharField(max_length=3, choices=Decision.Answer)
    covers = models.ForeignKey(QuestionVersion, null=True, on_delete=models.PROTECT, related_name="+")
    is_contested = models.BooleanField(default=False, help_text=_("Guardians gave different answers."))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "student"], name="one_state_per_question_and_student"
            ),
            models.CheckConstraint(
                condition=Q(answer="yes", covers__isnull=False) | Q(answer="no", covers=None),
                name="a_yes_reaches_a_question_version",
            ),
        ]

    def __str__(self) -> str:
        return f"state {self.student_id}/{self.question_id}"


class Fulfilment(models.Model):
    """A step after an answer, with its date. Append-only."""

    class Step(models.TextChoices):
        DISTRICT_ACTED = "district_acted", _("The district acted")
        COMPANY_TOLD = "company_told", _("The company was told")
        COMPANY_CONFIRMED = "company_confirmed", _("The company confirmed")

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="fulfilments")
    step = models.CharField(max_length=18, choices=Step)
    done_on = models.DateField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    class Meta:
        ordering = ["done_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=["district_acted", "company_told", "company_confirmed"]),
                name="fulfilment_step_is_known",
            ),
            models.UniqueConstraint(fields=["decision", "step"], name="each_step_once_per_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.decision_id}"


class Objection(models.Model):
    """A question or disagreement of a family where there is no choice. Append-only."""

    class Kind(models.TextChoices):
        ASK = "ask", _("Question")
        DISAGREE = "disagree", _("Disagreement")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="objections")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="objections")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.TextField(blank=True)
    made_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["ask", "disagree"]), name="objection_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"


class ObjectionReply(models.Model):
    """The district's answer to an objection. Append-only."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(editable=False, db_default=Func(function="clock_timestamp"))

    class Meta:
        ordering = ["replied_at"]

    def __str__(self) -> str:
        return f"reply {self.pk}"
