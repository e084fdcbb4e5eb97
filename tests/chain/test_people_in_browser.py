"""The main path of each person, in Chromium, on the finished installation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from demo import chain as stages
from demo.chain import Chain
from tests.chain.browsing import Visitor
from tests.chain.faults import Interrupted, query
from tests.chain.installation import Installation

pytestmark = [pytest.mark.chain, pytest.mark.browser]

VERDICTS = """
    SELECT r.verdict, r.undone_at IS NOT NULL FROM deid_review r
    JOIN deid_sampleitem i ON r.item_id = i.id WHERE i.sample_id = %s ORDER BY r.decided_at
"""
SignIn = Callable[[str], Visitor]


@pytest.fixture
def sign_in(installation: Installation, chromium: Browser) -> Iterator[SignIn]:
    opened: list[Visitor] = []

    def of(who: str) -> Visitor:
        person = installation.cast[who]
        opened.append(Visitor.sign_in(chromium, installation.runtime.base_url, person))
        return opened[-1]

    yield of
    for visitor in opened:
        visitor.page.context.close()


@pytest.fixture(scope="module")
def sample(interrupted: Interrupted, second_project: Chain) -> dict[str, Any]:
    """An open round of review of a run that a killed worker did not harm."""
    drawn: dict[str, Any] = second_project.cast["engineer"].post(
        f"{second_project.base}samples/", {"run": interrupted.run["id"], "seed": 7}
    )
    return drawn


@pytest.fixture(scope="module")
def submission(installation: Installation, interrupted: Interrupted) -> dict[str, Any]:
    """A third version before its approvers, trained across two interruptions."""
    chain, admin = installation.chain, installation.cast["mladmin"]
    trained = interrupted.training.run["model_version"]
    version = admin.get(f"{chain.base}model-versions/{trained}/")
    evaluation = stages.run_evaluation(chain, version)
    stages.run_override(chain, evaluation)
    body = {"evaluation": evaluation["id"], "statement": "For the tests."}
    submitted: dict[str, Any] = admin.post(f"{chain.base}submissions/", body)
    return submitted


def on_note(clinician: Visitor, number: int) -> str:
    """Wait for a note, past the question after an implausibly fast accept; its text."""
    page = clinician.page
    page.get_by_text(f"Note {number} of").first.wait_for()
    page.get_by_text("All decisions saved").wait_for()
    if page.locator("dialog[data-second-look][open]").count():
        clinician.press("Enter")  # keeps the decision
    expect(page.locator("[data-note]")).to_be_focused()
    return page.locator("[data-note]").inner_text()


def test_a_clinician_reads_a_round_by_keyboard_and_leaves_no_note_behind(
    installation: Installation, sign_in: SignIn, sample: dict[str, Any]
) -> None:
    clinician = sign_in("reviewer")
    page, risk = clinician.page, clinician.page.locator("[data-risk]")
    clinician.click("link", "Review de-identified notes")
    clinician.check()
    clinician.click("link", "Read notes")
    page.get_by_text("Note 1 of").first.wait_for()
    clinician.check()
    size = sample["size"]
    assert risk.inner_text().startswith(f"0/{size} read")
    read = [page.locator("[data-note]").inner_text()]

    clinician.press("?")
    clinician.sees("Keys of the review")
    clinician.press("Escape", "a")
    read.append(on_note(clinician, 2))
    expect(risk).to_contain_text(f"1/{size} read · 0 leaks · upper bound")

    clinician.press("f")
    page.keyboard.type("na")
    clinician.press("Enter")
    clinician.sees("Missed: Name")
    clinician.press("c")
    page.keyboard.type("a name in the first line")
    clinician.press("Escape", "a")
    read.append(on_note(clinician, 3))
    expect(risk).to_contain_text(f"2/{size} read · 1 leak ·")
    clinician.check()

    clinician.press("u")
    assert on_note(clinician, 2) == read[1]
    expect(risk).to_contain_text(f"1/{size} read · 0 leaks")
    clinician.press("a")
    on_note(clinician, 3)
    clinician.press("s")
    page.keyboard.type("needs a paediatrician")
    clinician.press("Tab", "Tab", "Enter")
    read.append(on_note(clinician, 4))
    expect(risk).to_contain_text(f"2/{size} read")

    assert query(installation, VERDICTS, sample["id"]) == [
        ("accept", False), ("flag", True), ("accept", False), ("skip", False),
    ]  # fmt: skip
    nothing_kept(clinician, read)
    assert clinician.problems == []


def nothing_kept(clinician: Visitor, read: list[str]) -> None:
    """No word of a note is in the address, the title or the browser's storage."""
    page = clinician.page
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert page.evaluate("caches.keys().then(found => found.length)") == 0
    kept = json.dumps([page.url, page.title(), page.context.cookies()]).casefold()
    words = {w.casefold() for text in read for w in text.split() if w.isalpha() and len(w) > 6}
    assert len(words) > 20
    assert [word for word in words - {"reading", "countersign"} if word in kept] == []


