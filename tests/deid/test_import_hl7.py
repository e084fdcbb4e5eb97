"""HL7 v2: delimiters, escapes, versions of documents and what identifies, whole and broken."""

from __future__ import annotations

import base64
import contextlib
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.importers import ImportProblem, Mapping, PatientFacts, Record, Rejected, read_records
from deid.importers.hl7_messages import Delimiters, unescape

BY = Delimiters("|", "^", "~", "\\", "&")
PID = (
    "PID|1||00451377^^^WENNICK&1.2.3&ISO^MR~219004471^^^^SS||Thackeridge^Ombeline^Jo^^Ms"
    "|Osk^Maud|19581104|F|Tack^Ombie||9 Larkspur Row^Apt 2^Wennick^OH^44001^^^^Medlar"
    "||(555)555-0142^PRN^PH^omb@mail.example~(555)555-0143^WPN^FX|5555550199||||ACC-7781|219-00-4472"
)


def message(event: str = "MDM^T02", *segments: str, pid: str = PID, msh: str = "") -> str:
    head = msh or f"MSH|^~\\&|EHR|WEN|CS|WEN|20240102||{event}|77|P|2.5.1"
    return "\r".join([head, *([pid] if pid else []), *segments]) + "\r"


def mdm(event: str, own: str = "D1", text: str = "Stable.", parent: str = "") -> str:
    return message(f"MDM^{event}", txa(own, parent), f"OBX|1|TX|||{text}")


def txa(
    own: str = "D1", parent: str = "", kind: str = "DS", label: str = "", more: str = ""
) -> str:
    return (
        f"TXA|1|{kind}|TX|202401020930|||||77^Osk^Ira^B^^Dr|||{own}^WEN|{parent}|||"
        f"letter.txt|AU|{label}|{more}"
    )


def read(data: str | bytes, admitted: frozenset[str] = frozenset()) -> list[Any]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(read_records(io.BytesIO(raw), "hl7", Mapping(text=""), admitted))


def the_record(data: str | bytes) -> Record:
    (found,) = [item for item in read(data) if isinstance(item, Record)]
    return found


def reasons(data: str | bytes, admitted: frozenset[str] = frozenset()) -> list[tuple[int, str]]:
    return [(i.line, i.reason_code) for i in read(data, admitted) if isinstance(i, Rejected)]


def test_a_document_becomes_a_note_with_type_patient_and_id() -> None:
    record = the_record(message("MDM^T02^MDM_T02", txa(), "OBX|1|TX|||Line one.~Line two."))
    assert record.text == "Line one.\nLine two."
    assert record.external_id == "MDM|WEN|D1"
    assert record.patient_key == "WENNICK|00451377"
    assert (record.note_type, record.note_date) == ("Discharge summary", "202401020930")
    assert record.author == "Ira B Osk"


def test_what_identifies_the_patient_comes_from_every_segment() -> None:
    segments = [
        "PD1||||88^Fenwright^Lil",
        "NK1|1|Thackeridge^Perrin|SPO|4 Rook Lane^^Wennick^OH|5550177||||||||Bramwell Ironworks",
        "PV1|1|I|4W^401||||12^Hask^Ute||||||||||||V-99321",
        "GT1|1|G-551|Thackeridge^Agnes||1 Moss End^^Tarn^OH|5550188||19300102||||333-22-1111"
        "||||Tarn Glassworks",
        "IN1|1|P|I|Blue|||| GRP-31 ||||||||Thackeridge^Ombeline||||||||||||||||||||POL-6610",
    ]
    known = set(the_record(message("MDM^T02", *segments, txa(), "OBX|1|TX|||x")).known)
    assert known >= {
        ("NAME", "Ombeline Jo Thackeridge"), ("NAME", "Maud Osk"), ("NAME", "Ombie Tack"),
        ("NAME", "Perrin Thackeridge"), ("NAME", "Agnes Thackeridge"), ("NAME", "Lil Fenwright"),
        ("NAME", "Ute Hask"), ("NAME", "Bramwell Ironworks"), ("NAME", "Tarn Glassworks"),
        ("MRN", "00451377"), ("SSN", "219004471"), ("SSN", "219-00-4472"), ("SSN", "333-22-1111"),
        ("DATE_AGE", "19581104"), ("DATE_AGE", "19300102"),
        ("LOCATION", "9 Larkspur Row, Apt 2, Wennick, OH 44001, Medlar"),
        ("PHONE", "(555)555-0142"), ("FAX", "(555)555-0143"), ("EMAIL", "omb@mail.example"),
        ("PHONE", "5555550199"), ("ACCOUNT", "ACC-7781"), ("OTHER_ID", "V-99321"),
        ("HEALTH_PLAN", "POL-6610"), ("HEALTH_PLAN", "GRP-31"),
    }  # fmt: skip


