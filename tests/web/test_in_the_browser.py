"""The style guide and the review client in Chromium, with an accessibility scan."""

from __future__ import annotations

from collections.abc import Iterator
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.client_urls import Round

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    # Files straight from the source folder: nothing is collected for this test.
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        ROOT_URLCONF="tests.web.client_urls", ALLOWED_HOSTS=["127.0.0.1"], STORAGES=storages
    ):
        server = make_server("127.0.0.1", 0, WSGIHandler(), Server, Quiet)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    Round.start()
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/review")
    page.wait_for_selector("text=Note 1 of 4")
    yield page
    page.close()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (820, "dark"), (640, "light")]
)
@pytest.mark.parametrize("path", ["styleguide", "review"])
def test_a_page_is_accessible_and_fits(
    chromium: Browser, address: str, path: str, width: int, scheme: str
) -> None:
    Round.start()
    size = {"width": width, "height": 900}
    page = chromium.new_page(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(f"{address}/{path}", wait_until="networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def caret_to(page: Page, word: str) -> None:
    for _ in range(80):
        page.keyboard.press("ArrowRight")
        here = page.evaluate("document.querySelector('.caret')?.textContent ?? ''")
        if here.startswith(word):
            return
    pytest.fail(f"the cursor never reached {word}")


def accept(page: Page) -> None:
    """A new note takes no verdict for a moment, so that a key pressed twice decides once."""
    page.wait_for_timeout(450)
    page.keyboard.press("a")


def saved(page: Page, count: int) -> None:
    page.wait_for_selector("text=All decisions saved")
    assert len(Round.decisions) == count


def test_a_reviewer_flags_a_missed_name_and_goes_on_without_a_mouse(page: Page) -> None:
    caret_to(page, "Varga")
    page.keyboard.press("f")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.type("na")
    page.keyboard.press("Enter")
    accept(page)
    page.wait_for_selector("text=Note 2 of 4")
    saved(page, 1)
    text = page.evaluate("fetch('/next').then(r => r.json()).then(r => r.note.text)")
    decision = Round.decisions[0]
    leak = decision["leaks"][0]
    assert decision["verdict"] == "flag"
    assert leak["category"] == "NAME"
    assert text[leak["start"] : leak["end"]] == "Dr Varga"


def test_stepping_to_a_span_accepts_nothing(page: Page) -> None:
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert Round.decisions == []
    assert "Note 1 of 4" in page.inner_text("[data-about-note]")


def test_a_save_that_fails_stops_the_screen_and_keeps_the_work(page: Page) -> None:
    Round.failing = True
    accept(page)
    page.wait_for_selector("text=Your decision on note 1 is kept")
    page.keyboard.press("a")
    page.wait_for_timeout(100)
    assert "Note 2 of 4" in page.inner_text("[data-about-note]")
    Round.failing = False
    page.click("text=Save again")
    saved(page, 1)
    assert Round.decisions[0]["note_id"] == "n0"


def test_undo_brings_the_last_note_back(page: Page) -> None:
    accept(page)
    page.wait_for_selector("text=Note 2 of 4")
    saved(page, 1)
    page.keyboard.press("u")
    page.wait_for_selector("text=Note 1 of 4")
    assert Round.decisions == []


def test_letters_typed_into_the_comment_are_words_and_not_acts(page: Page) -> None:
    page.keyboard.press("c")
    page.keyboard.type("a fax")
    page.keyboard.press("Escape")
    accept(page)
    saved(page, 1)
    assert Round.decisions[0]["comment"] == "a fax"


def test_no_note_reaches_browser_storage_title_or_address(page: Page) -> None:
    accept(page)
    page.wait_for_selector("text=Note 2 of 4")
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.title, location.href])"
    )
    for word in ("Varga", "furosemide", "PROGRESS"):
        assert word not in kept


def test_the_theme_is_kept_in_a_cookie_and_rendered_by_the_server(page: Page) -> None:
    page.click("[data-theme-toggle]")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
