"""Forms about what people ask in public: what is blacked out, why it is not shown, the answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.models import OpenRefusal


class PublishForm(forms.Form):
    passages = forms.CharField(
        label=_("Private words to black out"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One passage a line, letter for letter. Nothing else of the text can be changed."),
    )
    is_sure = forms.BooleanField(label=_("I read it: it keeps the published rules"))

    def clean_passages(self) -> list[str]:
        """Return the passages, one for each line that has one."""
        lines = str(self.cleaned_data["passages"]).splitlines()
        return [line.strip() for line in lines if line.strip()]


class RefuseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why it is not shown"),
        choices=OpenRefusal.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the published reasons.")},
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("The district’s answer"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Public, and it stays. Plain words, short sentences."),
    )
