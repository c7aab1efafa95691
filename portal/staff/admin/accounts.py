"""Staff accounts: whoever runs the site makes them. Families' mailboxes are not shown to anybody here."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.forms import AdminPasswordChangeForm, ReadOnlyPasswordHashField
from django.db.models import QuerySet
from django.forms import CharField, ModelForm, PasswordInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from districts.models import Agency, AgencyStaff
from portal.models import User

from ..access import sees_all
from .mixin import AgencyAdminMixin, AgencyScope


class StaffForm(ModelForm):
    """A staff account with its first password: staff do not sign in by an e-mailed code."""

    first_password = CharField(
        label=_("Password"),
        min_length=12,
        strip=False,
        widget=PasswordInput(render_value=False),
        help_text=_("At least 12 signs."),
    )

    class Meta:
        model = User
        fields = ["email", "is_active", "is_superuser"]


class StaffChangeForm(ModelForm):
    """An existing account; its password is set on a page of its own."""

    password = ReadOnlyPasswordHashField(label=_("Password"))

    class Meta:
        model = User
        fields = ["email", "password", "is_active", "is_superuser"]


class SeatInline(AgencyScope, admin.TabularInline):
    model = AgencyStaff
    extra = 1
    max_num = 1
    may_delete = True
    autocomplete_fields = ["agency"]

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.none()


@admin.register(User)
class StaffAccountAdmin(AgencyAdminMixin):
    """Only for whoever runs the site."""

    list_display = ["email", "seat", "is_active", "is_superuser", "last_login"]
    list_select_related = ["agency_seat__agency"]
    search_fields = ["email"]
    inlines = [SeatInline]
    change_password_form = AdminPasswordChangeForm

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return sees_all(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(is_staff=True)

    def own(self, request: HttpRequest, rows: QuerySet[Any], agency: Agency) -> QuerySet[Any]:
        return rows.none()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(
            request, obj, change, **{**kwargs, "form": StaffChangeForm if obj else StaffForm}
        )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Make the account one of staff, with its first password if there is one."""
        if not change:
            obj.is_staff = True
            obj.set_password(form.cleaned_data["first_password"])
        super().save_model(request, obj, form, change)

    @admin.display(description=_("agency"))
    def seat(self, obj: User) -> str:
        return str(obj.agency_seat.agency) if hasattr(obj, "agency_seat") else "–"
