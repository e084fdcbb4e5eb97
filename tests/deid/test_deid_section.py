"""What the package says of imports and runs: facts of the database, and gaps elsewhere."""

from __future__ import annotations

import json

import pytest

from deid.evidence import collect
from evidence.sections import Gap, Scope, Section, collect_section, section_spec
from tests.factories.deid import import_rows, make_run, make_scene, note_row

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def section(project_id: object) -> Section:
    return collect_section("deid", Scope(str(project_id), "0" * 32))


def test_a_project_without_notes_has_gaps_only() -> None:
    scene = make_scene()
    assert collect(Scope(str(scene.project.pk), "0" * 32)) == []
    for field in section(scene.project.pk).fields:
        assert any(isinstance(block, Gap) for block in field.blocks)


def test_a_run_is_described_with_digests_and_without_content() -> None:
    scene = make_scene()
    batch = import_rows(scene, [note_row(n) for n in range(4)])
    run = make_run(scene)
    found = section(scene.project.pk)
    covered = {f.key for f in found.fields if not any(isinstance(b, Gap) for b in f.blocks)}
    assert {"profile", "sources", "categories", "pipeline", "surrogates", "zip_rule"} <= covered
    assert {"crosswalk", "limits"} <= covered
    written = json.dumps([f.to_dict() for f in found.fields])
    assert run.digest in written
    assert batch.digest in written
    assert "Quillon" not in written
    rows = next(
        block.rows
        for field in found.fields
        if field.key == "categories"
        for block in field.blocks
        if hasattr(block, "rows")
    )
    assert len(rows) == 18
    assert {row[1]: row[4] for row in rows}["Names"] == run.counts["NAME"]
    assert section_spec("deid").number == 1
