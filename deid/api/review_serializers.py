"""JSON of the rounds of review. Offsets count characters of the text that is shown."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from deid.categories import CATEGORIES
from deid.models import Leak, Review, Sample, SampleItem


class SampleSerializer(serializers.ModelSerializer[Sample]):
    run = serializers.IntegerField(source="run.number")

    class Meta:
        model = Sample
        fields = [
            "id", "round", "run", "state", "seed", "population", "size", "acceptance_number",
            "limit", "confidence", "plan", "result", "drawn_at", "decided_at", "digest",
        ]  # fmt: skip
        read_only_fields = fields


class DrawSerializer(serializers.Serializer[Any]):
    """No seed: whoever could choose it could choose the notes."""

    run = serializers.UUIDField()


class RiskSerializer(serializers.Serializer[dict[str, Any]]):
    """Shares are fractions; leaks and over-redactions count notes."""

    read = serializers.IntegerField()
    planned = serializers.IntegerField()
    leaks = serializers.IntegerField()
    over_redactions = serializers.IntegerField()
    upper = serializers.FloatField(allow_null=True)
    best_upper = serializers.FloatField()
    target = serializers.FloatField()
    minutes_left = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(choices=Sample.State.values)
    can_pass = serializers.BooleanField(help_text="False once a leak was found.")
    undecided = serializers.IntegerField(help_text="Notes left, also those that others hold.")
    checks = serializers.IntegerField(help_text="Mended notes that are shown again.")
    checked = serializers.IntegerField()
    checks_leaking = serializers.IntegerField()


class ReplacedSerializer(serializers.Serializer[dict[str, Any]]):
    """A replaced part, by offsets in the text shown."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    category = serializers.CharField()
    tag = serializers.CharField(help_text="What stood here, whatever is written in its place.")
    surrogate = serializers.BooleanField(help_text="Whether a fake is written and no tag.")
    recognizer = serializers.CharField()
    rule = serializers.CharField()
    score = serializers.FloatField()
    reason = serializers.CharField(help_text="What the rule looks for.")


class ReviewNoteSerializer(serializers.Serializer[dict[str, Any]]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    note_type = serializers.CharField()
    specialty = serializers.CharField()
    spans = ReplacedSerializer(many=True)
    position = serializers.IntegerField()
    total = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=SampleItem.Kind.values)
    missed_before = serializers.ListField(
        child=serializers.CharField(), help_text="Categories that leaked in this note before."
    )
    draft = serializers.JSONField(allow_null=True, help_text="What the caller marked so far.")
    trace_url = serializers.CharField(help_text="Where the reasons of this note are worked out.")


class NextSerializer(serializers.Serializer[dict[str, Any]]):
    note = ReviewNoteSerializer(allow_null=True)
    prefetch = ReviewNoteSerializer(many=True)
    progress = RiskSerializer()


class LeakMarkSerializer(serializers.Serializer[Any]):
    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=1)
    category = serializers.ChoiceField(choices=list(CATEGORIES))


class PlaceSerializer(serializers.Serializer[Any]):
    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=1)


class DraftSerializer(serializers.Serializer[Any]):
    note_id = serializers.UUIDField()
    leaks = LeakMarkSerializer(many=True, required=False, default=list)
    over_redactions = PlaceSerializer(many=True, required=False, default=list)
    comment = serializers.CharField(required=False, default="", allow_blank=True, max_length=4000)


class ReviewDecisionSerializer(DraftSerializer):
    verdict = serializers.ChoiceField(choices=Review.Verdict.values)
    seconds = serializers.FloatField()
    warned = serializers.BooleanField(
        required=False,
        default=False,
        help_text="The reviewer was asked for a second look at this note.",
    )


class KeptSerializer(serializers.Serializer[dict[str, Any]]):
    ok = serializers.BooleanField()


class DecidedSerializer(serializers.Serializer[dict[str, Any]]):
    ok = serializers.BooleanField()
    progress = RiskSerializer()
    second_look = serializers.BooleanField(
        help_text="Nothing is stored yet: ask the reviewer, then send again with `warned`."
    )


class UndoneSerializer(serializers.Serializer[dict[str, Any]]):
    ok = serializers.BooleanField()
    note = ReviewNoteSerializer(allow_null=True)
    progress = RiskSerializer()


class SignOffStatementSerializer(serializers.Serializer[dict[str, Any]]):
    digest = serializers.CharField()
    manifest = serializers.JSONField()


class SampleSignOffSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField(max_length=64)
    password = serializers.CharField(write_only=True, trim_whitespace=False, max_length=256)


class LeakSerializer(serializers.ModelSerializer[Leak]):
    position = serializers.IntegerField(source="review.item.position")

    class Meta:
        model = Leak
        fields = ["id", "position", "category", "start", "end", "remedy", "remedied_at"]
        read_only_fields = fields


class RemedySerializer(serializers.Serializer[Any]):
    leaks = serializers.ListField(child=serializers.UUIDField(), allow_empty=False)
    remedy = serializers.ChoiceField(choices=Leak.Remedy.values, default=Leak.Remedy.KNOWN)
    text = serializers.CharField(
        required=False, max_length=300, help_text="Corrects the boundaries of one single leak."
    )
