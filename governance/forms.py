"""Forms of the stages Approve and Package."""

from __future__ import annotations

from typing import Any

from django import forms

from governance.models import Decision
from governance.selectors import SubmitChoice


class SubmitForm(forms.Form):
    evaluation = forms.ChoiceField(label="Version", widget=forms.RadioSelect)
    statement = forms.CharField(
        label="What you say about it",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The approvers read this first. It is frozen with the submission.",
    )

    def __init__(self, *args: Any, choices: list[SubmitChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evaluation"].choices = [  # type: ignore[attr-defined]
            (str(c.evaluation.pk), f"Version {c.version.number}, evaluation {c.evaluation.number}")
            for c in choices
        ]


class SigningForm(forms.Form):
    """What the decision bar posts: the digest that was shown, and the password."""

    digest = forms.CharField(max_length=64)
    password = forms.CharField(strip=False, max_length=256)


class DecisionForm(SigningForm):
    choice = forms.ChoiceField(
        choices=Decision.Verdict.choices,
        error_messages={"required": "Choose one of the four decisions."},
    )
    reason = forms.CharField(required=False, max_length=4000)


class OverrideForm(SigningForm):
    choice = forms.CharField(
        max_length=64, error_messages={"required": "Choose the gate that you override."}
    )
    reason = forms.CharField(
        max_length=4000,
        error_messages={"required": "Say why the version may go on although the gate failed."},
    )


def errors_of(form: forms.Form) -> dict[str, str]:
    """What is wrong with each field, one sentence."""
    return {
        field: " ".join(str(problem) for problem in problems)
        for field, problems in form.errors.items()
    }
