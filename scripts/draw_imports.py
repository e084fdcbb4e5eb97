"""Draw the house as it is: docs/images/imports.svg, from the imports in the code.

    .venv/bin/python scripts/draw_imports.py            # write the picture
    .venv/bin/python scripts/draw_imports.py --check    # exit 1 where the picture is out of date

The rooms and their order are those of the import-linter contract in `pyproject.toml`; the edges
are found by grimp, on which import-linter stands.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "imports.svg"
ROOMS = {
    "config": "settings, addresses, start",
    "web": "lobby: inbox, rail, components",
    "deployment": "where models run",
    "governance": "who decides, and the package",
    "training": "what is learnt",
    "datasets_app": "what is taught",
    "deid": "what is hidden",
    "jobs": "how long work runs",
    "projects": "project, members, permissions",
    "accounts": "people and the signing act",
    "audit": "what happened",
    "vault": "keys, encryption, artefacts",
    "evidence": "pure ground: digests, gates, PKI",
}
# Where a room's name is written, the size of a cell, and the room for the words on top.
LEFT, CELL, TOP = 330, 34, 108

Edges = set[tuple[str, str]]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    options = parser.parse_args()
    rooms = floors()
    found = edges(rooms)
    if options.check:
        if drawn_edges() == found:
            return 0
        print(
            "docs/images/imports.svg is out of date; type: .venv/bin/python scripts/draw_imports.py"
        )
        return 1
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(draw(rooms, found), encoding="utf-8")
    print(f"{PICTURE.relative_to(ROOT)}: {len(rooms)} rooms, {len(found)} edges")
    return 0


def floors() -> list[str]:
    """The rooms from the top down, as the contract names them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [str(layer) for layer in layers]


def edges(rooms: list[str]) -> Edges:
    """(importer, imported) for every pair of rooms with at least one import between them."""
    sys.path.insert(0, str(ROOT))
    graph = grimp.build_graph(rooms[0], *rooms[1:], cache_dir=None)
    pairs: Edges = set()
    for module in graph.modules:
        importer = module.partition(".")[0]
        for imported in graph.find_modules_directly_imported_by(module):
            room = imported.partition(".")[0]
            if room != importer:
                pairs.add((importer, room))
    return pairs


def drawn_edges() -> Edges:
    """The edges that the picture holds, from its own metadata."""
    if not PICTURE.exists():
        return set()
    held = re.search(r"<metadata>(.*?)</metadata>", PICTURE.read_text(encoding="utf-8"), re.DOTALL)
    return {(a, b) for a, b in json.loads(held[1])} if held else set()


def draw(rooms: list[str], found: Edges) -> str:
    """The floors of the house, and beside them which floor each one stands on."""
    size = CELL * len(rooms)
    width, height = LEFT + size + 24, TOP + size + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="13">',
        '<title id="t">Which room imports from which</title>',
        f'<desc id="d">{escape(_words(rooms, found))}</desc>',
        f"<metadata>{json.dumps(sorted(found))}</metadata>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for row, room in enumerate(rooms):
        parts += _floor(row, room, rooms, found)
    parts += [_column(column, room) for column, room in enumerate(rooms)]
    return "\n".join([*parts, "</svg>", ""])


def _floor(row: int, room: str, rooms: list[str], found: Edges) -> list[str]:
    y = TOP + row * CELL
    parts = [
        f'<rect x="8" y="{y}" width="{LEFT - 16}" height="{CELL - 4}" rx="4" fill="#e8eef5" '
        'stroke="#8aa0b8"/>',
        f'<text x="18" y="{y + 20}" font-weight="600" fill="#14263a">{room}</text>',
        f'<text x="124" y="{y + 20}" font-size="12" fill="#3b4d61">{escape(ROOMS[room])}</text>',
    ]
    for column, other in enumerate(rooms):
        x = LEFT + column * CELL
        middle_x, middle_y = x + CELL / 2, y + (CELL - 4) / 2
        if row == column:
            fill = "#c9d4e0"
        elif (room, other) in found:
            fill = "#ffffff"
            colour = "#1d5b94" if column > row else "#b3261e"
            parts.append(f'<circle cx="{middle_x}" cy="{middle_y}" r="7" fill="{colour}"/>')
            continue
        else:
            fill = "#e6e9ee" if column > row else "none"
            parts.append(f'<circle cx="{middle_x}" cy="{middle_y}" r="1.5" fill="{fill}"/>')
            continue
        parts.append(
            f'<rect x="{x + 4}" y="{y + 2}" width="{CELL - 8}" height="{CELL - 8}" fill="{fill}"/>'
        )
    return parts


def _column(column: int, room: str) -> str:
    x = LEFT + column * CELL + CELL / 2 + 4
    return (
        f'<text x="{x}" y="{TOP - 8}" fill="#14263a" transform="rotate(-60 {x} {TOP - 8})">'
        f"{room}</text>"
    )


def _words(rooms: list[str], found: Edges) -> str:
    sentences = []
    for room in rooms:
        below = [other for other in rooms if (room, other) in found]
        sentences.append(
            f"{room} imports {', '.join(below)}." if below else f"{room} imports none."
        )
    return " ".join(sentences)


if __name__ == "__main__":
    sys.exit(main())
