"""The catalogue: kinds of data, their groups, and reasons for sharing, with words in every language."""

from typing import Any

from rest_framework import serializers

from ..addresses import page
from ..models import Crosswalk, DataCategory, DataElement, Prohibition, Purpose
from .record import ElementTextSerializer, Record, TextSerializer, code_of


class CategorySerializer(Record):
    """A group of kinds of data, e.g. “contact details”."""

    id = code_of(source="code", help_text="Its code.")
    texts = TextSerializer(many=True, source="newest_texts")

    class Meta:
        model = DataCategory
        fields = ["id", "public_url", "position", "texts"]
        extra_kwargs = {"position": {"help_text": "Its place in lists."}}

    def page_of(self, obj: DataCategory) -> str:
        """Return its place on the page of all data."""
        return f"{page('data')}#{obj.code}"


class CrosswalkSerializer(serializers.ModelSerializer[Crosswalk]):
    """What another list calls it."""

    class Meta:
        model = Crosswalk
        fields = ["scheme", "identifier"]
        extra_kwargs = {
            "scheme": {
                "help_text": "inbloom (its data store of 2013), ndpa (Exhibit B of the National Data Privacy "
                "Agreement), oneroster, ceds or dpv (W3C Data Privacy Vocabulary)."
            }
        }


class ProhibitionSerializer(serializers.ModelSerializer[Prohibition]):
    """A law that forbids to share or collect it."""

    class Meta:
        model = Prohibition
        fields = ["law_profile", "citation", "note_en", "note_es"]


class ElementSerializer(Record):
    """One kind of data about a person, in words a parent would use."""

    id = code_of(source="code", help_text="Its code, which is for good.")
    category = code_of(source="category.code", help_text="The id of its group.")
    agency: Any = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True, help_text="The agency that added it; null: of the catalogue."
    )
    same_meaning_as = code_of(
        source="same_meaning_as.code",
        default=None,
        allow_null=True,
        help_text="The element it stands for, if it was renamed or replaced.",
    )
    crosswalk = CrosswalkSerializer(many=True, source="crosswalks")
    prohibitions = ProhibitionSerializer(many=True)
    texts = ElementTextSerializer(many=True, source="newest_texts")

    class Meta:
        model = DataElement
        fields = [
            "id",
            "public_url",
            "category",
            "subject",
            "sensitivity",
            "sensitive_kind",
            "agency",
            "explained",
            "same_meaning_as",
            "crosswalk",
            "prohibitions",
            "texts",
        ]
        extra_kwargs = {
            "sensitive_kind": {
                "help_text": "disability, health, discipline, housing, language, income or migration; "
                "or empty. Messages to families about such data are worded generally."
            },
            "explained": {"help_text": "False: the agency that added it has not said what it means."},
        }

    def page_of(self, obj: DataElement) -> str:
        """Return the page of this kind of data."""
        return page("element", obj.code)


class PurposeSerializer(Record):
    """Why data is shared."""

    id = code_of(source="code", help_text="Its code.")
    texts = TextSerializer(many=True, source="newest_texts")

    class Meta:
        model = Purpose
        fields = ["id", "public_url", "position", "texts"]
        extra_kwargs = {"position": {"help_text": "Its place in lists."}}

    def page_of(self, obj: Purpose) -> str:
        """Return the page of all data; a purpose has none of its own."""
        return page("data")
