"""Broken FHIR and HL7 files through the whole application: uploaded on the page, read by the job,
shown on the page. What can be read is imported, what cannot is listed, and nothing is quoted."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from deid.models import ImportBatch, Note
from jobs.models import Job
from jobs.services import run_job
from tests.factories.deid import Scene, make_scene
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "trail"])

SECRET = "Quillon"  # in every text and name below


def document(number: int, data: str | None = None) -> str:
    text = base64.b64encode(f"{SECRET} was seen, visit {number}.".encode()).decode()
    resource = {
        "resourceType": "DocumentReference",
        "id": f"d{number}",
        "status": "current",
        "subject": {"reference": "Patient/p1"},
        "content": [{"attachment": {"contentType": "text/plain", "data": data or text}}],
    }
    return json.dumps(resource)


def message(number: int, text: str = f"{SECRET} was seen.", head: str = "MSH|^~\\&") -> str:
    return "\r".join(
        [
            f"{head}|EHR|SITE|CS|SITE|20240101||MDM^T02^MDM_T02|{number}|P|2.5.1",
            f"PID|1||MR1^^^SITE^MR||{SECRET}^Ardith||19610203|F",
            f"TXA|1|PR|TX|20240101||||||||N{number}^SITE|||||AU",
            f"OBX|1|TX|||{text} Visit {number}.",
        ]
    )


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def messages(*rows: str) -> bytes:
    return "\r".join(rows).encode()


# (name of the file, its bytes, notes that are read, lines that are listed)
READ_IN_PART = [
    ("cut.ndjson", lines(document(1), document(2))[:-40], 1, [2]),
    ("no-json.ndjson", lines(document(1), f"{SECRET} {{", document(2)), 2, [2]),
    ("no-base64.ndjson", lines(document(1), document(2, "!!!"), document(3)), 2, [2]),
    ("cut.hl7", messages(message(1), message(2).rpartition("OBX")[0] + "OBX|1|TX"), 1, [5]),
    ("no-header.hl7", messages(message(1), f"PIDX {SECRET}", message(2)), 2, []),
]


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def upload(scene: Scene, name: str, content: bytes) -> ImportBatch:
    client, base = signed_in(scene.engineer), f"/p/{scene.project.slug}/import/"
    answer = client.post(base, {"uploads": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    client.post(answer.headers["Location"], {})
    for job in Job.objects.all():
        run_job(job.pk)
    return ImportBatch.objects.get()


def shown(scene: Scene, batch: ImportBatch) -> str:
    answer = signed_in(scene.engineer).get(f"/p/{scene.project.slug}/import/{batch.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(("name", "content", "read", "listed"), READ_IN_PART)
def test_what_can_be_read_is_imported_and_the_rest_is_listed_with_its_line(
    scene: Scene, name: str, content: bytes, read: int, listed: list[int]
) -> None:
    batch = upload(scene, name, content)
    assert batch.state == ImportBatch.State.DONE
    assert Note.objects.count() == batch.added == read
    assert list(batch.rejections.values_list("line", flat=True)) == listed
    page = shown(scene, batch)
    assert SECRET not in page
    for rejection in batch.rejections.all():
        assert escape(rejection.reason) in page
        assert SECRET not in rejection.reason


REFUSED = [
    ("binary.ndjson", lines(document(1), "\0\0", document(2))),
    ("cut.json", lines('{"resourceType": "Bundle", "entry": [{"resource": ' + document(1))),
    ("cut.ndjson.gz", gzip.compress(lines(document(1), document(2)))[:-30]),
    ("cut.zip", b"PK\x03\x04" + SECRET.encode()),
    ("nothing.hl7", b"MSH"),
]


@pytest.mark.parametrize(("name", "content"), REFUSED)
def test_a_file_that_breaks_as_a_whole_imports_nothing_and_says_so(
    scene: Scene, name: str, content: bytes
) -> None:
    batch = upload(scene, name, content)
    assert batch.state in (ImportBatch.State.FAILED, ImportBatch.State.UNREADABLE)
    assert not Note.objects.exists()
    page = shown(scene, batch)
    assert SECRET not in page.replace(batch.file_name, "")
    if job := Job.objects.first():
        assert SECRET not in job.error_message
