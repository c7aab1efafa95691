"""The form of a hook: which address to call, and who is responsible for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.watching.forms import AddressForm

from .targets import LONGEST, NotAllowed, Target, resolve, target_of

ENTER = _("Enter an address that begins with https://, on port 443 or 8443, that all the internet can reach.")


class HookForm(AddressForm):
    """Asks for both. Whether the email address is known here makes no difference to what is said."""

    url = forms.CharField(
        label=_("Address to call"),
        max_length=LONGEST,
        help_text=_("It begins with https://."),
        error_messages={"required": ENTER, "max_length": ENTER},
        widget=forms.URLInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    field_order = ["url", "email"]

    target: Target

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email address of whoever looks after it")

    def clean_url(self) -> str:
        """Refuse an address that may not be called, now as at each call (targets.py)."""
        url: str = self.cleaned_data["url"]
        try:
            self.target = target_of(url)
            resolve(self.target)
        except NotAllowed:
            raise forms.ValidationError(ENTER) from None
        return url
