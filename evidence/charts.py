"""Charts as accessible SVG: one drawing for the page, light or dark, and for the PDF.

Axes and text take the colour of the surrounding text (`currentColor`); series differ by colour,
dash and direct label, so none is told by colour alone. The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Middle tones: at least 3:1 against white and against the dark page's ground (WCAG 1.4.11).
PALETTE = ("#3b7dd8", "#c2571a", "#2a8a5f", "#8e5bc0")
DASHES = ("-", "--", "-.", ":")
FAILED = "#c8402f"
# Drawn as this colour, then written as currentColor.
_INK = "#010203"
_SVG = "http://www.w3.org/2000/svg"
_WIDTH = 7.2


@dataclass(frozen=True)
class Series:
    """A line: its label and points (x, y) in the units of the axes."""

    label: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class IntervalRow:
    """A value with its confidence interval and, where one is set, the limit it is judged by."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    limit: float | None = None


@dataclass(frozen=True)
class Bar:
    """A labelled count or amount."""

    label: str
    value: float


def line_chart(title: str, x_label: str, y_label: str, series: Sequence[Series]) -> str:
    """Draw lines with their labels at their ends. Raises ValueError without any point."""
    if not any(line.points for line in series):
        raise ValueError("A line chart needs at least one point.")

    def draw(axes: Axes) -> None:
        for index, line in enumerate(line for line in series if line.points):
            xs, ys = zip(*sorted(line.points), strict=True)
            colour = PALETTE[index % len(PALETTE)]
            axes.plot(xs, ys, DASHES[index % len(DASHES)], color=colour, linewidth=1.8)
            axes.plot(xs[-1], ys[-1], "o", color=colour, markersize=4)
            axes.annotate(
                line.label, (xs[-1], ys[-1]), xytext=(7, 0), textcoords="offset points",
                va="center", color=_INK, fontsize=9, annotation_clip=False,
            )  # fmt: skip
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.grid(axis="y", color=_INK, alpha=0.12, linewidth=0.6)

    described = "; ".join(_describe_line(line) for line in series if line.points)
    return _render(title, f"{y_label} by {x_label}. {described}.", draw, height=3.0)


def interval_chart(title: str, rows: Sequence[IntervalRow]) -> str:
    """Draw each value with its interval and limit, one row each, the first on top."""
    if not rows:
        raise ValueError("An interval chart needs at least one row.")

    def draw(axes: Axes) -> None:
        for y, row in zip(range(len(rows) - 1, -1, -1), rows, strict=True):
            if row.low is not None and row.high is not None:
                axes.plot([row.low, row.high], [y, y], color=PALETTE[0], linewidth=5, alpha=0.35)
            axes.plot(row.value, y, "o", color=PALETTE[0], markersize=6)
            axes.annotate(
                f"{row.value:.3g}", (row.value, y), xytext=(0, 8), textcoords="offset points",
                ha="center", color=_INK, fontsize=9,
            )  # fmt: skip
            if row.limit is not None:
                axes.plot([row.limit] * 2, [y - 0.32, y + 0.32], color=FAILED, linewidth=1.8)
                axes.annotate(
                    f"limit {row.limit:.3g}", (row.limit, y - 0.32), xytext=(0, -9),
                    textcoords="offset points", ha="center", color=_INK, fontsize=8,
                )  # fmt: skip
        axes.set_yticks(range(len(rows) - 1, -1, -1), [row.label for row in rows])
        axes.set_ylim(-0.8, len(rows) - 0.3)
        axes.margins(x=0.12)
        axes.grid(axis="x", color=_INK, alpha=0.12, linewidth=0.6)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)

    described = "; ".join(_describe_interval(row) for row in rows)
    return _render(title, f"{described}.", draw, height=0.75 + 0.62 * len(rows))


def bar_chart(title: str, value_label: str, bars: Sequence[Bar]) -> str:
    """Draw horizontal bars with their values at their ends, the first on top."""
    if not bars:
        raise ValueError("A bar chart needs at least one bar.")

    def draw(axes: Axes) -> None:
        positions = range(len(bars) - 1, -1, -1)
        axes.barh(positions, [bar.value for bar in bars], height=0.62, color=PALETTE[0])
        for y, bar in zip(positions, bars, strict=True):
            axes.annotate(
                f"{bar.value:,.4g}", (bar.value, y), xytext=(4, 0), textcoords="offset points",
                va="center", color=_INK, fontsize=9,
            )  # fmt: skip
        axes.set_yticks(positions, [bar.label for bar in bars])
        axes.set_xlabel(value_label)
        axes.margins(x=0.1, y=0.02)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)

    described = "; ".join(f"{bar.label} {bar.value:g}" for bar in bars)
    return _render(title, f"{value_label}: {described}.", draw, height=0.7 + 0.3 * len(bars))


def _render(title: str, description: str, draw: Callable[[Axes], None], height: float) -> str:
    # matplotlib takes half a second to import and is needed by few processes.
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    digest = hashlib.sha256(f"{title}\0{description}".encode()).hexdigest()[:12]
    style: Any = _style(digest)  # matplotlib types its keys as literals
    with rc_context(style):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        buffer = io.StringIO()
        no_metadata: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(buffer, format="svg", transparent=True, metadata=no_metadata)
    return _accessible(buffer.getvalue(), title, description, digest)


def _style(salt: str) -> dict[str, Any]:
    return {
        "svg.hashsalt": salt,
        # Outlines instead of text: the drawing looks alike without the fonts it was made with.
        "svg.fonttype": "path",
        "font.family": "DejaVu Sans",
        "font.size": 9,
        "text.color": _INK,
        "axes.edgecolor": _INK,
        "axes.labelcolor": _INK,
        "axes.linewidth": 0.7,
        "xtick.color": _INK,
        "ytick.color": _INK,
    }


def _accessible(svg: str, title: str, description: str, digest: str) -> str:
    """Give the drawing a role, a name and a description, and the page's colour for its ink."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(svg[svg.index("<svg") :])  # noqa: S314 (matplotlib wrote it)
    for metadata in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(metadata)
    _unstyle(root)
    named = (("title", title), ("desc", description))
    for position, (tag, text) in enumerate(named):
        element = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{tag}-{digest}"})
        element.text = text
        root.insert(position, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"title-{digest} desc-{digest}")
    text = ET.tostring(root, encoding="unicode")
    return re.sub(re.escape(_INK), "currentColor", text)


def _unstyle(root: ET.Element) -> None:
    """Turn styles into attributes: a page's content security policy forbids inline styles."""
    for parent in list(root.iter()):
        for sheet in parent.findall(f"{{{_SVG}}}style"):
            parent.remove(sheet)
        for declaration in parent.attrib.pop("style", "").split(";"):
            name, _, value = declaration.partition(":")
            if value:
                parent.set(name.strip(), value.strip())
    # What matplotlib's style sheet said of everything.
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")


def _describe_line(line: Series) -> str:
    first, last = min(line.points), max(line.points)
    return (
        f"{line.label}: {len(line.points)} points, from {first[1]:.4g} at {first[0]:g} "
        f"to {last[1]:.4g} at {last[0]:g}"
    )


def _describe_interval(row: IntervalRow) -> str:
    interval = "" if row.low is None or row.high is None else f" ({row.low:.4g} to {row.high:.4g})"
    limit = "" if row.limit is None else f", limit {row.limit:.4g}"
    return f"{row.label}: {row.value:.4g}{interval}{limit}"
