"""Forms of the staff pages: plain words, an example in the help."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.models import Decision, Fulfilment
from districts.models import Basis, Participation, Purpose, SharedElement


class DayInput(forms.DateInput):
    """A day as browsers ask for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, required=required, widget=DayInput())


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
    as_of = _day(_("The day it describes"), _("Empty: today."), required=False)
    month_first = forms.BooleanField(
        label=_("Dates with slashes are written month first (5/1/2017 is May 1)"), required=False
    )
    many_endings = forms.BooleanField(
        label=_("It is right that more than half of the students are missing"), required=False
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


class ConfirmUploadForm(forms.Form):
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$")


class PapersForm(forms.Form):
    public = ManyFilesField(
        label=_("Copies for everybody (PDF)"),
        required=False,
        help_text=_("Named after the agreement or the company, e.g. lumino-reading.pdf. At most 30 MB each."),
    )
    originals = ManyFilesField(
        label=_("Originals (PDF), never shown to the public"),
        required=False,
        help_text=_("Unredacted. Named the same way."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for at least one file."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("public") and not data.get("originals") and not self.errors:
            self.add_error("public", _("Choose at least one file."))
        return data


class FindChildForm(forms.Form):
    child = forms.CharField(
        label=_("Student number"), max_length=80, help_text=_("As in the roster, e.g. 100234.")
    )


class PaperAnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("What the family answered"),
        choices=Decision.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    channel = forms.ChoiceField(
        label=_("How the answer came"),
        choices=[(Decision.Channel.PAPER, _("On paper")), (Decision.Channel.PHONE, _("By telephone"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose paper or telephone.")},
    )
    received_on = _day(_("Day it came in"))
    scan = forms.FileField(
        label=_("Scan of the paper (PDF or picture)"),
        required=False,
        help_text=_("Kept where only staff see it."),
    )
    shown = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    language = forms.ChoiceField(choices=[("en", "en"), ("es", "es")], widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_received_on(self) -> dt.date:
        """Refuse a day to come."""
        day: dt.date = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day


class StepForm(forms.Form):
    step = forms.ChoiceField(
        label=_("What was done"), choices=Fulfilment.Step.choices, widget=forms.RadioSelect
    )
    until = forms.DateTimeField(
        label=_("With the export of"),
        help_text=_("The moment in the name of the file, e.g. 2026-09-01T17:00:00Z."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Download the export first. Then enter what was done with it.")},
    )
    done_on = _day(_("On which day"))


class PlaceHoldForm(forms.Form):
    evidence = forms.CharField(
        label=_("What you know"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("e.g. The mother showed a court order on the telephone; copy follows."),
    )


class OrderForm(forms.Form):
    reference = forms.CharField(
        label=_("The order"), max_length=120, help_text=_("Court and number, e.g. Cook County 2026-D-0412.")
    )


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is lifted"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("e.g. There is no order; the note was about pick-up only."),
    )


class EndClaimForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is ended"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("e.g. The mother called: this address is not hers, and she did not answer."),
    )
    void_answers = forms.BooleanField(
        label=_("Take the answers that came by it out of force"), required=False
    )


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Your reply"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The family reads it on the child’s page. Plain words, short sentences."),
    )


class SignForm(forms.Form):
    begins_on = _day(_("First day of the term"))
    ends_on = _day(_("Last day of the term"), _("Empty: no end is agreed."), required=False)
    sharing_starts_on = _day(
        _("Sharing starts on"), _("Empty: when the version takes effect."), required=False
    )


class EndForm(forms.Form):
    ends_on = _day(_("Last day of the term"))
    note = forms.CharField(label=_("Why"), max_length=2000, required=False)


class ExtendForm(forms.Form):
    ends_on = _day(_("New last day"), _("Empty: no end is agreed any more."), required=False)
    note = forms.CharField(label=_("Note"), max_length=2000, required=False)


class JoinForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("How it takes part"),
        choices=[
            (Participation.Kind.JOINED, Participation.Kind.JOINED.label),
            (Participation.Kind.REQUIRED, Participation.Kind.REQUIRED.label),
        ],
        widget=forms.RadioSelect,
    )
    from_on = _day(_("From"))
