"""What families are told, in the admin: to look at only; services write it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from consent.models import Attempt, Delivery, LetterRun, Notice

from .families import person
from .mixin import AgencyScope, ReadOnlyAdmin


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["made_at", "about", "severity", "day", "audience", "fanned_out_at", "page"]
    list_select_related = ["publication__agreement"]
    list_filter = ["severity"]
    fields = ["agency", "about", "severity", "is_generic", "day", "made_at", "fanned_out_at", "audience"]

    @admin.display(description=_("about"))
    def about(self, obj: Notice) -> str:
        return obj.publication.agreement.title if obj.publication else str(_("Welcome"))

    @admin.display(description=_("page"))
    def page(self, obj: Notice) -> SafeString:
        if obj.publication is None:
            return format_html("{}", "–")
        url = reverse("staff:progress", args=[obj.publication.public_id])
        return format_html('<a href="{}">{}</a>', url, _("Progress"))


class AttemptInline(AgencyScope, admin.TabularInline):
    model = Attempt
    agency_lookup = "delivery__guardian__agency"
    may_add = may_change = False
    extra = 0
    readonly_fields = ["n", "channel", "result", "code", "made_at"]
    fields = [*readonly_fields]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    agency_lookup = "guardian__agency"
    list_display = ["who", "subject", "state", "channel", "withheld_because", "attempts_made", "settled_at"]
    list_select_related = ["guardian", "notice__publication__agreement"]
    list_filter = ["state", "channel", "withheld_because"]
    search_fields = ["guardian__family_name", "guardian__roster_id"]
    fields = ["who", "subject", "state", "channel", "withheld_because", "next_attempt_at", "settled_at"]
    inlines = [AttemptInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).order_by("-pk")

    @admin.display(description=_("person"))
    def who(self, obj: Delivery) -> str:
        return person(obj.guardian)

    @admin.display(description=_("about"))
    def subject(self, obj: Delivery) -> str:
        """Say what it tells: one agreement's news, a welcome, or that an answer was saved."""
        if obj.notice is None:
            return str(_("Receipt"))
        return obj.notice.publication.agreement.title if obj.notice.publication else str(_("Welcome"))


@admin.register(LetterRun)
class LetterRunAdmin(ReadOnlyAdmin):
    list_display = ["made_at", "letters", "printed_at", "posted_at", "page"]
    fields = ["agency", "letters", "made_at", "printed_at", "posted_at"]

    @admin.display(description=_("page"))
    def page(self, obj: LetterRun) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("staff:letters"), _("Print and post"))
