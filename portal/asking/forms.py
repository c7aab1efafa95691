"""The form to ask a district in public."""

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.models import OpenQuestion

from .sending_in import LONGEST


class AskForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (OpenQuestion.Kind.QUESTION, _("A question")),
            (OpenQuestion.Kind.LETTER, _("An open letter")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a question or a letter.")},
    )
    text = forms.CharField(
        label=_("What do you want to ask or say?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("Anybody can read it. Write no name of a child."),
        error_messages={"required": _("Write what you want to ask or say.")},
    )
    shown_name = forms.CharField(
        label=_("Name or group to show"),
        max_length=120,
        help_text=_("Anybody can read it, e.g. “A parent” or “Parents for Privacy”."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Write a name or a group. It does not have to be your own name.")},
    )
    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        help_text=_("Never public. We use it to confirm, and to tell you of the answer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        error_messages={
            "required": _("Enter an email address."),
            "invalid": _("Enter an email address like name@example.com."),
        },
    )
