"""Differences between two policies, what lowers protection, two people's changes, pasted lists."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.categories import CATEGORIES
from deid.engine.output_basis import bases, basis_of, with_output
from deid.policy_content import (
    Term,
    carried_over,
    change_words,
    difference,
    edited,
    terms_of,
    thresholds_of,
)
from deid.policy_lists import (
    MAX_TERMS,
    as_lines,
    read_allowed,
    read_csv,
    read_lines,
    size_problem,
)

BASE: dict[str, Any] = {
    "id": "safe_harbor_default",
    "version": "1",
    "profile": "safe_harbor_strict",
    "thresholds": {"default": 0.5},
    "terms": [{"text": "Oak Hill", "category": "LOCATION"}],
    "allow_terms": ["Epworth"],
    "future": {"nested": [1]},
}


def changed(
    terms: list[Term] | None = None,
    allow: list[str] | None = None,
    thresholds: dict[str, float] | None = None,
    **other: Any,
) -> dict[str, Any]:
    content = edited(
        BASE,
        thresholds=BASE["thresholds"] if thresholds is None else thresholds,
        terms=terms_of(BASE) if terms is None else terms,
        allow_terms=BASE["allow_terms"] if allow is None else allow,
    )
    return {**content, **other}


@pytest.mark.parametrize(
    ("content", "lowers", "words"),
    [
        (changed(), False, []),
        (changed(version="2", id="x"), False, []),
        (changed(thresholds={"default": 0.6}), True,
         ["threshold raised: all categories, from 0.5 to 0.6"]),
        (changed(thresholds={"default": 0.5, "NAME": 0.4}), False,
         ["threshold lowered: Names, from 0.5 to 0.4"]),
        (changed(thresholds={"default": 0.4, "NAME": 0.7}), True, None),
        (changed(thresholds={}), False, []),
        (changed(terms=[]), True, ["1 term removed"]),
        (changed(terms=[("oak  hill", "NAME")]), False, ["1 term removed", "1 term added"]),
        (changed(terms=[("OAK HILL", "LOCATION")]), False, []),
        (changed(terms=[*terms_of(BASE), ("Quill", "NAME")]), False, ["1 term added"]),
        (changed(allow=["Epworth", "Norton"]), True, ["1 allow term added"]),
        (changed(allow=[]), False, ["1 allow term removed"]),
        (changed(output="surrogates"), False, ["output: not stated to surrogates"]),
    ],
)  # fmt: skip
def test_a_change_says_whether_it_may_hide_less(
    content: dict[str, Any], lowers: bool, words: list[str] | None
) -> None:
    found = difference(BASE, content)
    assert found.lowers is lowers
    assert found.empty is (words == [])
    if words is not None:
        assert change_words(found.summary()) == words


def test_a_summary_and_its_words_hold_no_text_of_a_term() -> None:
    content = changed([("Vexmore Clinic", "LOCATION")], ["Kindwell"], other_list=["Quillon"])
    found = difference(BASE, content)
    shown = str(found.summary()) + " ".join(change_words(found.summary()))
    for secret in ("Vexmore", "Kindwell", "Quillon", "Oak Hill", "Epworth"):
        assert secret not in shown


def test_fields_that_are_not_known_here_are_carried_through() -> None:
    assert changed()["future"] == {"nested": [1]}
    assert carried_over(BASE, changed(terms=[]), BASE)["future"] == {"nested": [1]}


def test_both_peoples_changes_are_kept() -> None:
    theirs = changed([*terms_of(BASE), ("Birch", "LOCATION")], thresholds={"default": 0.4})
    mine = changed([("Quill", "NAME")], ["Norton"], {"default": 0.5, "NAME": 0.7})
    merged = carried_over(BASE, mine, theirs)
    assert terms_of(merged) == [("Birch", "LOCATION"), ("Quill", "NAME")]
    assert merged["allow_terms"] == ["Norton"]
    assert merged["thresholds"] == {"default": 0.4, "NAME": 0.7}


OUTPUTS = [with_output(BASE, basis) for basis in bases()]


@pytest.mark.parametrize("base", OUTPUTS)
@pytest.mark.parametrize("mine", OUTPUTS)
@pytest.mark.parametrize("theirs", OUTPUTS)
def test_two_peoples_outputs_are_never_mixed(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merged = carried_over(base, mine, theirs)
    wanted = basis_of(theirs if mine == base else mine)
    assert basis_of(merged) == wanted
    assert merged["profile"] == wanted.profile


TERMS = st.lists(
    st.tuples(st.sampled_from(["Oak", "Birch", "Elm", "Ash"]), st.sampled_from(["NAME", "URL"])),
    max_size=5,
)


@given(TERMS, TERMS)
def test_a_change_carried_over_to_its_own_base_is_the_change(
    before: list[Term], after: list[Term]
) -> None:
    old, new = changed(before), changed(after)
    assert difference(new, carried_over(old, new, old)).empty


@given(TERMS, TERMS, TERMS)
def test_what_others_added_survives_unless_i_removed_it(
    before: list[Term], mine: list[Term], theirs: list[Term]
) -> None:
    merged = terms_of(carried_over(changed(before), changed(mine), changed(theirs)))
    assert {t for t in theirs if t not in before} <= set(merged)
    assert set(mine) - set(before) <= set(merged)
    assert not ({t for t in before if t not in mine} & set(merged))


def test_a_category_without_a_threshold_takes_the_default() -> None:
    assert thresholds_of({"thresholds": {"default": 0.3, "NAME": 0.6}})["NAME"] == 0.6
    assert set(thresholds_of({}).values()) == {0.5}


@pytest.mark.parametrize(
    ("line", "term"),
    [
        ("Oak Hill", ("Oak Hill", "LOCATION")),
        ("Oak Hill, PA", ("Oak Hill, PA", "LOCATION")),
        ("Oak Hill ; NAME", ("Oak Hill", "NAME")),
        ("Oak;Hill\tname", ("Oak;Hill", "NAME")),
        ("  Oak   Hill  ; health plan", ("Oak Hill", "HEALTH_PLAN")),
        ("Oak; Names", ("Oak", "NAME")),
    ],
)
def test_a_pasted_line_is_a_term_and_perhaps_its_category(line: str, term: Term) -> None:
    assert read_lines(line, "LOCATION").terms == [term]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Oak\n\nBirch; PLACE", 3, "none of the 18"),
        ("Oak\nx", 2, "two letters"),
        ("Oak\n" + "x" * 201, 2, "at most 200"),
        ("Oak\nB\x07irch", 2, "letters, digits"),
    ],
)
def test_a_wrong_line_is_named_and_not_quoted(text: str, line: int, words: str) -> None:
    ((number, problem),) = read_lines(text, "LOCATION").problems
    assert number == line
    assert words in problem
    assert "irch" not in problem


def test_a_csv_has_quoted_terms_and_a_heading() -> None:
    text = 'text,category\r\n"Oak Hill, PA",LOCATION\r\nQuill,NAME\r\n\r\nBirch,\r\n'
    assert read_csv(text, "URL").terms == [
        ("Oak Hill, PA", "LOCATION"), ("Quill", "NAME"), ("Birch", "URL"),
    ]  # fmt: skip
    assert read_csv("Norton,whatever", "", categories=False).terms == [("Norton", "")]
    assert read_csv('"Oak', "URL").problems


def test_a_wrong_row_of_a_csv_is_named() -> None:
    assert read_csv("text,category\nOak,NAME\nBirch,PLACE\n", "URL").problems[0][0] == 3


@given(st.lists(st.tuples(st.text(max_size=30), st.sampled_from(list(CATEGORIES))), max_size=8))
def test_terms_that_are_shown_to_be_edited_are_read_back_the_same(rows: list[Term]) -> None:
    terms = read_csv("", "NAME").terms
    for text, category in rows:
        terms += read_lines(f"{text}; {category}", "URL").terms
    assert read_lines(as_lines(terms), "PHOTO").terms == terms


@given(st.text(max_size=200))
def test_any_pasted_text_is_read_without_an_exception(text: str) -> None:
    read_lines(text, "NAME")
    read_allowed(text)
    read_csv(text, "NAME")


def test_ten_thousand_terms_fit_and_too_many_are_refused() -> None:
    terms = [(f"Brundle Ward {n}", "LOCATION") for n in range(10_000)]
    assert size_problem(terms, []) == ""
    assert "at most" in size_problem(terms * 3, [])
    assert "1.5 MB" in size_problem([("x" * 200, "LOCATION")] * (MAX_TERMS // 2), [])
    assert difference(changed([]), changed(terms)).summary()["terms_added"] == {"LOCATION": 10_000}
