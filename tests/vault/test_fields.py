"""What identifies a patient is ciphertext in every column, and opens only in its own row."""

from __future__ import annotations

import base64
import json
import os

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from deid.models import Patient
from tests.factories.people import make_project
from vault.keyring import CannotDecrypt, Keyring

KEYS = Keyring("2", {"1": b"a" * 32, "2": b"b" * 32})


@given(st.binary(max_size=2000), st.binary(max_size=50))
def test_what_was_encrypted_opens_again(plaintext: bytes, row: bytes) -> None:
    assert KEYS.decrypt(KEYS.encrypt(plaintext, row), row) == plaintext


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_changed_byte_does_not_open(plaintext: bytes, data: st.DataObject) -> None:
    envelope = bytearray(KEYS.encrypt(plaintext, b"row"))
    place = data.draw(st.integers(0, len(envelope) - 1))
    envelope[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotDecrypt):
        KEYS.decrypt(bytes(envelope), b"row")


def test_a_ciphertext_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(CannotDecrypt):
        KEYS.decrypt(KEYS.encrypt(b"Okafor", b"row 1"), b"row 2")


def test_an_old_key_still_opens_after_rotation() -> None:
    old = Keyring("1", {"1": b"a" * 32})
    assert KEYS.decrypt(old.encrypt(b"Okafor", b"row"), b"row") == b"Okafor"
    assert KEYS.encrypt(b"Okafor", b"row")[1:3] == b"\x012"  # length and id of the key
    assert KEYS.blind_index("Okafor", "x") == old.blind_index("Okafor", "x")


def test_a_keyring_never_shows_its_keys() -> None:
    assert "aaaa" not in repr(KEYS)


def test_it_loads_the_file_that_the_runtime_makes(tmp_path: object) -> None:
    path = __import__("pathlib").Path(str(tmp_path)) / "field-keys.json"
    key = base64.b64encode(os.urandom(32)).decode()
    path.write_text(json.dumps({"current": "k", "keys": {"k": key}}))
    loaded = Keyring.load(path)
    assert loaded.decrypt(loaded.encrypt(b"x", b""), b"") == b"x"


def test_the_column_holds_no_plaintext_and_the_row_reads_it(db: None) -> None:
    project = make_project()
    patient = Patient.objects.create(project=project, key="OKAFOR-77", lookup=b"x" * 32)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM deid_patient WHERE id = %s", [patient.pk])
        stored = bytes(cursor.fetchone()[0])
    assert b"OKAFOR" not in stored
    assert Patient.objects.get(pk=patient.pk).key == "OKAFOR-77"
    assert Patient.objects.only("id").get(pk=patient.pk).key == "OKAFOR-77"


def test_saving_an_unread_row_keeps_its_ciphertext(db: None) -> None:
    patient = Patient.objects.create(project=make_project(), key="OKAFOR-77", lookup=b"x" * 32)
    again = Patient.objects.get(pk=patient.pk)
    again.save()
    assert Patient.objects.get(pk=patient.pk).key == "OKAFOR-77"


def test_values_and_filters_never_see_plaintext(db: None) -> None:
    Patient.objects.create(project=make_project(), key="OKAFOR-77", lookup=b"x" * 32)
    assert "OKAFOR" not in repr(list(Patient.objects.values("key")))
    with pytest.raises(FieldError):
        Patient.objects.filter(key="OKAFOR-77").exists()
    with pytest.raises(FieldError):
        Patient.objects.update(key="other")


def test_a_patient_is_named_by_its_random_id(db: None) -> None:
    patient = Patient.objects.create(project=make_project(), key="OKAFOR-77", lookup=b"x" * 32)
    assert str(patient) == str(patient.pk)
