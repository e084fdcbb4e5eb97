"""The model card: every figure from the records, a failed gate as FAIL, a gap as a gap."""

from __future__ import annotations

import pytest

from evidence.sections import Scope, Section, collect_section
from tests.factories.chain import Chain, make_chain, make_evaluation, make_version, override_all
from training.models import ModelVersion, TrainingRun

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain(db: None) -> Chain:
    return make_chain(failed_round=False)


def section_of(version: ModelVersion) -> Section:
    return collect_section("model", Scope(str(version.project_id), str(version.pk)))


def blocks(section: Section, key: str, kind: str) -> list[dict[str, object]]:
    (field,) = [f for f in section.to_dict()["fields"] if f["key"] == key]
    return [block for block in field["blocks"] if block["type"] == kind]


def test_every_part_that_is_on_record_is_shown(chain: Chain) -> None:
    section = section_of(chain.version)
    for key in ("base_model", "lora", "optimiser", "metrics", "run_history", "contamination"):
        (field,) = [f for f in section.fields if f.key == key]
        assert any(block.type != "gap" for block in field.blocks), key
    gaps = {f.key for f in section.fields if all(block.type == "gap" for block in f.blocks)}
    assert {"clinician_review", "privacy_test", "monitoring_plan", "confusion"} <= gaps


def test_the_version_stands_beside_its_base_with_intervals(chain: Chain) -> None:
    section = section_of(chain.version)
    figures = {str(f["label"]): f for f in blocks(section, "metrics", "figure")}
    mine, base = figures["ROUGE-L F1, version 1"], figures["ROUGE-L F1, base model"]
    assert mine["value"] == 0.2
    assert base["value"] == 0.1
    assert mine["interval"] == [0.16, 0.24]
    assert mine["digest"] == chain.evaluation.digest
    (chart,) = blocks(section, "metrics", "chart")
    assert "<svg" in str(chart["svg"])


def test_a_failed_gate_reads_fail_with_and_without_an_override(chain: Chain) -> None:
    (gates,) = blocks(section_of(chain.version), "metrics", "table")
    assert {row[1] for row in gates["rows"]} == {"FAIL"}  # type: ignore[attr-defined]
    override_all(chain)
    section = section_of(chain.version)
    (gates,) = blocks(section, "metrics", "table")
    assert {row[1] for row in gates["rows"]} == {"FAIL"}  # type: ignore[attr-defined]
    said = " ".join(str(text["body"]) for text in blocks(section, "metrics", "text"))
    assert "reads FAIL and was overridden by Compliance, compliance officer on" in said


def test_a_second_version_is_compared_with_the_first_by_patient(chain: Chain) -> None:
    people, first = chain.people, chain.version
    second = make_version(people, first.training_run.dataset, continues=first)
    make_evaluation(people, second, chain.evaluation.gold_set, rouge=0.25)
    labels = [str(f["label"]) for f in blocks(section_of(second), "metrics", "figure")]
    assert "Gain over version 1, by patient" in labels
    gain = next(
        f
        for f in blocks(section_of(second), "metrics", "figure")
        if f["label"] == "Gain over version 1, by patient"
    )
    assert gain["value"] == 0.05


def test_failed_runs_are_listed(chain: Chain) -> None:
    TrainingRun.objects.filter(pk=chain.version.training_run_id).update(number=2)
    failed = TrainingRun.objects.get(pk=chain.version.training_run_id)
    failed.pk, failed.number, failed.state = None, 1, TrainingRun.State.FAILED
    failed._state.adding = True
    failed.save()
    TrainingRun.objects.filter(pk=failed.pk).update(started_at=chain.version.created_at)
    section = section_of(chain.version)
    (count,) = blocks(section, "run_history", "figure")
    assert (count["value"], count["n"]) == (1, 2)


def test_another_projects_version_shows_nothing(chain: Chain) -> None:
    other = make_chain(failed_round=False)
    section = collect_section("model", Scope(str(other.project.pk), str(chain.version.pk)))
    (base,) = [f for f in section.fields if f.key == "base_model"]
    assert all(block.type == "gap" for block in base.blocks)
