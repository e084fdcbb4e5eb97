"""No upload stays behind that no import names, whoever sends it and whatever refuses it."""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.roles import Role
from deid.models import ImportBatch
from deid.services import pack
from projects.models import Project
from tests.factories.people import make_member, make_project
from vault.files import open_file

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def stored_files() -> set[Path]:
    return set((Path(settings.DATA) / "files").glob("*"))


def a_file(name: str = "notes.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"text\nx\n")


@pytest.fixture
def project() -> Project:
    return make_project()


def signed_in(project: Project, role: Role, **options: bool) -> Client:
    client = Client(**options)  # type: ignore[arg-type]
    client.force_login(make_member(project, role), "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("address", ["/sign-in/", "/nowhere/", "/api/v1/people/"])
def test_nobody_stores_a_file_without_signing_in(project: Project, address: str) -> None:
    before = stored_files()
    Client(enforce_csrf_checks=True).post(address, {"file": a_file()})
    assert stored_files() == before


@pytest.mark.parametrize("address", ["/password/", "/nowhere/", "/p/{slug}/import/"])
def test_a_file_that_no_import_took_is_deleted_with_its_request(
    project: Project, address: str
) -> None:
    before = stored_files()
    client = signed_in(project, Role.AUDITOR, enforce_csrf_checks=address == "/nowhere/")
    client.post(address.format(slug=project.slug), {"uploads": a_file()})
    assert stored_files() == before


def test_the_api_deletes_what_its_caller_may_not_import(project: Project) -> None:
    before = stored_files()
    client = signed_in(project, Role.AUDITOR)
    answer = client.post(
        f"/api/v1/projects/{project.slug}/imports/", {"file": a_file(), "kind": "csv"}
    )
    assert answer.status_code == 403
    assert stored_files() == before


@pytest.mark.parametrize("name", ["notes.csv", "note.txt"])
def test_an_upload_that_was_taken_stays(project: Project, name: str) -> None:
    client = signed_in(project, Role.DATA_ENGINEER)
    client.post(f"/p/{project.slug}/import/", {"uploads": a_file(name)})
    client.post(
        f"/api/v1/projects/{project.slug}/imports/",
        {"file": a_file(name), "kind": name.rsplit(".")[-1]},
    )
    batches = list(ImportBatch.objects.filter(project=project))
    assert len(batches) == 2
    assert all(open_file(batch.file_id).read() for batch in batches)


def test_two_files_of_one_name_are_two_notes_and_the_name_is_in_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        packed = pack(
            [("Okafor Jane.txt", io.BytesIO(b"a")), ("Okafor Jane.txt", io.BytesIO(b"b"))]
        )
    names = zipfile.ZipFile(io.BytesIO(open_file(packed.file_id).read())).namelist()
    assert len(set(names)) == 2
