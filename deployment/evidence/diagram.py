"""The diagram of the installation: drawn from the same components as the table beneath it."""

from __future__ import annotations

from xml.sax.saxutils import escape

# (component, column, row): the columns go from the callers to what is private.
PLACES = (
    ("Browser", 0, 0),
    ("Hospital system", 0, 2),
    ("Web application", 1, 0),
    ("Gateway", 1, 2),
    ("Workers", 2, 0),
    ("Training engine", 2, 1),
    ("Model server", 2, 2),
    ("PostgreSQL", 3, 0),
    ("Redis", 3, 1),
    ("Data folder", 3, 2),
)
LINKS = (
    ("Browser", "Web application", "HTTP"),
    ("Hospital system", "Gateway", "HTTP + key"),
    ("Gateway", "Model server", "socket"),
    ("Workers", "PostgreSQL", ""),
    ("Workers", "Training engine", "child"),
    ("Model server", "Data folder", "files"),
    ("Workers", "Redis", ""),
    ("Web application", "Workers", "queue"),
)
WIDTH, HEIGHT = 118, 40
LEFT, TOP, ACROSS, DOWN = 14, 44, 172, 74


def draw(addresses: dict[str, str]) -> str:
    """SVG of the components with their addresses, trust boundaries and connections."""
    width, height = LEFT * 2 + 3 * ACROSS + WIDTH, TOP + 2 * DOWN + HEIGHT + 22
    places = {name: (LEFT + x * ACROSS, TOP + y * DOWN) for name, x, y in PLACES}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="architecture-title" font-family="sans-serif" fill="currentColor">',
        '<title id="architecture-title">Components and trust boundaries of this installation'
        "</title>",
        _zone(4, WIDTH + 20, height, "Callers"),
        _zone(LEFT + ACROSS - 10, WIDTH + 20, height, "Open to callers"),
        _zone(LEFT + 2 * ACROSS - 10, ACROSS + WIDTH + 20, height, "Private to the installation"),
        *(_link(places[a], places[b], words) for a, b, words in LINKS),
        *(_box(places[name], name, addresses.get(name, "")) for name, _, _ in PLACES),
        "</svg>",
    ]
    return "".join(parts)


def _zone(x: int, width: int, height: int, words: str) -> str:
    return (
        f'<rect x="{x}" y="22" width="{width}" height="{height - 28}" rx="8" fill="none" '
        'stroke="currentColor" stroke-opacity="0.45" stroke-dasharray="5 4"/>'
        f'<text x="{x + 4}" y="15" font-size="10">{words}</text>'
    )


def _box(place: tuple[int, int], name: str, address: str) -> str:
    x, y = place
    middle = x + WIDTH // 2
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="5" fill="#3b7dd8" '
        'fill-opacity="0.12" stroke="#3b7dd8"/>'
        f'<text x="{middle}" y="{y + 17}" font-size="11" text-anchor="middle">{escape(name)}</text>'
        f'<text x="{middle}" y="{y + 31}" font-size="8" text-anchor="middle">{escape(address)}'
        "</text>"
    )


def _link(a: tuple[int, int], b: tuple[int, int], words: str) -> str:
    """From the right edge to the left edge, or from the lower to the upper in one column."""
    if a[0] == b[0]:
        x1 = x2 = a[0] + WIDTH // 2
        y1, y2 = a[1] + HEIGHT, b[1]
    else:
        x1, y1, x2, y2 = a[0] + WIDTH, a[1] + HEIGHT // 2, b[0], b[1] + HEIGHT // 2
    x, y = (x1 + x2) // 2, (y1 + y2) // 2 - 4
    label = f'<text x="{x}" y="{y}" font-size="8" text-anchor="middle">{words}</text>'
    line = f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="currentColor"/>'
    return line + (label if words else "")
