"""Charts are accessible, deterministic and follow the page's colour."""

import xml.etree.ElementTree as ET

import pytest

from evidence.charts import (
    Bar,
    IntervalRow,
    Series,
    bar_chart,
    interval_chart,
    line_chart,
)

LOSS = [Series("training", [(1, 3.0), (2, 2.7), (3, 2.6)]), Series("validation", [(3, 2.8)])]
ROWS = [IntervalRow("ROUGE-L <base>", 0.21, 0.18, 0.25, 0.35), IntervalRow("n", 3)]


def charts() -> list[str]:
    return [
        line_chart("Loss & more", "step", "loss", LOSS),
        interval_chart("Gates", ROWS),
        bar_chart("Spans", "spans", [Bar("NAME", 120), Bar("DATE", 80)]),
    ]


def test_every_chart_is_an_image_with_a_name_and_a_description():
    for svg in charts():
        root = ET.fromstring(svg)
        assert root.get("role") == "img"
        labelled = root.get("aria-labelledby").split()
        assert [child.get("id") for child in list(root)[:2]] == labelled
        assert all(child.text for child in list(root)[:2])


def test_the_description_tells_the_figures():
    assert "ROUGE-L &lt;base&gt;: 0.21 (0.18 to 0.25), limit 0.35" in charts()[1]


def test_the_same_input_gives_the_same_bytes():
    assert charts() == charts()


def test_text_and_axes_take_the_colour_of_the_page():
    for svg in charts():
        assert "currentColor" in svg
        assert "#010203" not in svg
        assert "#000000" not in svg


def test_no_style_is_left_for_a_content_security_policy_to_forbid():
    for svg in charts():
        assert "style" not in svg
        assert 'stroke-linejoin="round"' in svg


def test_it_refuses_to_draw_nothing():
    with pytest.raises(ValueError, match="at least one point"):
        line_chart("Loss", "step", "loss", [Series("training", [])])
    with pytest.raises(ValueError, match="at least one row"):
        interval_chart("Gates", [])
    with pytest.raises(ValueError, match="at least one bar"):
        bar_chart("Spans", "spans", [])
