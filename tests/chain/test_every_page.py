"""Every page of a project, opened in Chromium by a person whose page it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver
from playwright.sync_api import Browser

from tests.chain.browsing import Visitor
from tests.chain.installation import Installation

pytestmark = [pytest.mark.chain, pytest.mark.browser]

PROJECT_PAGES = {
    "engineer": (
        "", "import/", "import/{batch}/", "runs/", "runs/{deid_run}/", "runs/{deid_run}/notes/",
        "runs/{deid_run}/notes/{note}/", "runs/{deid_run}/notes/{note}/?raw=1",
        "runs/measurement/", "runs/{deid_run}/measurement/", "runs/{deid_run}/passages/",
        "review/{sample}/leaks/", "policy/", "policy/edit/", "policy/versions/1/",
        "policy/versions/1/?terms=1", "dataset/", "dataset/gold-sets/{gold_set}/",
        "dataset/versions/{dataset}/",
    ),
    "reviewer": ("review/", "review/{sample}/"),
    "mladmin": (
        "training/", "training/{training}/", "evaluations/", "evaluations/{evaluation}/",
        "approve/submit/", "approve/submit/{evaluation}/", "deploy/", "deploy/rollouts/{rollout}/",
        "deploy/keys/",
    ),
    "compliance": (
        "determinations/", "dataset/attest/{deid_run}/", "approve/", "approve/gates/{evaluation}/",
        "approve/{submission}/", "package/", "package/{package}/", "package/{package}/verify/",
    ),
    "auditor": ("trail/",),
}  # fmt: skip
OTHER_PAGES = {
    "committee": ("/", "/inbox/", "/password/", "/styleguide/"),
    "sysadmin": ("/people/", "/projects/", "/projects/{slug}/members/", "/trail/"),
}
# Names that are no pages: acts (POST only), parts that a page loads itself, and files.
ACTS = {
    "accounts:logout", "projects:close-account", "projects:end-membership",
    "projects:reopen-account",
    "deid:import-cancel", "deid:import-resume", "deid:import-close", "deid:import-discard",
    "deid:run-cancel", "deployment:target-retire", "deid:determination-sign",
    "deid:determination-withdraw", "deid:flag-decide", "deid:flag-reopen",
    "deid:policy-draft-adopt", "deid:surrogate-map-delete",
    "deid:policy-draft-carry-over", "deid:policy-draft-drop", "deid:policy-trial-cancel",
    "deid:policy-trial-resume",
    "deid:run-resume", "deid:sample-draw", "deid:sample-sign-off", "datasets:gold-sets",
    "datasets:datasets", "training:start", "training:cancel", "training:resume",
    "training:evaluate", "training:evaluation-cancel", "training:evaluation-resume",
    "governance:decide", "governance:viewed", "governance:withdraw", "governance:package-retry",
    "governance:sign", "deployment:target-create", "deployment:deploy", "deployment:roll-back",
    "deployment:issue-key", "deployment:revoke-key",
}  # fmt: skip
PARTS = {
    "deid:import-progress", "deid:run-progress", "deid:sample-progress", "training:progress",
    "deid:policy-trial-progress",
    "training:losses", "training:evaluation-progress", "governance:pulse",
    "governance:package-progress", "deployment:served", "deployment:progress",
    "web:styleguide-chart",
}  # fmt: skip
FILES = {
    "deid:import-left-out", "deid:determination-file", "deid:run-categories",
    "deid:run-measurement-json",
    "deid:review-rounds", "datasets:export",
    "training:evaluation-items", "governance:ca", "governance:download", "schema",
    "web:trail-export", "web:installation-trail-export",
}  # fmt: skip
# Opened in tests of their own: the sign-in, the API's page, a round's notes while and after it is
# read; a determination and a passage, which the demonstration has not; a policy's draft and its
# trial (`tests/deid/test_policy_in_the_browser.py`); the map of a run (this chain writes tags).
ELSEWHERE = {
    "accounts:login", "api-docs", "deid:review", "deid:sample-note", "deid:determination",
    "deid:flag", "deid:policy-draft", "deid:policy-draft-edit", "deid:policy-trial",
    "deid:policy-trial-note", "deid:surrogate-map",
}  # fmt: skip

PAGES = [
    *((who, f"/p/{{slug}}/{path}") for who, paths in PROJECT_PAGES.items() for path in paths),
    *((who, path) for who, paths in OTHER_PAGES.items() for path in paths),
]


@pytest.fixture(scope="module")
def known(installation: Installation) -> dict[str, str]:
    """The ids that stand in the addresses: of each kind the first that the chain made."""
    chain, auditor = installation.chain, installation.cast["auditor"]
    engineer = installation.cast["engineer"]

    def first(path: str, person: Any = auditor) -> str:
        return str(next(iter(person.pages(f"{chain.base}{path}/")))["id"])

    run = chain.data["run"]["id"]
    return {
        "slug": chain.slug,
        "batch": first("imports", engineer),
        "deid_run": run,
        "note": first(f"runs/{run}/notes", engineer),
        "sample": first("samples"),
        "gold_set": chain.data["gold"]["id"],
        "dataset": chain.data["dataset"]["id"],
        "training": installation.first["training_run"],
        "evaluation": chain.data["evaluations"][0]["id"],
        "submission": first("submissions"),
        "package": first("packages"),
        "rollout": first("deployments"),
    }


@pytest.fixture(scope="module")
def visitors(installation: Installation, chromium: Browser) -> Iterator[Callable[[str], Visitor]]:
    """Each person's tab, signed in once."""
    opened: dict[str, Visitor] = {}

    def of(who: str) -> Visitor:
        if who not in opened:
            url = installation.runtime.base_url
            opened[who] = Visitor.sign_in(chromium, url, installation.cast[who])
        opened[who].problems.clear()
        return opened[who]

    yield of
    for visitor in opened.values():
        visitor.page.context.close()


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_page_answers_is_accessible_and_asks_no_other_host(
    visitors: Callable[[str], Visitor], known: dict[str, str], who: str, path: str
) -> None:
    visitor = visitors(who)
    visitor.go(path.format(**known))
    visitor.check()


def test_the_page_of_the_api_works_offline(visitors: Callable[[str], Visitor]) -> None:
    """Its content is a library's, so that it is not scanned; the policy blocks its one inline
    style, which sets a background and a scroll bar."""
    visitor = visitors("mladmin")
    visitor.go("/api/")
    visitor.page.get_by_text("/api/v1/projects/{slug}/runs/").first.wait_for()
    style = "console: Applying inline style violates"
    assert [problem for problem in visitor.problems if not problem.startswith(style)] == []


def test_no_page_is_left_out(known: dict[str, str]) -> None:
    opened = {resolve(path.partition("?")[0].format(**known)).view_name for _, path in PAGES}
    left = set(_names(get_resolver().url_patterns)) - opened - ACTS - PARTS - FILES - ELSEWHERE
    assert left == set()


def _names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "api":
                yield from _names(
                    pattern.url_patterns,
                    f"{space}{pattern.namespace}:" if pattern.namespace else space,
                )
        elif pattern.name:
            yield f"{space}{pattern.name}"
