"""`make demo`: start everything, run the chain as the people would, verify, then serve."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from config.runtime.errors import Misconfigured
from config.runtime.layout import Layout
from config.runtime.running import Runtime, free_ports, running
from config.runtime.start import port_of
from demo import data_stages, model_stages
from demo.chain import Chain, FailedError, percent
from demo.client import RefusedError
from demo.console import Console
from demo.own_notes import review_own_notes
from demo.people import Cast, assemble, start_project
from demo.sample import NotSampleDataError, load

LIMIT, CONFIDENCE = 0.05, 0.95
PURPOSE = (
    "Drafts a structured summary of a clinical note for the clinician who wrote it. Advisory "
    "only. Not for diagnosis, triage or any decision without a clinician."
)


def main() -> int:
    notes = os.environ.get("NOTES", "")
    try:
        if notes:
            return review_own_notes(Path(notes), os.environ.get("COLUMN", ""))
        return _demonstrate()
    except (Misconfigured, FailedError, RefusedError, NotSampleDataError) as problem:
        print(f"\nThe demonstration stopped: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _demonstrate() -> int:
    layout = Layout.from_environment()
    folder = _mark(layout)
    console = Console()
    console.say("Countersign: from notes to a signed package, on sample data")
    started = time.monotonic()
    with running(
        layout.data, layout.keys, mode="demo", ports=chosen_ports(), output=folder / "serve.log"
    ) as runtime:
        console.say(f"  everything is up after {time.monotonic() - started:.1f} s")
        cast = assemble(runtime.base_url, folder, runtime.env)
        failed = _run(console, cast, folder)
        if failed:
            console.say(f"\n{failed}")
            return 1
        if os.environ.get("SERVE", "1") != "0":
            _serve(console, runtime, cast)
    return 0


def _mark(layout: Layout) -> Path:
    """The data folder belongs to the demonstration from here on; production refuses it."""
    if layout.postgres.exists() and not layout.demo_mark.exists():
        raise Misconfigured(
            f"{layout.data} holds an installation that is no demonstration. Nothing was changed; "
            "type: COUNTERSIGN_DATA=var-demo make demo"
        )
    folder = layout.data / "demo"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    layout.data.chmod(0o700)
    layout.demo_mark.touch(mode=0o600)
    return folder


def chosen_ports() -> tuple[int, int]:
    """What was chosen, each for itself; a free port for what was not."""
    web, gateway = free_ports()
    return (
        port_of(os.environ, "COUNTERSIGN_PORT", web),
        port_of(os.environ, "COUNTERSIGN_GATEWAY_PORT", gateway),
    )


def _run(console: Console, cast: Cast, folder: Path) -> str:
    """Run the chain; returns why it failed, or an empty string."""
    name = f"Note summaries {time.strftime('%d %b %H:%M:%S')} {secrets.token_hex(2)}"
    slug = start_project(
        cast, name, PURPOSE, leak_limit=LIMIT, confidence=CONFIDENCE, sample_fraction=LIMIT
    )
    console.say(
        f"  target of the review: at most {percent(LIMIT)} of the records with a leak, "
        f"at {percent(CONFIDENCE)} confidence\n"
    )
    chain = Chain(cast, console, slug, load(), LIMIT, CONFIDENCE)
    started = time.monotonic()
    failed = _chain(chain, folder)
    seconds = round(time.monotonic() - started, 1)
    _write_summary(chain, folder, seconds, failed)
    console.say(f"\n  the chain took {seconds} s")
    return failed


def _chain(chain: Chain, folder: Path) -> str:
    data_stages.run_import(chain)
    run = _reviewed(chain)
    if run is None:
        return "The second round of review missed its target, so nothing went on. See the review."
    data_stages.run_attestation(chain, run)
    data_stages.run_dataset(chain, run)
    first, approved = _version(chain, 1, None)
    _version(chain, 2, first["id"])
    model_stages.run_roll_back(chain, first)
    package = model_stages.run_package(chain, approved, folder)
    return _verify(chain, package)


def _reviewed(chain: Chain) -> dict[str, Any] | None:
    """Two rounds: the first is judged honestly and mended, the second must pass."""
    for number in (1, 2):
        run = data_stages.run_deid(chain, number)
        if data_stages.run_review(chain, run, number):
            return run
    return None


def _version(
    chain: Chain, number: int, continues: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    version = model_stages.run_training(chain, number, continues)
    evaluation = model_stages.run_evaluation(chain, version)
    model_stages.run_override(chain, evaluation)
    submission = model_stages.run_approval(chain, evaluation)
    model_stages.run_deployment(chain, version)
    return version, submission


def _verify(chain: Chain, package: Path) -> str:
    with chain.console.stage("Verify the package offline") as stage:
        verifier = Path(sys.executable).with_name("countersign-verify")
        finished = subprocess.run(
            [verifier, package, "--trust", package.with_name("ca.pem"), "--json"],
            capture_output=True,
            text=True,
            check=False,
        )
        stage.figures = {"exit": finished.returncode}
        stage.words = "accepted" if finished.returncode == 0 else "NOT accepted"
        if shutil.which("pdfsig"):
            shown = subprocess.run(["pdfsig", package], capture_output=True, text=True, check=False)
            valid = shown.stdout.count("Signature is Valid")
            stage.figures["pdfsig_valid"] = valid
            stage.words += f"; pdfsig calls {valid} signatures valid"
    if finished.returncode:
        return f"countersign-verify does not accept the package:\n{finished.stdout}"
    return ""


def _write_summary(chain: Chain, folder: Path, seconds: float, failed: str) -> None:
    summary = {
        "project": chain.slug,
        "target": {"leak_limit": chain.limit, "confidence": chain.confidence},
        "seconds": seconds,
        "failed": failed,
        "stages": [
            {"stage": s.name, "seconds": s.seconds, "words": s.words, "figures": s.figures}
            for s in chain.console.stages
        ],
    }
    partial = folder / "summary.json.part"
    partial.write_text(json.dumps(summary, indent=1))
    partial.replace(folder / "summary.json")


def _serve(console: Console, runtime: Runtime, cast: Cast) -> None:
    console.say(f"\nOpen {runtime.base_url} and sign in as one of:\n")
    for account in cast.accounts:
        console.say(
            f"  {account['role']:<14} {account['email']:<26} {account['password']}   "
            f"{account['name']}"
        )
    console.say(f"\nGateway for hospital systems: {runtime.gateway_url}. Ctrl-C stops everything.")
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.say("\nStopping.")


if __name__ == "__main__":
    sys.exit(main())
