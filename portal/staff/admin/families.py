"""Families in the admin. The roster is their source; only how a person is reached may be put right here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consent.contact import FIELDS, correct_contact
from consent.models import Enrollment, Guardian, Guardianship, Hold, Objection, ObjectionReply, Student
from consent.review import settle_review
from consent.roster.addresses import PROBLEMS, read_address

from .mixin import AgencyAdminMixin, AgencyScope, ReadOnlyAdmin


class TieInline(AgencyScope, admin.TabularInline):
    """Who decides for whom, on both sides of the tie."""

    model = Guardianship
    agency_lookup = "student__agency"
    may_add = may_change = False
    extra = 0
    show_change_link = True
    verbose_name_plural = _("Ties")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("student", "guardian")


class OfStudent(TieInline):
    readonly_fields = ["who", "relation", "rights", "is_primary_contact", "ended_on"]
    fields = [*readonly_fields]

    @admin.display(description=_("person"))
    def who(self, obj: Guardianship) -> str:
        return person(obj.guardian)


class OfGuardian(TieInline):
    readonly_fields = ["child", "relation", "rights", "is_primary_contact", "ended_on"]
    fields = [*readonly_fields]

    @admin.display(description=_("child"))
    def child(self, obj: Guardianship) -> str:
        return f"{obj.student.shown_name} ({obj.student.roster_id})"


class EnrollmentInline(AgencyScope, admin.TabularInline):
    model = Enrollment
    agency_lookup = "student__agency"
    may_add = may_change = False
    extra = 0
    readonly_fields = ["school", "grade", "programs", "ended_on"]
    fields = [*readonly_fields]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("school")


def person(guardian: Guardian) -> str:
    """Return a guardian's name, or the roster id of one without a name."""
    return f"{guardian.given_name} {guardian.family_name}".strip() or guardian.roster_id


@admin.register(Student)
class StudentAdmin(ReadOnlyAdmin):
    list_display = ["shown_name", "roster_id", "birth_date", "eligible_on", "ended_on"]
    search_fields = ["shown_name", "roster_id"]
    fields = ["agency", "roster_id", "shown_name", "birth_date", "eligible_on", "ended_on"]
    inlines = [OfStudent, EnrollmentInline]


class ContactForm(forms.ModelForm):
    """How a person is reached."""

    def clean_email(self) -> str:
        """Refuse an address that no mail server would take."""
        address, problem = read_address(self.cleaned_data["email"])
        if problem:
            raise forms.ValidationError(PROBLEMS[problem])
        return address


@admin.register(Guardian)
class GuardianAdmin(AgencyAdminMixin):
    """People; what staff put right stands until the roster brings something new."""

    form = ContactForm
    may_add = False
    list_display = [
        "name",
        "roster_id",
        "email",
        "language",
        "email_problem",
        "email_failed_at",
        "ended_on",
        "mailboxes",
    ]
    list_filter = ["language"]
    search_fields = ["given_name", "family_name", "roster_id", "email"]
    fields = [
        "agency",
        "roster_id",
        "given_name",
        "family_name",
        "email",
        "email_problem",
        "email_failed_at",
        "language",
        "postal_address",
        "address_is_confidential",
        "origin",
        "corrected_fields",
        "ended_on",
    ]
    readonly_fields = [
        "agency",
        "roster_id",
        "given_name",
        "family_name",
        "email_problem",
        "email_failed_at",
        "origin",
        "corrected_fields",
        "ended_on",
    ]
    inlines = [OfGuardian]

    def is_editable(self, request: HttpRequest, obj: Any) -> bool:
        return obj.ended_on is None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in form.changed_data if name in FIELDS}
        correct_contact(guardian_id=obj.pk, values=values, by=request.user, now=timezone.now())

    @admin.display(description=_("put right by staff"))
    def corrected_fields(self, obj: Guardian) -> str:
        """Name the fields that stand until the roster says something new."""
        return ", ".join(name.replace("_", " ") for name in obj.corrected)

    @admin.display(description=_("name"), ordering="family_name")
    def name(self, obj: Guardian) -> str:
        return person(obj)

    @admin.display(description=_("mailboxes"))
    def mailboxes(self, obj: Guardian) -> SafeString:
        """Lead to where a claim is ended."""
        return format_html(
            '<a href="{}">{}</a>', reverse("staff:claims", args=[obj.public_id]), _("Mailboxes")
        )


