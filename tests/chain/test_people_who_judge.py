"""The main paths of the clinician and of the compliance officer, in Chromium."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from playwright.sync_api import expect

from demo import model_stages
from demo.chain import Chain
from tests.chain.browsing import SignIn, Visitor
from tests.chain.faults import Interrupted, query
from tests.chain.installation import Installation

pytestmark = [pytest.mark.chain, pytest.mark.browser]

VERDICTS = """
    SELECT r.verdict, r.undone_at IS NOT NULL FROM deid_review r
    JOIN deid_sampleitem i ON r.item_id = i.id WHERE i.sample_id = %s ORDER BY r.decided_at
"""


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
    evaluation = model_stages.run_evaluation(chain, version)
    model_stages.run_override(chain, evaluation)
    body = {"evaluation": evaluation["id"], "statement": "For the tests."}
    submitted: dict[str, Any] = admin.post(f"{chain.base}submissions/", body)
    return submitted


def on_note(clinician: Visitor, number: int, *, after_saving: bool = True) -> str:
    """Wait for a note, past the question after an implausibly fast accept; its text."""
    page = clinician.page
    there = page.get_by_text(f"Note {number} of").first
    second_look = page.locator("dialog[data-second-look][open]")
    there.or_(second_look).first.wait_for()
    page.wait_for_timeout(450)  # a new note takes no verdict for a moment, and the question comes
    if second_look.count():
        page.get_by_role("button", name="Keep my decision").click()
        second_look.wait_for(state="hidden")
    there.wait_for()
    if after_saving:
        page.get_by_text("All decisions saved").wait_for()
    page.wait_for_timeout(450)
    expect(page.locator("[data-note]")).to_be_focused()
    return page.locator("[data-note]").inner_text()


def accept(clinician: Visitor) -> None:
    """Press A until the note was seen to its end: before that, A only scrolls on."""
    more = clinician.page.locator("[data-more]")
    for _ in range(20):
        if not more.is_visible():
            break
        clinician.press("a")
        clinician.page.wait_for_timeout(450)
    clinician.press("a")


def to_a_readable_word(clinician: Visitor) -> None:
    """Move the cursor to a word that the machine did not replace."""
    caret = clinician.page.locator("[data-note] .caret")
    for _ in range(60):
        clinician.press("ArrowRight")
        here = caret.evaluate("e => e.tagName === 'SPAN' ? e.textContent : ''")
        if here[:1].isalpha():
            return
    pytest.fail("the cursor found no word that is still readable")


def test_a_clinician_reads_a_round_by_keyboard_and_leaves_no_note_behind(
    installation: Installation, sign_in: SignIn, sample: dict[str, Any]
) -> None:
    clinician = sign_in("reviewer")
    page, risk = clinician.page, clinician.page.locator("[data-risk]")
    page.locator(f"a.inbox-item[href*='{sample['id']}']").click()
    clinician.check()
    clinician.click("link", "Read notes")
    page.get_by_text("Note 1 of").first.wait_for()
    clinician.check()
    size = sample["size"]
    assert risk.inner_text().startswith(f"0/{size} read")
    read = [page.locator("[data-note]").inner_text()]

    clinician.press("?")
    clinician.sees("Keys of the review")
    page.wait_for_timeout(450)
    clinician.press("Escape")
    accept(clinician)
    read.append(on_note(clinician, 2))
    expect(risk).to_contain_text(f"1/{size} read · 0 leaks · upper bound")

    to_a_readable_word(clinician)
    clinician.press("f")
    page.keyboard.type("na")
    clinician.press("Enter")
    clinician.sees("Missed: Name")
    clinician.press("c")
    page.keyboard.type("a name in the first line")
    clinician.press("Escape")
    accept(clinician)
    read.append(on_note(clinician, 3))
    expect(risk).to_contain_text(f"2/{size} read · 1 leak ·")
    clinician.check()

    clinician.press("u")
    assert on_note(clinician, 2, after_saving=False) == read[1]
    expect(risk).to_contain_text(f"1/{size} read · 0 leaks")
    clinician.sees("Missed: Name")  # what was marked came back with the note
    clinician.press("u")
    page.get_by_label("Comment").fill("")
    page.locator("[data-note]").focus()
    accept(clinician)
    on_note(clinician, 3)
    clinician.press("s")
    page.keyboard.type("needs a paediatrician")
    clinician.press("Enter")
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
    assert page.evaluate("localStorage.length") == 0
    # htmx keeps the address of the page, which is looked at below with the others.
    stored = page.evaluate("({...sessionStorage})")
    assert set(stored) <= {"htmx-current-path-for-history"}
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert page.evaluate("caches.keys().then(found => found.length)") == 0
    cookies = [cookie["value"] for cookie in page.context.cookies()]
    kept = json.dumps([*stored.values(), page.url, page.title(), *cookies]).casefold()
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
