"""Addresses of the public pages. Each is on this list, and needs no sign-in."""

from django.urls import path

from .views import agreements, changes, data, district, home, search, vendors

app_name = "districts"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("d/<slug:slug>/", district.district, name="district"),
    path("companies/", vendors.companies, name="companies"),
    path("companies/<slug:slug>/", vendors.vendor, name="vendor"),
    path("agreements/<uuid:public_id>/", agreements.agreement, name="agreement"),
    path(
        "agreements/<uuid:public_id>/v<int:number>/", agreements.agreement_version, name="agreement_version"
    ),
    path("documents/<uuid:public_id>/", agreements.document, name="document"),
    path("data/", data.data, name="data"),
    path("data/groups/<slug:code>/", data.category, name="category"),
    path("data/<slug:code>/", data.element, name="element"),
    path("changes/<uuid:public_id>/", changes.change, name="change"),
]
