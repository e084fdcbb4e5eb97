"""What `make lint` asks of rooms beyond the direction of imports.

A room may read the models of the rooms below it. It never writes their rows, which is for their
own services, and never imports their pages, forms or addresses.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
ROOMS = (
    "config", "web", "deployment", "governance", "training", "datasets_app", "deid", "jobs",
    "projects", "accounts", "audit", "vault", "evidence",
)  # fmt: skip
PAGES = {"views", "forms", "urls"}
WRITES = {
    "bulk_create", "bulk_update", "create", "delete", "get_or_create", "update",
    "update_or_create",
}  # fmt: skip


def main() -> int:
    problems = [problem for path in _modules() for problem in problems_of(path.read_text(), path)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def problems_of(source: str, path: Path) -> list[str]:
    """A line for each import or write in a module of a room that the rule forbids."""
    tree = ast.parse(source)
    room = path.parts[0]
    foreign: dict[str, str] = {}
    found: list[str] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        other, *inner = node.module.split(".")
        if other == room or other not in ROOMS:
            continue
        if PAGES & {*inner, *(name.name for name in node.names if not inner)}:
            found.append(f"{path}:{node.lineno} imports pages of {other}")
        if "models" in inner:
            foreign |= {name.asname or name.name: other for name in node.names}
    for call, name in _calls(tree):
        if name in foreign:
            found.append(f"{path}:{call.lineno} writes {name}, which {foreign[name]} owns")
    return found


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Each writing call with the name that its chain begins with: `Job` of `Job.objects.create`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            yield node, node.func.id
        elif isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            root: ast.expr = node.func
            while isinstance(root, ast.Attribute | ast.Call):
                root = root.value if isinstance(root, ast.Attribute) else root.func
            if isinstance(root, ast.Name):
                yield node, root.id


def _modules() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((REPOSITORY / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(REPOSITORY)


if __name__ == "__main__":
    sys.exit(main())
