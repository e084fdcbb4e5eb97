"""The main paths of administrators and of the auditor, in Chromium."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.chain.browsing import SignIn, Visitor
from tests.chain.installation import Installation

pytestmark = [pytest.mark.chain, pytest.mark.browser]


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
    page.locator("button[data-open-dialog='deploy-2']").click()
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
    admin.page.get_by_label("Role", exact=True).select_option("reviewer")
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
