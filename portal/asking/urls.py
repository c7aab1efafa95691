"""Addresses of the pages for asking in public. They need no sign-in."""

from django.urls import path

from . import views

app_name = "asking"
urlpatterns = [
    path("agreements/<uuid:public_id>/ask/", views.ask, name="ask"),
    path("agreements/<uuid:public_id>/ask/sent/", views.sent, name="sent"),
    path("asked/<str:token>/", views.confirmation, name="confirm"),
]
