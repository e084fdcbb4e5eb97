"""What an entry was done to, in words, with the address of its page.

The trail keeps a model's label and an id. Here a page of entries is turned into names with one
query a kind, however many entries there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model
from django.urls import reverse

from accounts.roles import ROLE_LABELS, Role
from audit.models import Entry

Address = tuple[str, list[Any]]


@dataclass(frozen=True)
class Kind:
    """A kind of thing that entries are about: its words, how one is named, where it is shown.

    `name` and `address` take the row; `related` is what they need of other tables.
    """

    words: str
    name: Callable[[Any], str]
    address: Callable[[Any], Address] | None = None
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """One thing as the page shows it; `url` is empty where it has no page."""

    words: str
    url: str = ""


def _short(row: Any) -> str:
    return str(row.pk)[:8]


_SIGNED_WORDS = {
    "attestation": ("the attestation", "datasets:index"),
    "decision": ("a decision", "governance:index"),
    "expert_determination": ("an Expert Determination", "deid:determinations"),
    "gate_override": ("an override", "governance:index"),
    "qa_sample": ("a review", "deid:reviews"),
}


def _signed(row: Any) -> str:
    words = _SIGNED_WORDS.get(row.kind, (row.kind.replace("_", " "), ""))[0]
    return f"Signature of {row.signer_name} on {words}"


def _item(row: Any) -> str:
    return f"Note {row.position} of review round {row.sample.round}"


KINDS: dict[str, Kind] = {
    "accounts.User": Kind("Account", lambda row: f"Account of {row.full_name}"),
    "accounts.Signature": Kind(
        "Signature", _signed, lambda row: (_SIGNED_WORDS.get(row.kind, ("", ""))[1], [])
    ),
    "projects.Project": Kind("Project", lambda row: row.name, lambda _: ("projects:overview", [])),
    "projects.Membership": Kind(
        "Role in the project",
        lambda row: f"{row.user.full_name} as {ROLE_LABELS[Role(row.role)].lower()}",
        lambda _: ("projects:overview", []),
        ("user",),
    ),
    "deid.ImportBatch": Kind(
        "Import", lambda row: f"Import {row.number}", lambda row: ("deid:import", [row.pk])
    ),
    "deid.PolicyVersion": Kind(
        "Policy", lambda row: f"Policy {row.number}",
        lambda row: ("deid:policy-version", [row.number]),
    ),
    "deid.PolicyDraft": Kind(
        "Policy draft", lambda row: f"Policy draft {row.number}",
        lambda row: ("deid:policy-draft", [row.pk]),
    ),
    "deid.PolicyTrial": Kind(
        "Trial of a policy draft",
        lambda row: f"Trial {row.number} of policy draft {row.draft.number}",
        lambda row: ("deid:policy-trial", [row.pk]), ("draft",),
    ),
    "deid.KnownIdentifier": Kind(
        "Known identifier",
        lambda row: f"Known identifier {_short(row)}",
        lambda _: ("deid:policy", []),
    ),
    "deid.Run": Kind(
        "De-identification run", lambda row: f"Run {row.number}",
        lambda row: ("deid:run", [row.pk]),
    ),
    "deid.Note": Kind("Raw note", lambda row: f"Raw note {_short(row)}"),
    "deid.RunNote": Kind(
        "De-identified note",
        lambda row: f"Note {str(row.note_id)[:8]} of run {row.run.number}",
        lambda row: ("deid:run-note", [row.run_id, row.pk]),
        ("run",),
    ),
    "deid.ExpertDetermination": Kind(
        "Expert Determination", lambda row: f"Expert Determination {row.number}",
        lambda row: ("deid:determination", [row.pk]),
    ),
    "deid.UniqueFlag": Kind(
        "Passage that may identify",
        lambda row: f"Passage {_short(row)} of run {row.run.number}",
        lambda row: ("deid:flag", [row.run_id, row.pk]),
        ("run",),
    ),
    "deid.Sample": Kind(
        "Review round", lambda row: f"Review round {row.round}",
        lambda row: ("deid:sample", [row.pk]),
    ),
    "deid.SampleItem": Kind(
        "Sampled note", _item, lambda row: ("deid:sample", [row.sample_id]), ("sample",)
    ),
    "deid.Review": Kind(
        "Decision on a sampled note",
        lambda row: _item(row.item),
        lambda row: ("deid:sample", [row.item.sample_id]),
        ("item__sample",),
    ),
    "deid.Leak": Kind(
        "Missed identifier",
        lambda row: f"Missed identifier in {_item(row.review.item).lower()}",
        lambda row: ("deid:sample", [row.review.item.sample_id]),
        ("review__item__sample",),
    ),
    "datasets_app.Attestation": Kind(
        "Attestation", lambda row: f"Attestation of run {row.run.number}",
        lambda _: ("datasets:index", []), ("run",),
    ),
    "datasets_app.GoldSet": Kind(
        "Gold set", lambda row: f"Gold set {row.number}",
        lambda row: ("datasets:gold-set", [row.pk]),
    ),
    "datasets_app.DatasetVersion": Kind(
        "Dataset", lambda row: f"Dataset {row.number}",
        lambda row: ("datasets:dataset", [row.pk]),
    ),
    "training.TrainingRun": Kind(
        "Training run", lambda row: f"Training run {row.number}",
        lambda row: ("training:run", [row.pk]),
    ),
    "training.ModelVersion": Kind(
        "Model version", lambda row: f"Version {row.number}",
        lambda row: ("training:run", [row.training_run_id]),
    ),
    "training.Evaluation": Kind(
        "Evaluation", lambda row: f"Evaluation {row.number}",
        lambda row: ("training:evaluation", [row.pk]),
    ),
    "governance.Submission": Kind(
        "Submission",
        lambda row: f"Submission {row.number} of version {row.model_version.number}",
        lambda row: ("governance:submission", [row.pk]),
        ("model_version",),
    ),
    "governance.Override": Kind(
        "Override",
        lambda row: f"Override of a gate of evaluation {row.evaluation.number}",
        lambda row: ("governance:override", [row.evaluation_id]),
        ("evaluation",),
    ),
    "governance.Package": Kind(
        "Package", lambda row: f"Package {row.number}",
        lambda row: ("governance:package", [row.pk]),
    ),
    "deployment.Target": Kind(
        "Target", lambda row: f"Target {row.alias}", lambda _: ("deployment:index", [])
    ),
    "deployment.Deployment": Kind(
        "Deployment",
        lambda row: f"Rollout {row.number} of version {row.model_version.number}",
        lambda row: ("deployment:deployment", [row.pk]),
        ("model_version",),
    ),
    "deployment.Integration": Kind(
        "Hospital system", lambda row: f"Key of {row.name}",
        lambda _: ("deployment:integrations", []),
    ),
}  # fmt: skip


def subjects_of(entries: Iterable[Entry], slug: str = "") -> dict[tuple[str, str], Subject]:
    """{(model's label, id): what it is} for the entries' things; no addresses without `slug`."""
    wanted: dict[str, set[str]] = {}
    for entry in entries:
        if entry.object_type:
            wanted.setdefault(entry.object_type, set()).add(entry.object_id)
    found: dict[tuple[str, str], Subject] = {}
    for label, ids in wanted.items():
        found |= _subjects(label, ids, slug)
    return found


def _subjects(label: str, ids: set[str], slug: str) -> dict[tuple[str, str], Subject]:
    kind = KINDS.get(label)
    if kind is None:
        words = label.rpartition(".")[2].lower()
        return {(label, identity): Subject(f"{words} {identity[:8]}") for identity in ids}
    model: type[Model] = apps.get_model(label)
    rows = model._default_manager.filter(pk__in=[UUID(identity) for identity in ids])
    if kind.related:
        rows = rows.select_related(*kind.related)
    # What was deleted since is still in the trail, by the beginning of its id.
    gone = {i: Subject(f"{kind.words} {i[:8]}, no longer there") for i in ids}
    there = {str(row.pk): Subject(kind.name(row), _url(kind, row, slug)) for row in rows}
    return {(label, identity): subject for identity, subject in (gone | there).items()}


def _url(kind: Kind, row: Any, slug: str) -> str:
    name, arguments = kind.address(row) if kind.address and slug else ("", [])
    return reverse(name, args=[slug, *arguments]) if name else ""
