"""Why a part was replaced, on the review screen in Chromium: by key, by touch, and for the eye."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.web.client_urls import Round
from tests.web.test_in_the_browser import accept, address, caret_to, chromium

__all__ = ["address", "chromium"]
pytestmark = pytest.mark.browser


def opened(chromium: Browser, address: str, width: int = 1280, **more: object) -> Page:
    Round.start()
    page = chromium.new_page(viewport={"width": width, "height": 800}, **more)  # type: ignore[arg-type]
    page.goto(f"{address}/review")
    page.wait_for_selector("text=Note 1 of 4")
    return page


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    page = opened(chromium, address)
    yield page
    page.close()


def test_w_opens_the_reasons_of_the_span_and_the_note_keeps_the_focus(page: Page) -> None:
    why = page.locator("[data-why]")
    expect(why).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("w")
    expect(why).to_contain_text("a rule of the test")
    expect(why).to_contain_text("For it")
    expect(why).to_contain_text("words before it announce it: Dr.")
    expect(why).to_contain_text("another version of the engine")
    expect(page.locator("[data-note]")).to_be_focused()
    expect(page.locator("[data-why-button]")).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-say]")).to_contain_text("words before it announce it")
    assert Round.decisions == []


def test_the_reasons_are_fetched_once_a_note_and_follow_the_cursor(page: Page) -> None:
    for key in ("j", "w", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("[data-why]")).to_contain_text("a rule of the test")
    caret_to(page, "Varga")
    expect(page.locator("[data-why]")).to_contain_text("“Varga” was found as Name and left.")
    expect(page.locator("[data-why]")).to_contain_text("under the threshold")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-why]")).to_contain_text("no rule found anything here")
    assert Round.traces == ["n0"]


def test_w_and_escape_close_it_and_the_next_note_begins_closed(page: Page) -> None:
    why = page.locator("[data-why]")
    page.keyboard.press("j")
    for key in ("w", "Escape"):
        page.keyboard.press("w")
        expect(why).to_contain_text("a rule of the test")
        page.keyboard.press(key)
        expect(why).to_be_hidden()
    page.keyboard.press("w")
    accept(page)
    page.wait_for_selector("text=Note 2 of 4")
    expect(why).to_be_hidden()
    assert Round.traces == ["n0"]
    page.keyboard.press("j")
    page.keyboard.press("w")
    expect(why).to_contain_text("a rule of the test")
    assert Round.traces == ["n0", "n1"]


def test_a_refusal_is_said_and_asked_again_the_next_time(page: Page) -> None:
    Round.failing = True
    page.keyboard.press("j")
    page.keyboard.press("w")
    expect(page.locator("[data-why]")).to_contain_text("This note is not yours any more.")
    Round.failing = False
    page.keyboard.press("w")
    page.keyboard.press("w")
    expect(page.locator("[data-why]")).to_contain_text("a rule of the test")


def test_by_touch_a_part_is_tapped_and_asked_about(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, 820, has_touch=True)
    page.locator("[data-note] mark").first.tap()
    expect(page.locator("[data-note] mark").first).to_have_class(re.compile("is-current"))
    page.locator("[data-why-button]").tap()
    expect(page.locator("[data-why]")).to_contain_text("a rule of the test")
    page.close()


def test_tab_goes_from_the_button_into_the_reasons(page: Page) -> None:
    page.keyboard.press("j")
    page.locator("[data-why-button]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-why]")).to_contain_text("a rule of the test")
    page.keyboard.press("Tab")
    expect(page.locator("[data-why]")).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (820, "dark")])
def test_the_open_reasons_are_accessible_and_fit(
    chromium: Browser, address: str, width: int, scheme: str
) -> None:
    page = opened(chromium, address, width, color_scheme=scheme, reduced_motion="reduce")
    page.keyboard.press("j")
    page.keyboard.press("w")
    expect(page.locator("[data-why]")).to_contain_text("a rule of the test")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_the_help_names_the_key(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("dialog[data-help]")).to_contain_text("Why the part at the cursor")
