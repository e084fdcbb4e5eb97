"""Every round stands in the package, with its plan, its people and what was mended."""

from __future__ import annotations

import pytest

from deid.evidence_qa import collect
from deid.selectors.reviews import open_leaks
from deid.services.remedies import remedy_leaks
from deid.services.samples import draw_sample
from evidence.sections import Scope, section_spec
from tests.factories.reviews import (
    make_notes,
    make_people,
    make_run,
    make_signed_run,
    read_all,
)

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def shown(project_id: object) -> dict[str, str]:
    fields = collect(Scope(project_id=str(project_id), model_version_id=""))
    return {f.key: " ".join(str(block.to_dict()) for block in f.blocks) for f in fields}


def test_failed_and_passed_rounds_stand_side_by_side(db: None) -> None:
    people = make_people(leak_limit=0.4)
    make_notes(people.project, people.operator, 40)
    failed = draw_sample(run=make_run(people), actor=people.operator, seed=1)
    read_all(failed, people.reviewer, leaks_in=failed.size)
    remedy_leaks(leaks=list(open_leaks(people.project)), actor=people.operator)
    signed = make_signed_run(people)
    found = shown(people.project.pk)
    assert set(found) == {"qa_plan", "qa_result", "reviewers", "corrective_actions"}
    keys = {required.key for required in section_spec("deid").fields}
    assert set(found) <= keys
    assert "FAILED" in found["qa_result"]
    assert "signed off" in found["qa_result"]
    assert signed.samples.get().digest in found["qa_result"]
    assert people.reviewer.full_name in found["reviewers"]
    assert "known identifiers" in found["corrective_actions"]
    assert "fresh sample" in found["corrective_actions"]
    assert "Vexley" not in "".join(found.values())


def test_a_project_without_a_round_leaves_the_fields_as_gaps(db: None) -> None:
    assert shown(make_people().project.pk) == {}