def test_a_message_that_brings_no_document_still_says_who_the_patient_is() -> None:
    (facts, _) = read(message("ADT^A08") + mdm("T02"))
    assert isinstance(facts, PatientFacts)
    assert ("NAME", "Ombeline Jo Thackeridge") in facts.known


def test_the_delimiters_are_those_of_the_header() -> None:
    data = (
        "MSH#*%!@#EHR#W###202401##MDM*T02#1#P#2.5\r"
        "PID#1##771***A@1@X*MR##Osk*Ira\rTXA#1#PR#TX########D9*W\r"
        "OBX#1#TX###a!F!b!S!c!T!d!R!e!E!f%next | ^ ~ \\ &\r"
    )
    record = the_record(data)
    assert record.text == "a#b*c@d%e!f\nnext | ^ ~ \\ &"
    assert record.patient_key == "A|771"
    assert record.note_type == "Progress note"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r"BP 120\F\80", "BP 120|80"),
        (r"x\.br\y\.sp2\z", "x\ny\n\nz"),
        (r"\H\bold\N\ text", "bold text"),
        (r"caf\XC3A9\ and \X0D0A\end", "café and \r\nend"),
        (r"\XE9\t", "ét"),
        (r"\.in+4\indented\.fi\ ", " indented "),
        (r"C:\Temp\notes", r"C:\Temp\notes"),
        (r"ends with \ ", "ends with \\ "),
        (r"\E\F\E\ ", r"\F\ "),
        (r"\Zlocal\x\C2842\y", "xy"),
        (r"\X4\odd", r"\X4\odd"),
    ],
)
def test_escapes_are_resolved_and_what_only_looks_like_one_stays(raw: str, text: str) -> None:
    assert unescape(raw, BY) == text


def escaped(text: str) -> str:
    codes = {"\\": "E", "|": "F", "^": "S", "&": "T", "~": "R", "\r": "X0D", "\n": ".br"}
    return "".join(f"\\{codes[c]}\\" if c in codes else c for c in text)


_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80)


@given(_TEXTS | st.text(alphabet="\\|^&~FSTREXN.br0Dé ", min_size=1, max_size=40))
def test_what_is_escaped_is_read_back(text: str) -> None:
    assert unescape(escaped(text), BY) == text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="\\|^&~FSTRE ab\n", min_size=1, max_size=40).filter(lambda t: t.strip()))
def test_text_survives_a_whole_message(text: str) -> None:
    record = the_record(message("MDM^T02", txa(), f"OBX|1|FT|||begin {escaped(text)} end"))
    assert record.text == f"begin {text} end"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_arbitrary_bytes_give_records_or_a_clear_problem(data: bytes, headed: bool) -> None:
    with contextlib.suppress(ImportProblem):
        read(b"MSH|^~\\&|A|B|||1||MDM^T02|1|P|2.5\r" + data if headed else data)


