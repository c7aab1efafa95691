"""Agreements, what happened to them, and who takes part."""

from rest_framework import serializers

from ..addresses import page
from ..models import Agreement, AgreementEvent, Participation, Remark
from .record import Record


class EventSerializer(serializers.ModelSerializer[AgreementEvent]):
    """Something that happened to an agreement."""

    class Meta:
        model = AgreementEvent
        fields = ["kind", "happened_on", "note", "source_url", "recorded_at"]
        extra_kwargs = {"happened_on": {"help_text": "The day, or null where it is not known."}}


class RemarkSerializer(serializers.ModelSerializer[Remark]):
    """What the company or a reader says against the district's text, or what the district answers."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    answers_to = serializers.UUIDField(
        source="answers_to.public_id",
        default=None,
        allow_null=True,
        help_text="The id of the remark it answers; null: it begins.",
    )
    text = serializers.SerializerMethodField(help_text="The words; empty where they were taken down.")

    class Meta:
        model = Remark
        fields = ["id", "party", "answers_to", "takes_down", "text", "said_on", "recorded_at"]
        extra_kwargs = {
            "party": {"help_text": "Whose words they are."},
            "takes_down": {"help_text": "The remark it answers is not shown any more; this says why."},
            "said_on": {"help_text": "The day on which it was written to the district."},
            "recorded_at": {"help_text": "When it was entered, by the clock of the site's database."},
        }

    def get_text(self, obj: Remark) -> str:
        """Return the words unless they came down; answers as prefetched."""
        return "" if any(answer.takes_down for answer in obj.answers.all()) else obj.text


class AgreementSerializer(Record):
    """The contract of an agency with a vendor. What it says is in its versions."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    products = serializers.SerializerMethodField(help_text="The ids of the products it is about.")
    events = EventSerializer(many=True, help_text="In the order of their days.")
    remarks = RemarkSerializer(many=True, help_text="In the order of their days.")

    class Meta:
        model = Agreement
        fields = [
            "id",
            "public_url",
            "agency",
            "vendor",
            "products",
            "title",
            "kind",
            "state",
            "begins_on",
            "ends_on",
            "term_note",
            "events",
            "remarks",
        ]
        extra_kwargs = {
            "agency": {"help_text": "The id of the agency that holds it."},
            "vendor": {"help_text": "The id of the company."},
            "state": {"help_text": "A term that ran out has ended, even if this says signed for some hours."},
            "begins_on": {"help_text": "The first day of the term; null: open."},
            "ends_on": {"help_text": "The last day of the term; null: open."},
        }

    def get_products(self, obj: Agreement) -> list[int]:
        """Return ids, as prefetched."""
        return [product.pk for product in obj.products.all()]

    def page_of(self, obj: Agreement) -> str:
        """Return its page, which leads to the newest version."""
        return page("agreement", obj.public_id)


class ParticipationSerializer(Record):
    """A district's part in an agreement."""

    agreement = serializers.UUIDField(source="agreement.public_id", help_text="The id of the agreement.")

    class Meta:
        model = Participation
        fields = ["id", "public_url", "agreement", "agency", "kind", "from_on", "until_on"]
        extra_kwargs = {
            "agency": {"help_text": "The id of the district."},
            "until_on": {"help_text": "The first day on which it no longer takes part; null: open."},
        }

    def page_of(self, obj: Participation) -> str:
        """Return the page of the agreement."""
        return page("agreement", obj.agreement.public_id)