def test_an_officer_decides_over_the_digest_shown_and_checks_the_package(
    installation: Installation, sign_in: SignIn, submission: dict[str, Any]
) -> None:
    officer = sign_in("compliance")
    page = officer.page
    officer.go("/inbox/")
    officer.check()
    page.locator(f"a.inbox-item[href*='{submission['id']}']").click()
    officer.sees("Still to view")
    for section in ("change", "gates", "evidence", "people"):
        page.locator(f"#tick-{section} button").click()
        expect(page.locator(f"#tick-{section}")).to_have_text("Viewed")
    officer.sees("Ready for your signature.")
    assert page.locator(".gate .verdict", has_text="FAIL").count() >= 1
    officer.check()

    decide(officer, "not my password")
    officer.sees("password is not right")
    assert decisions(installation, submission) == []
    assert page.locator(".full-digest").inner_text() == submission["digest"]
    decide(officer, officer.person.password, opened=True)
    officer.sees("Your decision is signed. The other seat has not decided yet.")
    assert decisions(installation, submission) == ["approve"]
    officer.check()


def decide(officer: Visitor, password: str, *, opened: bool = False) -> None:
    page = officer.page
    if not opened:
        page.locator(".decision-bar summary").click()
    page.get_by_label("Approve", exact=True).check()
    page.get_by_label("Your password").fill(password)
    page.locator(".decision-bar button[type=submit]").click()


def decisions(installation: Installation, submission: dict[str, Any]) -> list[str]:
    statement = "SELECT verdict FROM governance_decision WHERE submission_id = %s"
    return [row[0] for row in query(installation, statement, submission["id"])]


def test_an_officer_downloads_the_package_and_checks_it_on_its_page(
    installation: Installation, sign_in: SignIn
) -> None:
    officer = sign_in("compliance")
    page = officer.page
    officer.go(f"/p/{installation.slug}/package/")
    page.get_by_role("link", name="Package 1", exact=True).click()
    officer.check()
    with page.expect_download() as download:
        officer.click("link", "Download the PDF")
    saved = download.value.path().read_bytes()
    assert (
        hashlib.sha256(saved).digest() == hashlib.sha256(installation.package.read_bytes()).digest()
    )
    officer.click("link", "Check the file")
    officer.sees("The package is valid and complete")
    officer.check()


def test_an_administrator_reads_the_record_of_a_run_and_its_failed_gates(
    installation: Installation, sign_in: SignIn
) -> None:
    admin, first = sign_in("mladmin"), installation.first
    evaluation = installation.chain.data["evaluations"][0]
    admin.go(f"/p/{installation.slug}/training/{first['training_run']}/")
    admin.page.locator("[data-plot] canvas").wait_for()
    expect(admin.page.get_by_role("row", name="Rank 32 32")).to_be_visible()
    expect(admin.page.locator("[data-status]")).not_to_contain_text("Waiting")
    admin.check()
    admin.go(f"/p/{installation.slug}/evaluations/{evaluation['id']}/")
    admin.sees("This version stands on an override")
    assert admin.page.locator(".gate .verdict", has_text="FAIL").count() >= 1
    admin.check()


