"""Forms of targets and keys."""

from __future__ import annotations

from django import forms

from deployment.models import Target
from projects.models import Project


class TargetForm(forms.Form):
    alias = forms.CharField(
        label="Name of the target",
        max_length=50,
        help_text="Hospital systems send it as the model's name: letters, digits and hyphens, such "
        "as note-summary. It stays the same whatever version answers.",
    )


class DeployForm(forms.Form):
    """Where a version goes: a target of the project, whatever the request names."""

    target = forms.ModelChoiceField(label="Target", queryset=Target.objects.none())

    def __init__(self, project: Project, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        found = Target.objects.filter(project=project)
        self.fields["target"].queryset = found  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    name = forms.CharField(
        label="System that will use the key",
        max_length=60,
        help_text="One key for each system, so that one can be revoked without the others.",
    )
