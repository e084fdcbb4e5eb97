"""Forms about surrogates: the map that a run keeps, and looking into it."""

from __future__ import annotations

from django import forms

from deid.services.surrogates import MAX_REASON, MAX_SURROGATE, PURPOSES


class MapForm(forms.Form):
    """A map is kept where a reason is given."""

    map_reason = forms.CharField(
        label="Why the map is needed",
        max_length=MAX_REASON,
        help_text="Stands in the record of the run. Do not name a patient.",
    )


class LookUpForm(forms.Form):
    surrogate = forms.CharField(
        label="Surrogate",
        max_length=MAX_SURROGATE,
        help_text="As the note has it; upper and lower case are the same.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    purpose = forms.ChoiceField(label="Purpose", choices=[("", "Choose one"), *PURPOSES.items()])
