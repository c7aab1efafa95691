"""Forms about what the public sees: what comes down and why, and what a reader found of each clause."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.clause_readings import Checked, Found
from districts.models import ClauseReading

from .forms import day_field


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it comes down"),
        max_length=500,
        help_text=_("Public, and it stays. Do not repeat what has to go, e.g. “A student was named in it.”"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_sure = forms.BooleanField(label=_("I know that this cannot be taken back"))


class ClausesForm(forms.Form):
    """One question per clause the law asks for, and who read the agreement when."""

    reader = forms.CharField(
        label=_("Who read it (title, not name)"), max_length=120, help_text=_("e.g. privacy officer. Public.")
    )
    read_on = day_field(_("On which day"))

    def __init__(self, *args: Any, checked: list[Checked], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.codes = [each.clause.code for each in checked]
        for each in checked:
            reading = each.reading
            self.fields[f"answer-{each.clause.code}"] = forms.ChoiceField(
                label=each.clause.says,
                help_text=each.clause.citation,
                choices=[("", _("Not looked for yet")), *ClauseReading.Answer.choices],
                required=False,
                initial=reading.answer if reading else "",
            )
            self.fields[f"place-{each.clause.code}"] = forms.CharField(
                label=_("Where it stands"),
                help_text=_("e.g. 4.2, page 3"),
                max_length=80,
                required=False,
                initial=reading.place if reading else "",
            )

    def clean_read_on(self) -> dt.date:
        """Refuse a day to come."""
        day: dt.date = self.cleaned_data["read_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask where a clause stands that is there."""
        data: dict[str, Any] = super().clean() or {}
        for code in self.codes:
            if data.get(f"answer-{code}") == ClauseReading.Answer.YES and not data.get(f"place-{code}"):
                self.add_error(f"place-{code}", _("Say where it stands."))
        return data

    def found(self) -> Mapping[str, Found]:
        """Return what was found of the clauses that were looked for."""
        data = self.cleaned_data
        return {
            code: Found(data[f"answer-{code}"], data[f"place-{code}"])
            for code in self.codes
            if data[f"answer-{code}"]
        }