def test_obx_segments_join_in_their_order() -> None:
    data = message("MDM^T02", txa(), "OBX|2|TX|||two", "OBX|10|TX|||ten", "OBX|1|TX|||one")
    assert the_record(data).text == "one\ntwo\nten"
    data = message("MDM^T02", txa(), "OBX|1|TX|||b", "OBX|1|TX|||a", "OBX||TX|||c")
    assert the_record(data).text == "b\na\nc"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_line_end_is_read_and_lines_are_counted_by_it(end: str) -> None:
    data = (mdm("T02") + mdm("T02", "D2")).replace("\r", end)
    assert [r.line for r in read(data)] == [1, 5]


def test_frames_envelopes_and_a_byte_order_mark_are_no_part_of_messages() -> None:
    frame = b"\x0b" + mdm("T02").encode() + b"\x1c\r"
    data = (
        b"\xef\xbb\xbfFHS|^~\\&|A\rBHS|^~\\&|A\r" + frame + frame.replace(b"D1", b"D2") + b"BTS|2\r"
    )
    assert [type(i) for i in read(data)] == [Record, Record]


def test_a_line_break_inside_a_field_belongs_to_it() -> None:
    data = message("MDM^T02", txa(), "OBX|1|TX|||first\nand second line\nThird: x|y")
    assert the_record(data).text.startswith("first\nand second line\nThird: x")


@pytest.mark.parametrize(
    ("stated", "codec"),
    [("8859/1", "latin-1"), ("UNICODE UTF-8", "utf-8"), ("", "utf-8"), ("", "cp1252"),
     ("8859/15", "iso8859-15")],
)  # fmt: skip
def test_the_character_set_is_that_of_the_header(stated: str, codec: str) -> None:
    msh = f"MSH|^~\\&|EHR|W|||20240102||MDM^T02|77|P|2.5.1||||||{stated}"
    data = message("", txa(), "OBX|1|TX|||Ménière", msh=msh).encode(codec)
    assert the_record(data).text == "Ménière"


def test_a_file_in_utf_16_is_read() -> None:
    assert the_record(mdm("T02", text="Ménière").encode("utf-16")).text == "Ménière"


def ed(subtype: str, encoding: str, data: str) -> str:
    return message("MDM^T02", txa(), f"OBX|1|ED|||APP^TEXT^{subtype}^{encoding}^{data}")


@pytest.mark.parametrize(
    ("subtype", "encoding", "data", "text"),
    [
        ("PLAIN", "Base64", base64.b64encode(b"Plain text.").decode(), "Plain text."),
        ("HTML", "Base64", base64.b64encode(b"<p>a</p><p>b</p>").decode(), "a\n\nb"),
        ("RTF", "Base64", base64.b64encode(rb"{\rtf1 Rich}").decode(), "Rich"),
        ("", "Hex", b"Hexed".hex(), "Hexed"),
        ("", "A", r"As it is\F\here", "As it is|here"),
    ],
)
def test_embedded_documents_are_decoded(subtype: str, encoding: str, data: str, text: str) -> None:
    assert the_record(ed(subtype, encoding, data)).text == text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (message(pid=""), "no_patient"),
        (message("MDM^T02", txa(), "OBX|1|TX|||x", pid="PID|1||"), "no_patient"),
        (message("MDM^T02", txa(), "OBX|1|TX"), "no_text"),
        (message("MDM^T02", txa()), "no_text"),
        (message("MDM^T01", txa()), "no_content"),
        (ed("PLAIN", "Base64", "UGxhaW4gdGV4dC4"), "bad_base64"),
        (ed("PLAIN", "Base64", "****"), "bad_base64"),
        (ed("PLAIN", "Hex", "4"), "bad_base64"),
        (ed("PLAIN", "ROT13", "x"), "encoding"),
        (ed("PLAIN", "Base64", ""), "no_content"),
        ("MSH|^~\r" + PID + "\r", "broken_msh"),
        ("MSHX\r", "broken_msh"),
        (message("", txa(), msh="MSH|^~\\&|E|W|||1||MDM^T02|7|P|2.5||||||KLINGON"), "encoding"),
        (message("ORU^R01", "OBR|1|O|F|24331-1^Lipids", "OBX|1|NM|2093-3||180|mg/dL"), "no_text"),
    ],
)
def test_a_broken_message_is_left_out_and_the_rest_is_read(data: str, code: str) -> None:
    found = reasons(mdm("T02", "GOOD1") + data + mdm("T02", "GOOD2"))
    assert found == [(5, code)]


