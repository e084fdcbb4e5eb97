"""What the documentation package says of the conditions of release: determination and passages."""

from __future__ import annotations

from deid.evidence import documented_run
from deid.models import ExpertDetermination, Run
from deid.selectors.release import (
    covering,
    flag_counts,
    needs_expert_determination,
    profile_words,
    release_conditions,
    state_of,
)
from evidence.dates import moment
from evidence.sections import Block, Evidence, Field, Scope, Table, Text, section_provider

_STATES = {
    "unsigned": "not signed",
    "in_force": "in force",
    "expired": "EXPIRED",
    "withdrawn": "WITHDRAWN",
}


@section_provider("deid")
def collect(scope: Scope) -> list[Field]:
    run = documented_run(scope)
    if run is None or not run.digest:
        return []
    fields = [Field("release_condition", "Conditions of release", _conditions(run))]
    if needs_expert_determination(run):
        fields.append(Field("expert_determination", "Expert Determination", _determinations(run)))
    return fields


def _conditions(run: Run) -> list[Block]:
    """Each condition as it stands on the day of the package: pass, FAIL or missing."""
    rows = tuple(
        (found.label, found.status.upper(), found.value, found.explanation)
        for found in release_conditions(run)
    )
    flags = flag_counts(run)
    counts = (
        ("Shown to a person", flags.flagged),
        ("Waiting", flags.waiting),
        ("Identify; hidden from the next run on", flags.identifying),
        ("Do not identify, with a reason", flags.harmless),
        ("of them decided in an earlier run", flags.taken_over),
    )
    return [
        Text(profile_words(run)),
        Table(
            f"Conditions of the release of run {run.number}",
            ("Condition", "State", "Value", "Why"),
            rows,
        ),
        Table("Passages shown to a person", ("Passages", "Count"), counts, run.digest),
        Text(
            "Rules look for public offices, persons known to the public, news, records and "
            "prizes, rare public events, the only or the first of a place, multiple births of "
            "four and more, and relations to staff. They hide nothing: a clinician or a "
            "compliance officer decides on each passage. What no rule knows is shown to nobody."
        ),
    ]


def _determinations(run: Run) -> list[Block]:
    """Every determination that covers the run, the expired and withdrawn ones too."""
    found = list(covering(run))
    if not found:
        return [Text("No Expert Determination that covers this run is on record.")]
    head = (
        "Number", "State", "Expert", "Qualification", "Method", "Recipients", "Covers", "Dated",
        "Last day",
    )  # fmt: skip
    blocks: list[Block] = [Table("Determinations", head, tuple(_row(one) for one in found))]
    for one in found:
        if one.withdrawn_at:
            words = f"Determination {one.number} was withdrawn {moment(one.withdrawn_at)}: "
            blocks.append(Text(words + one.withdrawn_reason))
        if one.digest:
            label = f"Expert Determination {one.number}"
            blocks.append(Evidence(label, one.digest, "expert_determination"))
    return blocks


def _row(found: ExpertDetermination) -> tuple[str | int, ...]:
    return (
        found.number, _STATES[state_of(found)], found.expert, found.qualification, found.method,
        found.recipients, found.covers, found.determined_on.isoformat(),
        found.expires_on.isoformat(),
    )  # fmt: skip
