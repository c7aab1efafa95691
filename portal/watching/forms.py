"""The one field of a watch: where to write to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.mail.substitute import UnsafeValueError, ascii_address

ENTER = _("Enter an email address, like name@example.com.")


class AddressForm(forms.Form):
    """Asks for an address. Whether it is known here makes no difference to what is said."""

    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        help_text=_("We only use it for this. You need no account."),
        error_messages={"required": ENTER, "invalid": ENTER},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def clean_email(self) -> str:
        """Refuse what no mail server would take, as a mistake in typing."""
        email: str = self.cleaned_data["email"]
        try:
            ascii_address(email)
        except UnsafeValueError:
            raise forms.ValidationError(ENTER) from None
        return email
