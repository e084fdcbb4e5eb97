"""Importers: what they read, what they refuse, and that no error shows content."""

import contextlib
import io
import json
import stat
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deid.importers import (
    ImportProblem,
    Mapping,
    Record,
    Rejected,
    known_category,
    preview,
    read_records,
)

SECRET = "Zebulon Quartz"
MAPPING = Mapping(text="text", external_id="note_id", patient_key="patient_id")


def stream(data):
    return io.BytesIO(data if isinstance(data, bytes) else data.encode())


def records(data, kind="csv", mapping=MAPPING):
    return list(read_records(stream(data), kind, mapping))


def archive(entries):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries:
            packed.writestr(name, data)
    held.seek(0)
    return held


def test_it_reads_quoted_newlines_and_keeps_leading_zeros():
    data = 'note_id,patient_id,text\r\n007,00012,"Line one\nline ""two"""\r\n'
    (record,) = records(data)
    assert record.external_id == "007"
    assert record.patient_key == "00012"
    assert record.text == 'Line one\nline "two"'


def test_it_reads_a_note_longer_than_the_csv_module_allows_by_default():
    (record,) = records("note_id,patient_id,text\n1,2," + "a" * 300_000)
    assert len(record.text) == 300_000


def test_it_drops_a_byte_order_mark():
    (record,) = records(b"\xef\xbb\xbfnote_id,patient_id,text\n1,2,hello\n")
    assert record.external_id == "1"


def test_it_falls_back_to_windows_1252_with_a_warning():
    shown = preview(stream("note_id,patient_id,text\n1,2,caf\u00e9\n".encode("cp1252")), "csv")
    assert shown.rows[0]["text"] == "caf\u00e9"
    assert any("Windows-1252" in warning for warning in shown.warnings)


def test_it_reads_windows_1252_bytes_that_stand_far_behind_the_beginning():
    data = b"note_id,patient_id,text\n" + b"1,2,x\n" * 1 + b"3,4," + b"y" * 200_000 + b"\xe9z\n"
    assert records(data)[1].text.endswith("\u00e9z")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_it_finds_the_delimiter(delimiter):
    lines = [delimiter.join(row) for row in (["note_id", "patient_id", "text"], ["1", "2", "x"])]
    assert records("\n".join(lines))[0].text == "x"


def test_it_suggests_columns_and_known_identifiers_by_name():
    header = "note_id,patient_id,patient_name,dob,mrn,home_phone,address,email,mother_name,text"
    mapping = preview(stream(header + "\n1,2,3,4,5,6,7,8,9,10\n"), "csv").suggested_mapping
    assert mapping.text == "text"
    assert mapping.external_id == "note_id"
    assert mapping.patient_key == "patient_id"
    assert mapping.known == {
        "patient_name": "NAME",
        "dob": "DATE_AGE",
        "mrn": "MRN",
        "home_phone": "PHONE",
        "address": "LOCATION",
        "email": "EMAIL",
        "mother_name": "NAME",
    }


def test_it_takes_the_longest_column_when_no_name_says_text():
    data = "a,b\n1," + "word " * 40 + "\n"
    assert preview(stream(data), "csv").suggested_mapping.text == "b"


def test_it_warns_when_no_column_names_the_patient():
    shown = preview(stream("note_id,text\n1,hello\n"), "csv")
    assert any("its own patient" in warning for warning in shown.warnings)
    mapping = Mapping(text="text", external_id="note_id")
    one, two = records("note_id,text\n1,a\n2,b\n", mapping=mapping)
    assert one.patient_key != two.patient_key
    assert one.warnings == ("no_patient",)


def test_it_gives_known_identifiers_with_each_record():
    mapping = Mapping(text="text", known={"name": "NAME", "mrn": "MRN"})
    (record,) = records("name,mrn,text\nJane,,note\n", mapping=mapping)
    assert record.known == (("NAME", "Jane"),)


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"", "csv", "empty"),
        (b"  \n ", "jsonl", "empty"),
        (b"", "zip", "broken_zip"),
        ("note_id,text\n1,x".encode("utf-16") + b"\xff", "csv", "encoding"),
        (bytes(range(256)) * 20, "csv", "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0", "txt", "binary"),
        (b"note_id,patient_id,body\n1,2,x\n", "csv", "no_text_column"),
        (b"note_id,text\n1,x\n", "csv", "unknown_column"),
        (b"text,text\n1,x\n", "csv", "duplicate_columns"),
        (b"note_id,patient_id,text\n", "csv", "no_records"),
        (b"[1, 2]\n", "jsonl", "not_jsonl"),
        (b"hello", "pdf", "unknown_kind"),
    ],
)
def test_it_refuses_what_it_cannot_read_and_says_what_to_do(data, kind, code):
    with pytest.raises(ImportProblem) as problem:
        records(data, kind)
    assert problem.value.code == code
    assert problem.value.message.endswith(".")
    assert problem.value.advice.endswith(".")


def test_an_unclosed_quote_is_an_error_after_the_complete_records():
    reading = read_records(
        stream(f'note_id,patient_id,text\n1,2,fine\n2,3,"{SECRET}\n3,4,x\n'), "csv", MAPPING
    )
    assert next(reading).text == "fine"
    with pytest.raises(ImportProblem) as problem:
        list(reading)
    assert problem.value.code == "broken_csv"
    assert SECRET not in str(problem.value)


