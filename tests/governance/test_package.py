"""The package, really printed, signed and checked."""

import dataclasses
import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import FloatObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader

from evidence.manifests import Manifest, Parent
from evidence.pki import Authority, create
from evidence.pki.errors import AuthorityError
from governance.package import verify_cli
from governance.package.document import render
from governance.package.signing import sign_package
from governance.package.verify import verify_package
from tests.governance.package_samples import AT, content, decision

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return create(tmp_path_factory.mktemp("keys") / "authority")


@pytest.fixture(scope="module")
def waiting(authority: Authority) -> bytes:
    return render(content(authority), authority.seal)


@pytest.fixture(scope="module")
def half_signed(authority: Authority, waiting: bytes) -> bytes:
    return sign_package(waiting, clinician(authority), "clinician", "Approved", "fit for use")


@pytest.fixture(scope="module")
def signed(authority: Authority, half_signed: bytes) -> bytes:
    return sign_package(half_signed, officer(authority), "compliance", "Approved")


def clinician(authority: Authority):
    return authority.issue_person("Dr. Ana Núñez", "ana@example.org", "u-1", "reviewer")


def officer(authority: Authority):
    return authority.issue_person("Ruth Cole", "ruth@example.org", "u-2", "compliance")


def small(authority: Authority, **changes):
    whole = content(authority)
    return dataclasses.replace(whole, **({"sections": whole.sections[:1]} | changes))


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_everyone_signed_is_valid_and_still_so_two_and_six_years_ahead(authority, signed):
    for years in (0, 2, 6):
        at = datetime.now(UTC) + timedelta(days=366 * years, minutes=1)
        findings = verify_package(signed, authority.ca_certificate_pem, at)
        assert findings.status == 0, findings.problems
    assert [item.report.signer_name for item in findings.signatures] == [
        "Dr. Ana Núñez",
        "Ruth Cole",
    ]
    assert findings.decisions[0].report.meaning == "Approved"


def test_a_package_that_waits_says_for_whom(authority, waiting, half_signed):
    pem = authority.ca_certificate_pem
    assert verify_package(waiting, pem).waiting_for == [
        "Clinician (Dr. Ana Núñez)",
        "Compliance officer",
    ]
    findings = verify_package(half_signed, pem)
    assert findings.status == 3
    assert findings.waiting_for == ["Compliance officer"]


def test_without_a_pinned_issuer_it_vouches_for_integrity_only(tmp_path, capsys, signed, authority):
    (tmp_path / "package.pdf").write_bytes(signed)
    assert verify_cli.main([str(tmp_path / "package.pdf")]) == 0
    printed = capsys.readouterr().out
    assert f"issuer not pinned: SHA-256 {authority.ca_fingerprint}" in printed
    assert "integrity only" in printed


def test_a_package_resigned_by_another_authority_fails_when_pinned(tmp_path, authority):
    forger = create(tmp_path / "forger")
    forgery = render(small(forger), forger.seal)
    forgery = sign_package(forgery, clinician(forger), "clinician", "Approved")
    forgery = sign_package(forgery, officer(forger), "compliance", "Approved")
    assert verify_package(forgery).status == 0
    findings = verify_package(forgery, authority.ca_certificate_pem)
    assert findings.status == 1
    assert any("another authority" in problem for problem in findings.problems)


def test_one_changed_byte_anywhere_is_never_accepted(authority):
    pem = authority.ca_certificate_pem
    signed = render(small(authority), authority.seal)
    signed = sign_package(signed, clinician(authority), "clinician", "Approved")
    signed = sign_package(signed, officer(authority), "compliance", "Approved")
    assert verify_package(signed, pem).status == 0
    chooser = random.Random(20261125)
    # Around the ends and inside the last signature's own bytes, then anywhere.
    last = signed.rindex(b"/Contents <")
    offsets = [0, 5, len(signed) - 1, last + 10, last + 11, last + 9000]
    offsets += [chooser.randrange(len(signed)) for _ in range(120)]
    offsets += [last + chooser.randrange(9100) for _ in range(70)]
    for offset in offsets:
        changed = bytearray(signed)
        changed[offset] ^= chooser.choice((0x01, 0x20, 0x80))
        findings = verify_package(bytes(changed), pem)
        assert findings.status == 1, offset
        assert findings.problems


def test_something_appended_is_not_accepted(authority, signed, waiting):
    for tail in (b"\n", b"%%EOF\n", waiting[-400:]):
        assert verify_package(signed + tail, authority.ca_certificate_pem).status == 1


def test_a_page_changed_between_two_signatures_is_named(authority, half_signed):
    writer = IncrementalPdfFileWriter(BytesIO(half_signed))
    page, _ = writer.prev.find_page_for_modification(0)
    page.get_object()["/UserUnit"] = FloatObject(2)
    writer.mark_update(page)
    output = BytesIO()
    writer.write(output)
    changed = sign_package(output.getvalue(), officer(authority), "compliance", "Approved")
    findings = verify_package(changed, authority.ca_certificate_pem)
    assert findings.problems == [
        "The signature in clinician: The document was changed after it was signed."
    ]


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-", b"hello", b"%PDF-1.7\n%%EOF", b"\x00" * 500], ids=repr
)
def test_what_is_not_a_package_gets_one_plain_line(data, tmp_path, capsys):
    (tmp_path / "odd.pdf").write_bytes(data)
    assert verify_cli.main([str(tmp_path / "odd.pdf")]) == 1
    printed = capsys.readouterr()
    assert printed.out.count("problem:") == 1
    assert "Traceback" not in printed.out + printed.err