def test_segments_before_any_header_are_listed() -> None:
    assert reasons("OBX|1|TX|||lost\r" + mdm("T02")) == [(1, "no_header")]


def test_a_message_beyond_all_measure_is_listed_and_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deid.importers.hl7_messages.MAX_CHARACTERS", 100_000)
    long = mdm("T02", "BIG", "x" * 300_000)
    assert reasons(mdm("T02") + long + mdm("T02", "D3")) == [(5, "message_too_large")]


def test_the_last_version_of_a_document_counts() -> None:
    data = mdm("T02", text="draft") + mdm("T04", text="signed") + mdm("T08", text="edited")
    assert the_record(data).text == "edited"
    assert reasons(data) == [(1, "superseded"), (5, "superseded")]


def test_a_replacement_withdraws_what_it_replaces() -> None:
    data = mdm("T02", "D1") + mdm("T10", "D2", "corrected", parent="D1^WEN")
    first, second = read(data)
    assert (first.reason_code, first.withdraws) == ("superseded", "MDM|WEN|D1")
    assert (second.text, second.replaces) == ("corrected", ("MDM|WEN|D1",))


def test_an_addendum_stands_beside_its_parent() -> None:
    data = mdm("T02", "D1") + mdm("T06", "D2", "added", parent="D1^WEN")
    assert [item.text for item in read(data)] == ["Stable.", "added"]


def test_a_cancelled_document_is_withdrawn() -> None:
    first, second = read(mdm("T02", "D1") + mdm("T11", "D1"))
    assert first.reason_code == "superseded"
    assert (second.reason_code, second.withdraws) == ("cancelled", "MDM|WEN|D1")
    assert reasons(message("MDM^T02", txa(more="CA"), "OBX|1|TX|||x") + mdm("T02", "D2")) == [
        (1, "cancelled")
    ]


def test_a_result_message_gives_a_note_for_each_report_with_text() -> None:
    data = message(
        "ORU^R01",
        "OBR|1|O1|F1^LAB|18748-4^Chest film^LN|||202402030800||||||||||||||||||F",
        "OBX|2|TX|||Heart normal.",
        "OBX|1|ST|||Chest film",
        "OBX|3|TX|||wrongly posted||||||W",
        "NTE|1||Read twice.",
        "OBR|2|O2|F2^LAB|11526-1^Pathology^LN",
        "OBX|1|FT|||Benign.\\.br\\No atypia.",
        "OBX|2|NM|8480-6^Size||12|mm|||||F",
    )
    film, pathology = read(data)
    assert film.text == "Chest film\nHeart normal.\nRead twice."
    assert film.external_id == "ORU|LAB|F1|18748-4"
    assert (film.note_type, film.note_date) == ("Diagnostic imaging study", "202402030800")
    assert pathology.text == "Benign.\nNo atypia.\nSize: 12 mm"
    assert pathology.note_type == "Pathology study"


@pytest.mark.parametrize(
    ("segments", "code"),
    [
        ((txa(kind="PT^Psychotherapy note"), "OBX|1|TX|||x"), "psychotherapy"),
        ((txa(label="ETH"), "OBX|1|TX|||x"), "part2"),
        (("PV1|1|O|DTX^^^Detox Unit|||||||SUD", txa(), "OBX|1|TX|||x"), "part2"),
        ((txa(), "OBX|1|TX|||42 CFR Part 2 prohibits redisclosure."), "part2"),
    ],
)
def test_restricted_records_need_an_authority(segments: tuple[str, ...], code: str) -> None:
    data = message("MDM^T02", *segments) + mdm("T02", "D2")
    assert reasons(data) == [(1, code)]
    assert reasons(data, frozenset((code,))) == []
