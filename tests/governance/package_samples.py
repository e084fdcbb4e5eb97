"""A small but whole package with every kind of block, for the tests."""

from datetime import UTC, datetime

from evidence.blocks import Chart, Evidence, Figure, Table, Text
from evidence.canonical import canonical_json
from evidence.charts import IntervalRow, Series, interval_chart, line_chart
from evidence.manifests import Manifest, Parent
from evidence.pki import Authority
from evidence.sections import Field, Registry, Scope, section_ids
from governance.package.content import Decision, ExpectedSigner, PackageContent

AT = "2026-11-25T09:00:00+00:00"
LEAF = "ab" * 32
NOTES = Manifest("note_batch", "n-1", AT, {"notes": 412}, (Parent("upload", LEAF),))
RUN = Manifest("deid_run", "r-1", AT, {"engine": "1.0"}, (Parent("note_batch", NOTES.digest),))
MODEL = Manifest("model_version", "m-1", AT, {"rank": 32}, (Parent("deid_run", RUN.digest),))
SIGNERS = (
    ExpectedSigner("clinician", "reviewer", "Dr. Ana Núñez", "Clinician"),
    ExpectedSigner("compliance", "compliance", None, "Compliance officer"),
)


def decision(authority: Authority, label: str = "Approval by the clinician") -> Decision:
    manifest = Manifest(
        "decision", "d-1", AT, {"verdict": "approve"}, (Parent("model_version", MODEL.digest),)
    )
    person = authority.issue_person("Dr. Ana Núñez", "ana@example.org", "u-1", "reviewer")
    data = manifest.canonical()
    return Decision(label, data, person.sign_cms(data, "Approved"))


def checkpoint(authority: Authority) -> bytes:
    statement = {"kind": "audit-checkpoint", "number": 812, "hash": "cd" * 32, "at": AT}
    seal = authority.seal(canonical_json(statement)).hex()
    return canonical_json({"statement": statement, "seal": seal})


def registry() -> Registry:
    made = Registry()
    table = Table("Spans by category", ("Category", "Found"), (("NAME", 1204), ("DATE", 988)))

    @made.provider("deid")
    def deid(scope: Scope) -> list[Field]:
        return [
            Field(
                "qa_result",
                "",
                (
                    Figure("Notes read", 120, "notes", None, 412, RUN.digest),
                    Figure("Leak rate", 0.8, "%", (0.0, 4.1), 120, RUN.digest),
                    Text("One note of 120 still held a name; it was added to the policy."),
                    table,
                    Evidence("De-identification run", RUN.digest, "deid_run"),
                ),
            )
        ]

    @made.provider("model")
    def model(scope: Scope) -> list[Field]:
        loss = [Series("training", [(i, 3.0 - 0.03 * i) for i in range(1, 13)])]
        rows = [
            IntervalRow("ROUGE-L, candidate", 0.21, 0.18, 0.25, 0.35),
            IntervalRow("ROUGE-L, base", 0.09, 0.07, 0.12),
        ]
        return [
            Field(
                "loss",
                "Loss curve",
                (Chart("Loss", line_chart("Loss", "step", "loss", loss), table),),
            ),
            Field(
                "gates",
                "Gates",
                (Chart("ROUGE-L with 95 % interval", interval_chart("ROUGE-L", rows), table),),
            ),
        ]

    return made


def content(
    authority: Authority, *, demonstration: bool = True, **changes: object
) -> PackageContent:
    made = registry()
    scope = Scope("p-1", "m-1", "s-1")
    values: dict[str, object] = {
        "package_id": "0d9e7c1a-5a53-4a0b-9d6e-2f4a5b6c7d8e",
        "title": "Discharge summaries, version 2",
        "organisation": "St. Example Hospital",
        "project": "Discharge summaries",
        "system_version": "0.1.0",
        "generated_at": datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
        "demonstration": demonstration,
        "model_version": "summarisation-2",
        "model_digests": {"adapter": "12" * 32, "base model": "34" * 32},
        "sections": [made.collect(section, scope) for section in section_ids()],
        "decisions": [decision(authority)],
        "manifests": [NOTES, RUN, MODEL],
        "audit_checkpoint": checkpoint(authority),
        "expected_signers": SIGNERS,
        "ca_certificate_pem": authority.ca_certificate_pem,
        "overrides": [
            "ROUGE-L is 0.18 at the lower confidence limit and 0.35 is required. "
            "Overridden by Ruth Cole, compliance officer: demonstration on synthetic notes."
        ],
        "leaves": {LEAF: "upload"},
    }
    return PackageContent(**(values | changes))  # type: ignore[arg-type]
