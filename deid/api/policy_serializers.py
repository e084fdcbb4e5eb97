"""The JSON of policies, drafts and trials."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from deid import selectors
from deid.categories import CATEGORIES
from deid.models import PolicyDraft, PolicyTrial, PolicyVersion


class PolicySerializer(serializers.ModelSerializer[PolicyVersion]):
    created_by = serializers.CharField(source="created_by.full_name")
    lowers = serializers.SerializerMethodField()
    change = serializers.SerializerMethodField()

    class Meta:
        model = PolicyVersion
        fields = [
            "id", "number", "term_count", "note", "lowers", "change", "commitment", "created_by",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_lowers(self, version: PolicyVersion) -> bool | None:
        """Whether less may be hidden than under the version before; null where nothing is kept."""
        change = selectors.change_of(version)
        return change.lowers if change else None

    def get_change(self, version: PolicyVersion) -> list[str]:
        change = selectors.change_of(version)
        return change.words if change else []


class TermSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200)
    category = serializers.ChoiceField(choices=list(CATEGORIES))


class TermsSerializer(serializers.Serializer[Any]):
    terms = TermSerializer(many=True)
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class FactsSerializer(serializers.Serializer[Any]):
    """What a version says, without its texts."""

    thresholds = serializers.DictField(child=serializers.FloatField())
    terms = serializers.DictField(child=serializers.IntegerField())
    allow_terms = serializers.IntegerField()
    output = serializers.CharField()
    date_shift = serializers.BooleanField()


class PolicyTextsSerializer(serializers.Serializer[Any]):
    terms = TermSerializer(many=True)
    allow_terms = serializers.ListField(child=serializers.CharField())


class PolicyEditSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is in version `base`."""

    base = serializers.IntegerField(help_text="The version that was edited; it must be current.")
    thresholds = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=1), required=False
    )
    terms = TermSerializer(many=True, required=False)
    allow_terms = serializers.ListField(child=serializers.CharField(max_length=200), required=False)
    output = serializers.CharField(required=False)
    date_shift = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class DraftEditSerializer(PolicyEditSerializer):
    base = None  # type: ignore[assignment]
    revision = serializers.IntegerField(help_text="The revision of the draft that was edited.")


class DraftSerializer(serializers.ModelSerializer[PolicyDraft]):
    base = serializers.IntegerField(source="base.number")
    changed_by = serializers.CharField(source="changed_by.full_name")
    change = serializers.SerializerMethodField()

    class Meta:
        model = PolicyDraft
        fields = [
            "id", "number", "base", "revision", "note", "lowers", "change", "changed_by",
            "changed_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_change(self, draft: PolicyDraft) -> list[str]:
        return selectors.change_of_draft(draft).words


class AdoptSerializer(serializers.Serializer[Any]):
    revision = serializers.IntegerField(help_text="The revision that was looked at.")
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class TrialStartSerializer(serializers.Serializer[Any]):
    size = serializers.IntegerField(required=False, default=50, min_value=1, max_value=1_000)


class TrialSerializer(serializers.ModelSerializer[PolicyTrial]):
    against = serializers.IntegerField(source="against.number")
    started_by = serializers.CharField(source="started_by.full_name")

    class Meta:
        model = PolicyTrial
        fields = [
            "id", "number", "draft", "against", "state", "note_count", "population", "read_count",
            "result", "started_by", "started_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields


class DifferenceSerializer(serializers.Serializer[Any]):
    note = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["more", "fewer", "other"])
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    category = serializers.CharField()
    other = serializers.CharField()
    recognizer = serializers.CharField()
    rule = serializers.CharField()
    score = serializers.FloatField()
    before = serializers.CharField()
    behind = serializers.CharField()
