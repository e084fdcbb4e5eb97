"""What the documentation package says of imports, policy and runs; reviews: `evidence_qa`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from deid.categories import CATEGORIES
from deid.engine.output_basis import SURROGATES, basis_of
from deid.models import ImportBatch, Run
from deid.selectors import lowering_changes
from deid.selectors.runs import holds_keys, map_of
from evidence.sections import Evidence, Field, Figure, Scope, Table, Text, section_provider

_ZIP_LIST = Path(__file__).parent / "engine" / "data" / "zip3_restricted.json"


def documented_run(scope: Scope) -> Run | None:
    """The run that taught the version; before there is one, the newest signed-off or frozen run."""
    runs = Run.objects.filter(project_id=scope.project_id).select_related("policy", "operator")
    if scope.deid_run_id:
        return runs.get(pk=scope.deid_run_id)
    signed = runs.filter(state=Run.State.SIGNED_OFF).first()
    return signed or runs.exclude(digest="").first()


@section_provider("deid")
def collect(scope: Scope) -> list[Field]:
    run = documented_run(scope)
    fields = [_sources(scope, run)]
    if run is not None:
        fields += [_profile(run), _categories(run), _pipeline(run)]
        fields += [_surrogates(run), _zip_rule(run), _crosswalk(run), _limits()]
    return [field for field in fields if field.blocks]


def _sources(scope: Scope, run: Run | None) -> Field:
    """The imports that the run read: what was imported later is no part of what was decided."""
    found = ImportBatch.objects.filter(project_id=scope.project_id).exclude(digest="")
    if run is not None and run.manifest:
        read = [p["digest"] for p in run.manifest["parents"] if p["kind"] == "import_batch"]
        found = found.filter(digest__in=read)
    batches = list(found)
    if not batches:
        return Field("import_batch", "Imports", [], "sources")
    rows = tuple(_batch_row(batch) for batch in reversed(batches))
    types: dict[str, int] = {}
    for batch in batches:
        for name, count in _body(batch)["note_types"].items():
            types[name] = types.get(name, 0) + count
    head = (
        "Import", "Kind", "Records", "Added", "Updated", "Unchanged", "Left out",
        "Without a patient",
    )  # fmt: skip
    return Field(
        "import_batch",
        "Imports",
        [
            Table("Imports that the run read", head, rows),
            Table("Note versions by type", ("Type", "Notes"), tuple(sorted(types.items()))),
            *(
                Evidence(f"Import {batch.number}", batch.digest, "import_batch")
                for batch in reversed(batches)
            ),
            Text("Dates of notes are encrypted and not evaluated, so no range of years is stated."),
        ],
        "sources",
    )


def _body(sealed: ImportBatch | Run) -> dict[str, Any]:
    """The body of a manifest that the caller knows to exist: rows with a digest have one."""
    assert sealed.manifest is not None
    return dict(sealed.manifest["body"])


def _batch_row(batch: ImportBatch) -> tuple[str | int, ...]:
    body = _body(batch)
    whole = "" if body["complete"] else " (closed before its end)"
    return (
        f"{batch.number}{whole}", batch.get_kind_display(), body["records"], batch.added,
        batch.updated, batch.unchanged, batch.rejected, batch.without_patient,
    )  # fmt: skip


def _profile(run: Run) -> Field:
    basis = basis_of(run.policy.content)
    blocks: list[Any] = [
        Text(f"Profile {basis.profile}, {basis.citation} ({basis.method}). {basis.statement}"),
        Evidence(f"Policy version {run.policy.number}", run.policy.commitment, "commitment"),
    ]
    if run.policy.term_count:
        blocks.append(Figure("Terms that the organisation always hides", run.policy.term_count))
    blocks += _lowered(run)
    return Field("deid_profile", "Profile and legal basis", blocks, "profile")


def _lowered(run: Run) -> list[Any]:
    """The versions up to the run's that may hide less than the one before, with their reasons."""
    found = lowering_changes(run.policy)
    if not found:
        return [Text("No version of the policy up to this one hides less than the one before.")]
    rows = tuple(
        (
            row["number"],
            row["at"].date().isoformat(),
            row["by"],
            "; ".join(row["words"]),
            row["reason"],
            _tried(row["trial"]),
        )
        for row in found
    )
    head = ("Version", "Made", "By", "Change", "Reason", "Tried before")
    return [Table("Versions of the policy that may hide less than the one before", head, rows)]


def _tried(trial: dict[str, Any] | None) -> str:
    if trial is None:
        return "no"
    return (
        f"on {trial['notes']} of {trial['population']} notes: "
        f"{trial['more']} more hidden, {trial['fewer']} fewer"
    )


_TAGGED, _FAKED = "replaced by a tag", "replaced by a surrogate"
# What a category's own treatment is, where it differs from the rest of the output.
_ACTIONS: dict[tuple[str, bool], dict[str, str]] = {
    ("tags", False): {},
    ("surrogates", False): dict.fromkeys(("DATE_AGE", "BIOMETRIC", "PHOTO"), _TAGGED),
    ("surrogates", True): {
        "DATE_AGE": "dates shifted, ages over 89 replaced by a tag",
        **dict.fromkeys(("BIOMETRIC", "PHOTO"), _TAGGED),
    },
}


