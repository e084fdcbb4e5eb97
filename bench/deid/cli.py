"""The command: corpora in, tables out."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.deid.corpora import (
    DEV,
    PARTS,
    Document,
    document_of,
    load,
    long_notes,
    part_of,
)
from bench.deid.report import Result, check_markers, markdown, write_between
from bench.deid.score import Tally
from bench.deid.systems import ROOT, SYSTEMS, Run, run_apart
from bench.machine import Machine

_HELP = """\
Ours and Presidio's default on the same corpora in the same run, each in a process of its own with
one thread.

A corpus has one JSON a line: {"id", "text", "spans": [{"start", "end", "label"}]}; the label IGNORE
is neither required nor punished. The first hexadecimal digit of SHA-256(id) splits it: 0-9 is the
part that rules may be written on (dev), a-f the one whose text nobody looks at (unread).
"""
_SEED, _INVENTED_NOTES = 4, 400


@dataclass(frozen=True)
class Corpus:
    """Documents under a name."""

    name: str
    documents: list[Document]
    invented: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if (options.misses or options.false) and options.part != DEV:
        parser.error("--misses and --false show text: they need --part dev")
    try:
        if options.write:
            check_markers(options.write)
        corpora = [Corpus(path.stem, load(path)) for path in options.corpora] or [_invented()]
    except ValueError as problem:
        print(f"{problem} Nothing was measured.", file=sys.stderr)
        return 2
    results = []
    for corpus in corpora:
        kept = [d for d in corpus.documents if options.part in (part_of(d.id), "all")]
        if not kept:
            print(f"{corpus.name}: no document in this part.", file=sys.stderr)
            continue
        for system in SYSTEMS:
            print(f"{corpus.name}: {system}, {len(kept)} documents", file=sys.stderr, flush=True)
            results.append(measured(corpus, kept, system))
    _publish(results, options)
    return 0


def measured(corpus: Corpus, documents: Sequence[Document], system: str) -> Result:
    """Run one system on the documents, and score it."""
    texts = [d.text for d in documents]
    joined = long_notes(texts)
    run = run_apart(system, texts, joined)
    return Result(
        corpus.name,
        corpus.invented,
        system,
        scored(documents, run),
        sum(map(len, texts)) / run.seconds,
        sum(map(len, joined)) / run.long_seconds,
        run.peak_bytes,
        run.versions,
    )


def scored(documents: Sequence[Document], run: Run) -> dict[str, Tally]:
    """The tallies of the parts that occur, apart."""
    tallies = {part: Tally() for part in PARTS}
    for document, predicted in zip(documents, run.predicted, strict=True):
        tallies[part_of(document.id)].add(document, predicted)
    return {part: tally for part, tally in tallies.items() if tally.documents}


def _invented() -> Corpus:
    from bench.generated.corpus import records  # its names come from an extra of their own

    documents = [document_of(r) for r in records(_SEED, _INVENTED_NOTES)]
    return Corpus(f"generated (seed {_SEED})", documents, invented=True)


def _publish(results: Sequence[Result], options: argparse.Namespace) -> None:
    machine = Machine.here()
    table = markdown(results, machine, _command(options))
    print(table)
    for result in results:
        if result.system == "countersign" and (options.misses or options.false):
            tally = result.tallies[DEV]
            print(*(f"miss {m}" for m in tally.misses[: options.misses]), sep="\n")
            print(*(f"false {f}" for f in tally.false[: options.false]), sep="\n")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    stored = {"machine": machine.fields(), "results": [r.figures() for r in results]}
    options.json.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    if options.write:
        write_between(options.write, table)


def _command(options: argparse.Namespace) -> str:
    """The command as somebody else would type it: without folders of this machine."""
    names = " ".join(path.name for path in options.corpora)
    part = "" if options.part == "all" else f" PART={options.part}"
    return "make bench-deid" + (f' CORPORA="{names}"' if names else "") + part


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.deid",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    say = parser.add_argument
    say("corpora", nargs="*", type=Path, help="without any, invented notes with rare forms")
    say("--part", choices=[*PARTS, "all"], default="all", help="all: both parts, told apart")
    say("--misses", type=int, default=0, metavar="N", help="show up to N missed spans (dev only)")
    say("--false", type=int, default=0, metavar="N", help="show up to N false spans (dev only)")
    say("--json", type=Path, default=ROOT / "var" / "bench-deid.json", metavar="FILE")
    say("--write", type=Path, metavar="FILE", help="put the tables between the file's two markers")
    return parser
