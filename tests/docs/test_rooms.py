"""Rooms read the models below them, and write only their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import lint_rooms

HERE = Path("training/services/runs.py")


def test_every_room_keeps_to_the_rule() -> None:
    assert lint_rooms.main() == 0


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (
            "from deid.models import Run\nRun.objects.filter(pk=1).update(state='done')",
            "writes Run",
        ),
        ("from jobs.models import Job as J\nJ.objects.create(kind='x')", "writes J"),
        ("from deid.models import Run\nrow = Run(number=1)", "writes Run"),
        ("from deid.views import runs", "imports pages of deid"),
        ("from deid import forms", "imports pages of deid"),
    ],
)
def test_a_breach_is_named(source: str, problem: str) -> None:
    assert any(problem in line for line in lint_rooms.problems_of(source, HERE))


@pytest.mark.parametrize(
    "source",
    [
        "from deid.models import Run\nRun.objects.filter(pk=1).count()",
        "from training.models import TrainingRun\nTrainingRun.objects.create(number=1)",
        "from projects.api import ProjectEndpoint",
    ],
)
def test_reading_below_and_writing_at_home_are_free(source: str) -> None:
    assert lint_rooms.problems_of(source, HERE) == []
