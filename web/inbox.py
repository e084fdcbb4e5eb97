"""The inbox: what waits for a person, oldest first. One query a kind of task, over all projects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from datasets_app.models import Attestation
from deid.models import ImportBatch, Run, Sample
from deid.selectors import runs_worked_on_by
from deid.selectors.readings import notes_left_for
from deid.selectors.reviews import unread_notes
from governance.models import Decision, PackageSignature, Submission
from governance.separation import Deeds, part_of
from projects.models import Membership
from training.gates import open_gates
from training.models import Evaluation, TrainingRun
from web.inbox_release import determinations, identifying, new_runs, passages
from web.inbox_task import Roles, Task, projects_with


def tasks_for(user: User) -> list[dict[str, object]]:
    """Everything that waits for this person now."""
    if not user.is_active or user.is_sysadmin:
        return []
    roles = _roles(user)
    found = [
        *_reviews(user, roles),
        *_draws(roles),
        *passages(user, roles),
        *determinations(roles),
        *new_runs(roles),
        *_attestations(user, roles),
        *_overrides(user, roles),
        *_decisions(user, roles),
        *_package_signatures(user),
        *_engineering(roles),
        *_failed_rounds(roles),
        *_failed_jobs(user, roles),
    ]
    return [asdict(task) for task in sorted(found, key=lambda task: task.since)]


def _roles(user: User) -> Roles:
    roles: Roles = {}
    for membership in Membership.objects.filter(user=user, ended_at=None):
        roles.setdefault(membership.project_id, set()).add(Role(membership.role))
    return roles


def _reviews(user: User, roles: Roles) -> Iterator[Task]:
    samples = (
        Sample.objects.filter(
            run__project__in=projects_with(roles, Role.REVIEWER),
            state__in=[Sample.State.OPEN, Sample.State.PASSED],
        )
        .exclude(run__in=runs_worked_on_by(user))
        # A run that shows somebody is never signed off; a data engineer starts the next one.
        .exclude(state=Sample.State.PASSED, run__in=identifying().values("run"))
        .select_related("run__project")
        .annotate(left=Count("items", filter=notes_left_for(user)))
    )
    for sample in samples:
        name = sample.run.project.name
        url = reverse("deid:sample", args=[sample.run.project.slug, sample.pk])
        if sample.state == Sample.State.OPEN:
            if not sample.left:  # others hold what is left, so that nothing waits for this person
                continue
            notes = "1 note" if sample.left == 1 else f"{sample.left} notes"
            why = f"{name}: {notes} to read, round {sample.round}"
            yield Task("Review de-identified notes", why, url, sample.drawn_at)
        else:
            why = f"{name}: round {sample.round} passed and waits for a signature"
            yield Task("Sign off a review", why, url, sample.decided_at or sample.drawn_at)


def _draws(roles: Roles) -> Iterator[Task]:
    latest = (
        Run.objects.filter(project__in=projects_with(roles, Role.REVIEWER))
        .order_by("project_id", "-number")
        .distinct("project_id")
    )
    runs = Run.objects.filter(
        pk__in=latest.values("pk"), state=Run.State.DONE, samples=None
    ).select_related("project")
    for run in runs:
        if unread_notes(run).exists():
            yield Task(
                "Draw a sample for review",
                f"{run.project.name}: run {run.number} is finished and waits to be sampled",
                reverse("deid:reviews", args=[run.project.slug]),
                run.finished_at or run.started_at,
            )


def _attestations(user: User, roles: Roles) -> Iterator[Task]:
    runs = (
        Run.objects.filter(
            project__in=projects_with(roles, Role.COMPLIANCE),
            state=Run.State.SIGNED_OFF,
            attestation=None,
        )
        .exclude(pk__in=runs_worked_on_by(user))
        .select_related("project")
    )
    for run in runs:
        yield Task(
            "Attest no actual knowledge",
            f"{run.project.name}: run {run.number} is signed off and waits for its release",
            reverse("datasets:attest", args=[run.project.slug, run.pk]),
            run.finished_at or run.started_at,
        )


def _overrides(user: User, roles: Roles) -> Iterator[Task]:
    evaluations = (
        Evaluation.objects.filter(
            project__in=projects_with(roles, Role.COMPLIANCE),
            state=Evaluation.State.DONE,
            submissions=None,
        )
        # An approved version stands on what was decided; nothing of it is overridden afterwards.
        .exclude(model_version__submissions__state=Submission.State.APPROVED)
        .select_related("project", "model_version__training_run__dataset__run")
        .prefetch_related("overrides")[:50]
    )
    deeds = Deeds.of({evaluation.project_id for evaluation in evaluations})
    for evaluation in evaluations:
        failed = [gate["label"] for gate in open_gates(evaluation)]
        if failed and not part_of(user, evaluation.model_version, evaluation, deeds):
            version = evaluation.model_version.number
            yield Task(
                "A gate failed",
                f"{evaluation.project.name}: version {version} failed {', '.join(failed)}",
                reverse("governance:override", args=[evaluation.project.slug, evaluation.pk]),
                evaluation.finished_at or evaluation.started_at,
                state="failed",
            )


def _decisions(user: User, roles: Roles) -> Iterator[Task]:
    seats = {
        Decision.Seat.CLINICAL: projects_with(roles, Role.REVIEWER, Role.COMMITTEE),
        Decision.Seat.COMPLIANCE: projects_with(roles, Role.COMPLIANCE),
    }
    submissions = (
        Submission.objects.filter(
            project__in={*seats[Decision.Seat.CLINICAL], *seats[Decision.Seat.COMPLIANCE]},
            state=Submission.State.OPEN,
        )
        .select_related(
            "project", "evaluation", "model_version__training_run__dataset__run", "requested_by"
        )
        .prefetch_related("decisions")
    )
    deeds = Deeds.of({submission.project_id for submission in submissions})
    for submission in submissions:
        taken = {decision.seat for decision in submission.decisions.all()}
        decided = any(d.decided_by_id == user.pk for d in submission.decisions.all())
        free = any(
            submission.project_id in projects and seat not in taken
            for seat, projects in seats.items()
        )
        part = part_of(user, submission.model_version, submission.evaluation, deeds)
        if free and not decided and not part and submission.requested_by_id != user.pk:
            yield Task(
                f"Decide on version {submission.model_version.number}",
                f"{submission.project.name}: submitted by {submission.requested_by.full_name}",
                reverse("governance:submission", args=[submission.project.slug, submission.pk]),
                submission.requested_at,
            )


def _package_signatures(user: User) -> Iterator[Task]:
    waiting = PackageSignature.objects.filter(
        expected=user, signed_at=None, package__state="signing"
    ).select_related("package__project")
    for signature in waiting:
        package = signature.package
        yield Task(
            f"Sign package {package.number}",
            f"{package.project.name}: the documentation package is finished",
            reverse("governance:package", args=[package.project.slug, package.pk]),
            package.created_at,
        )


def _engineering(roles: Roles) -> Iterator[Task]:
    projects = projects_with(roles, Role.DATA_ENGINEER)
    batches = ImportBatch.objects.filter(
        project__in=projects, state=ImportBatch.State.UPLOADED
    ).select_related("project")
    for batch in batches:
        yield Task(
            "Say what the columns are",
            f"{batch.project.name}: import {batch.number} is uploaded",
            reverse("deid:import", args=[batch.project.slug, batch.pk]),
            batch.created_at,
        )
    attested = Attestation.objects.filter(
        run__project__in=projects, run__datasets=None
    ).select_related("run__project")
    for attestation in attested:
        yield Task(
            "Build a dataset",
            f"{attestation.run.project.name}: run {attestation.run.number} is attested",
            reverse("datasets:index", args=[attestation.run.project.slug]),
            attestation.created_at,
        )


def _failed_rounds(roles: Roles) -> Iterator[Task]:
    failed = Sample.objects.filter(
        run__project__in=projects_with(roles, Role.DATA_ENGINEER),
        state=Sample.State.FAILED,
        items__reviews__leaks__remedy="",
        items__reviews__undone_at=None,
    ).select_related("run__project")
    for sample in failed.distinct():
        yield Task(
            "Remedy leaks",
            f"{sample.run.project.name}: round {sample.round} found identifiers that were missed",
            reverse("deid:remedies", args=[sample.run.project.slug, sample.pk]),
            sample.decided_at or sample.drawn_at,
            state="failed",
        )


def _failed_jobs(user: User, roles: Roles) -> Iterator[Task]:
    """What this person started and what then failed, until a later one takes its place."""
    kinds: list[tuple[type[TrainingRun] | type[Evaluation], str, str]] = [
        (TrainingRun, "training:run", "Training run"),
        (Evaluation, "training:evaluation", "Evaluation"),
    ]
    for model, address, words in kinds:
        latest = model.objects.filter(project=OuterRef("project")).order_by("-number")
        failed = model.objects.filter(
            project__in=list(roles), started_by=user, state="failed",
            number=Subquery(latest.values("number")[:1]),
        ).select_related("project")  # fmt: skip
        for found in failed:
            yield Task(
                f"{words} {found.number} failed",
                f"{found.project.name}: read why, then resume it",
                reverse(address, args=[found.project.slug, found.pk]),
                found.started_at,
                state="failed",
            )
