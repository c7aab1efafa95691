"""Published versions of agreements: what may be shared, why, with whom, until when, and what is promised."""

from typing import Any

from rest_framework import serializers

from ..addresses import page
from ..law import Control
from ..models import (
    AgreementDocument,
    AgreementVersion,
    ChoiceTerms,
    ChoiceText,
    ClauseReading,
    DocumentWithdrawal,
    Promise,
    SharedElement,
    Subcontractor,
    TextWithdrawal,
)
from .record import Record, code_of

CONTROLS = [
    (Control.OPT_IN.value, "Only if a guardian says yes"),
    (Control.OPT_OUT.value, "Unless a guardian says no"),
    (Control.INFORM.value, "No choice by law; a family can ask or disagree"),
]


class SharedElementSerializer(serializers.ModelSerializer[SharedElement]):
    """One line: a kind of data that may be shared, why, on what ground, with whom, until when."""

    element = code_of(source="element.code", help_text="The id of the element.")
    purpose = code_of(
        source="purpose.code",
        default=None,
        allow_null=True,
        help_text="The id of the purpose; null: the district has not filled this in.",
    )
    control = serializers.ChoiceField(
        CONTROLS, read_only=True, help_text="What a family may do; it follows from the basis."
    )

    class Meta:
        model = SharedElement
        fields = [
            "element",
            "purpose",
            "basis",
            "control",
            "source",
            "recipients",
            "kept",
            "kept_days",
            "kept_until",
            "detail",
            "reported_as",
            "prohibited_reason",
        ]
        extra_kwargs = {
            "basis": {"help_text": "The legal ground, as the district states it."},
            "reported_as": {"help_text": "The identifiers under which the company listed it."},
            "kept": {"help_text": "Until when; the days or the date stand beside it."},
        }


class SubcontractorSerializer(serializers.ModelSerializer[Subcontractor]):
    """Another company the vendor passes data to; its elements are the lines that name it as recipient."""

    class Meta:
        model = Subcontractor
        fields = ["name", "role", "location"]


class PromiseSerializer(serializers.ModelSerializer[Promise]):
    """A commitment of the company. A code that is not listed has not been entered."""

    class Meta:
        model = Promise
        fields = ["code", "answer", "days", "clause", "reader", "read_on"]
        extra_kwargs = {"days": {"help_text": "Within how many days, for breach_notice and deletion."}}


class ChoiceTextSerializer(serializers.ModelSerializer[ChoiceText]):
    """What the district writes beside Yes and No, in one language."""

    class Meta:
        model = ChoiceText
        fields = ["language", "if_yes", "if_no", "if_silent", "data_already_sent"]


class ChoiceSerializer(serializers.ModelSerializer[ChoiceTerms]):
    """What a family may choose about a group of data on one legal ground."""

    category = code_of(source="category.code", help_text="The id of the group of data.")
    texts = ChoiceTextSerializer(many=True)

    class Meta:
        model = ChoiceTerms
        fields = ["category", "basis", "answer_by", "equal_alternative", "texts"]


class WithdrawalSerializer(serializers.ModelSerializer[DocumentWithdrawal]):
    """Why and when a paper had to come down."""

    class Meta:
        model = DocumentWithdrawal
        fields = ["reason", "recorded_at"]


class DocumentSerializer(serializers.ModelSerializer[AgreementDocument]):
    """The public copy of the agreement. A paper that came down leaves its hash, the reason and the day."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    url = serializers.SerializerMethodField(help_text="The PDF; it is gone (410) where withdrawn.")
    text_url = serializers.SerializerMethodField(
        help_text="Its words as a page; null where there are none that can be read."
    )
    withdrawn = WithdrawalSerializer(source="withdrawal", default=None, allow_null=True)

    class Meta:
        model = AgreementDocument
        fields = [
            "id",
            "url",
            "text_url",
            "sha256",
            "size",
            "pages",
            "redacted_provisions",
            "recorded_at",
            "withdrawn",
        ]
        extra_kwargs = {"sha256": {"help_text": "SHA-256 of the file, in hexadecimal."}}

    def get_url(self, obj: AgreementDocument) -> str:
        """Return where the file is."""
        return page("document", obj.public_id)

    def get_text_url(self, obj: AgreementDocument) -> str | None:
        """Return where the words are, as prefetched."""
        has_words = obj.texts.all() and not hasattr(obj, "withdrawal")
        return page("document_text", obj.public_id) if has_words else None


class ClauseReadingSerializer(serializers.ModelSerializer[ClauseReading]):
    """What a reader found of a clause the law asks for; of several about one clause the last counts."""

    class Meta:
        model = ClauseReading
        fields = ["clause", "answer", "place", "reader", "read_on", "recorded_at"]
        extra_kwargs = {"place": {"help_text": "The section, as the reader wrote it."}}


class WithdrawnTextSerializer(serializers.ModelSerializer[TextWithdrawal]):
    """A text of this version that had to come down: which, why, when, and the hash of what it was."""

    class Meta:
        model = TextWithdrawal
        fields = ["field", "reason", "sha256", "recorded_at"]


class ScopeSerializer(serializers.Serializer[AgreementVersion]):
    """Which students it concerns; an empty list means all."""

    schools = serializers.SerializerMethodField(help_text="Ids of schools.")
    grades = serializers.ListField(child=serializers.CharField(), source="scope_grades")
    programs = serializers.ListField(child=serializers.CharField(), source="scope_programs")

    def get_schools(self, obj: AgreementVersion) -> list[int]:
        """Return ids, as prefetched."""
        return [school.pk for school in obj.scope_schools.all()]


class VersionSerializer(Record):
    """A published version of an agreement, which never changes. Papers may be added; texts may come down."""

    agreement = serializers.UUIDField(source="agreement.public_id", help_text="The id of the agreement.")
    scope = ScopeSerializer(source="*")
    shared_elements = SharedElementSerializer(many=True)
    promises = PromiseSerializer(many=True)
    subcontractors = SubcontractorSerializer(many=True)
    choices = ChoiceSerializer(many=True, source="choice_terms")
    documents = DocumentSerializer(many=True)
    clause_readings = ClauseReadingSerializer(many=True, help_text="In the order they were recorded.")
    withdrawn_texts = WithdrawnTextSerializer(many=True)

    class Meta:
        model = AgreementVersion
        fields = [
            "id",
            "public_url",
            "agreement",
            "number",
            "published_at",
            "is_baseline",
            "effective_from",
            "sharing_starts_on",
            "standing_note",
            "summary",
            "why_this_company",
            "who_decided",
            "signer_title",
            "cost",
            "subcontractors_answer",
            "short_notice_reason",
            "checked_on",
            "is_correction",
            "correction_note",
            "scope",
            "shared_elements",
            "promises",
            "subcontractors",
            "choices",
            "documents",
            "clause_readings",
            "withdrawn_texts",
        ]
        extra_kwargs: dict[str, Any] = {
            "number": {
                "help_text": "Counts up. In force on a day: the highest whose effective_from is not later, "
                "while the agreement is signed and its term contains the day."
            },
            "is_baseline": {"help_text": "It was in use before this site opened."},
            "is_correction": {
                "help_text": "It corrects what the version before said wrongly; the agreement is the same."
            },
            "published_at": {"help_text": "When it became public on this site."},
        }

    def page_of(self, obj: AgreementVersion) -> str:
        """Return the page of this version."""
        return page("agreement_version", obj.agreement.public_id, obj.number)
