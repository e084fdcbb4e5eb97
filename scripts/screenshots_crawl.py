"""Which pages there are, and an address of each that a person can open."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver
from playwright.sync_api import APIRequestContext

FROM_EACH_NAME = 4  # addresses of one name that are opened: a list of 400 notes is one page
SEEDS = ("/", "/inbox/", "/password/", "/styleguide/", "/api/")
_NOT_PAGES = ("api:", "schema", "accounts:logout", "accounts:login")


@dataclass
class Found:
    """Pages by name with their addresses, those of the named projects first.

    `other` holds the names of files and of parts of pages.
    """

    pages: dict[str, list[str]] = field(default_factory=dict)
    other: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def page_names() -> list[str]:
    """Every name in `config/urls.py` that may be a page."""
    names = _names(get_resolver().url_patterns, "")
    return [n for n in dict.fromkeys(names) if not n.startswith(_NOT_PAGES)]


def _names(patterns: list[URLPattern | URLResolver], space: str) -> list[str]:
    names: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            names += _names(pattern.url_patterns, inner)
        elif pattern.name:
            names.append(f"{space}{pattern.name}")
    return names


def crawl(http: APIRequestContext, url: str, slugs: list[str]) -> Found:
    """Follow links with a signed-in session; only GET, so nothing is changed."""
    found, seen = Found(), set[str]()
    # Links alone from there: a page that a person may not open is a refusal in the trail.
    waiting = deque([*(f"/p/{slug}/" for slug in slugs), *SEEDS])
    while waiting:
        path = waiting.popleft()
        name = _name_of(path)
        if path in seen or name is None or len(found.pages.get(name, ())) >= FROM_EACH_NAME:
            continue
        seen.add(path)
        answer = http.get(url + path)
        if answer.status >= 500:
            found.problems.append(f"{name}: status {answer.status}")
        if not answer.ok:
            continue
        text = answer.text() if "text/html" in answer.headers.get("content-type", "") else ""
        if "</html>" not in text:
            found.other.add(name)
            continue
        landed = urlsplit(answer.url).path  # a page that sends on is the page it sends to
        found.pages.setdefault(_name_of(landed) or name, []).append(landed)
        waiting.extend(_links(text, url + path, url))
    for paths in found.pages.values():
        paths.sort(key=lambda path: not path.startswith(tuple(f"/p/{slug}/" for slug in slugs)))
    return found


def _name_of(path: str) -> str | None:
    try:
        name = resolve(path).view_name
    except Resolver404:
        return None
    return None if not name or name.startswith(_NOT_PAGES) else name


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links += [value for key, value in attrs if key == "href" and value]


def _links(text: str, page: str, url: str) -> list[str]:
    anchors = _Anchors()
    anchors.feed(text)
    joined = [urlsplit(urljoin(page, link)) for link in anchors.links]
    host = urlsplit(url).netloc
    return [link.path for link in joined if link.netloc == host and not link.query]
