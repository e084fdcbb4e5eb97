"""Take pictures of every page of a running demonstration, or the few of the documentation.

    .venv/bin/python scripts/screenshots.py [FOLDER] [--waiting] [--only NAME]... [--url URL]
    .venv/bin/python scripts/screenshots.py --docs

Pages are found from the names in `config/urls.py` and by following links as each of the
demonstration's people. Each page is taken at 1280x800 and 1024x768, light and dark. What the
browser complains of (a refused resource, an error, a page wider than the screen) is printed.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from config.runtime.environment import load_environment  # noqa: E402
from config.runtime.layout import Layout  # noqa: E402
from demo.client import RefusedError  # noqa: E402
from scripts.screenshots_camera import SIZES, THEMES, Camera, Shot  # noqa: E402
from scripts.screenshots_crawl import Found, crawl, page_names  # noqa: E402
from scripts.screenshots_waiting import make_waiting  # noqa: E402

DOCS = ROOT / "docs" / "images"
DOC_PICTURES = (
    ("home", "web:home", "compliance"),
    ("review", "deid:review", "reviewer"),
    ("decision", "governance:submission", "compliance"),
    ("training", "training:run", "mladmin"),
    ("deployment", "deployment:index", "mladmin"),
    ("package", "governance:package", "compliance"),
)
# Who a page is built for; anybody else who reached it will do.
_FOR = {
    "accounts": "reviewer",
    "web": "compliance",
    "projects": "sysadmin",
    "deid": "engineer",
    "datasets": "engineer",
    "training": "mladmin",
    "governance": "compliance",
    "deployment": "mladmin",
}
_FOR_PAGE = {
    "deid:reviews": "reviewer",
    "deid:sample": "reviewer",
    "deid:review": "reviewer",
    "datasets:attest": "compliance",
    "web:trail": "auditor",
    "governance:submit": "mladmin",
}


def main() -> int:
    options = _parser().parse_args()
    load_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()  # for the names of the pages; no query is made
    logging.getLogger("httpx").setLevel(logging.WARNING)
    layout = Layout.from_environment()
    accounts = json.loads(_demo_file(layout, "accounts.json").read_text())
    url = options.url or json.loads(layout.ready.read_text())["base_url"]
    summary = layout.data / "demo" / "summary.json"
    slug = json.loads(summary.read_text())["project"] if summary.exists() else ""
    slugs = [slug] if slug else []
    if slug and (options.waiting or options.docs):
        slugs.append(make_waiting(url, layout, slug))
    with sync_playwright() as playwright:
        camera = Camera(playwright, url, {a["key"]: a for a in accounts})
        try:
            found = {
                key: crawl(camera.person(key), url, [] if key == "sysadmin" else slugs)
                for key in camera.accounts
            }
            shots = _docs(found) if options.docs else list(_every_page(found, options.only))
            folder = DOCS if options.docs else options.folder
            complaints = camera.take(shots, folder)
        finally:
            camera.close()
    _report(shots, found, complaints, folder, whole=not (options.docs or options.only))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/pages"))
    parser.add_argument("--url", help="base address; default: what the data folder says runs")
    parser.add_argument("--docs", action="store_true", help="only the pictures of docs/images")
    parser.add_argument("--only", action="append", metavar="NAME", help="names that start so")
    parser.add_argument(
        "--waiting",
        action="store_true",
        help="first make what waits for people: an open review and a version to decide on",
    )
    return parser


def _demo_file(layout: Layout, name: str) -> Path:
    path = layout.data / "demo" / name
    if not path.exists() or not layout.ready.exists():
        raise SystemExit(
            f"No demonstration runs on {layout.data}. Type make demo, then this beside it."
        )
    return path


def _every_page(found: dict[str, Found], only: list[str] | None) -> Iterator[Shot]:
    if not only or any("accounts:login".startswith(start) for start in only):
        yield Shot("accounts:login", "accounts-login", None, "/sign-in/", SIZES, THEMES)
    for name in page_names():
        if only and not any(name.startswith(start) for start in only):
            continue
        person = _who(name, found)
        if person:
            file = name.replace(":", "-")
            yield Shot(name, file, person, found[person].pages[name][0], SIZES, THEMES)


def _who(name: str, found: dict[str, Found]) -> str | None:
    wanted = _FOR_PAGE.get(name) or _FOR.get(name.partition(":")[0], "compliance")
    candidates = [wanted, *found]
    return next((key for key in candidates if name in found[key].pages), None)


def _docs(found: dict[str, Found]) -> list[Shot]:
    shots = []
    for file, name, person in DOC_PICTURES:
        pages = found[person].pages.get(name)
        if not pages:
            raise SystemExit(f"{person} found no page {name}, so {file}.png was not taken.")
        shots.append(Shot(name, file, person, pages[0], SIZES[:1], THEMES[:1], whole_page=False))
    return shots


def _report(
    shots: list[Shot], found: dict[str, Found], complaints: list[str], folder: Path, *, whole: bool
) -> None:
    pictures = sum(len(shot.sizes) * len(shot.themes) for shot in shots)
    print(f"{pictures} pictures of {len(shots)} pages in {folder}")
    problems = [problem for one in found.values() for problem in one.problems]
    for line in sorted({*problems, *complaints}):
        print(f"  {line}")
    if whole:
        seen = {name for one in found.values() for name in (*one.pages, *one.other)}
        missing = [name for name in page_names() if name not in seen]
        print(f"  no link led to: {', '.join(missing) or 'none'}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RefusedError as refusal:
        sys.exit(str(refusal))
