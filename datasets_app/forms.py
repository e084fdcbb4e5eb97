"""Forms of the stage Dataset."""

from __future__ import annotations

from typing import Any

from django import forms

from deid.models import Run


class GoldForm(forms.Form):
    patients = forms.IntegerField(
        label="Patients",
        min_value=1,
        help_text="Drawn at random among those with a usable summary. All of their notes become "
        "gold items, and no dataset takes these patients any more.",
    )


class DatasetForm(forms.Form):
    run = forms.ModelChoiceField(queryset=Run.objects.none(), label="Attested run")
    validation_percent = forms.IntegerField(
        label="Patients for validation, %", min_value=1, max_value=50, initial=10
    )

    def __init__(self, *args: Any, runs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["run"]
        choice.queryset = runs  # type: ignore[attr-defined]
        choice.label_from_instance = lambda run: f"Run {run.number}"  # type: ignore[attr-defined]
        choice.empty_label = None  # type: ignore[attr-defined]
