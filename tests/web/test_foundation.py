"""What holds for every page: contrast, no inline code, nothing from another host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
OWN_STATIC = [
    path
    for folder in ("css", "js")
    for path in sorted((ROOT / "static" / folder).rglob("*"))
    if path.suffix in {".css", ".js"}
]
TOKEN = re.compile(r"--cs-([a-z0-9-]+): (?:light-dark\((#\w+), (#\w+)\)|(#\w{6}));")


def tokens() -> dict[str, tuple[str, str]]:
    text = (ROOT / "static/css/tokens.css").read_text()
    return {name: (light or both, dark or both) for name, light, dark, both in TOKEN.findall(text)}


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


SURFACES = ("page", "surface", "surface-2")
TEXT_PAIRS = [
    *((ink, surface) for ink in ("ink", "ink-2", "ink-3", "accent") for surface in SURFACES),
    ("ink-3", "surface-3"),
    *((tone, surface) for tone in ("good", "bad", "warn", "wait", "busy") for surface in SURFACES),
    *((tone, f"{tone}-tint") for tone in ("good", "bad", "warn", "wait", "busy")),
    *(("ink", f"{tone}-tint") for tone in ("good", "bad", "warn", "busy", "accent")),
    ("accent-strong", "accent-tint"),
    ("wait", "accent-tint"),
    ("ink-3", "accent-tint"),
    ("on-accent", "accent-fill"),
    ("on-accent", "accent-fill-hover"),
    ("on-accent", "bad-fill"),
    *(
        (group, f"{group}-tint")
        for group in ("person", "place", "time", "contact", "number", "thing")
    ),
]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "behind"), TEXT_PAIRS)
def test_text_reaches_the_contrast_of_wcag_aa(text: str, behind: str, theme: int) -> None:
    known = tokens()
    assert contrast(known[text][theme], known[behind][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["line-strong", "focus"])
def test_edges_of_controls_and_the_focus_ring_reach_three_to_one(edge: str, theme: int) -> None:
    known = tokens()
    for surface in SURFACES:
        assert contrast(known[edge][theme], known[surface][theme]) >= 3


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=", text)
    assert "<style" not in text
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"hx-on", text)
    for opening in re.findall(r"<script[^>]*>", text):
        assert "src=" in opening


@pytest.mark.parametrize("path", [*TEMPLATES, *OWN_STATIC], ids=lambda path: path.name)
def test_nothing_is_asked_of_another_host(path: Path) -> None:
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", re.sub(r"(?m)^\s*//.*$", "", text))


@pytest.mark.parametrize("path", OWN_STATIC, ids=lambda path: path.name)
def test_our_scripts_keep_nothing_in_the_browser_and_evaluate_nothing(path: Path) -> None:
    text = path.read_text()
    for word in (
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "eval(",
        "new Function",
        "innerHTML",
    ):
        assert word not in text


def test_vendored_code_carries_its_licence() -> None:
    for folder in (ROOT / "static/vendor").iterdir():
        assert list(folder.glob("LICENSE*")), folder.name
