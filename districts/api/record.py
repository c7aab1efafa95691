"""What every record of the API has: an id that stays, and the page that shows it to people."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

OfThis = Any  # the model a serializer reads; each names its own


class Record(serializers.ModelSerializer[OfThis]):
    """A record; `page_of` returns the address of its page."""

    public_url = serializers.SerializerMethodField(help_text="The page of this site that shows it.")

    #: What the records are, for the OpenAPI document.
    about: ClassVar[str] = ""

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_public_url(self, obj: OfThis) -> str:
        """Return the address of the page for people."""
        return self.page_of(obj)

    def page_of(self, obj: OfThis) -> str:
        """Return the address of the page that shows this object."""
        raise NotImplementedError


class TextSerializer(serializers.Serializer[OfThis]):
    """The newest words in one language."""

    language = serializers.CharField(help_text="Which language, as in HTML: en, es.")
    label: Any = serializers.CharField()
    definition = serializers.CharField(help_text="One plain sentence; may be empty.")
    revision = serializers.IntegerField(help_text="Counts up when the words change.")
    reviewed = serializers.BooleanField(help_text="A person has read the translation.")


class ElementTextSerializer(TextSerializer):
    """The newest words for a kind of data in one language."""

    sensitivity_reason = serializers.CharField(help_text="What could happen to a person because of it.")
    usual_source = serializers.CharField(help_text="Where it usually comes from.")


def code_of(source: str, help_text: str, **fields: Any) -> serializers.CharField:
    """Return the field of a code that serves as an id."""
    return serializers.CharField(source=source, help_text=help_text, read_only=True, **fields)
