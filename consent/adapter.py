"""What allauth asks of this site: no sign-up, codes through the one exit, claims at sign-in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language

from . import accounts, claims, letter_codes, tasks


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

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Ask once more, now that the code came back: a hold may have come since it was mailed.

        Whoever may not sign in any more stands where they began, like somebody whose code is too old.
        """
        mailbox = accounts.normalise(kwargs["email"] or "")
        if mailbox == user.get_username() and self._may_sign_in(request, user):
            return None
        clear_login(request)
        return redirect("account_request_login_code")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Tie the mailbox the code went to, which is proven just now, to whom the roster gives it alone."""
        claims.tie_mailbox(user=user, mailbox=accounts.normalise(kwargs["email"]))
        return super().post_login(request, user, **kwargs)

    def _may_sign_in(self, request: HttpRequest, user: AbstractBaseUser) -> bool:
        now = timezone.now()
        if accounts.may_sign_in(user=user, now=now):
            return True
        return letter_codes.may_use(digest=request.session.get(letter_codes.WAITING, ""), user=user, now=now)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the pages themselves say what happened."""
