"""The stage's own page, and the acts that start from it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import InvalidInput
from accounts.roles import Permission
from datasets_app import selectors, services
from datasets_app.forms import DatasetForm, GoldForm
from datasets_app.seeds import new_seed
from datasets_app.services.gold_sets import pick_gold_notes
from datasets_app.views._pages import (
    ATTESTATION_COLUMNS,
    DATASET_COLUMNS,
    GOLD_COLUMNS,
    STAGE,
    attestation_row,
    dataset_row,
    gold_row,
    waiting_row,
)
from deid.models import Run
from projects.models import Project
from projects.pages import actor_of, page_of, why_not
from projects.selectors import project_for


@login_required
@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, project_for(actor_of(request), slug))


def _page(
    request: HttpRequest,
    project: Project,
    gold_form: GoldForm | None = None,
    dataset_form: DatasetForm | None = None,
) -> HttpResponse:
    """Everything of the stage; a form that was not accepted comes back with its errors."""
    page = page_of(request, selectors.datasets(project))
    waiting = [waiting_row(project, run) for run in selectors.runs_to_attest(project)]
    attested = [attestation_row(project, a) for a in selectors.attestations(project)]
    runs = _attested_runs(project)
    invalid = gold_form or dataset_form
    return render(
        request,
        "datasets_app/index.html",
        {
            "project": project,
            "rail_current": STAGE,
            "page": page,
            "rows": [dataset_row(project, dataset) for dataset in page],
            "columns": DATASET_COLUMNS,
            "gold_rows": [gold_row(project, gold) for gold in selectors.gold_sets(project)],
            "gold_columns": GOLD_COLUMNS,
            "attestation_rows": waiting + attested,
            "attestation_columns": ATTESTATION_COLUMNS,
            "attested": bool(attested),
            "may_not": why_not(actor_of(request), project, Permission.BUILD_DATASET),
            "gold_form": gold_form or GoldForm(),
            "dataset_form": dataset_form or DatasetForm(runs=runs),
        },
        status=400 if invalid else 200,
    )


def _attested_runs(project: Project) -> object:
    return Run.objects.filter(project=project, attestation__isnull=False).order_by("-number")


@login_required
@require_POST
def freeze_gold(request: HttpRequest, slug: str) -> HttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    form = GoldForm(request.POST)
    if not form.is_valid():
        return _page(request, project, gold_form=form)
    try:
        notes = pick_gold_notes(
            project=project,
            patients=form.cleaned_data["patients"],
            seed=new_seed(),
        )
    except InvalidInput as problem:
        form.add_error("patients", problem.message)
        return _page(request, project, gold_form=form)
    gold = services.freeze_gold_set(project=project, actor=actor, note_ids=notes)
    messages.success(request, f"Gold set {gold.number} is frozen with {gold.item_count} items.")
    return redirect("datasets:gold-set", slug=slug, gold_set_id=gold.pk)


@login_required
@require_POST
def freeze_dataset(request: HttpRequest, slug: str) -> HttpResponse:
    actor, project = actor_of(request), project_for(actor_of(request), slug)
    form = DatasetForm(request.POST, runs=_attested_runs(project))
    if not form.is_valid():
        return _page(request, project, dataset_form=form)
    dataset = services.freeze_dataset(
        project=project,
        actor=actor,
        run=form.cleaned_data["run"],
        seed=new_seed(),
        validation_fraction=form.cleaned_data["validation_percent"] / 100,
    )
    messages.success(request, f"Dataset {dataset.number} is frozen.")
    return redirect("datasets:dataset", slug=slug, dataset_id=dataset.pk)
