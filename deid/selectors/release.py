"""Reading what a release waits for: determinations, flags, and the conditions of a run."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from textwrap import shorten
from typing import Any

from django.db.models import Count, Q, QuerySet

from deid.engine.output_basis import basis_of
from deid.models import ExpertDetermination, Run, UniqueFlag
from projects.models import Project


def needs_expert_determination(run: Run) -> bool:
    """Whether the run's frozen policy writes surrogates with shifted dates.

    A moved date still tells the intervals between dates, so that this output is not Safe Harbor.
    """
    return basis_of(run.policy.content).needs_expert


def runs_that_need_one(project: Project) -> QuerySet[Run]:
    """The finished runs that need an Expert Determination, newest first.

    Their manifests say so, as the database's own rules read them: no policy is decrypted.
    """
    found = project.runs.filter(manifest__body__needs_expert_determination=True)
    return found.exclude(digest="").order_by("-number")


def profile_words(run: Run) -> str:
    """What the run's profile is by law, and what its release needs."""
    basis = basis_of(run.policy.content)
    return f"{basis.name}: {basis.statement}"


def today() -> date:
    """The day by UTC, as the database's own rules count it."""
    return datetime.now(UTC).date()


def determinations(project: Project) -> QuerySet[ExpertDetermination]:
    return project.determinations.select_related("uploaded_by", "withdrawn_by", "signature", "run")


def determination_of(project: Project, identity: uuid.UUID) -> ExpertDetermination | None:
    """A determination of this project; an id from elsewhere finds nothing."""
    return determinations(project).select_related("project").filter(pk=identity).first()


def covering(run: Run) -> QuerySet[ExpertDetermination]:
    """Every determination made for this run or for all of its project, whatever its state."""
    return determinations(run.project).filter(Q(run=None) | Q(run=run))


def determination_for(run: Run) -> ExpertDetermination | None:
    """The one that the run can be released under today: signed, not withdrawn, not expired.

    Of several the one that holds longest.
    """
    valid = covering(run).filter(
        signature__isnull=False, withdrawn_at=None, expires_on__gte=today()
    )
    return valid.order_by("-expires_on", "-number").first()


def state_of(found: ExpertDetermination) -> str:
    """`withdrawn`, `unsigned`, `expired` or `in_force`."""
    if found.withdrawn_at:
        return "withdrawn"
    if found.signature_id is None:
        return "unsigned"
    return "in_force" if found.expires_on >= today() else "expired"


@dataclass(frozen=True)
class Flags:
    """Passages of a run by what was decided on them."""

    flagged: int
    waiting: int
    identifying: int
    harmless: int
    taken_over: int  # of the harmless ones, as decided in an earlier run

    def to_dict(self) -> dict[str, int]:
        return {
            "flagged": self.flagged,
            "waiting": self.waiting,
            "identifying": self.identifying,
            "harmless": self.harmless,
            "taken_over_from_earlier_runs": self.taken_over,
        }


def flag_counts(run: Run) -> Flags:
    kinds = UniqueFlag.Decision
    found = UniqueFlag.objects.filter(run=run).aggregate(
        flagged=Count("pk"),
        waiting=Count("pk", filter=Q(decision=kinds.OPEN)),
        identifying=Count("pk", filter=Q(decision=kinds.IDENTIFIES)),
        harmless=Count("pk", filter=Q(decision=kinds.HARMLESS)),
        taken_over=Count("pk", filter=Q(decision=kinds.HARMLESS, earlier__isnull=False)),
    )
    return Flags(**found)


def looked_for_passages(run: Run) -> bool:
    """Whether the run was made by a version that looks for such passages."""
    return "unique_characteristics" in (run.manifest or {}).get("body", {})


@dataclass(frozen=True)
class Condition:
    """One condition of release, in the shape of a gate; `refusal` is set where it forbids."""

    label: str
    status: str  # pass, fail or missing
    value: int
    limit: int
    direction: str
    unit: str
    explanation: str
    n: int | None = None
    refusal: str = ""

    def to_gate(self, url: str = "") -> dict[str, Any]:
        return {
            "label": self.label, "status": self.status, "value": self.value, "unit": self.unit,
            "limit": self.limit, "direction": self.direction, "n": self.n,
            "explanation": self.explanation, "url": url,
        }  # fmt: skip


