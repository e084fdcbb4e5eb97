"""Command line: ``python -m deid.sampling plan ...`` and ``python -m deid.sampling bound ...``."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import NoReturn

from deid.sampling.bounds import LeakBound, leak_bound
from deid.sampling.plan import SamplePlan, plan_sample, reasons_to_fail
from deid.sampling.seeded import CorrectedBound, corrected_bound
from evidence.statistics import Stratum


class _OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line: the usage is what ``--help`` is for."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns 0, or 2 after one line on standard error."""
    options = _parser().parse_args(arguments)
    try:
        result = options.work_out(options)
    except ValueError as error:
        print(f"deid.sampling: {error}", file=sys.stderr)
        return 2
    print(json.dumps(result.to_dict()) if options.json else _in_words(result))
    return 0


def _plan(options: argparse.Namespace) -> SamplePlan:
    return plan_sample(options.population, options.limit, options.confidence, options.min_fraction)


def _bound(options: argparse.Namespace) -> LeakBound:
    return leak_bound(options.n, options.leaks, options.confidence, options.population)


def _seeded(options: argparse.Namespace) -> CorrectedBound:
    read = Stratum("all", options.population, options.n, options.leaks)
    return corrected_bound([read], options.seeds, options.found, options.confidence)


def _in_words(result: SamplePlan | LeakBound | CorrectedBound) -> str:
    if isinstance(result, SamplePlan):
        return _plan_words(result)
    return _bound_words(result) if isinstance(result, LeakBound) else _seeded_words(result)


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(
        prog="deid.sampling", description="Sample sizes and exact bounds for the review of notes."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    plan = commands.add_parser("plan", help="how many notes to read")
    plan.add_argument("--population", type=int, required=True, help="number of notes")
    plan.add_argument(
        "--limit", type=float, required=True, help="highest tolerated share of notes with a leak"
    )
    plan.add_argument(
        "--min-fraction", type=float, default=0.05, help="smallest share to read (default 0.05)"
    )
    plan.set_defaults(work_out=_plan)
    bound = commands.add_parser("bound", help="what the leaks found prove")
    bound.add_argument("--n", type=int, required=True, help="notes read")
    bound.add_argument("--leaks", type=int, required=True, help="notes with a leak among them")
    bound.add_argument(
        "--population", type=int, help="number of notes that were drawn from; none means endless"
    )
    bound.set_defaults(work_out=_bound)
    seeded = commands.add_parser("seeded", help="the same where reviewers overlook some")
    for name, what in (
        ("--population", "number of notes"),
        ("--n", "notes read"),
        ("--leaks", "notes with a leak among them"),
        ("--seeds", "identifiers put secretly into notes that were read"),
        ("--found", "how many of these the reviewers found"),
    ):
        seeded.add_argument(name, type=int, required=True, help=what)
    seeded.set_defaults(work_out=_seeded)
    for command in (plan, bound, seeded):
        command.add_argument(
            "--confidence", type=float, default=0.95, help="one-sided confidence (default 0.95)"
        )
        command.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _plan_words(plan: SamplePlan) -> str:
    outlook = "; ".join(_outcome_words(bound, plan.limit) for bound in plan.what_if)
    return (
        f"Read {plan.n} of {plan.population} notes, drawn at random. The sample passes only if no "
        f"note with a leak is found: the rate is then at most {plan.limit:.6g} at "
        f"{plan.confidence:.6g} confidence. {outlook}."
    )


def _outcome_words(bound: LeakBound, limit: float) -> str:
    outcome = "fails" if reasons_to_fail(bound.leaks, bound.upper, limit) else "passes"
    return f"{bound.leaks} found: {outcome}, rate at most {_percent(bound.upper)}"


def _bound_words(bound: LeakBound) -> str:
    of = bound.population or "an endless stream of"
    found = _percent(bound.estimate)
    return (
        f"{bound.leaks} of {bound.n} notes read have a leak ({found}). Among {of} "
        f"notes the rate is at most {_percent(bound.upper)} at {bound.confidence:.6g} confidence "
        f"({bound.method}, one-sided)."
    )


def _seeded_words(bound: CorrectedBound) -> str:
    return (
        f"Reviewers found {bound.found} of {bound.seeds} seeds, so that they notice at least "
        f"{_percent(bound.sensitivity_lower)} of what is there. Among {bound.population} notes the "
        f"rate of those with a leak is at most {_percent(bound.upper)} at "
        f"{bound.confidence:.6g} confidence."
    )


def _percent(rate: float) -> str:
    # Significant digits, not decimals: a small upper bound must not read 0.00%.
    return f"{100 * rate:.3g}%"


if __name__ == "__main__":
    sys.exit(main())
