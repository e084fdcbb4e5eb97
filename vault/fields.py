"""Model fields that are encrypted at rest and open only when read.

The row's primary key and the column's name are the associated data, so models that use these
fields have a UUID key made in Python. `values()` yields ciphertext, never plaintext; a query
cannot filter on these fields.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from vault.keys import keyring


class Ciphertext(bytes):
    """Bytes as they lie in the column."""

    def __repr__(self) -> str:
        return "<ciphertext>"


class _OpenOnRead(DeferredAttribute):
    """Decrypts at the first access and keeps the plaintext on the instance."""

    field: EncryptedField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Ciphertext):
            value = self.field.open(value, instance)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.BinaryField):  # type: ignore[type-arg]
    """Base: subclasses say how a value becomes bytes and back."""

    descriptor_class = _OpenOnRead

    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)

    def from_bytes(self, data: bytes) -> Any:
        return data

    def _associated(self, instance: models.Model) -> bytes:
        return f"{instance._meta.label}.{self.attname}:{instance.pk}".encode()

    def open(self, value: Ciphertext, instance: models.Model) -> Any:
        return self.from_bytes(keyring().decrypt(bytes(value), self._associated(instance)))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Ciphertext | None:
        value = model_instance.__dict__.get(self.attname, self.get_default())
        if value is None or isinstance(value, Ciphertext):
            return value
        associated = self._associated(model_instance)
        return Ciphertext(keyring().encrypt(self.to_bytes(value), associated))

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, Ciphertext):
            return value
        raise FieldError(f"{self.name} is encrypted: it is saved through its row, not by a query.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted and cannot be searched.")

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted and is not serialised.")


class EncryptedTextField(EncryptedField):
    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def from_bytes(self, data: bytes) -> str:
        return data.decode()


class EncryptedJSONField(EncryptedField):
    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False).encode()

    def from_bytes(self, data: bytes) -> Any:
        return json.loads(data)


class EncryptedBytesField(EncryptedField):
    """Raw bytes, such as salts."""
