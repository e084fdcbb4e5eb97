"""A person at Chromium: signs in by the form; whatever is wrong with a page is noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from demo.client import Person

AXE = Axe()
# Without the preloading of style sheets, which would ask for them anew and break the policy.
AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
# Said of answers that are noticed by their status already.
_OF_AN_ANSWER = "Failed to load resource"


@dataclass
class Visitor:
    """A tab of a signed-in person. `problems` are errors of scripts, of the content security
    policy, of parts that did not load, and requests to another host."""

    page: Page
    base_url: str
    person: Person
    problems: list[str] = field(default_factory=list)

    @classmethod
    def sign_in(cls, browser: Browser, base_url: str, person: Person) -> Visitor:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
        )
        visitor = cls(context.new_page(), base_url, person)
        visitor.page.on("request", visitor._ask)
        visitor.page.on("response", visitor._answer)
        visitor.page.on("console", visitor._say)
        visitor.page.on("pageerror", lambda error: visitor.problems.append(f"script: {error}"))
        visitor.page.goto(f"{base_url}/sign-in/")
        visitor.page.get_by_label("E-mail").fill(person.email)
        visitor.page.get_by_label("Password").fill(person.password)
        visitor.page.get_by_role("button", name="Sign in").click()
        visitor.page.wait_for_url(lambda url: "/sign-in/" not in url)
        return visitor

    def _ask(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme != "data" and url.netloc != urlsplit(self.base_url).netloc:
            self.problems.append(f"asked another host: {url.netloc}")

    def _answer(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.problems.append(f"{response.status} for {urlsplit(response.url).path}")

    def _say(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_OF_AN_ANSWER):
            self.problems.append(f"console: {message.text}")

    def go(self, path: str, status: int = 200) -> None:
        answer = self.page.goto(f"{self.base_url}{path}")
        assert answer is not None
        assert answer.status == status, f"{answer.status} for {path}"

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).click()  # type: ignore[arg-type]

    def sees(self, words: str) -> None:
        """Wait until these words are shown."""
        self.page.get_by_text(words).first.wait_for()

    def check(self) -> None:
        """The page as it stands now is accessible, and nothing went wrong on the way to it."""
        found = AXE.run(self.page, options=AXE_OPTIONS)
        assert found.violations_count == 0, found.generate_report()
        assert not self.problems, "\n".join(self.problems)


# Signs a person in by the key of the cast.
SignIn = Callable[[str], Visitor]
