"""Forms of the staff pages: plain words, an example in the help."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.models import Decision, Fulfilment
from districts.models import (
    Participation,
)


class DayInput(forms.DateInput):
    """A day as browsers ask for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """Return a field for a day, with the browser’s own calendar."""
    return forms.DateField(label=label, help_text=help_text, required=required, widget=DayInput())


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
    received_on = day_field(_("Day it came in"))
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
    done_on = day_field(_("On which day"))


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
    begins_on = day_field(_("First day of the term"))
    ends_on = day_field(_("Last day of the term"), _("Empty: no end is agreed."), required=False)
    sharing_starts_on = day_field(
        _("Sharing starts on"), _("Empty: when the version takes effect."), required=False
    )


class EndForm(forms.Form):
    ends_on = day_field(_("Last day of the term"))
    note = forms.CharField(label=_("Why"), max_length=2000, required=False)


class DeclineForm(forms.Form):
    declined_on = day_field(_("Day it was not approved"))
    note = forms.CharField(label=_("Why"), max_length=2000, required=False, help_text=_("Public."))


class ExtendForm(forms.Form):
    ends_on = day_field(_("New last day"), _("Empty: no end is agreed any more."), required=False)
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
    from_on = day_field(_("From"))


class LeaveForm(forms.Form):
    until_on = day_field(_("First day on which your district no longer takes part"))


class OwnerForm(forms.Form):
    owner = forms.CharField(
        label=_("Name of the new owner"),
        max_length=200,
        help_text=_("As it is written in the register, if it is there already."),
    )
    since = day_field(_("Owner since"), _("Empty: the day is not known."), required=False)
    source_url = forms.URLField(
        label=_("Where it can be read"), required=False, assume_scheme="https", help_text=_("Public.")
    )