def test_an_administrator_deploys_a_version_and_rolls_back_by_its_number(
    installation: Installation, sign_in: SignIn
) -> None:
    admin = sign_in("mladmin")
    page = admin.page
    admin.go(f"/p/{installation.slug}/deploy/")
    admin.sees("As approved")
    admin.check()
    page.locator("button[data-open-dialog^='deploy-2-']").click()
    page.locator("dialog[open] button[type=submit]").click()
    receipt_of(admin, "Version 2")

    admin.go(f"/p/{installation.slug}/deploy/")
    page.locator("button[data-open-dialog^='roll-back-']").click()
    dialog = page.locator("dialog[open]")
    admin.check()
    dialog.get_by_label("Type 1 to confirm").fill("2")
    dialog.get_by_label("Reason").fill("The test goes back.")
    dialog.get_by_role("button", name="Roll back").click()
    expect(dialog).to_be_visible()  # another number than the plan's sends nothing
    dialog.get_by_label("Type 1 to confirm").fill("1")
    dialog.get_by_role("button", name="Roll back").click()
    receipt_of(admin, "Version 1")


def receipt_of(admin: Visitor, version: str) -> None:
    admin.page.wait_for_url("**/deploy/rollouts/**")
    admin.page.get_by_text("Sealed by this installation").wait_for(timeout=180_000)
    expect(admin.page.locator("main")).to_contain_text(version)
    assert admin.page.get_by_text("Another version").count() == 0
    admin.check()


def test_an_integration_key_is_shown_once_and_opens_the_gateway(
    installation: Installation, sign_in: SignIn
) -> None:
    admin = sign_in("mladmin")
    path = f"/p/{installation.slug}/deploy/keys/"
    admin.go(path)
    admin.page.get_by_label("System that will use the key").fill("Ward system")
    admin.click("button", "Make the key")
    admin.sees("Copy the key now")
    admin.check()
    key = admin.page.locator(".new-key [data-copy]").get_attribute("data-copy")
    assert key
    listed = httpx.get(
        f"{installation.runtime.gateway_url}/v1/models", headers={"Authorization": f"Bearer {key}"}
    )
    assert listed.status_code == httpx.codes.OK
    admin.go(path)
    assert key not in admin.page.content()


def test_a_system_administrator_adds_a_person_and_a_role(
    installation: Installation, sign_in: SignIn
) -> None:
    admin = sign_in("sysadmin")
    admin.go("/people/")
    admin.page.get_by_label("Full name").fill("Dr. Nadia Petrov")
    admin.page.get_by_label("E-mail").fill("nadia@test.invalid")
    admin.click("button", "Create the account")
    admin.sees("Hand the first password over in person")
    admin.check()
    admin.go(f"/projects/{installation.slug}/members/")
    admin.page.get_by_label("Person").select_option(label=option_of(admin, "Petrov"))
    admin.page.get_by_label("Role").select_option("reviewer")
    admin.click("button", "Give the role")
    admin.sees("Dr. Nadia Petrov is in the project.")
    admin.check()


def option_of(admin: Visitor, name: str) -> str:
    return admin.page.locator("select option", has_text=name).inner_text()


def test_an_auditor_reads_the_trail_and_is_refused_a_raw_note(
    installation: Installation, sign_in: SignIn
) -> None:
    auditor = sign_in("auditor")
    auditor.go(f"/p/{installation.slug}/trail/")
    auditor.click("button", "Verify the whole chain")
    auditor.sees("The chain is whole")
    auditor.check()
    run = installation.chain.data["run"]["id"]
    note = next(auditor.person.pages(f"{installation.chain.base}runs/{run}/notes/"))
    path = f"/p/{installation.slug}/runs/{run}/notes/{note['id']}/"
    auditor.go(path)
    auditor.go(f"{path}?raw=1", status=403)
    auditor.sees("Only a")
    assert auditor.page.locator(".note-text").count() == 0
    auditor.check()
