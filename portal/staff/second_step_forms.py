"""The codes of the second step: tries are counted by account, and no code counts twice."""

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from cryptography.fernet import Fernet, MultiFernet
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

# Seconds that one code may be right: its own half minute, and one on each side of it.
RIGHT_FOR = 90


class StaffMFAAdapter(DefaultMFAAdapter):
    """Keeps what phones make their codes of in a form that the database alone does not give away."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Take the newest one your phone shows.")
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret. Raises InvalidToken where SECRET_KEY was changed without the one before."""
        return _keys().decrypt(encrypted_text.encode()).decode()


def _keys() -> MultiFernet:
    """Return the keys made of SECRET_KEY and of those before it."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_of(secret)) for secret in secrets])


def _key_of(secret: str) -> bytes:
    digest = salted_hmac("portal.staff.second_step", "key", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)


class CodeForm(AuthenticateForm):
    """A code of the phone, or one of the ten for when the phone is away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_here(self.fields["code"], _("The six digits that your phone shows now"))

    def clean_code(self) -> str:
        """Refuse a code that was used: whoever saw it typed has it too."""
        code: str = super().clean_code()
        if not cache.add(f"second-step-{self.user.pk}-{code.strip()}", True, RIGHT_FOR):
            raise forms.ValidationError(_("This code was used just now. Wait for the next one."))
        return code


class SetUpForm(ActivateTOTPForm):
    """The first code of a phone, which proves that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _as_here(self.fields["code"], _("The six digits that it shows now"))


def _as_here(field: forms.Field, label: Any) -> None:
    field.label = label
    field.widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "dir": "ltr"}
    )
