"""The form on which staff say what words of a register sheet mean."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.models import RegisterReview


class ReviewForm(forms.Form):
    """What words of a register sheet mean; `meaning` offers what words of this kind can mean."""

    meaning = forms.ChoiceField(label=_("They mean"), required=False)
    outcome = forms.ChoiceField(
        label=_("What to do"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what to do.")},
    )

    def __init__(self, *args: Any, review: RegisterReview, meanings: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        outcomes = RegisterReview.Outcome
        offered = [(outcomes.DISMISSED, _("Nothing: I have seen to it, or they mean no data"))]
        if review.kind in (RegisterReview.Kind.ELEMENT, RegisterReview.Kind.MARK):
            offered.insert(0, (outcomes.OTHER, _("List them as other data, in these words")))
        if meanings:
            offered.insert(0, (outcomes.MEANS, _("Use the meaning chosen above")))
        else:
            del self.fields["meaning"]
        choices: Any = self.fields["outcome"]
        choices.choices = offered
        if meanings:
            meaning: Any = self.fields["meaning"]
            meaning.choices = [("", _("Choose one")), *meanings]

    def clean(self) -> dict[str, Any]:
        """Ask for a meaning where one is to be used."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("outcome") == RegisterReview.Outcome.MEANS and not data.get("meaning"):
            self.add_error("meaning", _("Choose what they mean."))
        return data
