"""Forms of the family pages; words a parent reads, errors that say what to do."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context, ratelimit
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import accounts, letter_codes
from .models import Objection


class RequestCodeForm(RequestLoginCodeForm):
    """Asks for the address a sign-in code goes to. Known and unknown addresses are treated alike."""

    email = forms.EmailField(
        label=_("Your email address"),
        error_messages={
            "required": _("Enter an email address, like name@example.com."),
            "invalid": _("Enter an email address, like name@example.com."),
        },
    )

    def clean_email(self) -> str:
        """Find (or make, from the roster) the account; count the request by address, never by computer."""
        email = accounts.normalise(self.cleaned_data["email"])
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = accounts.user_who_may_sign_in(email=email, now=timezone.now())
        return email


class LetterCodeForm(forms.Form):
    """Step 1 of adding a child: the code of the letter, and a mailbox where nobody is signed in."""

    code = forms.CharField(
        label=_("Code in the letter"),
        max_length=20,
        help_text=_("It looks like ABCD-EFGH-JKLM."),
        error_messages={"required": _("Enter the code from your school’s letter.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
        ),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("We email you a code to check that it is yours."),
        error_messages={
            "required": _("Enter an email address, like name@example.com."),
            "invalid": _("Enter an email address, like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, user: AbstractBaseUser | None, **kwargs: Any) -> None:
        """Take who is signed in, if somebody is: their mailbox is proven already."""
        super().__init__(*args, **kwargs)
        self.user = user
        if user is not None:
            del self.fields["email"]

    def clean_code(self) -> str:
        """Refuse a wrong, used or old code with the same words. Return its digest: the code itself goes no
        further.
        """
        digest = letter_codes.digest_of(self.cleaned_data["code"])
        try:
            letter_codes.look_up(digest=digest, now=timezone.now(), user=self.user)
        except letter_codes.CodeNotAccepted:
            raise forms.ValidationError(
                _("That code did not work. Check the letter, or ask the school for a new one.")
            ) from None
        return digest


class AnswerForm(forms.Form):
    """An answer as the check page carries it: Yes or No, and exactly what was on the page."""

    answer = forms.ChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")},
    )
    question_version = forms.IntegerField(widget=forms.HiddenInput)
    shown = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ObjectionForm(forms.Form):
    """A question, or a disagreement, where there is no choice."""

    kind = forms.ChoiceField(
        label=_("What do you want to do?"),
        choices=[
            (Objection.Kind.ASK, _("Ask a question")),
            (Objection.Kind.DISAGREE, _("Say that I disagree")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    text = forms.CharField(
        label=_("Your words"),
        required=False,
        max_length=4000,
        help_text=_("The school district reads this. The company does not."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where a question is asked; a disagreement may stand alone."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == Objection.Kind.ASK and not data.get("text", "").strip():
            self.add_error("text", _("Write your question."))
        return data
