"""What the package says of attestation and dataset."""

from __future__ import annotations

import pytest

from datasets_app.evidence import _contamination, _dataset, collect_attestation, collect_dataset
from datasets_app.services import attest, attestation_manifest, freeze_dataset
from evidence.sections import Scope
from tests.factories.people import PASSWORD
from tests.factories.reviews import make_notes, make_people, make_signed_run

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def test_attestation_and_dataset_are_stated_with_their_digests(db: None) -> None:
    people = make_people(leak_limit=0.4)
    scope = Scope(str(people.project.pk), "9f2c41d0-7be5-483c-8610-f4d2b9e7a15c")
    assert collect_attestation(scope) == []
    assert collect_dataset(scope) == []
    make_notes(people.project, people.operator, 12)
    run = make_signed_run(people)
    digest = attestation_manifest(run).digest
    attest(run=run, actor=people.compliance, password=PASSWORD, shown_digest=digest)
    stated = str(collect_attestation(scope)[0].blocks)
    assert digest in stated
    assert people.compliance.full_name in stated
    dataset = freeze_dataset(project=people.project, actor=people.operator, run=run, seed=1)
    card = " ".join(str(block.to_dict()) for block in _dataset(dataset))
    assert dataset.digest in card
    assert "FAIL" in card
    split = " ".join(str(block.to_dict()) for block in _contamination(dataset))
    assert "Patients in both train and validation" in split
