"""The addresses of the site: English without a prefix, other languages below theirs."""

from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("staff/", include("portal.staff.urls")),
    path("api/v1/", include("districts.api.urls")),
]

if settings.ANYMAIL:  # where a mail provider reports bounces; closed unless its secret is set
    urlpatterns.append(path("anymail/", include("anymail.urls")))
if settings.DEMO:
    urlpatterns.append(path("demo/", include("portal.demo.urls")))

rooms = [
    path("account/", include("portal.account_urls")),
    path("", include("portal.pages")),
    path("watch/hooks/", include("portal.hooks.urls")),
    path("watch/", include("portal.watching.urls")),
    path("", include("portal.asking.urls")),
]
# A room that has no pages yet has no urls.py.
for room in ("consent", "districts"):
    if find_spec(f"{room}.urls"):
        rooms.append(path("", include(f"{room}.urls")))

urlpatterns += i18n_patterns(*rooms, prefix_default_language=False)
