"""What the engine hides of notes that hold next to nothing to hide.

``python -m bench.overredaction NOTES.csv|NOTES.jsonl ...`` reads notes of which nothing is known,
each a patient of its own, and says how much of them is hidden, and by which rule. Whether a
redaction is right, only a person can say: ``--sample N --seed S`` draws some at random.

The figure over all notes is an upper bound: names and dates that the notes hold are in it.
"""

import argparse
import csv
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bench.deid.report import write_between
from bench.machine import Machine

MARKERS = ("<!-- bench-overredaction: begin -->", "<!-- bench-overredaction: end -->")
#: Columns and keys that hold the text of a note, the first that is there.
COLUMNS = ("text", "note", "section_text", "content", "body")
_AROUND = 40
_RULES_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Redaction:
    """One hidden passage: half-open offsets in characters, category and what found it."""

    start: int
    end: int
    category: str
    rule: str


#: The redactions of one text.
Finder = Callable[[str], Sequence[Redaction]]


class NotesError(ValueError):
    """A file that holds no notes; the message names file and line, and quotes nothing."""


@dataclass
class Counts:
    """Counts over notes. Characters are letters and digits only, as in ``bench.deid``."""

    notes: int = 0
    touched: int = 0
    words: int = 0
    characters: int = 0
    hidden: int = 0
    redactions: int = 0
    by_rule: Counter[tuple[str, str]] = field(default_factory=Counter)
    hidden_by_rule: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: list[tuple[str, str]] = field(default_factory=list)
    """For the sample: category and rule, and the passage with its surroundings."""

    def add(self, text: str, redactions: Sequence[Redaction]) -> None:
        """Count one note; its redactions do not overlap."""
        self.notes += 1
        self.touched += bool(redactions)
        self.words += len(text.split())
        self.characters += _letters(text)
        for redaction in redactions:
            key = (redaction.category, redaction.rule)
            hidden = _letters(text[redaction.start : redaction.end])
            self.redactions += 1
            self.hidden += hidden
            self.by_rule[key] += 1
            self.hidden_by_rule[key] += hidden
            self.seen.append(("/".join(key), _around(text, redaction)))

    def by_category(self) -> Counter[str]:
        """Redactions by category."""
        found: Counter[str] = Counter()
        for (category, _), count in self.by_rule.items():
            found[category] += count
        return found

    def sample(self, size: int, seed: int) -> list[tuple[str, str]]:
        """Up to ``size`` of all redactions, drawn with the seed, the same on each machine."""
        return random.Random(seed).sample(self.seen, min(size, len(self.seen)))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _around(text: str, redaction: Redaction) -> str:
    start, end = redaction.start, redaction.end
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return " ".join(f"{before}<<{text[start:end]}>>{after}".split())


