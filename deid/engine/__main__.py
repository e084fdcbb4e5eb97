"""``python -m deid.engine [--policy FILE] [--known FILE] [--predictions] < notes.jsonl``

Input lines: ``{"id", "text"[, "patient", "known": [{"category", "value"}]]}``. Notes of one patient
are worked on together and known identifiers hold in all of them. ``--known`` gives a JSON object
``{patient: [{"category", "value"}]}``. Output lines, in the order of the input:
``{"id", "text", "spans"}``, or with ``--predictions`` ``{"id", "spans": [{start, end, label}]}`` on
the offsets of the input.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from deid.engine.pipeline import Deidentifier
from deid.engine.policy import default_policy, load_policy
from deid.engine.spans import DeidResult, KnownIdentifier, NoteText


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 2 means that the input or the policy could not be read."""
    parser = argparse.ArgumentParser(prog="python -m deid.engine", description=__doc__)
    parser.add_argument("--policy", type=Path, help="policy as JSON; default: the built-in one")
    parser.add_argument("--known", type=Path, help="JSON object: patient -> known identifiers")
    parser.add_argument("--predictions", action="store_true", help="input offsets only, to score")
    options = parser.parse_args(arguments)
    try:
        policy = load_policy(options.policy) if options.policy else default_policy()
        known = json.loads(options.known.read_text("utf-8")) if options.known else {}
        records = [json.loads(line) for line in sys.stdin if line.strip()]
        results = _run(Deidentifier(policy), records, known)
    except (OSError, ValueError, KeyError) as problem:
        print(f"Nothing was written: {type(problem).__name__} in the input.", file=sys.stderr)
        return 2
    _write(results, sys.stdout, predictions=options.predictions)
    return 0


def _run(
    engine: Deidentifier, records: list[dict[str, Any]], known: dict[str, Any]
) -> list[DeidResult]:
    patients: dict[str, list[int]] = {}
    for index, record in enumerate(records):
        patients.setdefault(str(record.get("patient", f"\0{index}")), []).append(index)
    results: dict[int, DeidResult] = {}
    for patient, indices in patients.items():
        given = [*known.get(patient, ())]
        for index in indices:
            given += records[index].get("known", ())
        identifiers = [KnownIdentifier(item["category"], item["value"]) for item in given]
        notes = [NoteText(str(records[i]["id"]), records[i]["text"]) for i in indices]
        for index, done in zip(indices, engine.process_patient(notes, identifiers), strict=True):
            results[index] = done
    return [results[index] for index in range(len(records))]


def _write(results: Iterable[DeidResult], stream: TextIO, *, predictions: bool) -> None:
    for done in results:
        if predictions:
            spans = [{"start": s.start, "end": s.end, "label": s.category} for s in done.spans]
            line: dict[str, Any] = {"id": done.note_id, "spans": spans}
        else:
            line = {
                "id": done.note_id,
                "text": done.text,
                "spans": [
                    {
                        "start": s.start,
                        "end": s.end,
                        "output_start": s.output_start,
                        "output_end": s.output_end,
                        "category": s.category,
                        "subtype": s.subtype,
                        "score": s.score,
                        "recognizer": s.recognizer,
                        "rule": s.rule,
                        "tag": s.applied_tag,
                    }
                    for s in done.spans
                ],
            }
        stream.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sys.exit(main())
