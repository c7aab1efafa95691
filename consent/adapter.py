"""What allauth asks of this site: no sign-up, codes through the one exit, claims at sign-in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from . import accounts, tasks


class FamilyAdapter(DefaultAccountAdapter):
    """Signs families in by a code in their mailbox, and nobody up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: a match with the roster makes the account."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a code. An unknown address queues the same task with no code, so that both take as long.

        The worker sends nothing to an unknown address: a stranger learns nothing, and is sent nothing.
        """
        tasks.send_sign_in_code.delay(email, str(context.get("code", "")), get_language() or "en")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Tie the mailbox, proven just now, to whom the roster gives it alone."""
        accounts.tie_mailbox(user=user)
        return super().post_login(request, user, **kwargs)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the pages themselves say what happened."""
