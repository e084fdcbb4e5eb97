"""The trail: entries and seals. Both tables take INSERT and SELECT only (see the migration)."""

from __future__ import annotations

import uuid

from django.db import models


class Entry(models.Model):
    """One act, reading, denial or failure. Holds ids, codes and counts; never content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    occurred_at = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=64)
    action = models.CharField(max_length=1)  # C R U D E
    outcome = models.CharField(max_length=8)  # success, failure, denied
    # A plain id and no foreign key: the trail stands below accounts and outlives everybody.
    actor_id = models.UUIDField(null=True)
    actor_roles = models.JSONField(default=list)
    auth_method = models.CharField(max_length=32, blank=True)
    session_ref = models.CharField(max_length=32, blank=True)
    source_ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=36, blank=True)
    project_id = models.UUIDField(null=True)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=64, blank=True)  # a code, not prose
    details = models.JSONField(default=dict)
    app_version = models.CharField(max_length=16)

    class Meta:
        ordering = ["-occurred_at"]
        # The trail's page takes the newest rows of one project, narrowed by one of these.
        indexes = [
            *(
                models.Index(
                    fields=["project_id", *column, "-occurred_at", "-id"], name=f"trail_{name}"
                )
                for name, column in (
                    ("newest_first", []),
                    ("by_event", ["event"]),
                    ("by_person", ["actor_id"]),
                    ("by_outcome", ["outcome"]),
                    ("by_kind", ["object_type"]),
                )
            ),
            models.Index(fields=["object_id", "-occurred_at"], name="trail_by_subject"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Seal(models.Model):
    """One link of the chain: gap-free number, hash over the entry and the previous hash."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="seal")
    entry_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)
