"""One real installation for these tests: servers, workers, gateway, model server, the real base.

The chain is played once, on a small part of the sample notes, by the demonstration's own people
over HTTP. What the tests then try, they try on that finished installation.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from config.runtime.layout import Layout
from config.runtime.running import running
from demo import data_stages
from demo.chain import Chain
from demo.console import Console
from demo.people import assemble, start_project
from demo.sample import load
from tests.chain import faults
from tests.chain.browsing import SignIn, Visitor
from tests.chain.installation import (
    Installation,
    few_patients,
    notes_of_others,
    play,
    write_notes,
)

# Every note of so small a corpus is read, so that the target can be met at all.
LIMIT, CONFIDENCE = 0.05, 0.95
# Enough notes for two chunks, so that both workers of the queue have one.
OTHER_PATIENTS = 9
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    layout = Layout.of(folder / "var")
    (layout.data / "demo").mkdir(parents=True, mode=0o700)
    layout.data.chmod(0o700)
    with running(layout.data, layout.keys, output=folder / "serve.log") as runtime:
        cast = assemble(runtime.base_url, layout.data / "demo", runtime.env)
        slug = start_project(
            cast, "Chain", "Tests.", leak_limit=LIMIT, confidence=CONFIDENCE, sample_fraction=0.05
        )
        notes = few_patients(load())
        file = write_notes(notes, folder / "notes.csv")
        console = Console(live=False)
        chain = Chain(cast, console, slug, notes, LIMIT, CONFIDENCE, file=file, steps=(2, 1))
        yield play(chain, runtime, layout, folder)


@pytest.fixture(scope="session")
def second_project(installation: Installation) -> Chain:
    """A project beside the finished chain, with notes of other patients, for what is broken and
    read in the tests. Its target is loose, so that a round of review is a few notes."""
    chain, folder = installation.chain, installation.folder
    slug = start_project(
        chain.cast, "Second", "Tests.", leak_limit=0.3, confidence=0.9, sample_fraction=0.05
    )
    notes = notes_of_others(chain.notes, OTHER_PATIENTS)
    file = write_notes(notes, folder / "other_notes.csv")
    installation.files.append(file)
    second = Chain(chain.cast, Console(live=False), slug, notes, 0.3, 0.9, file=file)
    data_stages.run_import(second)
    return second


@pytest.fixture(scope="session")
def interrupted(installation: Installation, second_project: Chain) -> faults.Interrupted:
    """A training and a run of de-identification whose workers were killed at their work.

    Both are killed before either is waited for: it takes half a minute until a dead worker's
    lease has run out, and once is enough.
    """
    training = faults.start_training(installation)
    faults.kill_engine(training)
    faults.kill_worker(training)
    run = faults.start_run(installation, second_project)
    faults.kill_pool_of(installation, "deid")
    return faults.Interrupted(
        faults.finished_run(second_project, run), faults.finished_training(training)
    )


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Closed before tests of other folders: its event loop keeps Django from the database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


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
