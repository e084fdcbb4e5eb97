"""The form with which a leak is mended."""

from __future__ import annotations

from django import forms

from deid.models import Leak


class RemedyForm(forms.Form):
    """`leak` empty means every open leak of the round."""

    leak = forms.UUIDField(required=False, widget=forms.HiddenInput)
    remedy = forms.ChoiceField(choices=Leak.Remedy.choices, widget=forms.HiddenInput)
    text = forms.CharField(
        required=False,
        max_length=300,
        strip=False,
        label="Correct what was marked",
        help_text="Exactly as the note has it. Leave it empty to take what the reviewer marked.",
    )
