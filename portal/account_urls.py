"""What answers below account/: asking for a code, giving it back, signing out. Nothing else of allauth.

allauth would also let people change their address and set or reset a password; here a mailbox is the account,
and the roster or a letter says whose it is.
"""

from allauth.account import views
from django.urls import path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView, TemplateView

CODE_PAGE = "account_request_login_code"

urlpatterns = [
    path("login/code/", views.request_login_code, name=CODE_PAGE),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    # allauth leads to these two by their names.
    path(
        "login/",
        require_safe(RedirectView.as_view(pattern_name=CODE_PAGE, query_string=True)),
        name="account_login",
    ),
    path(
        "signup/",
        require_safe(TemplateView.as_view(template_name="account/signup_closed.html")),
        name="account_signup",
    ),
]
