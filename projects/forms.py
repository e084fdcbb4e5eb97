"""Forms of the system administrator."""

from __future__ import annotations

from django import forms

from accounts.models import User
from accounts.roles import ROLE_LABELS, Role


class PersonForm(forms.Form):
    full_name = forms.CharField(label="Full name", max_length=120)
    email = forms.EmailField(label="E-mail", help_text="The person signs in with it.")


class ProjectForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    purpose = forms.CharField(
        label="Intended use",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the model is for, for whom, and what it is not for. "
        "It is printed in the documentation package.",
    )
    leak_percent = forms.FloatField(
        label="Highest share of records that may contain a leak, in %",
        initial=5.0,
        min_value=0.01,
        max_value=50,
        help_text="The review must show with the confidence below that it is not exceeded.",
    )
    confidence_percent = forms.FloatField(
        label="Confidence, in %", initial=95.0, min_value=50, max_value=99.99
    )
    sample_percent = forms.FloatField(
        label="Smallest sample, in % of the records",
        initial=5.0,
        min_value=5,
        max_value=100,
        help_text="The guide asks for 5 to 10 %; the sample is larger where the target needs it.",
    )


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(label="Person", queryset=User.objects.none())
    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, ROLE_LABELS[role]) for role in Role if role is not Role.SYSADMIN],
    )
    is_chair = forms.BooleanField(label="Chair of the committee", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        people = User.objects.filter(is_active=True, is_sysadmin=False)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
