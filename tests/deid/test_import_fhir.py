"""FHIR R4: documents, narratives, references and labels as the standard writes them, and broken."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import random
import zipfile
from typing import Any

import pytest

from deid.importers import (
    ImportProblem,
    Mapping,
    PatientFacts,
    Record,
    Rejected,
    detected,
    kind_of,
    preview,
    read_records,
)

Resource = dict[str, Any]
TEXT = "Wound is clean. Continue cephalexin 500 mg.\nNo fever."


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def document(number: int = 1, **changes: Any) -> Resource:
    return {
        "resourceType": "DocumentReference",
        "id": f"doc-{number}",
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": "11506-3"}]},
        "subject": {"reference": "Patient/pat-1"},
        "content": [{"attachment": {"contentType": "text/plain", "data": encoded(TEXT.encode())}}],
        **changes,
    }


def attached(content_type: str, data: bytes, **more: Any) -> list[Resource]:
    return [{"attachment": {"contentType": content_type, "data": encoded(data), **more}}]


PATIENT: Resource = {
    "resourceType": "Patient",
    "id": "pat-1",
    "identifier": [
        {"type": {"coding": [{"code": "MR"}]}, "value": "00451377"},
        {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "219-00-4471"},
    ],
    "name": [{"family": "Thackeridge", "given": ["Ombeline", "Jo"]}],
    "telecom": [{"system": "phone", "value": "555-0142"}, {"system": "fax", "value": "555-0143"}],
    "birthDate": "1958-11-04",
    "address": [
        {"line": ["9 Larkspur Row"], "city": "Wennick", "state": "OH", "postalCode": "44001"}
    ],
    "contact": [{"name": {"family": "Thackeridge", "given": ["Perrin"]}}],
}


def ndjson(*resources: Resource) -> bytes:
    return "".join(json.dumps(r) + "\n" for r in resources).encode()


def bundle(*resources: Resource, **more: Any) -> bytes:
    entries = [{"fullUrl": f"urn:uuid:{n}", "resource": r} for n, r in enumerate(resources)]
    whole = {"resourceType": "Bundle", "type": "collection", **more, "entry": entries}
    return json.dumps(whole, indent=1).encode()


def read(data: bytes, admitted: frozenset[str] = frozenset()) -> list[Any]:
    return list(read_records(io.BytesIO(data), "fhir", Mapping(text=""), admitted))


def the_record(data: bytes) -> Record:
    (found,) = [item for item in read(data) if isinstance(item, Record)]
    return found


def reasons(data: bytes, admitted: frozenset[str] = frozenset()) -> list[tuple[int, str]]:
    return [(i.line, i.reason_code) for i in read(data, admitted) if isinstance(i, Rejected)]


def test_a_document_becomes_a_note_with_type_patient_and_id() -> None:
    record = the_record(ndjson(document(date="2024-02-03T10:00:00Z")))
    assert record.text == TEXT
    assert record.external_id == "DocumentReference/doc-1"
    assert record.patient_key == "pat-1"
    assert record.note_type == "Progress note"
    assert record.note_date == "2024-02-03T10:00:00Z"


def test_a_patient_gives_what_identifies_it() -> None:
    (facts,) = read(ndjson(PATIENT))
    assert isinstance(facts, PatientFacts)
    assert facts.patient_key == "pat-1"
    assert set(facts.known) == {
        ("NAME", "Ombeline Jo Thackeridge"),
        ("NAME", "Perrin Thackeridge"),
        ("PHONE", "555-0142"),
        ("FAX", "555-0143"),
        ("DATE_AGE", "1958-11-04"),
        ("LOCATION", "9 Larkspur Row, Wennick, OH 44001"),
        ("MRN", "00451377"),
        ("SSN", "219-00-4471"),
    }
    assert "Thackeridge" not in repr(facts)


def test_a_related_person_is_known_of_its_patient() -> None:
    person = {
        "resourceType": "RelatedPerson",
        "id": "r",
        "patient": {"reference": "Patient/pat-1"},
        "name": [{"text": "Auntie Wilmet"}],
    }
    (facts,) = read(ndjson(person))
    assert (facts.patient_key, facts.known) == ("pat-1", (("NAME", "Auntie Wilmet"),))


@pytest.mark.parametrize("later", [False, True], ids=["before", "after"])
def test_authors_and_binaries_are_found_wherever_they_stand(later: bool) -> None:
    others = [
        {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Osk", "given": ["Ira"]}]},
        {"resourceType": "PractitionerRole", "id": "r1", "practitioner": {
            "reference": "Practitioner/d1"}},
        {"resourceType": "Binary", "id": "b1", "contentType": "text/plain",
         "data": encoded(TEXT.encode())},
    ]  # fmt: skip
    note = document(
        author=[{"reference": "PractitionerRole/r1"}, {"display": "Second Hand"}],
        content=[{"attachment": {"contentType": "text/plain", "url": "Binary/b1"}}],
    )
    record = the_record(ndjson(*([note, *others] if later else [*others, note])))
    assert record.text == TEXT
    assert record.author == "Ira Osk"
    assert record.known == (("NAME", "Second Hand"),)


def test_bundle_addresses_lead_to_their_resources() -> None:
    note = document(subject={"reference": "urn:uuid:0"})
    record = the_record(bundle(PATIENT, note))
    assert record.patient_key == "pat-1"


@pytest.mark.parametrize("url", ["https://ehr.example/fhir/Binary/x", "Binary/missing", "file:/a"])
def test_nothing_is_fetched_from_an_address(url: str) -> None:
    note = document(content=[{"attachment": {"contentType": "text/plain", "url": url}}])
    (left_out,) = [i for i in read(ndjson(document(2), note)) if isinstance(i, Rejected)]
    assert left_out.reason_code == "content_elsewhere"
    assert url not in left_out.reason


def test_of_several_forms_the_plainest_is_read_once() -> None:
    content = [
        *attached("application/pdf", b"%PDF-1.4 broken"),
        *attached("text/html", b"<p>html</p>"),
        *attached("text/plain; charset=utf-8", b"plain"),
    ]
    assert the_record(ndjson(document(content=content))).text == "plain"


@pytest.mark.parametrize(
    ("content_type", "data", "text"),
    [
        ("text/plain; charset=iso-8859-1", "Ménière".encode("latin-1"), "Ménière"),
        ("text/plain;charset=UTF-16", "Ménière".encode("utf-16"), "Ménière"),
        ("text/plain", "Ménière".encode("cp1252"), "Ménière"),
        ("text/html", b"<!DOCTYPE html><p>One<br>two</p><script>x</script>", "One\ntwo"),
        ("text/html", b"<table><tr><td>Na</td><td>140</td></tr></table>", "Na\t140"),
        ("application/rtf", rb"{\rtf1\ansi One\par two}", "One\ntwo"),
        (
            "application/xml",
            b'<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget>hidden</recordTarget>'
            b"<section><title>Plan</title><text><paragraph>Rest.</paragraph></text></section>"
            b"</ClinicalDocument>",
            "Plan\n\nRest.",
        ),
    ],
)
def test_it_reads_each_form_in_its_encoding(content_type: str, data: bytes, text: str) -> None:
    assert the_record(ndjson(document(content=attached(content_type, data)))).text == text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ([{"attachment": {"contentType": "text/plain", "data": "not base64!"}}], "bad_base64"),
        ([{"attachment": {"contentType": "text/plain", "data": "QUJD" + "R"}}], "bad_base64"),
        (attached("text/plain", b"x", hash=encoded(hashlib.sha1(b"y").digest())), "wrong_hash"),
        (attached("text/plain", b"short", size=500), "truncated"),
        (attached("text/plain; charset=klingon", b"x"), "encoding"),
        (attached("text/plain; charset=zlib", b"x"), "encoding"),
        (attached("image/png", b"\x89PNG"), "content_type"),
        (attached("application/pdf", b"%PDF-1.7 cut off"), "broken_pdf"),
        (attached("text/plain", b"a\0b" * 3), "binary"),
        (attached("application/xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "dtd"),
        (attached("application/xml", b"<a><b></a>"), "broken_xml"),
        (attached("text/plain", b" \n"), "no_text"),
        ([], "no_content"),
        ([{"attachment": {}}], "no_content"),
        ("nonsense", "no_content"),
    ],
)
def test_a_broken_document_is_left_out_and_the_rest_is_read(content: Any, code: str) -> None:
    data = ndjson(document(1), document(2, content=content), document(3))
    assert reasons(data) == [(2, code)]
    assert sum(isinstance(i, Record) for i in read(data)) == 2


def test_a_right_hash_is_accepted_as_bytes_and_as_hexadecimal() -> None:
    digest = hashlib.sha1(b"note")
    for stated in (encoded(digest.digest()), encoded(digest.hexdigest().encode())):
        content = attached("text/plain", b"note", hash=stated, size=4)
        assert the_record(ndjson(document(content=content))).text == "note"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "entered-in-error"}, "entered_in_error"),
        ({"status": "superseded"}, "superseded"),
        ({"docStatus": "entered-in-error"}, "entered_in_error"),
        ({"subject": None}, "no_patient"),
        ({"subject": {"reference": "Group/g"}}, "no_patient"),
    ],
)
def test_what_its_source_took_back_or_gave_to_nobody_is_left_out(
    changes: Resource, code: str
) -> None:
    assert reasons(ndjson(document(1), document(2, **changes))) == [(2, code)]


@pytest.mark.parametrize(("code", "kept"), [("replaces", 1), ("transforms", 1), ("appends", 2)])
def test_a_replaced_document_gives_way_and_one_that_is_added_to_does_not(
    code: str, kept: int
) -> None:
    target = {"reference": "DocumentReference/doc-1"}
    newer = document(2, relatesTo=[{"code": code, "target": target}])
    found = read(ndjson(document(1), newer))
    records = [item for item in found if isinstance(item, Record)]
    assert len(records) == kept
    assert records[-1].external_id == "DocumentReference/doc-2"
    if kept == 1:
        assert records[0].replaces == ("DocumentReference/doc-1",)
        assert reasons(ndjson(document(1), newer)) == [(1, "superseded")]


def test_a_report_joins_its_form_and_its_conclusion() -> None:
    report = {
        "resourceType": "DiagnosticReport", "id": "dr", "status": "final",
        "code": {"coding": [{"code": "18748-4"}]}, "subject": {"reference": "Patient/pat-1"},
        "effectiveDateTime": "2024-01-02", "issued": "2024-01-05",
        "presentedForm": [{"contentType": "text/plain", "data": encoded(b"Chest film.")}],
        "conclusion": "No effusion.",
    }  # fmt: skip
    record = the_record(ndjson(report))
    assert record.text == "Chest film.\n\nNo effusion."
    assert (record.note_type, record.note_date) == ("Diagnostic imaging study", "2024-01-02")


def test_a_document_that_two_resources_share_is_one_note() -> None:
    binary = {"resourceType": "Binary", "id": "b", "contentType": "text/plain",
              "data": encoded(b"Shared.")}  # fmt: skip
    form = {"contentType": "text/plain", "url": "Binary/b"}
    report = {"resourceType": "DiagnosticReport", "id": "dr", "status": "final",
              "subject": {"reference": "Patient/pat-1"}, "presentedForm": [form]}  # fmt: skip
    data = ndjson(binary, document(content=[{"attachment": form}]), report)
    assert reasons(data) == [(3, "same_document")]


def composition(**changes: Any) -> Resource:
    return {
        "resourceType": "Composition", "id": "c", "status": "final", "title": "Discharge summary",
        "type": {"coding": [{"code": "18842-5"}]}, "subject": {"reference": "Patient/pat-1"},
        "section": [
            {"title": "Course", "text": {"div": "<div><p>Recovered &amp; walked.</p></div>"},
             "section": [{"title": "Drugs", "text": {"div": "<div><ul><li>A</li><li>B</li></ul>"
                                                            "</div>"}}]},
            {"title": "Plan", "text": {"div": "<div>Home.</div>"}},
        ],
        **changes,
    }  # fmt: skip


def test_a_composition_is_read_with_its_sections_in_order() -> None:
    text = the_record(bundle(composition(), PATIENT, type="document")).text
    assert text == (
        "Discharge summary\n\nCourse\nRecovered & walked.\n\nDrugs\nA\n\nB\n\nPlan\nHome."
    )


def test_a_dtd_in_a_narrative_is_refused() -> None:
    bad = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><div>&e;</div>"
    section = [{"title": "T", "text": {"div": bad}}]
    assert reasons(ndjson(document(), composition(section=section))) == [(2, "dtd")]


def test_sections_and_resources_that_nest_too_deeply_are_left_out() -> None:
    section: Resource = {"title": "deep"}
    for _ in range(30):
        section = {"title": "t", "section": [section]}
    deep = b'{"resourceType": "Basic", "a": ' + b"[" * 150 + b"]" * 150 + b"}\n"
    endless = b'{"resourceType": "Basic", "a": ' + b"[" * 100_000 + b"\n"
    data = ndjson(document(), composition(section=[section])) + deep + endless
    assert reasons(data) == [(2, "too_deep"), (3, "too_deep"), (4, "too_deep")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"securityLabel": [{"coding": [{"code": "PSYTHPN"}]}]}, "psychotherapy"),
        ({"meta": {"security": [{"code": "42CFRPart2"}]}}, "part2"),
        ({"type": {"text": "Psychotherapy note"}}, "psychotherapy"),
        ({"category": [{"coding": [{"code": "x", "display": "Substance abuse treatment"}]}]},
         "part2"),
        ({"context": {"practiceSetting": {"text": "Opioid treatment program"}}}, "part2"),
        ({"context": {"encounter": [{"reference": "Encounter/sud"}]}}, "part2"),
        ({"content": attached("text/plain", b"42 CFR part 2 prohibits unauthorized disclosure of "
                                            b"these records.")}, "part2"),
    ],
)  # fmt: skip
def test_restricted_records_need_an_authority(changes: Resource, code: str) -> None:
    encounter = {"resourceType": "Encounter", "id": "sud",
                 "serviceType": {"text": "Methadone clinic"}}  # fmt: skip
    data = ndjson(encounter, document(1), document(2, **changes))
    assert reasons(data) == [(3, code)]
    assert reasons(data, frozenset((code,))) == []
    other = frozenset({"psychotherapy", "part2"} - {code})
    assert reasons(data, other) == [(3, code)]


def test_a_record_of_both_kinds_needs_an_authority_for_both() -> None:
    labels = [{"coding": [{"code": "PSYTHPN"}, {"code": "42CFRPart2"}]}]
    data = ndjson(document(1), document(2, securityLabel=labels))
    assert reasons(data) == [(2, "psychotherapy")]
    assert reasons(data, frozenset({"psychotherapy"})) == [(2, "part2")]
    assert reasons(data, frozenset({"psychotherapy", "part2"})) == []


@pytest.mark.parametrize(
    "text",
    [
        "Referred for psychotherapy. History of alcohol abuse, in a treatment program since May.",
        "On methadone maintenance 60 mg; drug screen negative.",
        "See 42 CFR Part 2 consent in chart.",
    ],
)
def test_a_note_that_only_speaks_of_treatment_is_no_restricted_record(text: str) -> None:
    assert reasons(ndjson(document(content=attached("text/plain", text.encode())))) == []


def test_bad_lines_are_listed_and_the_rest_is_read() -> None:
    data = b"{broken\n" + ndjson(document(1)) + b'[1]\n{"a": 1}\n\n' + ndjson(document(2))
    assert reasons(data) == [(1, "broken_json"), (3, "not_a_resource"), (4, "not_a_resource")]
    assert [i.line for i in read(data) if isinstance(i, Record)] == [2, 6]


def test_a_line_beyond_all_measure_is_listed_and_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deid.importers.decoding.MAX_CHARACTERS", 100_000)
    long = document(1, description="x" * 300_000)
    assert reasons(ndjson(document(0), long, document(2))) == [(2, "line_too_long")]


def test_a_cut_off_bundle_is_refused_whole() -> None:
    whole = bundle(*(document(n) for n in range(50)))
    with pytest.raises(ImportProblem) as problem:
        read(whole[: len(whole) // 2])
    assert problem.value.code == "broken_json"


def test_an_entry_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deid.importers.fhir_json.MAX_CHARACTERS", 100_000)
    with pytest.raises(ImportProblem) as problem:
        read(bundle(document(1, description="x" * 500_000)))
    assert problem.value.code == "resource_too_large"


@pytest.mark.parametrize("form", ["ndjson", "bundle", "single", "one line", "utf-16", "gzip"])
def test_every_form_of_a_fhir_file_is_read(form: str) -> None:
    one = document()
    data = {
        "ndjson": ndjson(PATIENT, one),
        "bundle": bundle(PATIENT, one),
        "single": json.dumps(one, indent=2).encode(),
        "one line": json.dumps({"resourceType": "Bundle", "entry": [{"resource": one}]}).encode(),
        "utf-16": ndjson(one).decode().encode("utf-16"),
        "gzip": gzip.compress(ndjson(PATIENT, one)),
    }[form]
    assert the_record(data).text == TEXT


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


def test_a_zipped_bulk_export_is_one_set() -> None:
    note = document(content=[{"attachment": {"contentType": "text/plain", "url": "Binary/b"}}])
    binary = {"resourceType": "Binary", "id": "b", "data": encoded(b"From the other file.")}
    data = zipped(
        export__DocumentReference_ndjson=ndjson(note) + b"{broken\n",
        export__Binary_ndjson_gz=gzip.compress(ndjson(binary)),
        export__Patient_ndjson=ndjson(PATIENT),
        readme_md=b"x",
    )
    assert detected(io.BytesIO(data), "zip") == "fhir"
    assert the_record(data).text == "From the other file."
    (left_out,) = [i for i in read(data) if isinstance(i, Rejected)]
    assert left_out.reason.startswith("File 1: ")


def test_a_damaged_file_in_an_archive_refuses_the_set() -> None:
    varied = random.Random(3)
    notes = [document(n, description=varied.randbytes(3_000).hex()) for n in range(100)]
    data = bytearray(zipped(a_ndjson=ndjson(*notes)))
    data[len(data) // 2 : len(data) // 2 + 40] = b"\xff" * 40
    with pytest.raises(ImportProblem) as problem:
        read(bytes(data))
    assert problem.value.code == "broken_archive"


@pytest.mark.parametrize("name", ["../out.ndjson", "/abs.ndjson"])
def test_an_archive_whose_paths_leave_it_is_not_followed(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, ndjson(document(1)))
        archive.writestr("in.ndjson", ndjson(document(2)))
    assert reasons(out.getvalue()) == [(1, "unsafe_path")]
    assert the_record(out.getvalue()).external_id == "DocumentReference/doc-2"


def test_contained_people_count_like_those_that_stand_alone() -> None:
    note = document(
        contained=[
            {**PATIENT, "id": "p"},
            {"resourceType": "Practitioner", "id": "w", "name": [{"text": "Ilse Varrow"}]},
        ],
        subject={"reference": "#p", "display": "Mrs Thackeridge"},
        author=[{"reference": "#w"}],
    )
    record = the_record(ndjson(note))
    assert record.patient_key == "00451377"
    assert record.author == "Ilse Varrow"
    assert {("NAME", "Mrs Thackeridge"), ("SSN", "219-00-4471")} <= set(record.known)


def test_who_treats_a_patient_is_known_of_the_patient() -> None:
    doctor = {"resourceType": "Practitioner", "id": "d", "name": [{"text": "Ute Hask"}]}
    patient = {"resourceType": "Patient", "id": "p",
               "generalPractitioner": [{"reference": "Practitioner/d"}]}  # fmt: skip
    encounter = {
        "resourceType": "Encounter", "id": "e", "subject": {"reference": "Patient/p"},
        "identifier": [{"value": "V-99321"}],
        "participant": [{"individual": {"display": "Lil Fen"}}],
    }  # fmt: skip
    first, second = read(ndjson(patient, encounter, doctor))
    assert first.known == (("NAME", "Ute Hask"),)
    assert second.known == (("OTHER_ID", "V-99321"), ("NAME", "Lil Fen"))


def test_an_organization_is_a_place_and_no_author() -> None:
    keeper = {"resourceType": "Organization", "id": "o", "name": "Wennick Infirmary"}
    note = document(custodian={"reference": "Organization/o"}, author=[{"display": "Ira Osk"}])
    record = the_record(ndjson(keeper, note))
    assert record.author == "Ira Osk"
    assert record.known == (("LOCATION", "Wennick Infirmary"),)


def test_a_role_that_refers_to_itself_ends() -> None:
    role = {"resourceType": "PractitionerRole", "id": "r",
            "practitioner": {"reference": "PractitionerRole/r"}}  # fmt: skip
    note = document(author=[{"reference": "PractitionerRole/r", "display": "Dr Osk"}])
    assert the_record(ndjson(role, note)).author == "Dr Osk"


def test_what_is_too_short_to_identify_anybody_is_not_looked_for() -> None:
    patient = {
        "resourceType": "Patient", "id": "p", "birthDate": "1958",
        "identifier": [{"value": "12"}, {"value": "48213"}], "name": [{"text": "Jo"}],
    }  # fmt: skip
    (facts,) = read(ndjson(patient))
    assert facts.known == (("NAME", "Jo"), ("OTHER_ID", "48213"))


def test_a_gzip_bomb_and_a_damaged_gzip_are_refused() -> None:
    bomb = gzip.compress(b'{"resourceType": "Basic"}\n' + b" " * 60_000_000)
    damaged = gzip.compress(ndjson(*(document(n) for n in range(9))))[:-20]
    for data, code in ((bomb, "zip_bomb"), (damaged, "broken_archive")):
        with pytest.raises(ImportProblem) as problem:
            read(data)
        assert problem.value.code == code


def test_the_preview_counts_by_type() -> None:
    found = preview(io.BytesIO(ndjson(PATIENT, document(1), document(2)) + b"{\n"), "fhir")
    assert dict(found.counts) == {"DocumentReference": 2, "Patient": 1, "Cannot be read": 1}
    assert found.counted_all
    assert found.columns == ()


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (ndjson(PATIENT), "jsonl", "fhir"),
        (b'{"note_id": 1, "text": "x"}\n', "jsonl", "jsonl"),
        (b"MSH|^~\\&|A|B\rPID|1\r", "txt", "hl7"),
        (b"\x0bMSH|^~\\&|A|B\r", "txt", "hl7"),
        (b"MSHA is no header", "txt", "txt"),
        (zipped(a_txt=b"A note."), "zip", "zip"),
        (b"PK\x03\x04broken", "zip", "zip"),
    ],
)
def test_the_beginning_of_a_file_says_its_kind(data: bytes, kind: str, expected: str) -> None:
    assert detected(io.BytesIO(data), kind) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.ndjson", "jsonl"), ("A.NDJSON.GZ", "jsonl"), ("b.json", "fhir"), ("m.hl7", "hl7"),
     ("t.csv.gz", "csv"), ("x.exe", None), ("gz", None)],
)  # fmt: skip
def test_the_name_of_a_file_says_its_kind(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind
