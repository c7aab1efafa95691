"""Publications with their changes, and breaches."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ..addresses import page
from ..models import Change, Incident, Publication
from .record import Record, code_of

FREE_OBJECT = {"type": "object", "additionalProperties": True}


@extend_schema_field(FREE_OBJECT)
class Values(serializers.JSONField):
    """The values that were compared."""


class SentencesField(serializers.DictField):
    """One neutral sentence per language."""

    child = serializers.CharField()


class ChangeSerializer(serializers.ModelSerializer[Change]):
    """One computed fact of a publication."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    element = code_of(
        source="element.code", default=None, allow_null=True, help_text="The id of the element."
    )
    category = code_of(
        source="category.code", default=None, allow_null=True, help_text="The id of the group."
    )
    before = Values(allow_null=True, help_text="What was compared, before; null: it is new.")
    after = Values(allow_null=True, help_text="What was compared, after; null: it has ended.")
    sentences = SentencesField(help_text="Language to one neutral sentence, as it was told.")

    class Meta:
        model = Change
        fields = ["id", "position", "kind", "severity", "element", "category", "before", "after", "sentences"]
        extra_kwargs = {
            "position": {"help_text": "Its place in the publication."},
            "severity": {"help_text": "How families are told."},
        }


class PublicationSerializer(Record):
    """An event that makes news, with all that it changes. It never changes itself."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    agreement = serializers.UUIDField(source="agreement.public_id", help_text="The id of the agreement.")
    incident = serializers.UUIDField(
        source="incident.public_id", default=None, allow_null=True, help_text="The id of the breach."
    )
    changes = ChangeSerializer(many=True, help_text="In the order in which they should be read.")

    class Meta:
        model = Publication
        fields = [
            "id",
            "public_url",
            "kind",
            "agreement",
            "version",
            "participation",
            "incident",
            "day",
            "published_at",
            "days_late",
            "changes",
        ]
        extra_kwargs = {
            "version": {"help_text": "The id of the version it is about, or that stood when it happened."},
            "participation": {"help_text": "The id of the participation that began or ended."},
        }

    def page_of(self, obj: Publication) -> str:
        """Return the page that says what changed."""
        return page("change", obj.public_id)


class IncidentSerializer(Record):
    """A breach, as the district reports it."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    agreement = serializers.UUIDField(
        source="public_agreement", allow_null=True, read_only=True, help_text="The id of the agreement."
    )
    elements = serializers.SerializerMethodField(help_text="The ids of the elements that were concerned.")
    students_affected = serializers.SerializerMethodField(
        help_text="How many; null: not known yet, or the law forbids to print it."
    )

    class Meta:
        model = Incident
        fields = [
            "id",
            "public_url",
            "agency",
            "vendor",
            "agreement",
            "date_kind",
            "began_on",
            "ended_on",
            "learned_on",
            "elements",
            "students_affected",
            "enrollment",
            "count_is_suppressed",
            "description",
        ]
        extra_kwargs: dict[str, Any] = {
            "agency": {"help_text": "The id of the district that reports it."},
            "vendor": {"help_text": "The id of the company; null: at the schools themselves."},
            "date_kind": {"help_text": "How well the days are known."},
            "enrollment": {"help_text": "How many students the district had then; null: not entered."},
            "learned_on": {"help_text": "When the district learned of it."},
        }

    def get_elements(self, obj: Incident) -> list[str]:
        """Return codes, as prefetched."""
        return sorted(element.code for element in obj.elements.all())

    def get_students_affected(self, obj: Incident) -> int | None:
        """Return the number, unless the law forbids to print it (105 ILCS 85/27(a)(5))."""
        return None if obj.count_is_suppressed else obj.students_affected

    def page_of(self, obj: Incident) -> str:
        """Return the page of the district, which shows its breaches."""
        return page("district", obj.agency.slug)
