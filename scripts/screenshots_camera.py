"""A browser in which each of the demonstration's people is signed in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import (
    APIRequestContext,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
)

SIZES = ((1280, 800), (1024, 768))
THEMES = ("light", "dark")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SETTLE_MS = 500  # curves and prefetched notes are drawn after the page has loaded
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Shot:
    """One page as one person; without a person, signed out."""

    name: str
    file: str
    person: str | None
    path: str
    sizes: tuple[tuple[int, int], ...]
    themes: tuple[str, ...]
    whole_page: bool = True


class Camera:
    """One browser; a context with a session for each person who is asked for."""

    def __init__(self, playwright: Playwright, url: str, accounts: dict[str, dict[str, str]]):
        self.url, self.accounts = url, accounts
        program = next(
            (p for name in ("chromium", "chromium-browser", "google-chrome")
             if (p := shutil.which(name))), None,
        )  # fmt: skip
        if program is None:
            raise SystemExit("Chromium is missing; type: apt-get install chromium")
        self._browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        self._contexts: dict[str | None, BrowserContext] = {}

    def close(self) -> None:
        self._browser.close()

    def person(self, key: str) -> APIRequestContext:
        """The person's session for requests without a page."""
        return self._context(key).request

    def take(self, shots: list[Shot], folder: Path) -> list[str]:
        """Take all pictures; returns what the browser complained of."""
        folder.mkdir(parents=True, exist_ok=True)
        complaints: list[str] = []
        for shot in shots:
            page = self._context(shot.person).new_page()
            _listen(page, shot.name, complaints)
            self._take(page, shot, folder, complaints)
            page.close()
        return complaints

    def _take(self, page: Page, shot: Shot, folder: Path, complaints: list[str]) -> None:
        for theme in shot.themes:
            self._context(shot.person).add_cookies(
                [{"name": "theme", "value": theme, "url": self.url}]
            )
            width, height = shot.sizes[0]
            page.set_viewport_size({"width": width, "height": height})
            page.goto(self.url + shot.path, wait_until="load")
            page.wait_for_timeout(SETTLE_MS)
            for width, height in shot.sizes:
                page.set_viewport_size({"width": width, "height": height})
                if (wider := page.evaluate(_WIDER)) > 0:
                    complaints.append(f"{shot.name}: {wider} px wider than {width} px")
                suffix = f"-{width}-{theme}" if len(shot.sizes) * len(shot.themes) > 1 else ""
                page.screenshot(path=folder / f"{shot.file}{suffix}.png", full_page=shot.whole_page)

    def _context(self, key: str | None) -> BrowserContext:
        if key not in self._contexts:
            context = self._browser.new_context()
            if key is not None:
                self._sign_in(context, self.accounts[key])
            self._contexts[key] = context
        return self._contexts[key]

    def _sign_in(self, context: BrowserContext, account: dict[str, str]) -> None:
        page = context.new_page()
        page.goto(f"{self.url}/sign-in/")
        page.fill("[name=username]", account["email"])
        page.fill("[name=password]", account["password"])
        page.click("main button")
        page.wait_for_load_state("load")
        if "/sign-in/" in page.url:
            raise SystemExit(f"{account['email']} could not sign in.")
        page.close()


def _listen(page: Page, name: str, complaints: list[str]) -> None:
    """Keep what the browser says against a page."""

    def on_error(error: Error) -> None:
        complaints.append(f"{name}: {error.message}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{name}: {message.text}")

    page.on("pageerror", on_error)
    page.on("console", on_console)