def read_notes(path: Path, column: str = "") -> Iterator[str]:
    """The notes of a file, without empty ones.

    A ``.csv`` has a header; any other file has one JSON object a line. ``column`` names where the
    text is; without it, it is the first of ``COLUMNS`` that is there. Raises ``NotesError``.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream) if path.suffix == ".csv" else _objects(stream, path)
            for number, row in enumerate(rows, 1):
                text = _text_of(row, column)
                if text is None:
                    raise NotesError(f"{path}, record {number}: it holds no text of a note.")
                if text.strip():
                    yield text
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise NotesError(f"{path} cannot be read as UTF-8 text.") from problem


def _objects(lines: Iterable[str], path: Path) -> Iterator[dict[str, object]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            raise NotesError(f"{path}, line {number}: it is no JSON object.")
        yield row


def _text_of(row: dict[str, object] | dict[str, str], column: str) -> str | None:
    for name in [column] if column else COLUMNS:
        value = row.get(name)
        if isinstance(value, str):
            return value
    return None


def own_engine() -> tuple[Finder, dict[str, str]]:
    """The engine of this repository with its default policy, and its versions."""
    from deid.engine import Deidentifier, NoteText, engine_version

    engine = Deidentifier()

    def find(text: str) -> Sequence[Redaction]:
        spans = engine.process_patient([NoteText("", text)])[0].spans
        return [Redaction(s.start, s.end, s.category, s.rule) for s in spans]

    return find, engine_version()


def count(texts: Iterable[str], find: Finder) -> Counts:
    """Run the engine over the texts and count what it hides."""
    counts = Counts()
    for text in texts:
        counts.add(text, find(text))
    return counts


def markdown(results: Sequence[tuple[str, Counts]], head: str) -> str:
    """The tables: a line for each file, then redactions by category and by rule over all."""
    header = "| notes | number | words | characters hidden | redactions | a 1,000 words | touched |"
    rows = [
        f"| {name} | {c.notes:,} | {c.words:,} | {_share(c.hidden, c.characters)} |"
        f" {c.redactions:,} | {1000 * c.redactions / max(1, c.words):.1f} |"
        f" {_share(c.touched, c.notes)} |"
        for name, c in results
    ]
    whole = Counts()
    for _, counts in results:
        whole.words += counts.words
        whole.characters += counts.characters
        whole.by_rule += counts.by_rule
        whole.hidden_by_rule += counts.hidden_by_rule
    return "\n\n".join(
        [head, "\n".join([header, _rule_of(header), *rows]), _categories(whole), _rules(whole)]
    )


def _categories(whole: Counts) -> str:
    header = "| category | redactions | a 1,000 words |"
    rows = [
        f"| {category} | {number:,} | {1000 * number / max(1, whole.words):.2f} |"
        for category, number in whole.by_category().most_common()
    ]
    return "\n".join([header, _rule_of(header), *rows])


def _rules(whole: Counts) -> str:
    header = "| category / rule | redactions | characters hidden, of all |"
    rows = [
        f"| {'/'.join(key)} | {number:,} |"
        f" {_share(whole.hidden_by_rule[key], whole.characters, 3)} |"
        for key, number in whole.by_rule.most_common(_RULES_SHOWN)
    ]
    return "\n".join([header, _rule_of(header), *rows])


def _rule_of(header: str) -> str:
    return "|" + " --- |" * (header.count("|") - 1)


def _share(part: int, whole: int, digits: int = 2) -> str:
    return f"{100 * part / whole:.{digits}f} %" if whole else "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status."""
    options = _parser().parse_args(arguments)
    find, versions = own_engine()
    results = []
    try:
        for path in options.notes:
            texts = islice(read_notes(path, options.column), options.limit)
            results.append((path.stem, count(texts, find)))
    except NotesError as problem:
        print(f"{problem} Nothing was measured.", file=sys.stderr)
        return 2
    named = ", ".join(f"{name} {value[:12]}" for name, value in versions.items())
    table = markdown(results, f"{Machine.here().sentence()} Versions: {named}.")
    print(table)
    if options.sample:
        print(*_sampled(results, options.sample, options.seed), sep="\n")
    if options.write:
        write_between(options.write, table, MARKERS)
    return 0


def _sampled(results: Sequence[tuple[str, Counts]], size: int, seed: int) -> Iterator[str]:
    every = Counts(seen=[s for _, counts in results for s in counts.seen])
    for number, (found_by, shown) in enumerate(every.sample(size, seed), 1):
        yield f"{number:4} {found_by}: {shown}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.overredaction",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    say = parser.add_argument
    say("notes", nargs="+", type=Path, help="CSV with a header, or one JSON object a line")
    say("--column", default="", help="where the text is; without it one of: " + ", ".join(COLUMNS))
    say("--limit", type=int, metavar="N", help="the first N notes of each file only")
    say("--sample", type=int, default=0, metavar="N", help="show N redactions with their context")
    say("--seed", type=int, default=1, metavar="S", help="of the sample")
    say("--write", type=Path, metavar="FILE", help="put the tables between the file's two markers")
    return parser


if __name__ == "__main__":
    sys.exit(main())
