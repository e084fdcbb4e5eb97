"""Keys of surrogates while a run works, and the map back to the originals where one was asked for.

Neither is ever exported. The keys go when the run is finished; the map stays until somebody deletes
it, and its row says afterwards that there was one.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from deid.models.notes import Patient
from deid.models.runs import Run
from vault.fields import EncryptedBytesField, EncryptedTextField


class SurrogateKey(models.Model):
    """The random key of a patient in a run: a chunk that is done again writes the same."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="surrogate_keys")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    key = EncryptedBytesField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "patient"], name="surrogate_key_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class SurrogateMap(models.Model):
    """That a run keeps what its surrogates stand for: who asked for it, why, and who deleted it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="surrogate_map")
    reason = EncryptedTextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    deleted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class SurrogateEntry(models.Model):
    """One surrogate of one patient and what it stands for. `lookup` is a keyed index of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    map = models.ForeignKey(SurrogateMap, on_delete=models.CASCADE, related_name="entries")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=16)
    surrogate = EncryptedTextField()
    original = EncryptedTextField()
    lookup = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["map", "lookup"], name="surrogate_lookup")]

    def __str__(self) -> str:
        return str(self.id)
