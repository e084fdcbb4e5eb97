"""``predict`` and ``redact``: every note through the engine, every line answered in its turn."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from deid.engine.command.lines import Bad, Line, Notes
from deid.engine.command.output import InOrder
from deid.engine.command.pool import Answer, Patient, Task, Workers, run_here
from deid.engine.policy import Policy
from deid.engine.spans import DeidResult, NoteText

#: Characters of a task: enough that its way to a worker costs nothing beside the work.
_TASK_CHARACTERS = 200_000
#: And notes of one: what is kept beside the text of a very short note weighs more than the text.
_TASK_NOTES = 500

#: Inside, dates and ages over 89 are one category, as in the law; outside it bears its usual name.
_LABELS = {"DATE_AGE": "DATE"}

#: From a line and the engine's result to the object that is written.
Writer = Callable[[Line, DeidResult], dict[str, Any]]


def transform(notes: Notes, policy: Policy, write: Writer, workers: int) -> int:
    """Write a line for each note; gives how many lines were left out."""
    report = Report()
    with InOrder(sys.stdout) as output:
        plan = _Plan(notes, output, report)
        if workers == 1:
            _write(plan, run_here(plan.tasks(), policy), output, write, report)
        else:
            pool = Workers(workers, policy, report)
            try:
                _write(plan, pool.run(plan.tasks()), output, write, report)
            finally:
                pool.close()
    sys.stdout.flush()
    return report.lines


class Report:
    """Standard error: lines left out by number, and what happened to workers."""

    def __init__(self) -> None:
        self.lines = 0

    def __call__(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def left_out(self, number: int, reason: str) -> None:
        self.lines += 1
        self(f"Line {number} is left out: {reason}.")


class _Plan:
    """Tasks of about equal size, and the lines that each of them answers."""

    def __init__(self, notes: Notes, output: InOrder, report: Report) -> None:
        self._notes, self._output, self._report = notes, output, report
        self.lines: list[list[list[Line]]] = []

    def tasks(self) -> Iterator[Task]:
        patients: list[Patient] = []
        lines: list[list[Line]] = []
        size = count = 0
        for group in self._notes.groups():
            if not isinstance(group, list):
                if isinstance(group, Bad):
                    self._report.left_out(group.number, group.reason)
                self._output.put(group.number, "")
                continue
            texts = tuple(NoteText(str(line.id), line.text) for line in group)
            patients.append(Patient(texts, self._notes.known_of(group)))
            lines.append(group)
            size += sum(len(line.text) for line in group)
            count += len(group)
            if size >= _TASK_CHARACTERS or count >= _TASK_NOTES:
                self.lines.append(lines)
                yield tuple(patients)
                patients, lines, size, count = [], [], 0, 0
        if patients:
            self.lines.append(lines)
            yield tuple(patients)


def _write(
    plan: _Plan,
    answers: Iterator[Answer],
    output: InOrder,
    write: Writer,
    report: Report,
) -> None:
    for answer in answers:
        patients = plan.lines.pop(0)
        for place, lines in enumerate(patients):
            for at, line in enumerate(lines):
                if answer is None:
                    report.left_out(line.number, "its worker process died twice")
                    output.put(line.number, "")
                else:
                    output.put(line.number, json.dumps(write(line, answer[place][at])))


def spans_of(line: Line, result: DeidResult) -> dict[str, Any]:
    """What ``predict`` writes of a note."""
    spans = [
        {
            "start": span.start,
            "end": span.end,
            "label": _LABELS.get(span.category, span.category),
            "score": round(span.score, 4),
            "recognizer": span.recognizer,
        }
        for span in result.spans
    ]
    return {"id": line.id, "spans": spans}


def text_of(line: Line, result: DeidResult) -> dict[str, Any]:
    """What ``redact`` writes of a note."""
    return {"id": line.id, "text": result.text}
