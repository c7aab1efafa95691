"""What is discussed in public: when anybody may comment, hearings, what was asked, and what is not shown."""

import datetime as dt

from rest_framework import serializers

from ..addresses import page
from ..discussion import last_day
from ..models import (
    Agreement,
    CommentWindow,
    CommentWindowChange,
    Hearing,
    HearingCancellation,
    OpenAnswer,
    OpenQuestion,
    OpenQuestionWithdrawal,
    OpenRefusal,
)
from .record import Record

OF_AGREEMENT = "The id of the agreement."


def discussion_page(agreement: Agreement) -> str:
    """Return the address of the page on which all that is discussed of an agreement stands."""
    return page("discussion", agreement.public_id)


class CommentWindowChangeSerializer(serializers.ModelSerializer[CommentWindowChange]):
    """Another last day than was said before, and why; the newest counts."""

    class Meta:
        model = CommentWindowChange
        fields = ["closes_on", "reason", "recorded_at"]
        extra_kwargs = {
            "closes_on": {"help_text": "The last day from then on."},
            "reason": {"help_text": "Why the last day is another one."},
        }


class CommentWindowSerializer(Record):
    """The days on which anybody may comment on an agreement."""

    agreement = serializers.UUIDField(source="agreement.public_id", help_text=OF_AGREEMENT)
    closes_on = serializers.SerializerMethodField(help_text="The last day, as it stands now.")
    first_closes_on = serializers.DateField(source="closes_on", help_text="The last day, as said at first.")
    changes = CommentWindowChangeSerializer(many=True, help_text="In the order in which they were said.")

    class Meta:
        model = CommentWindow
        fields = [
            "id",
            "public_url",
            "agreement",
            "opens_on",
            "closes_on",
            "first_closes_on",
            "how_to_take_part",
            "recorded_at",
            "changes",
        ]
        extra_kwargs = {
            "opens_on": {"help_text": "The first day."},
            "how_to_take_part": {"help_text": "How to comment, in the district's words."},
        }

    def get_closes_on(self, obj: CommentWindow) -> dt.date:
        """Return the last day, as prefetched."""
        return last_day(obj)

    def page_of(self, obj: CommentWindow) -> str:
        """Return the page of the discussion."""
        return discussion_page(obj.agreement)


class CancellationSerializer(serializers.ModelSerializer[HearingCancellation]):
    """Why and when a hearing was cancelled."""

    class Meta:
        model = HearingCancellation
        fields = ["reason", "recorded_at"]
        extra_kwargs = {
            "reason": {"help_text": "Why the hearing does not take place."},
            "recorded_at": {"help_text": "When the hearing was cancelled; null: it stands."},
        }


class HearingSerializer(Record):
    """A public meeting about an agreement. One that is moved is cancelled, and another is announced."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    agreement = serializers.UUIDField(source="agreement.public_id", help_text=OF_AGREEMENT)
    cancelled = CancellationSerializer(
        source="cancellation", default=None, allow_null=True, help_text="Null: it stands."
    )

    class Meta:
        model = Hearing
        fields = [
            "id",
            "public_url",
            "agreement",
            "starts_at",
            "ends_at",
            "place",
            "online_url",
            "note",
            "recorded_at",
            "cancelled",
        ]
        extra_kwargs = {
            "starts_at": {"help_text": "When it begins."},
            "ends_at": {"help_text": "When it ends; null: not announced."},
            "place": {"help_text": "Where; empty: online only."},
            "online_url": {"help_text": "Where to join online; empty: at the place only."},
        }

    def page_of(self, obj: Hearing) -> str:
        """Return the page of the discussion."""
        return discussion_page(obj.agreement)


class OpenAnswerSerializer(serializers.ModelSerializer[OpenAnswer]):
    """What the district answered in public."""

    class Meta:
        model = OpenAnswer
        fields = ["text", "answered_on", "recorded_at"]
        extra_kwargs = {
            "text": {"help_text": "The district's words."},
            "answered_on": {"help_text": "The day of the answer."},
        }


class QuestionWithdrawalSerializer(serializers.ModelSerializer[OpenQuestionWithdrawal]):
    """Why and when the words of a question had to come down, and the hash of what they were."""

    class Meta:
        model = OpenQuestionWithdrawal
        fields = ["reason", "sha256", "recorded_at"]
        extra_kwargs = {
            "sha256": {"help_text": "SHA-256, in hexadecimal, of the name, a line feed, and the text."},
            "recorded_at": {"help_text": "When the words came down; null: they stand."},
        }


class OpenQuestionSerializer(Record):
    """What a district was asked in public about an agreement. A withdrawal empties name and text."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    agreement = serializers.UUIDField(source="agreement.public_id", help_text=OF_AGREEMENT)
    answers = OpenAnswerSerializer(many=True, help_text="In their order; empty: not answered.")
    withdrawn = QuestionWithdrawalSerializer(
        source="withdrawal", default=None, allow_null=True, help_text="Null: the words stand."
    )

    class Meta:
        model = OpenQuestion
        fields = [
            "id",
            "public_url",
            "agreement",
            "kind",
            "shown_name",
            "text",
            "asked_on",
            "due_on",
            "is_blacked_out",
            "published_at",
            "answers",
            "withdrawn",
        ]
        extra_kwargs = {
            "shown_name": {"help_text": "How whoever asked wants to be called; empty where it came down."},
            "text": {"help_text": "The words; empty where they came down."},
            "asked_on": {"help_text": "The day on which it was asked."},
            "is_blacked_out": {"help_text": "Private words were replaced by “█████” before it was shown."},
        }

    def page_of(self, obj: OpenQuestion) -> str:
        """Return its place on the page of the discussion."""
        return f"{discussion_page(obj.agreement)}#q-{obj.public_id}"


class OpenRefusalSerializer(Record):
    """Something that was asked and is not shown: the published reason and the day, and nothing else of it."""

    agreement = serializers.UUIDField(source="agreement.public_id", help_text=OF_AGREEMENT)

    class Meta:
        model = OpenRefusal
        fields = ["id", "public_url", "agreement", "reason", "refused_on", "recorded_at"]
        extra_kwargs = {
            "reason": {"help_text": "Why it is not shown."},
            "refused_on": {"help_text": "The day on which that was decided."},
        }

    def page_of(self, obj: OpenRefusal) -> str:
        """Return the page of the discussion."""
        return discussion_page(obj.agreement)
