"""Addresses of the public pages. Each is on this list, and needs no sign-in."""

from django.urls import path, register_converter

from . import feeds
from .views import agreements, changes, data, district, home, reuse, search, vendors


class FeedKind:
    """The two ways a feed is written."""

    regex = "atom|json"

    def to_python(self, value: str) -> str:
        """Return the word as it stands in the address."""
        return value

    to_url = to_python


register_converter(FeedKind, "feed")

app_name = "districts"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("d/<slug:slug>/", district.district, name="district"),
    path("companies/", vendors.companies, name="companies"),
    path("companies/<slug:slug>/", vendors.vendor, name="vendor"),
    path("companies/<slug:slug>/<slug:product>/", vendors.product, name="product"),
    path("agreements/<uuid:public_id>/", agreements.agreement, name="agreement"),
    path(
        "agreements/<uuid:public_id>/v<int:number>/", agreements.agreement_version, name="agreement_version"
    ),
    path("documents/<uuid:public_id>/", agreements.document, name="document"),
    path("data/", data.data, name="data"),
    path("data/groups/<slug:code>/", data.category, name="category"),
    path("data/<slug:code>/", data.element, name="element"),
    path("changes/<uuid:public_id>/", changes.change, name="change"),
    path("changes/feed.<feed:kind>", feeds.everything, name="feed"),
    path("d/<slug:slug>/feed.<feed:kind>", feeds.district, name="district_feed"),
    path("d/<slug:slug>/dates.ics", feeds.calendar, name="district_calendar"),
    path("companies/<slug:slug>/feed.<feed:kind>", feeds.vendor, name="vendor_feed"),
    path("data/<slug:code>/feed.<feed:kind>", feeds.element, name="element_feed"),
    path("open-data/", reuse.open_data_page, name="open_data"),
]