@pytest.mark.parametrize("part", [0.3, 0.9, 0.999])
def test_a_cut_off_package_gets_one_plain_line(signed, part, authority):
    findings = verify_package(signed[: int(len(signed) * part)], authority.ca_certificate_pem)
    assert findings.status == 1
    assert len(findings.problems) == 1


def test_the_wrong_role_or_person_in_a_field_is_named(authority):
    pdf = render(small(authority), authority.seal)
    pdf = sign_package(pdf, officer(authority), "clinician", "Approved")
    findings = verify_package(pdf, authority.ca_certificate_pem)
    assert any("signed in the role compliance" in problem for problem in findings.problems)


def test_a_field_is_signed_once_only(authority, half_signed):
    with pytest.raises(AuthorityError, match="already signed"):
        sign_package(half_signed, clinician(authority), "clinician", "Approved")
    with pytest.raises(AuthorityError, match="no signature field"):
        sign_package(half_signed, clinician(authority), "nobody", "Approved")


def test_a_parent_that_is_missing_from_the_graph_is_named(authority):
    orphan = Manifest("training_run", "t-1", AT, {}, (Parent("dataset_version", "ef" * 32),))
    manifests = (*content(authority).manifests, orphan)
    pdf = render(small(authority, manifests=manifests), authority.seal)
    findings = verify_package(pdf, authority.ca_certificate_pem)
    assert "The dataset version that the training run t-1 was made from" in findings.problems[0]


def test_a_decision_that_does_not_hold_is_never_printed(authority):
    made = decision(authority)
    broken = dataclasses.replace(made, manifest=made.manifest + b" ")
    with pytest.raises(ValueError, match="does not hold"):
        render(small(authority, decisions=(broken,)), authority.seal)


def test_every_page_says_demonstration_and_shows_the_override(waiting, authority):
    for text in pages(waiting):
        assert "DEMONSTRATION" in text
        assert "ROUGE-L is 0.18 at the lower confidence limit" in " ".join(text.split())
    plain = pages(render(small(authority, demonstration=False), authority.seal))
    assert not any("DEMONSTRATION" in text for text in plain)


def test_the_seven_sections_stand_in_order_and_gaps_are_said(waiting):
    text = " ".join(" ".join(pages(waiting)).split())
    titles = [
        "De-identification methodology",
        "Model training specifications",
        "Deployment architecture",
        "Access control matrix",
        "Audit logging",
        "Incident response",
        "Clinical governance approval",
    ]
    places = [text.rindex(title) for title in titles]
    assert places == sorted(places)
    assert "No evidence:" in text


def test_it_is_tagged_pdf_a_with_its_evidence_inside(signed):
    reader = PdfReader(BytesIO(signed))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfaid:part="3"' in metadata or "<pdfaid:part>3" in metadata
    assert set(reader.attachments) >= {
        "package-manifest.json",
        "decision-01.json",
        "decision-01.p7s",
        "audit-checkpoint.json",
        "manifests.json",
        "ca.pem",
    }


def test_every_font_is_embedded_in_the_stamps_too(signed, tmp_path):
    (tmp_path / "package.pdf").write_bytes(signed)
    command = ["pdffonts", str(tmp_path / "package.pdf")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    fonts = printed.splitlines()[2:]
    assert fonts
    # Columns from the right: object id (2), unicode map, subset, embedded.
    assert all(line.split()[-5] == "yes" for line in fonts), printed


def test_pdfsig_calls_every_signature_valid(signed, tmp_path):
    (tmp_path / "package.pdf").write_bytes(signed)
    command = ["pdfsig", str(tmp_path / "package.pdf")]
    printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert printed.count("Signature is Valid.") == 2
    assert "Total document signed" in printed


def test_the_verifier_needs_neither_django_nor_weasyprint(signed, authority, tmp_path):
    (tmp_path / "package.pdf").write_bytes(signed)
    (tmp_path / "ca.pem").write_bytes(authority.ca_certificate_pem)
    program = (
        "import sys; from governance.package.verify_cli import main; status = main(sys.argv[1:]);"
        "assert not {'django', 'weasyprint', 'matplotlib'} & set(sys.modules); sys.exit(status)"
    )
    arguments = [str(tmp_path / "package.pdf"), "--trust", str(tmp_path / "ca.pem"), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments, "--at", "2028-12-01"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "valid"


def test_a_trusted_certificate_that_cannot_be_read_is_wrong_use(signed, tmp_path, capsys):
    (tmp_path / "package.pdf").write_bytes(signed)
    (tmp_path / "ca.pem").write_bytes(b"not a certificate")
    arguments = [str(tmp_path / "package.pdf"), "--trust", str(tmp_path / "ca.pem")]
    assert verify_cli.main(arguments) == 2
    assert "PEM expected" in capsys.readouterr().err
