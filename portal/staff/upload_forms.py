"""Forms of what staff hand in: rosters, lists, register sheets, papers, and what their words mean."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.models import (
    Agreement,
    Basis,
    Purpose,
    SharedElement,
)

from .forms import day_field


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files; cleans to a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(ManyFilesField, self).clean(each, initial) for each in files]


class RosterForm(forms.Form):
    file = forms.FileField(
        label=_("Roster zip"),
        help_text=_("OneRoster 1.1 or 1.2 CSV, or Microsoft SDS 2.1, as your system exports it."),
    )
    as_of = day_field(_("The day it describes"), _("Empty: today."), required=False)
    month_first = forms.BooleanField(
        label=_("Dates with slashes are written month first (5/1/2017 is May 1)"), required=False
    )
    many_endings = forms.BooleanField(
        label=_("It is right that more than half of the students, or of the parents, are missing"),
        required=False,
    )


class InventoryForm(forms.Form):
    file = forms.FileField(
        label=_("Inventory sheet (CSV)"),
        help_text=_("One kind of data per line, in a column “identifier” or “code”."),
    )
    basis = forms.ChoiceField(
        label=_("Legal ground, where the sheet names none"),
        required=False,
        choices=[("", _("The sheet names it")), *Basis.choices],
    )
    purpose = forms.ModelChoiceField(
        label=_("Reason, where the sheet names none"),
        required=False,
        queryset=Purpose.objects.all(),
        empty_label=_("The sheet names it"),
    )
    source = forms.ChoiceField(
        label=_("Where it comes from, where the sheet does not say"),
        required=False,
        choices=[("", _("The sheet names it")), *SharedElement.Source.choices],
    )
    recipients = forms.CharField(
        label=_("Others who see it, where the sheet names none"),
        required=False,
        max_length=500,
        help_text=_("With a semicolon between, e.g. Skyhost; PrintCo."),
    )
    kept = forms.ChoiceField(
        label=_("Kept until, where the sheet does not say"),
        required=False,
        choices=[("", _("The sheet names it")), *SharedElement.Kept.choices],
    )
    kept_days = forms.CharField(
        label=_("Number of days"),
        required=False,
        max_length=6,
        help_text=_("Only with a rule in days, e.g. 60."),
    )
    kept_until = forms.CharField(
        label=_("Day it is deleted"),
        required=False,
        max_length=10,
        help_text=_("Only with “Until a date”, e.g. 2027-06-30."),
    )
    add = forms.BooleanField(
        label=_("Take data the catalogue does not know as elements of your own, to be explained later"),
        required=False,
    )
    replace = forms.BooleanField(
        label=_("Take lines out of the draft that are not in the sheet"), required=False
    )


class RegisterForm(forms.Form):
    file = forms.FileField(
        label=_("Register sheet (CSV or Excel)"),
        help_text=_("Your list of companies or apps, as you keep it. Only your own rows are read."),
    )
    state = forms.ChoiceField(
        label=_("What an agreement is, where the sheet gives no status"),
        choices=[
            (Agreement.State.PROPOSED, Agreement.State.PROPOSED.label),
            (Agreement.State.SIGNED, Agreement.State.SIGNED.label),
        ],
    )
    basis = forms.ChoiceField(
        label=_("Legal ground, where the sheet names none"),
        required=False,
        choices=[("", _("I say it later")), *Basis.choices],
    )
    encoding = forms.ChoiceField(
        label=_("How a CSV file was saved"),
        choices=[("utf-8", _("UTF-8 (usual)")), ("cp1252", _("Windows, Western (older Excel)"))],
    )


class ConfirmUploadForm(forms.Form):
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$")


class PapersForm(forms.Form):
    public = ManyFilesField(
        label=_("Copies for everybody (PDF)"),
        required=False,
        help_text=_("Named after the agreement or the company, e.g. lumino-reading.pdf. At most 30 MB each."),
    )
    redacted = forms.CharField(
        label=_("What is blacked out in these copies"),
        required=False,
        max_length=500,
        help_text=_("Public. Name the parts, e.g. section 7 (prices). Empty: nothing is blacked out."),
    )
    texts = ManyFilesField(
        label=_("Their words as plain text (UTF-8), for people who cannot read a PDF"),
        required=False,
        help_text=_("Only where the words read from the PDF are wrong or missing. Named the same way."),
    )
    originals = ManyFilesField(
        label=_("Originals (PDF), never shown to the public"),
        required=False,
        help_text=_("Unredacted. Named the same way."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for at least one file."""
        data: dict[str, Any] = super().clean() or {}
        if not any(data.get(name) for name in ("public", "texts", "originals")) and not self.errors:
            self.add_error("public", _("Choose at least one file."))
        return data
