"""The rounds of review: planned and drawn before reading, decided at the planned size only."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.errors import WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.signing import sign_manifest
from audit.services import record
from deid.models import Run, Sample, SampleItem
from deid.sampling import StratifiedPlan, draw_strata, plan_strata
from deid.selectors.checks import checks_of
from deid.selectors.frame import frame_of, strata_sizes
from deid.selectors.reviews import figures_by_stratum, in_all
from deid.services.checks import add_checks, require_no_new_leak
from deid.services.duties import require_not_operator
from deid.services.release import require_release
from deid.services.results import result_of, sign_off_manifest
from projects.models import Project
from projects.permissions import allowed, require

MEANING = "Verified QA result"


def plan_for(run: Run, sizes: dict[str, int] | None = None) -> StratifiedPlan:
    """How many unread notes of each stratum must be read, by the project's own target."""
    sizes = strata_sizes(run) if sizes is None else sizes
    if not sizes:
        raise WrongState(
            "Every note of this run was read in an earlier round, so no fresh sample is left. "
            "Nothing was drawn; import further notes first."
        )
    project = run.project
    return plan_strata(sizes, project.leak_limit, project.confidence, project.sample_fraction)


@transaction.atomic
def draw_sample(*, run: Run, actor: User, seed: int | None = None) -> Sample:
    """Plan and draw the run's sample; what 0, 1 and 2 leaks will mean is stored with it."""
    _require_drawer(actor, run.project)
    # Rounds are counted over the project, so two draws at once must take turns on it.
    Project.objects.select_for_update().get(pk=run.project_id)
    run = Run.objects.select_for_update(of=("self",)).select_related("project").get(pk=run.pk)
    if run.state != Run.State.DONE:
        raise WrongState(
            "Only a finished run that nobody has judged yet can be sampled. Nothing was drawn."
        )
    if run.samples.exists():
        raise WrongState("This run has its sample already. Nothing was drawn; review that one.")
    frame = frame_of(run)
    plan = plan_for(run, {name: len(notes) for name, notes in frame.items()})
    chosen_seed = secrets.randbelow(2**31) if seed is None else seed
    sample = Sample.objects.create(
        run=run,
        round=(Sample.objects.filter(run__project=run.project).aggregate(m=Max("round"))["m"] or 0)
        + 1,
        seed=chosen_seed,
        population=plan.population,
        size=plan.n,
        acceptance_number=plan.acceptance_number,
        limit=plan.limit,
        confidence=plan.confidence,
        plan=plan.to_dict(),
        drawn_by=actor,
    )
    SampleItem.objects.bulk_create(
        SampleItem(sample=sample, run_note_id=note, stratum=stratum, position=position)
        for position, (stratum, note) in enumerate(
            draw_strata(frame, plan.sizes, chosen_seed), start=1
        )
    )
    add_checks(sample)
    record(
        "qa.sample",
        actor=actor,
        action="C",
        project_id=run.project_id,
        subject=sample,
        details=_plan_in_short(sample),
    )
    return sample


def _plan_in_short(sample: Sample) -> dict[str, Any]:
    return {
        "round": sample.round,
        "run": str(sample.run_id),
        "population": sample.population,
        "size": sample.size,
        "seed": sample.seed,
        "limit": sample.limit,
        "confidence": sample.confidence,
        "acceptance_number": sample.acceptance_number,
    }


def _require_drawer(actor: User, project: Project) -> None:
    if not allowed(actor, project, Permission.RUN_DEID):
        require(actor, project, Permission.REVIEW_SAMPLE)


def close_if_read(sample: Sample, actor: User) -> bool:
    """Judge a round whose planned notes are all read, and whose mended notes are all read again;
    the caller holds the sample's lock."""
    by_stratum = figures_by_stratum(sample)
    unread = sample.size - in_all(by_stratum.values()).read
    if sample.state != Sample.State.OPEN or unread or add_checks(sample):
        return False
    checks = checks_of(sample)
    if checks.read < checks.notes:
        return False
    result = result_of(sample, by_stratum, checks)
    sample.result = result
    sample.decided_at = timezone.now()
    sample.state = Sample.State.PASSED if result["passed"] else Sample.State.FAILED
    sample.save(update_fields=["result", "decided_at", "state"])
    if not result["passed"]:
        Run.objects.filter(pk=sample.run_id).update(state=Run.State.REJECTED)
    record(
        "qa.decision",
        actor=actor,
        action="U",
        project_id=sample.run.project_id,
        subject=sample,
        details={
            "round": sample.round,
            "passed": result["passed"],
            "read": result["read"],
            "leaks": result["leaks"],
            "upper": result["upper"],
        },
    )
    return True


@transaction.atomic
def sign_off(*, sample: Sample, actor: User, password: str, shown_digest: str) -> Sample:
    """A clinician signs the result of a passed round. There is no override."""
    role = require(actor, sample.run.project, Permission.SIGN_OFF_SAMPLE)
    require_not_operator(actor, sample.run, act="sign off its review")
    # Run before sample, as everywhere: two locks in one order cannot wait for each other.
    run = (
        Run.objects.select_for_update(of=("self",))
        .select_related("policy", "project")
        .get(pk=sample.run_id)
    )
    sample = Sample.objects.select_for_update(of=("self",)).get(pk=sample.pk)
    if sample.state != Sample.State.PASSED or run.state != Run.State.DONE:
        raise WrongState(_WHY_NOT[Sample.State(sample.state)])
    require_no_new_leak(sample)
    require_release(run, kept="Nothing was signed.")
    manifest = sign_off_manifest(sample)
    sample.signature = sign_manifest(
        actor=actor,
        project_id=sample.run.project_id,
        password=password,
        role=role,
        meaning=MEANING,
        manifest=manifest,
        shown_digest=shown_digest,
    )
    sample.digest = manifest.digest
    sample.state = Sample.State.SIGNED_OFF
    sample.save(update_fields=["signature", "digest", "state"])
    run.state = Run.State.SIGNED_OFF
    run.save(update_fields=["state"])
    record(
        "qa.decision",
        actor=actor,
        action="U",
        project_id=run.project_id,
        subject=sample,
        details={"round": sample.round, "signed_off": True, "digest": manifest.digest},
    )
    return sample


_WHY_NOT = {
    Sample.State.OPEN: (
        "The planned notes, or the mended ones beside them, are not all read yet. Nothing was "
        "signed; read the rest."
    ),
    Sample.State.PASSED: "This run was judged in the meantime. Nothing was signed.",
    Sample.State.FAILED: (
        "This round failed, and a failed round cannot be signed off by anybody. Nothing was "
        "signed; mend what leaked, run again and review a fresh sample."
    ),
    Sample.State.SIGNED_OFF: "This round is signed off already. Nothing was signed again.",
}
