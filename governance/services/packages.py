"""The documentation package: built by a job, then signed by the people who decided."""

from __future__ import annotations

from io import BytesIO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.errors import WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from evidence.digests import sha256_hex
from evidence.sections import Scope, Section, collect_section, section_ids, section_spec
from governance.models import Package, PackageSignature, Submission
from governance.package.content import PackageContent
from governance.services.package_content import content_of, expected_slots, package_manifest
from jobs.lease import Lease
from jobs.models import Job
from jobs.services import enqueue
from projects.models import Project
from projects.permissions import require
from vault import artefacts
from vault.keys import authority

KIND = "governance.package"
STEPS = len(section_ids()) + 2  # the sections, the chain, the file


@transaction.atomic
def build_package(*, project: Project, actor: User, submission: Submission) -> Package:
    """Queue the package of an approved version; whether it is deployed stands in the package."""
    require(actor, project, Permission.BUILD_PACKAGE)
    Project.objects.select_for_update().get(pk=project.pk)
    if submission.project_id != project.pk or submission.state != Submission.State.APPROVED:
        raise WrongState(
            "Only an approved version of this project gets a documentation package. Nothing was "
            "built."
        )
    if submission.packages.filter(state=Package.State.BUILDING).exists():
        raise WrongState("The package of this version is being built already. Wait for it.")
    last = project.packages.aggregate(last=Max("number"))["last"] or 0
    package = Package.objects.create(
        project=project, number=last + 1, submission=submission, created_by=actor
    )
    _enqueue(package, actor)
    return package


@transaction.atomic
def retry_package(*, package: Package, actor: User) -> Package:
    """Build again what failed or was cancelled; nothing of a failed attempt is reused."""
    require(actor, package.project, Permission.BUILD_PACKAGE)
    locked = Package.objects.select_for_update().get(pk=package.pk)
    if locked.state != Package.State.FAILED:
        raise WrongState("Only a package whose building failed can be built again.")
    locked.state = Package.State.BUILDING
    locked.save(update_fields=["state"])
    _enqueue(locked, actor)
    return locked


def _enqueue(package: Package, actor: User) -> None:
    enqueue(
        KIND,
        project=package.project,
        subject_id=package.pk,
        actor=actor,
        total=STEPS,
        unit="parts",
    )
    record(
        "package.generate",
        actor=actor,
        project_id=package.project_id,
        subject=package,
        reason="start",
        details={"submission": package.submission.digest},
    )


def work(lease: Lease) -> None:
    """The job: collect the sections, gather the chain, make the file, ask for signatures."""
    package = Package.objects.select_related(
        "project", "submission__evaluation__gold_set", "submission__model_version__training_run"
    ).get(pk=lease.job.subject_id)
    if package.state != Package.State.BUILDING:
        return
    sections = _sections(package, lease)
    lease.progress(len(sections), STEPS, unit="parts", phase="Gathering the chain of evidence")
    content = content_of(package, sections, timezone.now())
    lease.progress(len(sections) + 1, STEPS, phase="Setting the document")
    data, pages = _make_file(content)
    digest = artefacts.put_bytes(data)
    lease.progress(STEPS, STEPS, phase="Ready for signatures")
    _finish(package, content, digest, pages)


def _sections(package: Package, lease: Lease) -> list[Section]:
    submission = package.submission
    taught_by = submission.model_version.training_run.dataset.run_id
    scope = Scope(
        str(package.project_id),
        str(submission.model_version_id),
        str(submission.pk),
        str(taught_by),
        str(submission.evaluation_id),
    )
    sections = []
    for done, section_id in enumerate(section_ids()):
        title = section_spec(section_id).title
        lease.progress(done, STEPS, unit="parts", phase=f"Collecting: {title}"[:60])
        sections.append(collect_section(section_id, scope))
    return sections


def _make_file(content: PackageContent) -> tuple[bytes, int]:
    """The unsigned PDF and how many pages it has."""
    # pyHanko and WeasyPrint take seconds to load: web processes never need them.
    from pyhanko.pdf_utils.reader import PdfFileReader

    from governance.package.document import render

    data = render(content, authority().seal)
    return data, int(PdfFileReader(BytesIO(data)).root["/Pages"]["/Count"])


@transaction.atomic
def _finish(package: Package, content: PackageContent, digest: str, pages: int) -> None:
    locked = Package.objects.select_for_update().get(pk=package.pk)
    if locked.state != Package.State.BUILDING:
        return  # a job that was thought dead finished first
    manifest = package_manifest(package, content, digest)
    locked.manifest, locked.digest = manifest.to_dict(), manifest.digest
    locked.artefact = locked.built_artefact = digest
    locked.page_count, locked.state = pages, Package.State.SIGNING
    locked.save()
    PackageSignature.objects.bulk_create(expected_slots(locked))
    record(
        "package.generate",
        actor=locked.created_by,
        action="C",
        project_id=locked.project_id,
        subject=locked,
        details={
            "digest": manifest.digest,
            "file": digest,
            "pages": pages,
            "gaps": sum(len(section.gaps) for section in content.sections),
        },
    )


def on_end(job: Job) -> None:
    """A package that was not finished says so; it can be built again."""
    if job.state == Job.State.DONE:
        return
    package = Package.objects.select_for_update().get(pk=job.subject_id)
    if package.state != Package.State.BUILDING:
        return
    package.state = Package.State.FAILED
    package.save(update_fields=["state"])
    if job.state == Job.State.FAILED:  # a cancel stands in the trail as what it is
        record(
            "package.generate",
            actor=job.requested_by,
            outcome="failure",
            project_id=package.project_id,
            subject=package,
            reason=job.error_code,
        )


def stored_file(package: Package) -> bytes:
    """The newest file of a package. Raises when what lies there is not what was stored."""
    if not package.artefact:
        raise WrongState("This package has no file yet. Wait until it is built.")
    path = artefacts.path_of(package.artefact)
    data = path.read_bytes() if path.is_file() else b""
    if sha256_hex(data) != package.artefact:
        raise WrongState(
            "The stored file is not the one that was built: its digest differs. Nothing was handed "
            "out or signed; tell the system administrator and build the package again.",
            code="changed-file",
        )
    return data


@transaction.atomic
def download_package(*, package: Package, actor: User) -> bytes:
    """The file as it is now, signed by whoever has signed; the trail keeps who took it."""
    require(actor, package.project, Permission.VIEW_PROJECT)
    data = stored_file(package)
    record(
        "phi.export",
        actor=actor,
        action="R",
        project_id=package.project_id,
        subject=package,
        details={"data_class": "documentation", "file": package.artefact},
    )
    return data
