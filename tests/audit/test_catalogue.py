"""The package lists as recorded exactly the events that the code records."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from audit.catalogue import events, not_recorded
from audit.evidence import collect
from evidence.sections import Scope, Table

WRITERS = {"record", "record_refusal"}


def trees() -> Iterator[ast.Module]:
    for app in apps.get_app_configs():
        folder = Path(app.path)
        if folder.parent == settings.BASE_DIR:
            for path in sorted(folder.rglob("*.py")):
                yield ast.parse(path.read_text())


def name_of(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def strings(node: ast.AST) -> set[str]:
    found = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
    return {value for value in found if isinstance(value, str)}


def returned(name: str, modules: list[ast.Module]) -> set[str]:
    """What the functions of this name return, for events that a function picks."""
    found: set[str] = set()
    for module in modules:
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                for part in ast.walk(node):
                    if isinstance(part, ast.Return):
                        found |= strings(part)
    return found


def recorded_by_the_code() -> set[str]:
    modules = list(trees())
    found: set[str] = set()
    for module in modules:
        for call in ast.walk(module):
            if not isinstance(call, ast.Call) or name_of(call) not in WRITERS or not call.args:
                continue
            event = call.args[0]
            if isinstance(event, ast.Call):
                found |= returned(name_of(event), modules)
            else:
                found |= strings(event)
    return found


def test_what_is_listed_as_recorded_is_what_the_code_records() -> None:
    assert recorded_by_the_code() == events().keys() - not_recorded()


def test_every_event_that_is_not_recorded_is_one_of_the_catalogue() -> None:
    assert not_recorded() < events().keys()


@pytest.mark.django_db(databases=["default", "trail"])
def test_the_package_parts_what_is_recorded_from_what_is_not() -> None:
    scope = Scope(project_id="00000000-0000-0000-0000-000000000000", model_version_id="")
    field = next(field for field in collect(scope) if field.key == "catalogue")
    recorded, missing = (block for block in field.blocks if isinstance(block, Table))
    assert "backup.run" not in {row[0] for row in recorded.rows}
    assert {row[0] for row in missing.rows} == not_recorded()
