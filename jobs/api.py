"""Progress of a job, as every room's endpoints show it."""

from __future__ import annotations

from rest_framework import serializers

from jobs.selectors import Progress


class ProgressSerializer(serializers.Serializer[Progress]):
    """`rate` is units a second; `seconds_left` is null while it is not known."""

    state = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    unit = serializers.CharField()
    phase = serializers.CharField()
    rate = serializers.FloatField(allow_null=True)
    seconds_left = serializers.FloatField(allow_null=True)
    ahead = serializers.IntegerField()
    error = serializers.CharField()
