"""The generator knows nothing of the code that its corpus judges."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

GENERATOR = Path(__file__).resolve().parents[2] / "sample_data" / "generator"


@pytest.mark.parametrize("path", sorted(GENERATOR.rglob("*.py")), ids=lambda path: path.name)
def test_it_imports_the_standard_library_and_itself_only(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            assert name.split(".")[0] in sys.stdlib_module_names, name