@admin.register(Guardianship)
class GuardianshipAdmin(ReadOnlyAdmin):
    """Ties of adults to children; those waiting for review are accepted or refused by action."""

    agency_lookup = "student__agency"
    list_display = ["who", "child", "relation", "rights", "is_primary_contact", "ended_on", "hold"]
    list_select_related = ["guardian", "student"]
    list_filter = ["rights", "relation"]
    search_fields = ["guardian__family_name", "guardian__roster_id", "student__roster_id"]
    actions = ["accept", "refuse"]
    fields = [
        "who",
        "child",
        "relation",
        "rights",
        "rights_set_by_staff",
        "is_primary_contact",
        "entered_at",
        "ended_on",
        "hold",
    ]

    @admin.display(description=_("person"))
    def who(self, obj: Guardianship) -> str:
        return person(obj.guardian)

    @admin.display(description=_("child"))
    def child(self, obj: Guardianship) -> str:
        return f"{obj.student.shown_name} ({obj.student.roster_id})"

    @admin.display(description=_("no contact"))
    def hold(self, obj: Guardianship) -> SafeString:
        """Lead to where a hold is placed."""
        return format_html(
            '<a href="{}">{}</a>', reverse("staff:place_hold", args=[obj.pk]), _("Place a hold")
        )

    @admin.action(description=_("Accept: the selected people may decide"))
    def accept(self, request: HttpRequest, queryset: QuerySet[Guardianship]) -> None:
        self._settle(request, queryset, accept=True)

    @admin.action(description=_("Refuse: the selected people do not decide"))
    def refuse(self, request: HttpRequest, queryset: QuerySet[Guardianship]) -> None:
        self._settle(request, queryset, accept=False)

    def _settle(self, request: HttpRequest, queryset: QuerySet[Guardianship], *, accept: bool) -> None:
        ids = list(self.narrowed(request, queryset).values_list("pk", flat=True))
        settled = settle_review(guardianship_ids=ids, accept=accept, by=request.user, now=timezone.now())
        words = ngettext("%(n)s tie was settled.", "%(n)s ties were settled.", settled)
        messages.success(request, words % {"n": settled})


class OpenHolds(admin.SimpleListFilter):
    """Holds that bar somebody now."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Open")), ("lifted", _("Lifted"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("open", "lifted"):
            return queryset.filter(lifted_at__isnull=self.value() == "open")
        return queryset


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    """Holds; each is worked on at its own page, which asks for the order or the reason."""

    agency_lookup = "guardianship__guardian__agency"
    list_display = [
        "who",
        "child",
        "origin",
        "placed_at",
        "review_due_on",
        "order_reference",
        "lifted_at",
        "page",
    ]
    list_select_related = ["guardianship__guardian", "guardianship__student"]
    list_filter = [OpenHolds, "origin"]
    search_fields = ["guardianship__guardian__family_name", "guardianship__student__roster_id"]

    @admin.display(description=_("barred"))
    def who(self, obj: Hold) -> str:
        return person(obj.guardianship.guardian)

    @admin.display(description=_("child"))
    def child(self, obj: Hold) -> str:
        return f"{obj.guardianship.student.shown_name} ({obj.guardianship.student.roster_id})"

    @admin.display(description=_("page"))
    def page(self, obj: Hold) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("staff:hold", args=[obj.pk]), _("Order or lift"))


class ReplyInline(AgencyScope, admin.TabularInline):
    model = ObjectionReply
    agency_lookup = "objection__student__agency"
    may_add = may_change = False
    extra = 0
    readonly_fields = ["text", "replied_at"]
    fields = [*readonly_fields]


@admin.register(Objection)
class ObjectionAdmin(ReadOnlyAdmin):
    """Questions and disagreements of families; the reply is written on its own page."""

    agency_lookup = "student__agency"
    list_display = ["made_at", "kind", "about", "agreement", "replies_given", "page"]
    list_select_related = ["student", "agreement"]
    list_filter = ["kind"]
    search_fields = ["text", "student__roster_id"]
    inlines = [ReplyInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(reply_count=Count("replies"))

    @admin.display(description=_("child"))
    def about(self, obj: Objection) -> str:
        return f"{obj.student.shown_name} ({obj.student.roster_id})"

    @admin.display(description=_("replies"))
    def replies_given(self, obj: Any) -> int:
        return int(obj.reply_count)

    @admin.display(description=_("page"))
    def page(self, obj: Objection) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("staff:objection", args=[obj.public_id]), _("Reply")
        )
