"""More of everything: a project whose every list is longer by the same kinds of rows."""

from __future__ import annotations

from django.utils import timezone

from accounts.roles import Role
from deid.models import PolicyVersion
from deid.services.import_manifest import seal_batch
from deployment.models import Target
from deployment.services import issue_key
from evidence.digests import new_salt, sha256_hex
from governance.models import Package, PackageSignature
from governance.services.package_content import expected_slots
from tests.factories.chain import (
    Chain,
    _frozen,
    _signed_run,
    approved,
    make_evaluation,
    make_version,
    submitted,
)
from tests.factories.people import make_member, make_project
from tests.factories.reviews import make_notes
from tests.factories.rollouts import make_live, make_target


def add_generation(chain: Chain, target: Target) -> None:
    """From an import to a live version with its package, and what waits for people meanwhile."""
    people, project = chain.people, chain.project
    batch = make_notes(project, people.operator, 12)[0].batch
    seal_batch(batch, complete=True)
    PolicyVersion.objects.create(
        project=project,
        number=project.policies.count() + 1,
        content={"profile": "safe_harbor_strict", "terms": []},
        salt=new_salt(),
        commitment=sha256_hex(str(batch.pk).encode()),
        created_by=people.operator,
    )
    gold_set, dataset = _frozen(people, _signed_run(people))
    versions = [make_version(people, dataset) for _ in range(3)]
    evaluations = [make_evaluation(people, version, gold_set) for version in versions]
    submitted(chain, evaluations[1])
    submission = approved(chain, evaluations[2])
    make_live(chain, submission, target)
    make_live(chain, submission, make_target(chain, f"{target.alias}-{versions[0].number}"))
    package = Package.objects.create(
        project=project,
        number=project.packages.count() + 1,
        submission=submission,
        state=Package.State.SIGNING,
        created_by=people.compliance,
    )
    PackageSignature.objects.bulk_create(expected_slots(package))
    PackageSignature.objects.filter(package=package, role=Role.REVIEWER).update(
        signed_at=timezone.now()
    )
    issue_key(project=project, actor=people.ml_admin, name=f"System {versions[0].number}")
    make_member(make_project(), Role.AUDITOR)
    make_member(project, Role.COMMITTEE)
