"""The review client in Chromium: picking, offers, the brakes, and what it says when it is done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.client_urls import Round
from tests.web.test_in_the_browser import accept, address, caret_to, chromium, saved

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser
SHORT = "jim dalton was seen with chest pain. Io is well. His sister Io calls daily."


def opened(chromium: Browser, address: str, text: str | None = None) -> Page:
    if text is not None:
        Round.start(text)
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/review")
    page.wait_for_selector("text=Note 1 of 4")
    return page


@pytest.fixture
def short(chromium: Browser, address: str) -> Iterator[Page]:
    page = opened(chromium, address, SHORT)
    yield page
    page.close()


def flagged() -> list[str]:
    text = Round.text
    return [text[leak["start"] : leak["end"]] for leak in Round.decisions[-1]["leaks"]]


def test_words_picked_with_shift_and_arrows_are_flagged_together(short: Page) -> None:
    short.keyboard.press("Shift+ArrowRight")
    short.keyboard.press("f")
    short.keyboard.press("1")
    expect(short.locator("[data-found]")).to_contain_text("Missed: Name - jim dalton")
    accept(short)
    saved(short, 1)
    assert flagged() == ["jim dalton"]


def test_half_a_name_offers_the_whole(short: Page) -> None:
    caret_to(short, "dalton")
    short.keyboard.press("f")
    expect(short.locator("[data-picked-more]")).to_contain_text("jim dalton")
    short.keyboard.press("Tab")
    short.keyboard.press("1")
    accept(short)
    saved(short, 1)
    assert flagged() == ["jim dalton"]


def test_the_same_word_elsewhere_is_flagged_with_one_key(short: Page) -> None:
    caret_to(short, "Io")
    short.keyboard.press("f")
    short.keyboard.press("1")
    expect(short.locator("[data-offer]")).to_contain_text("Flag all 2 of “Io”")
    short.keyboard.press("e")
    expect(short.locator("[data-offer]")).to_be_hidden()
    accept(short)
    saved(short, 1)
    assert flagged() == ["Io", "Io"]


def test_marks_go_to_the_server_while_the_note_is_open(short: Page) -> None:
    caret_to(short, "dalton")
    short.keyboard.press("f")
    short.keyboard.press("1")
    short.keyboard.press("c")
    short.keyboard.type("which dalton?")
    short.wait_for_timeout(700)
    assert Round.drafts[-1]["comment"] == "which dalton?"
    assert len(Round.drafts[-1]["leaks"]) == 1


def test_a_key_pressed_twice_decides_one_note(short: Page) -> None:
    accept(short)
    short.keyboard.press("a")
    expect(short.locator("[data-about-note]")).to_contain_text("Note 2 of 4")
    saved(short, 1)
    expect(short.locator("[data-about-span]")).to_contain_text("too soon")


def test_a_long_note_is_seen_to_its_end_before_it_is_accepted(
    chromium: Browser, address: str
) -> None:
    page = opened(chromium, address, "A line of the note.\n" * 90)
    expect(page.locator("[data-more]")).to_be_visible()
    accept(page)
    expect(page.locator("[data-about-span]")).to_contain_text("not on the screen yet")
    for _ in range(8):
        if page.locator("[data-more]").is_hidden():
            break
        page.keyboard.press("a")
    assert Round.decisions == []
    page.keyboard.press("a")
    saved(page, 1)
    page.close()


def test_a_fast_accept_is_asked_about_and_the_focus_is_on_looking_again(short: Page) -> None:
    Round.asking = True
    accept(short)
    dialog = short.locator("dialog[data-second-look]")
    expect(dialog).to_be_visible()
    expect(short.locator("button[value=look]")).to_be_focused()
    short.keyboard.press("Enter")
    expect(short.locator("[data-about-note]")).to_contain_text("Note 1 of 4")
    assert Round.decisions == []
    accept(short)
    saved(short, 1)
    accept(short)
    short.get_by_role("button", name="Keep my decision").click()
    saved(short, 2)
    assert [one["warned"] for one in Round.decisions] == [True, True]


def test_a_decision_that_can_never_be_saved_is_dropped_and_said(short: Page) -> None:
    Round.refusing = "This note is decided already. Your decision was not saved; go on."
    accept(short)
    expect(short.locator("[data-dropped]")).to_contain_text("Note 1: This note is decided already")
    expect(short.locator("[data-stopped]")).to_be_hidden()
    accept(short)
    saved(short, 1)
    assert Round.decisions[0]["note_id"] == "n1"


def test_it_does_not_say_that_all_is_read_while_others_read(short: Page) -> None:
    Round.elsewhere = {"n1", "n2", "n3"}
    short.reload()
    accept(short)
    finished = short.locator("[data-finished]")
    expect(finished).to_contain_text("Nothing is left for you here")
    expect(finished).to_contain_text("3 notes are with other reviewers")


def test_after_the_first_leak_the_header_says_that_the_round_cannot_pass(short: Page) -> None:
    caret_to(short, "dalton")
    for key in ("f", "1"):
        short.keyboard.press(key)
    accept(short)
    expect(short.locator("[data-risk]")).to_contain_text("can no longer pass")


def test_the_category_list_stays_within_the_window(short: Page) -> None:
    caret_to(short, "daily")
    short.keyboard.press("f")
    box = short.locator("[data-picker]").bounding_box()
    word = short.locator(".picked").first.bounding_box()
    assert box is not None
    assert word is not None
    assert box["y"] + box["height"] <= 800
    assert box["y"] >= word["y"] + word["height"] or box["y"] + box["height"] <= word["y"]
    assert short.locator("[data-picker] li").count() == 18


def test_enter_sends_the_reason_of_a_skip(short: Page) -> None:
    short.keyboard.press("s")
    short.keyboard.type("needs a paediatrician")
    short.keyboard.press("Enter")
    saved(short, 1)
    assert Round.decisions[0]["verdict"] == "skip"
