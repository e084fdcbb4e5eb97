"""`python -m deployment.server --socket PATH --models DIR`: serve until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

import uvicorn

from deployment.server.app import ServerSettings, create_app
from training.engine.base_model import RECORD_NAME
from training.engine.environment import prefer_passive_waiting

_MAX_PATH = 104  # bytes; unix sockets allow no more on some systems


def main() -> int:
    """Bind the socket, say one line, serve."""
    options = _parser().parse_args()
    prefer_passive_waiting()
    path, models = Path(options.socket).absolute(), Path(options.models).absolute()
    if len(os.fsencode(path)) > _MAX_PATH:
        sys.stderr.write("The socket's path is too long. Choose one of at most 104 bytes.\n")
        return 2
    settings = ServerSettings(
        models=models,
        data=Path(options.data).absolute() if options.data else models.parent,
        certificate=_certificate(options.certificate),
    )
    listener = _bind(path)
    ready = any(models.glob(f"*/{RECORD_NAME}"))
    note = "a base model is ready" if ready else "no base model yet, prepare one"
    print(f"model server on {path}: {note}", flush=True)
    config = uvicorn.Config(
        create_app(settings), log_level="warning", access_log=False, lifespan="on", ws="none"
    )
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deployment.server", description=__doc__)
    parser.add_argument("--socket", required=True, help="path of the unix socket, made mode 600")
    parser.add_argument("--models", required=True, help="folder of the prepared base models")
    parser.add_argument("--data", help="data folder that holds adapters; default: above models")
    parser.add_argument(
        "--certificate",
        help="root certificate; default: authority/authority.pem in COUNTERSIGN_KEYS",
    )
    return parser


def _certificate(given: str | None) -> Path | None:
    if given:
        return Path(given)
    keys = os.environ.get("COUNTERSIGN_KEYS")
    return Path(keys) / "authority" / "authority.pem" if keys else None


def _bind(path: Path) -> socket.socket:
    """A socket only this user can open. uvicorn's own would be open to everybody."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    return listener


if __name__ == "__main__":
    sys.exit(main())
