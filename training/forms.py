"""Forms that start training runs and evaluations."""

from __future__ import annotations

from typing import Any

from django import forms

from datasets_app.models import DatasetVersion, GoldSet
from datasets_app.selectors import datasets, gold_sets
from projects.models import Project
from training.engine.config import TrainingConfig, describe_fields
from training.models import ModelVersion
from training.selectors import PATHS, follows_guide, versions_of

LABELS = {
    "rank": "Rank",
    "alpha": "Alpha",
    "dropout": "Dropout",
    "learning_rate": "Learning rate",
    "weight_decay": "Weight decay",
    "schedule": "Schedule",
    "epochs": "Epochs",
    "warmup_steps": "Warm-up steps",
    "max_length": "Longest example, tokens",
    "tokens_per_step": "Tokens a step",
    "max_steps": "Most steps",
    "checkpoint_every": "Steps between checkpoints",
    "validate_every": "Steps between validations",
    "validation_tokens": "Validation tokens",
    "seed": "Seed",
}
# What people change; the others wait behind "More settings".
FIRST = (
    "rank", "alpha", "learning_rate", "epochs", "warmup_steps", "max_length",
    "tokens_per_step", "max_steps", "seed",
)  # fmt: skip


class DatasetChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: DatasetVersion) -> str:
        return f"Version {obj.number}, {obj.train_count:,} examples"


class VersionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: ModelVersion) -> str:
        return f"Version {obj.number}, from dataset {obj.training_run.dataset.number}"


class GoldSetChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: GoldSet) -> str:
        return f"Gold set {obj.number}, {obj.item_count:,} items"


def _control(default: Any, name: str) -> forms.Field:
    if name == "schedule":
        return forms.ChoiceField(choices=[("cosine", "Cosine"), ("linear", "Linear")])
    if isinstance(default, float):
        return forms.FloatField(widget=forms.NumberInput(attrs={"step": "any"}))
    return forms.IntegerField(required=default is not None)


class TrainingForm(forms.Form):
    """Dataset, version to continue from, and every setting with the guide's value in it."""

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = datasets(project)
        self.fields["dataset"] = DatasetChoice(
            queryset=found,
            initial=found.first(),
            empty_label=None,
            label="Dataset",
            help_text="Frozen and attested. Its validation patients are kept apart.",
        )
        self.fields["continues"] = VersionChoice(
            queryset=versions_of(project),
            required=False,
            empty_label="None: start a new adapter",
            label="Continue from",
            help_text="The new version learns on from this one; keep its rank and alpha.",
        )
        self.settings = [f for f in describe_fields(TrainingConfig) if f["name"] not in PATHS]
        for setting in self.settings:
            name = setting["name"]
            control = _control(setting["default"], name)
            control.label, control.initial = LABELS[name], setting["default"]
            if setting["guide"] is not None:
                control.widget.attrs["data-guide"] = str(setting["guide"])
            control.widget.attrs["aria-describedby"] = f"why_{name}"
            self.fields[name] = control

    def setting_rows(self, *, first: bool) -> list[dict[str, Any]]:
        """[{bound, help, guide, rationale, changed}] of the settings people change, or the rest."""
        return [
            {
                "bound": self[setting["name"]],
                "help": setting["help"],
                "guide": setting["guide"],
                "rationale": setting["rationale"],
                "changed": self._changed(setting),
            }
            for setting in self.settings
            if (setting["name"] in FIRST) == first
        ]

    def _changed(self, setting: dict[str, Any]) -> bool:
        value = getattr(self, "cleaned_data", {}).get(setting["name"], setting["default"])
        return setting["guide"] is not None and not follows_guide(value, setting["guide"])

    def main_rows(self) -> list[dict[str, Any]]:
        return self.setting_rows(first=True)

    def more_rows(self) -> list[dict[str, Any]]:
        return self.setting_rows(first=False)

    def parameters(self) -> dict[str, Any]:
        return {setting["name"]: self.cleaned_data[setting["name"]] for setting in self.settings}


class EvaluationForm(forms.Form):
    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions, golds = versions_of(project), gold_sets(project)
        self.fields["model_version"] = VersionChoice(
            queryset=versions,
            initial=versions.first(),
            empty_label=None,
            label="Version",
            help_text="Its base model answers the same items beside it.",
        )
        self.fields["gold_set"] = GoldSetChoice(
            queryset=golds,
            initial=golds.first(),
            empty_label=None,
            label="Gold set",
            help_text="None of its patients may have taught the version.",
        )
