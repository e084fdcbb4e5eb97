"""Forms of Expert Determinations and of passages that may identify."""

from __future__ import annotations

from typing import Any

from django import forms

from deid.models import Leak, Run, UniqueFlag
from deid.passages import REASONS
from deid.services.determinations import TEXTS
from deid.services.unique import MAX_REASON


class _Day(forms.DateInput):
    input_type = "date"


class DeterminationForm(forms.Form):
    """The PDF and what it states; the act itself checks days and file."""

    file = forms.FileField(
        label="The determination as a PDF",
        help_text="At most 20 MB, without a password. It is encrypted while it arrives.",
        error_messages={"required": "Choose the PDF.", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )
    expert = forms.CharField(label="Expert", max_length=TEXTS["expert"])
    qualification = forms.CharField(
        label="Qualification",
        max_length=TEXTS["qualification"],
        help_text="What makes this person an expert in statistical and scientific methods of "
        "rendering information not individually identifiable.",
    )
    method = forms.CharField(
        label="Method",
        max_length=TEXTS["method"],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The methods and results that justify the determination, in short.",
    )
    recipients = forms.CharField(
        label="Anticipated recipients",
        max_length=TEXTS["recipients"],
        help_text="For whom the risk was judged to be very small.",
    )
    covers = forms.CharField(
        label="What it covers",
        max_length=TEXTS["covers"],
        help_text="Which output, in the expert's words. Do not name a patient.",
    )
    run = forms.ModelChoiceField(
        queryset=Run.objects.none(),
        required=False,
        empty_label="Every run with surrogates and shifted dates",
        label="For one run only",
    )
    determined_on = forms.DateField(label="Date of the determination", widget=_Day)
    expires_on = forms.DateField(
        label="Last day", widget=_Day, help_text="From the day after it covers nothing any more."
    )

    def __init__(self, *args: Any, runs: list[Run], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["run"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Run.objects.filter(pk__in=[run.pk for run in runs])
        field.label_from_instance = lambda run: f"Run {run.number}"  # type: ignore[assignment,method-assign]

    def stated(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("file", "run")
        }


class PassageForm(forms.Form):
    """A decision on a passage: a reason, typed or one of the usual ones, or what to hide."""

    decision = forms.ChoiceField(
        choices=[(d.value, d.value) for d in UniqueFlag.Decision if d != UniqueFlag.Decision.OPEN]
    )
    usual = forms.IntegerField(required=False, min_value=1, max_value=len(REASONS))
    reason = forms.CharField(
        required=False,
        max_length=MAX_REASON,
        label="Another reason",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-key": "n"}),
    )
    remedy = forms.ChoiceField(choices=Leak.Remedy.choices, required=False)
    text = forms.CharField(
        required=False,
        max_length=300,
        label="Hide these words instead",
        help_text="Exactly as the note has them, with the passage or a part of it. Leave it "
        "empty to hide the marked passage.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def reason_given(self) -> str:
        usual = self.cleaned_data["usual"]
        return REASONS[usual - 1] if usual else str(self.cleaned_data["reason"])
