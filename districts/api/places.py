"""Agencies and their schools."""

from rest_framework import serializers

from ..addresses import page
from ..models import Agency, School
from .record import Record


class AgencySerializer(Record):
    """A state, a district or a cooperative: whoever runs schools or holds agreements."""

    languages = serializers.ListField(
        child=serializers.CharField(), help_text="Messages to families are written in these."
    )

    class Meta:
        model = Agency
        fields = [
            "id",
            "public_url",
            "kind",
            "name",
            "slug",
            "state",
            "state_code",
            "nces_id",
            "state_agency_id",
            "city",
            "zip_code",
            "time_zone",
            "languages",
            "law_profile",
            "notice_window_days",
            "public_answer_days",
            "decision_rule",
            "fiscal_year_start_month",
            "fiscal_year_start_day",
            "contact_name",
            "contact_title",
            "contact_email",
            "contact_phone",
            "postal_address",
            "complaint_route",
            "rights_text",
            "interpreters_are_free",
            "has_families_here",
        ]
        extra_kwargs = {
            "slug": {"help_text": "Its name in addresses of pages."},
            "state": {"help_text": "The id of the state agency a district belongs to."},
            "nces_id": {"help_text": "LEAID of the National Center for Education Statistics, 7 digits."},
            "state_agency_id": {"help_text": "The id its state gives it."},
            "time_zone": {"help_text": "IANA name. Days of this agency are days of this zone."},
            "has_families_here": {
                "help_text": "False: it only stands in the register; its families are not told here."
            },
            "decision_rule": {"help_text": "What counts where guardians disagree."},
            "complaint_route": {"help_text": "How to complain; empty is a gap the district has not filled."},
        }

    def page_of(self, obj: Agency) -> str:
        """Return the district's page."""
        return page("district", obj.slug)


class SchoolSerializer(Record):
    """A school of a district."""

    class Meta:
        model = School
        fields = ["id", "public_url", "agency", "name", "nces_id", "city", "zip_code", "ended_on"]
        extra_kwargs = {
            "agency": {"help_text": "The id of its district."},
            "nces_id": {"help_text": "NCESSCH, 12 digits, or empty."},
            "ended_on": {"help_text": "The day from which it is closed."},
        }

    def page_of(self, obj: School) -> str:
        """Return the page of its district."""
        return page("district", obj.agency.slug)
