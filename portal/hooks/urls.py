"""Addresses of the pages of hooks. They need no sign-in; a hook's own page is known by its link alone."""

from django.urls import path

from . import views

app_name = "hooks"
urlpatterns = [
    path("", views.everything, name="everything"),
    path("about/search/", views.search, name="search"),
    path("about/<slug:kind>/<slug:key>/", views.about, name="about"),
    path("asked/", views.asked, name="asked"),
    path("<str:token>/", views.manage, name="manage"),
]
