"""Addresses of the pages of a watch. messages.py writes two of them out; a test compares."""

from django.urls import path

from . import views

app_name = "watching"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("asked/", views.asked, name="asked"),
    path("confirm/<uuid:key>/", views.confirm, name="confirm"),
    path("stop/<uuid:key>/", views.stop, name="stop"),
    path("<slug:kind>/<slug:key>/", views.ask, name="ask"),
]
