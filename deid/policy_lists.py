"""Reading lists of terms that people paste or upload. An error names its line and quotes nothing.

Pasted and `.txt`: one term a line, and behind a semicolon or tab its category. `.csv`: the term in
the first column, its category in the second; a first line `text,category` is a heading.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from deid.categories import CATEGORIES
from deid.policy_content import Term, tidy

MAX_TERM = 200
MAX_TERMS = 20_000
# What a form may hold besides: the lists come back to the page to be edited as one text.
MAX_BYTES = 1_500_000
_SEPARATOR = re.compile(r"\s*[;\t]\s*(?=[^;\t]*$)")
_HEADINGS = {"text", "term", "terms", "allow term", "allow_terms"}


@dataclass
class Read:
    """What a list holds, or what is wrong with which line."""

    terms: list[Term] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def category_of(word: str) -> str | None:
    """The code that a code or a category's name means."""
    shown = tidy(word)
    code = shown.upper().replace(" ", "_").replace("-", "_")
    if code in CATEGORIES:
        return code
    names = {name.casefold(): code for code, (_, name) in CATEGORIES.items()}
    return names.get(shown.casefold())


def read_lines(text: str, default: str) -> Read:
    """Terms with their category; a line that names none has `default`."""
    rows = ((n, _SEPARATOR.split(line, maxsplit=1)) for n, line in _lines(text))
    return _read(rows, default)


def read_allowed(text: str) -> Read:
    """Terms without category: the category of each is empty."""
    return _read(((n, [line]) for n, line in _lines(text)), "")


def read_csv(text: str, default: str, *, categories: bool = True) -> Read:
    """A table with the term in its first column and, for terms to hide, the category next."""
    try:
        rows = list(enumerate(csv.reader(io.StringIO(text), strict=True), start=1))
    except csv.Error:
        return Read(problems=[(1, "The file is not a CSV table. Save it as CSV or as text.")])
    if rows and rows[0][1] and rows[0][1][0].strip().casefold() in _HEADINGS:
        rows = rows[1:]
    wanted = 2 if categories else 1
    return _read(((n, row[:wanted]) for n, row in rows if any(c.strip() for c in row)), default)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line


def _read(rows: Iterable[tuple[int, list[str]]], default: str) -> Read:
    found = Read()
    for number, (text, *rest) in rows:
        category = category_of(rest[0]) if rest and rest[0].strip() else default
        problem = problem_of(text) or (
            "" if category is not None else "Its category is none of the 18."
        )
        if problem:
            found.problems.append((number, problem))
        else:
            found.terms.append((tidy(text), category or ""))
    return found


def problem_of(text: str) -> str:
    """Why a text cannot be a term; empty where it can."""
    shown = tidy(text)
    if sum(c.isalnum() for c in shown) < 2:
        return "A term needs two letters or digits, or it would hold for text everywhere."
    if len(shown) > MAX_TERM:
        return f"A term has at most {MAX_TERM} characters."
    if any(ord(c) < 32 for c in shown):
        return "A term holds letters, digits and signs only."
    return ""


def size_problem(terms: list[Term], allowed: list[str]) -> str:
    """Why lists are too long together; empty where they are not."""
    if len(terms) > MAX_TERMS or len(allowed) > MAX_TERMS:
        return f"A list has at most {MAX_TERMS:,} terms."
    size = len(as_lines(terms).encode()) + len("\n".join(allowed).encode())
    return "" if size <= MAX_BYTES else "The lists are longer than 1.5 MB together."


def as_lines(terms: Iterable[Term]) -> str:
    """Terms as they are pasted: `read_lines` gives them again."""
    return "\n".join(f"{text}; {category}" for text, category in terms)
