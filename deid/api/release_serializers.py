"""What the endpoints of release take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from deid.models import ExpertDetermination, Leak, UniqueFlag
from deid.selectors.release import state_of
from deid.services.determinations import TEXTS
from deid.services.unique import MAX_REASON


class DeterminationSerializer(serializers.ModelSerializer[ExpertDetermination]):
    state = serializers.SerializerMethodField(
        help_text="`unsigned`, `in_force`, `expired` or `withdrawn`."
    )

    class Meta:
        model = ExpertDetermination
        fields = [
            "id", "number", "state", "run", "expert", "qualification", "method", "recipients",
            "covers", "determined_on", "expires_on", "size", "pages", "commitment", "uploaded_at",
            "digest", "withdrawn_at", "withdrawn_reason",
        ]  # fmt: skip
        read_only_fields = fields

    def get_state(self, found: ExpertDetermination) -> str:
        return state_of(found)


class UploadDeterminationSerializer(serializers.Serializer[Any]):
    """The PDF, and what it states; `run` narrows it to one run."""

    file = serializers.FileField(allow_empty_file=True)
    determined_on = serializers.DateField()
    expires_on = serializers.DateField(help_text="Its last day, as days go by UTC.")
    run = serializers.UUIDField(required=False, allow_null=True, default=None)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        texts = {name: serializers.CharField(max_length=most) for name, most in TEXTS.items()}
        return {**super().get_fields(), **texts}


class ManifestSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField()
    manifest = serializers.JSONField()


class SignSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField(max_length=64)
    password = serializers.CharField(write_only=True, trim_whitespace=False, max_length=256)


class WithdrawSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class FlagSerializer(serializers.ModelSerializer[UniqueFlag]):
    note = serializers.UUIDField(source="run_note.note_id")
    kind = serializers.SerializerMethodField()
    decided_by = serializers.CharField(source="decided_by.full_name", default=None)
    taken_over = serializers.SerializerMethodField(help_text="Decided in an earlier run.")

    class Meta:
        model = UniqueFlag
        fields = [
            "id", "note", "position", "kind", "decision", "decided_by", "decided_at", "taken_over",
        ]  # fmt: skip
        read_only_fields = fields

    def get_kind(self, flag: UniqueFlag) -> str:
        return str(flag.found["kind"])

    def get_taken_over(self, flag: UniqueFlag) -> bool:
        return flag.earlier_id is not None


class PlacedSpanSerializer(serializers.Serializer[Any]):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    category = serializers.CharField()


class PassageSerializer(serializers.Serializer[Any]):
    """A passage in its context: `text` is a part of the output, offsets count in it."""

    kind = serializers.CharField()
    text = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    spans = PlacedSpanSerializer(many=True)


class DecideSerializer(serializers.Serializer[Any]):
    """`harmless` needs a reason; `identifies` hides the passage, or `text` in its place."""

    decision = serializers.ChoiceField(choices=["identifies", "harmless"])
    reason = serializers.CharField(
        max_length=MAX_REASON, required=False, default="", allow_blank=True
    )
    remedy = serializers.ChoiceField(
        choices=Leak.Remedy.choices, required=False, default=Leak.Remedy.KNOWN
    )
    text = serializers.CharField(
        max_length=300, required=False, allow_null=True, default=None, trim_whitespace=False
    )


class ConditionSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    status = serializers.ChoiceField(choices=["pass", "fail", "missing"])
    value = serializers.IntegerField()
    limit = serializers.IntegerField()
    direction = serializers.ChoiceField(choices=["at_least", "at_most"])
    explanation = serializers.CharField()
    forbids = serializers.SerializerMethodField(help_text="Whether it forbids the release now.")

    def get_forbids(self, found: Any) -> bool:
        return bool(found.refusal)


class ReleaseSerializer(serializers.Serializer[Any]):
    profile = serializers.CharField()
    needs_expert_determination = serializers.BooleanField()
    conditions = ConditionSerializer(many=True)
