"""The named parts of the pages, rendered as templates render them."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

NOW = datetime(2026, 11, 25, 9, 20, tzinfo=UTC)


def render(source: str, **context: Any) -> str:
    template = Template("{% load components tables forms %}" + source)
    return template.render(Context(context))


@pytest.mark.parametrize(
    ("state", "word", "tone"),
    [
        ("done", "Done", "good"),
        ("running", "Running", "busy"),
        ("waiting", "Waiting", "wait"),
        ("failed", "Failed", "bad"),
        ("stale", "Stale", "warn"),
        ("not_started", "Not started", "idle"),
        ("NOT-STARTED", "Not started", "idle"),
        # A state that nobody foresaw still reads as itself.
        ("half_open", "Half open", "idle"),
    ],
)
def test_a_state_is_told_by_word_shape_and_colour(state: str, word: str, tone: str) -> None:
    html = render("{% status_pill state %}", state=state)
    assert word in html
    assert f"pill--{tone}" in html
    assert "<svg" in html


def test_the_rail_says_whom_a_stage_waits_for_and_marks_where_one_is() -> None:
    rail = [
        {
            "key": "review",
            "label": "Review",
            "state": "waiting",
            "url": "/r",
            "detail": "Waits for a clinician",
            "current": True,
        },
        {"key": "train", "label": "Train", "state": "not_started"},
    ]
    html = render("{% stage_rail rail %}", rail=rail)
    assert "Waits for a clinician" in html
    assert html.count('aria-current="page"') == 1
    assert "Not started" in html
    assert "<a href" in html.split("Train")[0]
    assert 'class="stop"' in html


def test_a_figure_carries_unit_interval_sample_date_and_limit() -> None:
    html = render(
        '{% figure "Leak rate" 1.4 "%" low=0.2 high=3.9 n=150 of="notes" date=now limit=5 '
        'direction="at_most" decimals=1 %}',
        now=NOW,
    )
    for part in ("1.4", "%", "0.2 to 3.9", "n = 150 notes", "at most 5 %", "2026"):
        assert part in html


def test_a_figure_that_was_not_measured_says_so() -> None:
    assert "Not measured yet" in render('{% figure "Usefulness" limit=4 %}')


def test_a_failed_gate_that_was_overridden_still_reads_fail() -> None:
    gate = {
        "label": "ROUGE-L",
        "status": "fail",
        "value": 0.18,
        "unit": "",
        "limit": 0.4,
        "direction": "at_least",
        "low": 0.15,
        "high": 0.21,
        "n": 60,
        "explanation": "Too low.",
        "override": {"by": "R. Okafor", "date": NOW, "reason": "A demonstration"},
    }
    html = render("{% gate_row gate %}", gate=gate)
    assert "FAIL" in html
    assert "PASS" not in html
    assert "overridden" in html
    assert "A demonstration" in html


def test_a_gate_row_takes_the_result_object_of_the_ground_floor() -> None:
    rule = SimpleNamespace(
        id="leak", label="Leak rate", direction="at_most", limit=5, unit="%", source=""
    )
    result = SimpleNamespace(
        gate=rule, status="missing", value=None, interval=None, n=None, explanation="Not judged."
    )
    html = render("{% gate_row result %}", result=result)
    assert "MISSING" in html
    assert "at most 5 %" in html


def test_text_from_people_and_notes_is_escaped() -> None:
    html = render("{% note_view text spans %}", text="<script>x</script> & Varga", spans=[])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<b>" not in render('{% notice "info" title %}', title="<b>")


def test_a_note_marks_missed_and_over_redacted_words_apart() -> None:
    spans = [
        {"start": 0, "end": 6, "category": "NAME"},
        {"start": 7, "end": 12, "category": "NAME", "kind": "leak"},
    ]
    html = render("{% note_view text spans %}", text="[NAME] Varga", spans=spans)
    assert "span--person" in html
    assert "span--leak" in html


def test_progress_asks_the_server_only_while_the_job_lives() -> None:
    job = {
        "id": "1",
        "label": "Train",
        "state": "running",
        "done": 3,
        "total": 12,
        "unit": "steps",
        "remaining": 130,
        "poll_url": "/jobs/1",
        "cancel_url": "/jobs/1/c",
    }
    live = render("{% progress job %}", job=job)
    assert 'hx-get="/jobs/1"' in live
    assert "about 2 min 10 s left" in live
    assert "Cancel" in live
    ended = render("{% progress job %}", job={**job, "state": "done"})
    assert "hx-get" not in ended
    assert "Cancel" not in ended


@pytest.mark.parametrize(
    ("more", "expected", "may_sign"),
    [
        ({"missing": ["Audit trail"]}, "Still to view", False),
        ({"blocked": "You trained this model."}, "You trained this model.", False),
        ({"stale": {"what": "Run again.", "url": "/d"}}, "changed since you opened it", False),
        ({"url": "/sign"}, "By signing you state", True),
    ],
)
def test_the_decision_bar_offers_a_signature_only_when_one_may_sign(
    more: dict[str, Any], expected: str, may_sign: bool
) -> None:
    decision = {"verb": "Approve", "digest": "ab" * 32, "meaning": "I approve.", **more}
    html = render("{% decision_bar decision %}", decision=decision)
    assert expected in html
    assert ('type="password"' in html) is may_sign
    if may_sign:
        assert 'name="digest" value="' + "ab" * 32 in html
        assert "I approve." in html


def test_a_table_sorts_by_link_keeps_the_search_and_names_the_next_action_when_empty() -> None:
    request = RequestFactory().get("/x", {"q": "sum", "sort": "name"})
    columns = [{"label": "Name", "sort": "name"}, {"label": "Count", "number": True}]
    rows = [{"cells": ["summary-1", 1234]}]
    page = Paginator(rows * 30, 10).get_page(2)
    html = render(
        '{% data_table columns page.object_list "Models" page=page search="Search" noun="model" %}',
        request=request,
        columns=columns,
        page=page,
    )
    assert "sort=-name" in html
    assert 'aria-sort="ascending"' in html
    assert "q=sum" in html
    assert "1,234" in html
    assert "30 models found" in html
    empty = render(
        '{% data_table columns rows "Models" empty_title="No models yet" '
        'empty_action="Train one" empty_url="/train" %}',
        columns=columns,
        rows=[],
    )
    assert "No models yet" in empty
    assert 'href="/train"' in empty


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        render('{% data_table c r "T" %}', c=[{"label": "A"}, {"label": "B"}], r=[{"cells": [1]}])


class Form(forms.Form):
    name = forms.CharField(label="Name", help_text="People find it by this.")


def test_a_form_error_is_summed_up_on_top_and_tied_to_its_field() -> None:
    html = render("{% form_fields form %}", form=Form({"name": ""}))
    assert 'href="#id_name"' in html
    assert "Name: This field is required." in html
    assert 'aria-describedby="id_name_help id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_digest_is_short_on_the_page_and_whole_in_the_copy() -> None:
    html = render("{% digest value %}", value="0123456789abcdef" * 4)
    assert "<code>0123456789ab</code>" in html
    assert 'data-copy="' + "0123456789abcdef" * 4 in html
