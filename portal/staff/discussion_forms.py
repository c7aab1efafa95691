"""Forms about the public discussion of an agreement. Whatever is entered in them is public, and stays."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils.translation import gettext_lazy as _

from .forms import day_field


class ClockInput(forms.TimeInput):
    """A time of day as browsers ask for it."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class OpenCommentsForm(forms.Form):
    opens_on = day_field(_("First day"))
    closes_on = day_field(_("Last day"))
    how_to_take_part = forms.CharField(
        label=_("How people can take part"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Where to write, what happens with it, in which languages. Plain words. Public."),
    )


class MoveEndForm(forms.Form):
    closes_on = day_field(_("New last day"))
    reason = forms.CharField(label=_("Why"), max_length=500, help_text=_("Public, and it stays."))


class HearingForm(forms.Form):
    """A hearing in the agency's own time: the staff pages run in its zone."""

    day = day_field(_("Day"))
    begins = forms.TimeField(label=_("Begins"), widget=ClockInput)
    ends = forms.TimeField(label=_("Ends"), widget=ClockInput, required=False)
    place = forms.CharField(
        label=_("Place"),
        max_length=300,
        required=False,
        help_text=_("Building, room, street. Empty: only online."),
    )
    online_url = forms.URLField(
        label=_("Link to take part online"), max_length=500, required=False, assume_scheme="https"
    )
    note = forms.CharField(
        label=_("What people should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("e.g. Interpreters for Spanish. You can speak for three minutes."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a place or a link, and make moments of the day and its times."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("place") and not data.get("online_url") and "online_url" not in self.errors:
            self.add_error("place", _("Give a place, a link, or both."))
        data["starts_at"] = self._moment("begins")
        data["ends_at"] = self._moment("ends")
        if data["starts_at"] and data["ends_at"] and data["ends_at"] <= data["starts_at"]:
            self.add_error("ends", _("It ends after it begins."))
        return data

    def _moment(self, name: str) -> dt.datetime | None:
        day, time = self.cleaned_data.get("day"), self.cleaned_data.get(name)
        if day is None or time is None:
            return None
        try:
            return from_current_timezone(dt.datetime.combine(day, time))
        except ValidationError:  # the hour that is skipped or comes twice when the clocks change
            self.add_error(name, _("There is no such time, or it comes twice, on that day."))
            return None


class CancelHearingForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=500, help_text=_("Public, and it stays."))
