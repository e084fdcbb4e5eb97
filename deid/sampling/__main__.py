"""Command line: ``python -m deid.sampling plan ...`` and ``python -m deid.sampling bound ...``."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import NoReturn

from deid.sampling.bounds import LeakBound, leak_bound
from deid.sampling.plan import SamplePlan, plan_sample, reasons_to_fail


class _OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line: the usage is what ``--help`` is for."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns 0, or 2 after one line on standard error."""
    options = _parser().parse_args(arguments)
    try:
        result: SamplePlan | LeakBound
        if options.command == "plan":
            result = plan_sample(
                options.population, options.limit, options.confidence, options.min_fraction
            )
        else:
            result = leak_bound(options.n, options.leaks, options.confidence, options.population)
    except ValueError as error:
        print(f"deid.sampling: {error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(result.to_dict()))
    else:
        print(_plan_words(result) if isinstance(result, SamplePlan) else _bound_words(result))
    return 0


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
    bound = commands.add_parser("bound", help="what the leaks found prove")
    bound.add_argument("--n", type=int, required=True, help="notes read")
    bound.add_argument("--leaks", type=int, required=True, help="notes with a leak among them")
    bound.add_argument(
        "--population", type=int, help="number of notes that were drawn from; none means endless"
    )
    for command in (plan, bound):
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


def _percent(rate: float) -> str:
    # Significant digits, not decimals: a small upper bound must not read 0.00%.
    return f"{100 * rate:.3g}%"


if __name__ == "__main__":
    sys.exit(main())
