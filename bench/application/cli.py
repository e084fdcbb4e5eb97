"""Measure the application itself: imports, runs of de-identification, and large runs."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench.application import imports, large, runs
from bench.importers import MAKERS
from bench.machine import Machine


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m bench.application", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the installation is made, and deleted")
    chosen = parser.add_subparsers(dest="what", required=True)
    of_imports = chosen.add_parser("imports", help="memory and speed of whole import jobs")
    of_imports.add_argument("--mb", type=int, nargs="+", default=[10, 1000])
    of_imports.add_argument("--kind", choices=MAKERS, nargs="+", default=["fhir"])
    of_runs = chosen.add_parser("runs", help="notes a second by workers")
    of_runs.add_argument("--notes", type=int, nargs="+", default=[2_000, 20_000])
    of_runs.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    of_large = chosen.add_parser("large", help="start, pages and cancel of a large run")
    of_large.add_argument("--notes", type=int, nargs="+", default=[2_000, 200_000])
    given = parser.parse_args(arguments)
    print(Machine.here().sentence())
    if given.what == "imports":
        imports.measure(given.kind, given.mb, given.folder)
    elif given.what == "runs":
        runs.measure(given.notes, given.workers, given.folder)
    else:
        large.measure(given.notes, given.folder)
    return 0
