"""Editing the policy, trying the draft and adopting it in Chromium, with an accessibility scan.

A server of this process answers on committed rows; the code of the worker runs beside it.
Playwright holds the event loop of the test's thread, so that what asks the database has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Page, sync_playwright

from deid.models import PolicyTrial
from deid.services import add_terms, current_policy
from jobs import services as job_services
from jobs.models import Job
from tests.chain.browsing import AXE_OPTIONS
from tests.factories.deid import Scene, import_rows, make_scene, note_row
from tests.factories.people import signed_in
from tests.web.test_in_the_browser import FLAGS, Quiet, Server

pytestmark = pytest.mark.browser
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def aside(act: Callable[[], Any]) -> Any:
    """Do something with the database in a thread of its own."""

    def work() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@pytest.fixture
def scene(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(job_services, "_send", lambda job: None)

    def made() -> Scene:
        found = make_scene("Browser")
        import_rows(found, [note_row(n) for n in range(6)])
        return found

    return aside(made)  # type: ignore[no-any-return]


@pytest.fixture
def page(scene: Scene) -> Iterator[Page]:
    session = aside(lambda: signed_in(scene.engineer).cookies["sessionid"].value)
    with override_settings(ALLOWED_HOSTS=["127.0.0.1"], STORAGES=STORAGES):
        server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), Server, Quiet)
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
            yield context.new_page()
            browser.close()
        server.shutdown()
        server.server_close()


def scan(page: Page) -> None:
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options=AXE_OPTIONS)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})


def work_off() -> None:
    """What the worker does: every queued job of a trial."""
    for job in Job.objects.filter(kind="deid.trial", state=Job.State.QUEUED):
        job_services.run_job(job.pk)


def test_a_policy_is_edited_tried_and_adopted_with_the_keyboard(scene: Scene, page: Page) -> None:
    page.goto(f"/p/{scene.project.slug}/policy/")
    scan(page)
    page.get_by_role("link", name="Edit the policy").press("Enter")
    page.get_by_label("Always hide").wait_for()
    scan(page)

    page.get_by_label("Always hide").fill("Furosemide; OTHER_ID\nOak Hill; PLACE")
    page.get_by_role("button", name="Keep as a draft and try it").press("Enter")
    page.get_by_text("Line 2: Its category is none of the 18.").first.wait_for()
    scan(page)
    page.get_by_label("Always hide").fill("Furosemide; OTHER_ID\nOak Hill; LOCATION")
    page.get_by_label("Keep readable").fill("Norton")
    page.get_by_label("Why").fill("Asked for by the ward")
    page.get_by_role("button", name="Keep as a draft and try it").press("Enter")

    page.get_by_role("heading", name="Try it on a sample").wait_for()
    page.get_by_text("This may hide less than before.").wait_for()
    scan(page)
    page.get_by_role("link", name="Edit", exact=True).press("Enter")
    page.get_by_role("button", name="Save the draft").wait_for()
    scan(page)
    page.get_by_role("link", name="Leave it as it is").press("Enter")
    page.get_by_label("Notes").fill("4")
    page.get_by_role("button", name="Start the trial").press("Enter")
    page.get_by_text("Compare on 4 notes").wait_for()
    scan(page)
    aside(work_off)
    # The part that shows progress asks every two seconds, and loads the page when all is done.
    page.get_by_role("heading", name="The draft hides 8 more.").wait_for(timeout=60_000)
    scan(page)
    assert "Furosemide" not in page.inner_text("main")
    page.locator("table a[href*='/notes/']").first.press("Enter")
    page.get_by_text("Furosemide 40 mg").wait_for()
    scan(page)
    page.go_back()

    page.get_by_role("button", name="Adopt as version 2").press("Enter")
    page.get_by_text("Policy version 2 is made.").wait_for()
    scan(page)
    page.get_by_role("link", name="Version 2").press("Enter")
    page.get_by_role("heading", name="Changed against the version before").wait_for()
    scan(page)
    assert aside(lambda: current_policy(scene.project).note) == "Asked for by the ward"
    assert aside(PolicyTrial.objects.count) == 0


def test_two_people_edit_at_once_and_neither_loses_anything(scene: Scene, page: Page) -> None:
    page.goto(f"/p/{scene.project.slug}/policy/edit/")
    page.get_by_label("Always hide").fill("Birch; LOCATION")
    terms = [("Oak Hill", "LOCATION")]
    aside(lambda: add_terms(project=scene.project, actor=scene.engineer, terms=terms))
    page.get_by_role("button", name="at once").press("Enter")
    page.get_by_text("Somebody made version 2").wait_for()
    assert page.get_by_label("Always hide").input_value() == "Birch; LOCATION"
    scan(page)
    page.get_by_role("button", name="Bring both together").press("Enter")
    page.get_by_text("Your changes stand upon the newest state.").wait_for()
    assert page.get_by_label("Always hide").input_value() == ("Oak Hill; LOCATION\nBirch; LOCATION")
    scan(page)
    page.get_by_role("button", name="Make version 3 at once").press("Enter")
    page.get_by_text("Policy version 3 is made.").wait_for()