def test_rejections_name_line_and_reason_and_never_content():
    data = f"note_id,patient_id,text\n1,2,a\n1,2,{SECRET}\n3,2,\n4,2,{SECRET},more\n"
    found = records(data)
    assert [(r.line, r.reason_code) for r in found if isinstance(r, Rejected)] == [
        (3, "duplicate_id"),
        (4, "no_text"),
        (5, "too_many_fields"),
    ]
    assert SECRET not in repr(found)


def test_a_bad_json_line_is_rejected_and_the_rest_is_read():
    lines = [json.dumps({"note_id": n, "patient_id": "p", "text": "t"}) for n in (1, 2)]
    found = records("\n".join([lines[0], "{broken", "[]", lines[1]]), "jsonl")
    assert [type(r).__name__ for r in found] == ["Record", "Rejected", "Rejected", "Record"]
    assert found[3].line == 4


def test_it_reads_a_folder_with_a_sidecar(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text("first", "utf-8")
    (tmp_path / "sub" / "b.txt").write_text("second", "utf-8")
    (tmp_path / "metadata.csv").write_text("file,patient_id\na.txt,p1\nb.txt,p1\n", "utf-8")
    mapping = preview(tmp_path, "txt").suggested_mapping
    found = list(read_records(tmp_path, "txt", mapping))
    assert [(r.text, r.patient_key) for r in found] == [("first", "p1"), ("second", "p1")]


def test_it_leaves_links_out_of_a_folder(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("secret", "utf-8")
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.txt").symlink_to(outside)
    (folder / "b.txt").write_text("note", "utf-8")
    first, second = read_records(folder, "txt", Mapping(text="text", external_id="file"))
    assert isinstance(first, Rejected)
    assert first.reason_code == "symlink"
    assert isinstance(second, Record)


def test_it_reads_a_zip_and_refuses_traversal_links_and_damage():
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = archive(
        [("a.txt", "fine"), ("../evil.txt", "x"), ("/abs.txt", "x"), (link, "/etc/passwd")]
    )
    found = list(read_records(packed, "zip", Mapping(text="text", external_id="file")))
    assert [getattr(r, "reason_code", "record") for r in found] == [
        "record",
        "unsafe_path",
        "unsafe_path",
        "symlink",
    ]


def test_it_refuses_a_zip_bomb():
    with pytest.raises(ImportProblem) as problem:
        list(read_records(archive([("a.txt", b"0" * 15_000_000)]), "zip", Mapping(text="text")))
    assert problem.value.code == "zip_bomb"


def test_a_damaged_entry_is_rejected_and_the_others_are_read():
    packed = archive([("a.txt", "x" * 4000 + "unusual"), ("b.txt", "fine")]).getvalue()
    broken = bytearray(packed)
    broken[45:60] = b"\xff" * 15
    found = list(read_records(io.BytesIO(bytes(broken)), "zip", Mapping(text="text")))
    assert [type(r).__name__ for r in found] == ["Rejected", "Record"]


@pytest.mark.parametrize(
    ("column", "category"),
    [
        ("PatientName", "NAME"),
        ("Date of Birth", "DATE_AGE"),
        ("work_fax", "FAX"),
        ("Member ID", "HEALTH_PLAN"),
        ("ZIP Code", "LOCATION"),
        ("note_type", None),
        ("diagnosis", None),
    ],
)
def test_it_knows_identifier_columns_by_name(column, category):
    assert known_category(column) == category


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["csv", "jsonl", "zip", "txt"]))
def test_arbitrary_bytes_give_records_or_a_clear_problem(data, kind):
    with contextlib.suppress(ImportProblem):
        list(read_records(stream(data), kind, Mapping(text="text")))
    with contextlib.suppress(ImportProblem):
        preview(stream(data), kind)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1
        ).filter(lambda t: t.strip()),
        min_size=1,
        max_size=5,
    )
)
def test_what_json_lines_hold_is_read_back_unchanged(texts):
    lines = [json.dumps({"note_id": i, "patient_id": "p", "text": t}) for i, t in enumerate(texts)]
    assert [r.text for r in records("\n".join(lines), "jsonl")] == texts


@pytest.mark.parametrize("value", [123, {"a": 1}, ["x"], True])
def test_a_json_text_that_is_no_text_is_left_out_with_its_reason(value: object) -> None:
    lines = "\n".join(json.dumps({"id": n, "text": t}) for n, t in enumerate(("Well.", value)))
    found = list(read_records(io.BytesIO(lines.encode()), "jsonl", Mapping(text="text")))
    assert isinstance(found[0], Record)
    assert isinstance(found[1], Rejected)
    assert found[1].reason_code == "not_text"


def test_json_lines_sent_as_a_table_are_named_as_what_they_are() -> None:
    lines = b'{"id": 1, "text": "Well."}\n{"id": 2, "text": "Ill."}\n'
    with pytest.raises(ImportProblem, match="JSON lines"):
        preview(io.BytesIO(lines), "csv")
