"""Addresses of the public pages. Each is on this list, and needs no sign-in."""

from django.urls import path, register_converter

from . import feeds
from .views import (
    agreements,
    changes,
    charts,
    data,
    discussion,
    district,
    dumps,
    embed,
    home,
    linked_data,
    papers,
    reuse,
    schools,
    search,
    state_forms,
    vendors,
)


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
    path("d/<slug:slug>/charts/", charts.charts, name="charts"),
    path("d/<slug:slug>/forms/<slug:code>/", state_forms.state_form, name="state_form"),
    path("d/<slug:slug>/forms/<slug:code>.csv", state_forms.state_form_csv, name="state_form_csv"),
    path(
        "d/<slug:slug>/forms/<slug:code>/columns.csv",
        state_forms.state_form_columns,
        name="state_form_columns",
    ),
    path("d/<slug:slug>/embed/", embed.embedded, name="embedded"),
    path("d/<slug:slug>/embed/how/", embed.how_to_embed, name="how_to_embed"),
    path("d/<slug:slug>/rights/", district.rights, name="district_rights"),
    path("d/<slug:slug>/schools/", schools.schools, name="schools"),
    path("d/<slug:slug>/schools/<int:pk>/", schools.school, name="school"),
    path("companies/", vendors.companies, name="companies"),
    path("companies/<slug:slug>/", vendors.vendor, name="vendor"),
    path("companies/<slug:slug>/<slug:product>/", vendors.product, name="product"),
    path("agreements/<uuid:public_id>/", agreements.agreement, name="agreement"),
    path(
        "agreements/<uuid:public_id>/v<int:number>/", agreements.agreement_version, name="agreement_version"
    ),
    path("agreements/<uuid:public_id>/discussion/", discussion.discussion, name="discussion"),
    path(
        "agreements/<uuid:public_id>/v<int:number>.jsonld",
        linked_data.agreement_version,
        name="agreement_linked_data",
    ),
    path("documents/<uuid:public_id>/", papers.document, name="document"),
    path("documents/<uuid:public_id>/text/", papers.document_text, name="document_text"),
    path("data/", data.data, name="data"),
    path("data/groups/<slug:code>/", data.category, name="category"),
    path("data/<slug:code>/", data.element, name="element"),
    path("changes/<uuid:public_id>/", changes.change, name="change"),
    path("changes/feed.<feed:kind>", feeds.everything, name="feed"),
    path("d/<slug:slug>/feed.<feed:kind>", feeds.district, name="district_feed"),
    path("d/<slug:slug>/schools/<int:pk>/feed.<feed:kind>", feeds.school, name="school_feed"),
    path("d/<slug:slug>/dates.ics", feeds.district_calendar, name="district_calendar"),
    path("companies/<slug:slug>/dates.ics", feeds.vendor_calendar, name="vendor_calendar"),
    path("agreements/<uuid:public_id>/dates.ics", feeds.agreement_calendar, name="agreement_calendar"),
    path("companies/<slug:slug>/feed.<feed:kind>", feeds.vendor, name="vendor_feed"),
    path("data/<slug:code>/feed.<feed:kind>", feeds.element, name="element_feed"),
    path("data/about/<slug:subject>/feed.<feed:kind>", feeds.subject, name="subject_feed"),
    path("agreements/<uuid:public_id>/feed.<feed:kind>", feeds.agreement, name="agreement_feed"),
    path("search/feed.<feed:kind>", feeds.search, name="search_feed"),
    path("open-data/", reuse.open_data_page, name="open_data"),
    path("open-data/dumps.json", dumps.dump_list, name="dump_list"),
    path("open-data/latest/<str:file>", dumps.latest_dump, name="latest_dump"),
    path("open-data/dumps/<str:name>/<str:file>", dumps.dump_file, name="dump_file"),
]
