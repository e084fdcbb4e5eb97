"""The command: what it reads, what it writes, and what its exit status says."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from deid.engine.command.explain import NoSuchNoteError, explain
from deid.engine.command.lines import BadLineError, Notes, known_identifiers
from deid.engine.command.transform import spans_of, text_of, transform
from deid.engine.policy import SAFE_HARBOR, Policy, default_policy, load_policy
from deid.engine.spans import KnownIdentifier

DONE, SOME_BAD, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 130
_HELP = """\
Finds the 18 identifiers of HIPAA's Safe Harbor in clinical notes, or hides them.

Input, one JSON object a line (UTF-8): {"id", "text"} and, where it is known, {"patient"} and
{"known": [{"category", "value"}]}. Notes of one patient are worked on together, wherever they stand
in the file: what is known of a patient, or found with certainty in one note, is found in all.

  predict  {"id", "spans": [{"start", "end", "label", "score", "recognizer"}]}: half-open offsets in
           characters (code points) of the given text
  redact   {"id", "text"}: the text with tags such as [NAME] in the place of identifiers, or with
           surrogates (--output surrogates): one fake for one thing in all notes of a patient, drawn
           at random under a key that is kept nowhere. With --date-shift dates move by one random
           number of days for each patient; that is not Safe Harbor and needs an Expert
           Determination, 45 CFR 164.514(b)(1).
  explain  for people: why each part is replaced, and what was found and left. It shows words of the
           notes; with --json it has places and rules only

Output keeps the order of the input. A line that is no note is named on standard error with its
number and left out; the rest is done.

Exit status: 0 all done, 1 some lines left out, 2 nothing done, 130 interrupted.
"""


class UsageError(Exception):
    """Nothing can be done; the message says why, without content of a file."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command and give its exit status."""
    options = _parser().parse_args(arguments)
    try:
        policy = _with_output(_policy(options.policy), options)
        known = _known(options.known)
        with _opened(options.notes) as stream:
            return int(options.act(Notes(stream, known), policy, options))
    except UsageError as problem:
        print(f"{problem} Nothing was done.", file=sys.stderr)
        return NOTHING_DONE
    except KeyboardInterrupt:
        print("Interrupted. What was written is whole lines.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output went away; nothing is left to say
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deid.engine",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("notes", nargs="?", default="-", help="file of notes; - is standard input")
    shared.add_argument("--policy", type=Path, metavar="FILE", help="policy as JSON")
    shared.add_argument(
        "--known", type=Path, metavar="FILE", help='JSON: {patient: [{"category", "value"}]}'
    )
    acts = parser.add_subparsers(required=True, metavar="predict | redact | explain")
    for name, write in (("predict", spans_of), ("redact", text_of)):
        act = acts.add_parser(name, parents=[shared])
        act.add_argument("--workers", type=_count, default=1, metavar="N", help="processes")
        act.set_defaults(act=_transform, write=write, output=None, date_shift=False)
    redact = acts.choices["redact"]
    redact.add_argument(
        "--output", choices=["tags", "surrogates"], help="else what the policy says"
    )
    redact.add_argument(
        "--date-shift", action="store_true", help="move dates; with surrogates only"
    )
    act = acts.add_parser("explain", parents=[shared])
    act.add_argument("--id", metavar="ID", help="the note of this id alone")
    act.add_argument("--json", action="store_true", help="one JSON object a note")
    act.set_defaults(act=_explain, output=None, date_shift=False)
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give 1 or more")
    return number


def _policy(path: Path | None) -> Policy:
    if path is None:
        return default_policy()
    try:
        return load_policy(path)
    except (OSError, ValueError) as problem:
        raise UsageError(f"The policy {path} cannot be read: {_reason(problem)}.") from None


def _with_output(policy: Policy, options: argparse.Namespace) -> Policy:
    """The policy with what the command line says of the output."""
    output = options.output or policy.output
    shift = options.date_shift or (policy.date_shift and output == "surrogates")
    if (output, shift) == (policy.output, policy.date_shift):
        return policy
    try:
        return replace(policy, output=output, date_shift=shift, profile=SAFE_HARBOR)
    except ValueError:
        raise UsageError("Dates are shifted with --output surrogates only.") from None


def _known(path: Path | None) -> dict[str, tuple[KnownIdentifier, ...]]:
    if path is None:
        return {}
    try:
        given = json.loads(path.read_bytes())
        return {str(patient): known_identifiers(items) for patient, items in given.items()}
    except (OSError, ValueError, AttributeError) as problem:
        raise UsageError(f"The file {path} cannot be read: {_reason(problem)}.") from None


def _reason(problem: Exception) -> str:
    if isinstance(problem, OSError):
        return problem.strerror or "it cannot be opened"
    return str(problem) if isinstance(problem, BadLineError) else "it has not the form asked for"


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """The notes as a seekable stream; a pipe goes into a nameless file first."""
    if name != "-":
        try:
            stream = open(name, "rb")  # noqa: SIM115  closed below, and its failure told apart
        except OSError as problem:
            raise UsageError(f"{name} cannot be read: {problem.strerror}.") from None
        with stream:
            yield stream
        return
    with tempfile.TemporaryFile() as copy:
        while block := sys.stdin.buffer.read(1 << 20):
            copy.write(block)
        yield copy


def _transform(notes: Notes, policy: Policy, options: argparse.Namespace) -> int:
    return SOME_BAD if transform(notes, policy, options.write, options.workers) else DONE


def _explain(notes: Notes, policy: Policy, options: argparse.Namespace) -> int:
    try:
        left_out = explain(notes, policy, wanted=options.id, as_json=options.json)
    except NoSuchNoteError:
        raise UsageError("No note has the id that is asked for.") from None
    return SOME_BAD if left_out else DONE
