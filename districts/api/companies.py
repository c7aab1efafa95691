"""Companies ("vendors"), who owns them, and their products."""

from rest_framework import serializers

from ..addresses import page
from ..models import Product, Ruling, Vendor, VendorOwnership
from .record import Record


class OwnerSerializer(serializers.ModelSerializer[VendorOwnership]):
    """One link of the chain of owners."""

    class Meta:
        model = VendorOwnership
        fields = ["owner", "since", "until", "source_url"]
        extra_kwargs = {
            "owner": {"help_text": "The id of the owner, a vendor itself."},
            "since": {"help_text": "The first day, or null where it is not known."},
            "until": {"help_text": "The first day on which it was no owner any more."},
        }


class RulingSerializer(serializers.ModelSerializer[Ruling]):
    """What a court or a regulator decided about the company, as it stands today."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Ruling
        fields = ["id", "kind", "body", "decided_on", "summary", "source_url", "recorded_at"]
        extra_kwargs = {
            "kind": {
                "help_text": "What it is; “taken_back”: an entry made by mistake, whose summary says why."
            },
            "body": {"help_text": "Who decided."},
            "decided_on": {"help_text": "The day of the decision."},
            "summary": {"help_text": "What was decided, in one plain sentence."},
            "recorded_at": {"help_text": "When it was entered, by the clock of the site's database."},
            "source_url": {"help_text": "Where anybody can read it; empty where an entry was taken back."},
        }


class VendorSerializer(Record):
    """Whoever gets data under an agreement: "company" on the pages, "operator" in state law."""

    owners = OwnerSerializer(many=True, source="ownerships", help_text="Newest first; empty: none entered.")
    rulings = RulingSerializer(many=True, source="standing_rulings", help_text="The newest first.")

    class Meta:
        model = Vendor
        fields = [
            "id",
            "public_url",
            "name",
            "slug",
            "legal_name",
            "kind",
            "summary",
            "business_address",
            "website",
            "contact_email",
            "owners",
            "owners_note",
            "rulings",
        ]
        extra_kwargs = {"slug": {"help_text": "Its name in addresses of pages."}}

    def page_of(self, obj: Vendor) -> str:
        """Return the company's page."""
        return page("vendor", obj.slug)


class ProductSerializer(Record):
    """What a vendor runs for schools."""

    class Meta:
        model = Product
        fields = ["id", "public_url", "vendor", "name", "slug", "summary", "website"]
        extra_kwargs = {"vendor": {"help_text": "The id of its vendor."}}

    def page_of(self, obj: Product) -> str:
        """Return its page, below its company's."""
        return page("product", obj.vendor.slug, obj.slug)
