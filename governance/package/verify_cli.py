"""`countersign-verify package.pdf [--trust ca.pem] [--json] [--at TIME]`.

Exit status: 0 valid and complete, 1 invalid, 2 wrong use, 3 valid so far but still waiting for
signatures. Needs no server, no database and no network.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from accounts.roles import role_words
from evidence.pki.structure import StructureError, load_roots
from governance.package.findings import Findings, SignedField
from governance.package.verify import verify_package

WRONG_USE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the package and print the findings; returns the exit status."""
    options = _parser().parse_args(arguments)
    # pyHanko logs each failed certificate with its trace; the findings say it in words.
    logging.disable(logging.CRITICAL)
    try:
        data = options.package.read_bytes()
        trust = options.trust.read_bytes() if options.trust else None
        if trust is not None:
            load_roots(trust)
    except OSError as error:
        return _refuse(f"{error.filename} cannot be read: {error.strerror}.")
    except StructureError as error:
        return _refuse(str(error))
    findings = verify_package(data, trust, options.at)
    if options.json:
        print(json.dumps(findings.to_dict(), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(findings)))
    return findings.status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="countersign-verify",
        description="Check a Countersign documentation package offline.",
        epilog="Exit status: 0 valid and complete, 1 invalid, 2 wrong use, 3 waiting for signers.",
    )
    parser.add_argument("package", type=Path, help="the package's PDF")
    parser.add_argument("--trust", type=Path, help="the authority's certificate (PEM) to pin")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--at", type=_moment, help="check as of this time (ISO 8601)")
    return parser


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not an ISO 8601 time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refuse(line: str) -> int:
    print(f"countersign-verify: {line}", file=sys.stderr)
    return WRONG_USE


def _lines(findings: Findings) -> list[str]:
    lines = []
    if findings.title:
        lines.append(f"{findings.title} (package {findings.package})")
    if findings.demonstration:
        lines.append("DEMONSTRATION: not for clinical use")
    lines += [f"override: {notice}" for notice in findings.overrides]
    lines += [_signed("signed record", item) for item in findings.decisions]
    lines += [_signed("signature", item) for item in findings.signatures]
    if findings.authority:
        prefix = "issuer pinned" if findings.pinned else "issuer not pinned"
        lines.append(f"{prefix}: SHA-256 {findings.authority}")
    lines += [f"waiting for: {who}" for who in findings.waiting_for]
    lines += [f"problem: {problem}" for problem in findings.problems]
    return [*lines, f"{findings.verdict.upper()}{_meaning_of_verdict(findings)}"]


def _meaning_of_verdict(findings: Findings) -> str:
    if findings.problems:
        return ": do not rely on this file."
    integrity = "" if findings.pinned else " (integrity only; pin the issuer with --trust)"
    if findings.waiting_for:
        return f": nothing is wrong, but signatures are still awaited{integrity}."
    return f": unchanged since it was signed, and everyone asked has signed{integrity}."


def _signed(kind: str, item: SignedField) -> str:
    report = item.report
    state = "holds" if report.valid else "DOES NOT HOLD"
    time = f"{report.signed_at:%Y-%m-%d %H:%M:%S %Z}" if report.signed_at else "no attested time"
    return (
        f"{kind} “{item.where}”: {state}; {report.meaning or 'no meaning'} by "
        f"{report.signer_name or 'unknown'} ({role_words(report.signer_role) or 'no role'}) "
        f"at {time}, "
        f"attested by {report.time_attested_by or 'nobody'}"
    )


if __name__ == "__main__":
    sys.exit(main())
