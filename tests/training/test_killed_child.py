"""A training child that is killed, resumed, registered and judged: real engine, real commits."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from audit.models import Entry
from evidence.digests import digest_folder
from jobs import services as job_services
from jobs.models import Job
from jobs.services import run_job
from tests.factories.chain import Chain, make_chain
from tests.training.tiny import write_tiny_base
from training import child, services
from training.models import Evaluation, LossPoint, ModelVersion, TrainingRun
from training.services.bases import ensure_base, folder_of
from vault import artefacts

SMALL = {
    "rank": 4, "alpha": 8, "max_length": 256, "tokens_per_step": 256, "learning_rate": 0.01,
    "checkpoint_every": 1, "max_steps": 8, "epochs": 8,
}  # fmt: skip


@pytest.fixture
def committed(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Chain:
    """Real commits, since the job's heartbeat has a connection of its own."""
    # The job is run here, in the code of the worker: nobody waits at the queue.
    monkeypatch.setattr(job_services, "_send", lambda job: None)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    chain = make_chain(failed_round=False)
    base = folder_of(ensure_base())
    if not base.exists():
        write_tiny_base(base)
    return chain


def job_of(subject: TrainingRun | Evaluation) -> Job:
    return Job.objects.filter(subject_id=subject.pk).latest("created_at")


def _kill_the_child_after(run: TrainingRun, step: int) -> threading.Thread:
    """SIGKILL to the engine as soon as it has reported `step`, as the kernel would for memory."""

    def watch() -> None:
        try:
            while not LossPoint.objects.filter(run=run, step__gte=step).exists():
                time.sleep(0.02)
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    words = (folder / "cmdline").read_bytes()
                except OSError:
                    continue
                if b"training.engine" in words and str(run.pk).encode() in words:
                    os.kill(int(folder.name), signal.SIGKILL)
        finally:
            connection.close()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_a_killed_child_goes_on_from_its_checkpoint_and_is_judged_against_the_base(
    committed: Chain,
) -> None:
    run = services.start_training(
        project=committed.project,
        actor=committed.people.ml_admin,
        dataset=committed.version.training_run.dataset,
        parameters=SMALL,
    )
    watcher = _kill_the_child_after(run, step=3)
    run_job(job_of(run).pk)
    watcher.join()
    run.refresh_from_db()
    assert run.state == TrainingRun.State.DONE, job_of(run).error_message
    steps = list(run.losses.filter(split="train").values_list("step", flat=True))
    assert steps == list(range(1, 9))

    version = run.model_version
    assert digest_folder(artefacts.path_of(version.adapter_artefact)) == version.adapter_artefact
    parents = {(p["kind"], p["digest"]) for p in version.manifest["parents"]}
    assert ("dataset", run.dataset.digest) in parents
    assert ("base_model", version.base_digest) in parents
    assert ("training_config", run.config_digest) in parents
    _judge(committed, version)


def test_a_child_that_is_killed_again_and_again_fails_the_run_with_a_sentence(
    committed: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "RESTARTS", 0)
    run = services.start_training(
        project=committed.project,
        actor=committed.people.ml_admin,
        dataset=committed.version.training_run.dataset,
        parameters=SMALL,
    )
    watcher = _kill_the_child_after(run, step=3)
    run_job(job_of(run).pk)
    watcher.join()
    run.refresh_from_db()
    assert run.state == TrainingRun.State.FAILED
    assert job_of(run).error_message
    assert Entry.objects.filter(event="train.fail").exists()


def _judge(chain: Chain, version: ModelVersion) -> None:
    gold_set = chain.evaluation.gold_set
    evaluation = services.start_evaluation(
        project=chain.project,
        actor=chain.people.ml_admin,
        model_version=version,
        gold_set=gold_set,
    )
    services.cancel_evaluation(evaluation=evaluation, actor=chain.people.ml_admin)
    evaluation.refresh_from_db()
    assert evaluation.state == Evaluation.State.CANCELLED
    services.resume_evaluation(evaluation=evaluation, actor=chain.people.ml_admin)
    run_job(job_of(evaluation).pk)
    evaluation.refresh_from_db()
    assert evaluation.state == Evaluation.State.DONE, job_of(evaluation).error_message
    figure = evaluation.results["rouge_l"]
    assert figure["interval"][0] <= figure["value"] <= figure["interval"][1]
    assert figure["n"] == gold_set.item_count
    (gate,) = [g for g in evaluation.gates if g["gate"]["id"] == "rouge_l"]
    assert gate["status"] == "fail"
    assert "lower confidence limit" in gate["explanation"]
    rows = artefacts.read_bytes(evaluation.outputs_artefact).decode().splitlines()
    assert len(rows) == gold_set.item_count
    assert "answer" in json.loads(rows[0])
    log = Path(settings.DATA) / "evaluations" / f"{evaluation.pk}.log"
    assert "bronchitis" not in log.read_text(errors="replace")
