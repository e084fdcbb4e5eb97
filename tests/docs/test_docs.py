"""What the documents say is true: commands run, and what they name exists."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.urls import resolve

from config.runtime.layout import REPOSITORY
from scripts import draw_imports
from scripts.screenshots import _FOR_PAGE, DOC_PICTURES
from scripts.screenshots_crawl import page_names

PAGES = [
    *(REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((REPOSITORY / "docs").rglob("*.md")),
]
# Folders of an installation, which are made when it starts.
MADE_LATER = (
    "var/", "var-", ".venv", "log/", "files/", "artefacts/", "models/", "gateway/", "authority/",
)  # fmt: skip


def _id(page: Path) -> str:
    return page.relative_to(REPOSITORY).as_posix()


each_page = pytest.mark.parametrize("page", PAGES, ids=_id)


@cache
def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _commands() -> list[str]:
    blocks = [b for page in PAGES for b in re.findall(r"```bash\n(.*?)```", _text(page), re.DOTALL)]
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def _targets() -> dict[str, str]:
    makefile = _text(REPOSITORY / "Makefile")
    return dict(re.findall(r"^([a-z-]+):(.*)$", makefile, re.MULTILINE))


def test_there_are_commands_to_run() -> None:
    assert len(_commands()) >= 5


@pytest.mark.parametrize("command", _commands())
def test_the_command_runs(command: str) -> None:
    done = subprocess.run(
        ["bash", "-c", command], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_figures_of_the_sampling_example_are_those_of_the_command() -> None:
    command = next(line for line in _commands() if "sampling bound" in line)
    done = subprocess.run(
        ["bash", "-c", command], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert "4.57%" in done.stdout
    assert "4.57 %" in _text(REPOSITORY / "docs" / "compliance-officer.md")


@each_page
def test_every_make_target_exists(page: Path) -> None:
    # In a code block or between backticks: prose makes other things.
    named = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", _text(page), re.MULTILINE))
    assert named <= set(_targets())


def test_the_readme_lists_what_make_help_lists() -> None:
    helped = {name for name, rest in _targets().items() if "## " in rest}
    listed = set(re.findall(r"^\| `make ([a-z-]+)`", _text(REPOSITORY / "README.md"), re.MULTILINE))
    assert listed == helped


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", _text(page))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@each_page
def test_every_path_exists(page: Path) -> None:
    named = re.findall(r"`([\w.-]+/[\w./-]*)`", _text(page))
    paths = [path for path in named if not path.startswith(MADE_LATER)]
    missing = [path for path in paths if not _exists(path)]
    assert missing == []


def _exists(path: str) -> bool:
    below = (REPOSITORY / "docs", REPOSITORY / "config", REPOSITORY)
    return any((folder / path).exists() for folder in below)


@each_page
def test_every_address_answers(page: Path) -> None:
    for address in re.findall(r"`(/(?:api|styleguide|sign-in)[\w/]*)`", _text(page)):
        slashed = address if address.endswith("/") else f"{address}/"
        if slashed != "/api/v1/":
            assert resolve(slashed).url_name


def test_every_setting_is_read_somewhere() -> None:
    named = set(re.findall(r"\bCOUNTERSIGN_[A-Z_]+\b", _text(REPOSITORY / "docs/administrator.md")))
    code = "\n".join(path.read_text() for path in (REPOSITORY / "config").rglob("*.py"))
    assert named
    assert {name for name in named if name not in code} == set()


def test_every_command_of_countersign_exists() -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "config.runtime.cli", "--help"],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    commands = set(re.findall(r"\{([a-z,]+)\}", help_text)[0].split(","))
    text = _text(REPOSITORY / "docs" / "administrator.md")
    named = set(re.findall(r"(?:`|bin/)countersign ([a-z]+)", text))
    assert named == commands


def test_every_decision_has_a_number_of_its_own_and_is_listed() -> None:
    folder = REPOSITORY / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("0*.md"))
    assert [name[:4] for name in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    listed = re.findall(r"\((0\d{3}-[\w-]+\.md)\)", _text(folder / "README.md"))
    assert listed == records


def test_the_drawn_house_is_the_house() -> None:
    assert draw_imports.drawn_edges() == draw_imports.edges(draw_imports.floors()), (
        "The imports changed; type: .venv/bin/python scripts/draw_imports.py"
    )


def test_the_house_has_no_way_up() -> None:
    rooms = draw_imports.floors()
    upward = [(a, b) for a, b in draw_imports.drawn_edges() if rooms.index(a) > rooms.index(b)]
    assert upward == []


def test_the_pictures_are_of_pages_that_exist() -> None:
    wanted = {name for _, name, _ in DOC_PICTURES} | set(_FOR_PAGE)
    assert wanted <= set(page_names())


def test_no_page_shouts() -> None:
    shouting = re.compile(r"[A-Za-z]!(?:\s|$)")
    assert [_id(page) for page in PAGES if shouting.search(_text(page))] == []