def _categories(run: Run) -> Field:
    found = _body(run)["detectors"]
    basis = basis_of(run.policy.content)
    faked = basis.output == SURROGATES
    rows = tuple(
        (
            letter,
            name,
            ", ".join(f"{by} {count}" for by, count in found.get(code, {}).items()) or "none found",
            _ACTIONS[basis.output, basis.date_shift].get(code, _FAKED if faked else _TAGGED),
            run.counts.get(code, 0),
        )
        for code, (letter, name) in CATEGORIES.items()
    )
    head = ("Letter", "Category", "Found by", "Action", "Replaced")
    return Field(
        "safe_harbor_categories x deid_run",
        "The eighteen categories",
        [
            Table(
                f"Run {run.number}: identifiers replaced by category",
                head,
                rows,
                run.digest or None,
            ),
            Text(
                "Biometric identifiers and photographs are looked for as mentions in text; images "
                "are not imported."
            ),
        ],
        "categories",
    )


def _pipeline(run: Run) -> Field:
    parts = tuple((name, value) for name, value in sorted(run.engine.items()))
    runs = (
        Run.objects.filter(project_id=run.project_id, number__lte=run.number)
        .select_related("policy")
        .order_by("number")
    )
    history = tuple(
        (r.number, r.get_state_display().lower().replace("_", " "), r.policy.number, r.note_count)
        for r in runs
    )
    return Field(
        "deid_run",
        "Engine and run",
        [
            Figure("Notes", run.note_count, "notes", digest=run.digest),
            Figure("Patients", run.patient_count, "patients", digest=run.digest),
            Table("Engine", ("Part", "Version or SHA-256"), parts, run.digest or None),
            Table("Every run up to this one", ("Run", "State", "Policy", "Notes"), history),
            Evidence(f"Run {run.number}", run.digest, "deid_run"),
        ],
        "pipeline",
    )


_OUTPUT_WORDS = {
    ("tags", False): "No surrogates: identifiers become tags such as [NAME], dates become [DATE] "
    "and are not shifted.",
    ("surrogates", False): "Each identifier becomes a surrogate that is the same in all notes of a "
    "patient and is drawn at random under a key of that patient; what no fake can stand for "
    "becomes a tag. Dates become [DATE] and are not shifted.",
    ("surrogates", True): "Each identifier becomes a surrogate that is the same in all notes of a "
    "patient and is drawn at random under a key of that patient; what no fake can stand for "
    "becomes a tag. Dates are moved by one random number of days for each patient, from 30 to 730 "
    "either way. A date that cannot be moved, or that could show an age of 90, becomes [DATE]; an "
    "age over 89 becomes [AGE_90+].",
}
_NO_KEYS = "No key is kept: the keys were destroyed when the run was finished."
_KEYS = "Keys of this run still lie encrypted in the installation's database."


def _surrogates(run: Run) -> Field:
    basis = basis_of(run.policy.content)
    blocks: list[Any] = [Text(_OUTPUT_WORDS[basis.output, basis.date_shift])]
    if basis.output == SURROGATES:
        blocks.append(Text(_KEYS if holds_keys(run) else _NO_KEYS))
    return Field("deid_profile", "Tags, surrogates and dates", blocks, "surrogates")


@cache
def _zip_list() -> dict[str, Any]:
    return dict(json.loads(_ZIP_LIST.read_text("utf-8")))


def _zip_rule(run: Run) -> Field:
    known = _zip_list()
    faked = basis_of(run.policy.content).output == SURROGATES
    becomes = "a random one" if faked else "[LOCATION]"
    return Field(
        "zip3_restricted",
        "ZIP rule",
        [
            Text(f"No digits of a ZIP code are kept: the whole code becomes {becomes}."),
            Text(f"List of restricted prefixes {known['version']}: {known['source']}."),
        ],
        "zip_rule",
    )


def _map_words(run: Run) -> list[Text]:
    """Whether surrogates can be looked up; nothing for a run that writes none."""
    if basis_of(run.policy.content).output != SURROGATES:
        return []
    kept = map_of(run)
    if kept is None:
        return [Text("No map of the surrogates was kept: nobody can look up what one stands for.")]
    asked = f"A map of the surrogates was asked for on {kept.asked_at:%Y-%m-%d}"
    if kept.deleted_at:
        return [Text(f"{asked} and deleted on {kept.deleted_at:%Y-%m-%d}.")]
    return [
        Text(
            f"{asked}. It lies encrypted, is never exported, and a compliance officer looks up one "
            "surrogate at a time; every look-up is in the audit trail."
        )
    ]


def _crosswalk(run: Run) -> Field:
    return Field(
        "crosswalk policy (no codes printed)",
        "Re-identification code",
        [
            Text(
                "Notes and patients carry random UUIDs that are not derived from anything about "
                "the patient. What links them to record numbers lies encrypted (AES-GCM) in the "
                "installation's database; its keys lie in a folder of their own. Raw notes are "
                "read by data engineers and clinician reviewers of the project only, and every "
                "reading is in the audit trail."
            ),
            *_map_words(run),
        ],
        "crosswalk",
    )


def _limits() -> Field:
    return Field(
        "deid_run.notes",
        "Limits",
        [
            Text(
                "Rules, word lists and a small statistical model find identifiers; none of them "
                "finds all. The residual rate of notes with a missed identifier is bounded by the "
                "clinicians' sample that this section states, and by nothing else. Free text that "
                "describes a unique circumstance may identify a patient without any of the "
                "eighteen identifiers; 45 CFR 164.514(b)(2)(ii) asks for an attestation on that."
            )
        ],
        "limits",
    )
