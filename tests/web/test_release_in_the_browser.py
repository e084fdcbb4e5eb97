"""The officer's path in Chromium, on the real pages: refused without a determination, upload, sign;
and the queue of passages by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from accounts.models import User
from deid.models import Run, Sample
from deid.services.samples import draw_sample
from tests.factories.people import PASSWORD
from tests.factories.release import a_pdf, make_expert_run, make_flags, stated
from tests.factories.reviews import People, make_people, read_all
from tests.web.test_in_the_browser import FLAGS, Quiet, Server

pytestmark = pytest.mark.browser


@dataclass
class Scene:
    """A passed round of a run that needs a determination, and two passages of it that wait."""

    people: People
    run: Run
    sample: Sample


@pytest.fixture
def scene(fresh_database: str) -> Scene:
    people = make_people(leak_limit=0.4)
    run = make_expert_run(people)
    make_flags(run, 2)
    sample = read_all(draw_sample(run=run, actor=people.operator, seed=7), people.reviewer)
    return Scene(people, run, sample)


@pytest.fixture
def address(scene: Scene) -> Iterator[str]:
    with override_settings(ALLOWED_HOSTS=["127.0.0.1"]):
        server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), Server, Quiet)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def chromium(address: str) -> Iterator[Browser]:
    """Closed before the database goes: its event loop keeps Django from it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


def signed_in(browser: Browser, address: str, person: User) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{address}/sign-in/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    return page


def check(page: Page) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
    assert found.violations_count == 0, found.generate_report()


def test_the_officer_uploads_and_signs_and_only_then_the_round_can_be_signed_off(
    scene: Scene, chromium: Browser, address: str, tmp_path: Path
) -> None:
    slug = scene.people.project.slug
    round_page = reverse("deid:sample", args=[slug, scene.sample.pk])
    clinician = signed_in(chromium, address, scene.people.reviewer)
    decide_on_both(clinician, address, scene)

    clinician.goto(f"{address}{round_page}")
    expect(clinician.get_by_text("You cannot decide this.")).to_be_visible()
    expect(clinician.get_by_text("None that covers this run is uploaded.").first).to_be_visible()
    check(clinician)

    officer = signed_in(chromium, address, scene.people.compliance)
    officer.goto(f"{address}{reverse('deid:determinations', args=[slug])}")
    expect(officer.get_by_text("45 CFR 164.514(b)(1) lets notes go out")).to_be_visible()
    check(officer)
    upload(officer, b"not a pdf", tmp_path)
    expect(officer.get_by_text("The file is not a PDF.").first).to_be_visible()
    check(officer)
    upload(officer, a_pdf(), tmp_path)
    expect(officer.get_by_text("It counts once it is signed.")).to_be_visible()
    check(officer)
    officer.get_by_text("Sign the determination").first.click()
    officer.get_by_label("Your password").fill(PASSWORD)
    officer.get_by_role("button", name="Sign the determination").click()
    expect(officer.get_by_text("In force", exact=True)).to_be_visible()
    check(officer)

    clinician.goto(f"{address}{round_page}")
    clinician.get_by_text("Sign off this round").first.click()
    clinician.get_by_label("Your password").fill(PASSWORD)
    clinician.get_by_role("button", name="Sign off this round").click()
    expect(clinician.get_by_text("Round signed off.")).to_be_visible()


def upload(officer: Page, content: bytes, folder: Path) -> None:
    file = folder / "determination.pdf"
    file.write_bytes(content)
    officer.get_by_label("The determination as a PDF").set_input_files(file)
    values = stated()
    for label, name in [
        ("Expert", "expert"), ("Qualification", "qualification"), ("Method", "method"),
        ("Anticipated recipients", "recipients"), ("What it covers", "covers"),
    ]:  # fmt: skip
        officer.get_by_label(label, exact=True).fill(values[name])
    officer.get_by_label("Date of the determination").fill(values["determined_on"].isoformat())
    officer.get_by_label("Last day").fill(values["expires_on"].isoformat())
    officer.get_by_role("button", name="Upload it").click()


def decide_on_both(clinician: Page, address: str, scene: Scene) -> None:
    """By keyboard alone: a usual reason, back, another reason typed, and the second passage."""
    queue = reverse("deid:passages", args=[scene.people.project.slug, scene.run.pk])
    clinician.goto(f"{address}{queue}")
    check(clinician)
    clinician.get_by_role("link", name="Decide on the next").click()
    expect(clinician.locator(".span--leak")).to_have_text("Vexley")
    check(clinician)
    press(clinician, "1")
    expect(clinician.locator(".risk-line")).to_contain_text("1 waiting")
    press(clinician, "u")
    expect(clinician.locator(".risk-line")).to_contain_text("2 waiting")
    press(clinician, "n")
    clinician.keyboard.type("The 1 word is another town's.")
    clinician.keyboard.press("Enter")
    expect(clinician.locator(".risk-line")).to_contain_text("1 waiting")
    press(clinician, "k")
    expect(clinician.get_by_text("The 1 word is another town's.")).to_be_visible()
    press(clinician, "j")
    expect(clinician.get_by_text("It identifies: hide it")).to_be_visible()
    press(clinician, "h")
    expect(clinician.get_by_role("button", name="In the notes of this patient")).to_be_focused()
    press(clinician, "2")
    expect(clinician.get_by_text("No passage of this run waits any more.")).to_be_visible()
    check(clinician)


def press(page: Page, key: str) -> None:
    page.wait_for_load_state()
    page.wait_for_timeout(400)  # a new passage takes no key for a moment
    page.keyboard.press(key)