DETERMINATION = "Expert Determination in force"
PASSAGES = "Passages that wait or identify"


def release_conditions(run: Run) -> list[Condition]:
    """What must hold before the run is signed off, attested, built from or exported."""
    expert = [_expert_condition(run)] if needs_expert_determination(run) else []
    return [*expert, _passages_condition(run)]


def _expert_condition(run: Run) -> Condition:
    valid = determination_for(run)
    if valid:
        words = (
            f"Determination {valid.number} by {shorten(valid.expert, 60)} holds until "
            f"{valid.expires_on}, for these recipients: {shorten(valid.recipients, 120)}"
        )
        return Condition(DETERMINATION, "pass", 1, 1, "at_least", "determination", words)
    states = {state_of(found) for found in covering(run)}
    why = next(words for state, words in _WHY_NONE.items() if state in states or not state)
    return Condition(
        DETERMINATION,
        "fail" if states & {"withdrawn", "expired"} else "missing",
        0,
        1,
        "at_least",
        "determination",
        why,
        refusal=f"{profile_words(run)} {why}",
    )


# The first that applies, from the nearest to being in force to the farthest.
_WHY_NONE = {
    "unsigned": "One is uploaded; a compliance officer has not signed it yet.",
    "expired": "The one that covered this run has expired.",
    "withdrawn": "The one that covered this run was withdrawn.",
    "": "None that covers this run is uploaded.",
}


def _passages_condition(run: Run) -> Condition:
    found = flag_counts(run)
    status, words, refusal = "pass", _decided_words(found), ""
    if found.identifying:
        status = "fail"
        words = refusal = (
            f"{_passages(found.identifying)} of this run may identify a patient. A new run hides "
            "what was marked; this one cannot be released."
        )
    elif found.waiting:
        status = "missing"
        words = refusal = f"{_passages(found.waiting)} of this run still wait for a decision."
    elif not looked_for_passages(run):
        status = "missing"
        words = "This run was made by a version that did not look for such passages."
    return Condition(
        PASSAGES,
        status,
        found.waiting + found.identifying,
        0,
        "at_most",
        "passages",
        words,
        n=found.flagged,
        refusal=refusal,
    )


def _passages(count: int) -> str:
    return "1 passage" if count == 1 else f"{count:,} passages"


def _decided_words(found: Flags) -> str:
    if not found.flagged:
        return "None was found in the notes of this run."
    taken = f", {found.taken_over:,} of them in an earlier run" if found.taken_over else ""
    return f"{_passages(found.flagged)} found; a person decided that none identifies{taken}."


def flags(run: Run, decision: str = "") -> QuerySet[UniqueFlag]:
    """A run's flags for a list, in the order of the queue. No text is decrypted."""
    found = UniqueFlag.objects.filter(run=run).select_related("run_note__note", "decided_by")
    found = found.defer("run_note__text", "run_note__spans", "run_note__salt")
    return found.filter(decision=decision) if decision else found


def flag_of(run: Run, identity: uuid.UUID) -> UniqueFlag | None:
    """A flag of this run, with its note; an id from elsewhere finds nothing."""
    found = UniqueFlag.objects.filter(run=run, pk=identity)
    return found.select_related(
        "run_note__note__patient__project", "run__project", "run__policy", "decided_by", "earlier"
    ).first()


def neighbour(flag: UniqueFlag, *, back: bool = False, waiting: bool = False) -> UniqueFlag | None:
    """The next flag of the run in the order of the queue, or the one before."""
    place = {"run_note": flag.run_note_id, "position": flag.position}
    side = "lt" if back else "gt"
    beyond = Q(**{f"run_note__{side}": place["run_note"]}) | Q(
        run_note=place["run_note"], **{f"position__{side}": place["position"]}
    )
    found = UniqueFlag.objects.filter(beyond, run=flag.run_id)
    if waiting:
        found = found.filter(decision=UniqueFlag.Decision.OPEN)
    order = ("-run_note", "-position") if back else ("run_note", "position")
    return found.order_by(*order).first()


def first_waiting(run: Run) -> UniqueFlag | None:
    return flags(run, UniqueFlag.Decision.OPEN).order_by("run_note", "position").first()
