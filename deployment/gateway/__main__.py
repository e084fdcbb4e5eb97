"""`python -m deployment.gateway --host HOST --port PORT --data DIR`: serve until stopped."""

from __future__ import annotations

import argparse
import os
import sys
from functools import cache, partial
from pathlib import Path

import uvicorn

from deployment.backends.choice import backend_named
from deployment.gateway.app import create_app


def main() -> int:
    """Say one line, serve."""
    options = _parser().parse_args()
    keys, socket = os.environ.get("COUNTERSIGN_KEYS"), options.socket
    if not keys or not socket:
        sys.stderr.write("Set COUNTERSIGN_KEYS and COUNTERSIGN_MODEL_SOCKET, then start again.\n")
        return 2
    data = Path(options.data).absolute()
    app = create_app(
        data=data,
        certificate=Path(keys) / "authority" / "authority.pem",
        # One client a back-end: it is shared by all requests.
        backends=cache(partial(backend_named, socket=socket)),
    )
    print(f"gateway on http://{options.host}:{options.port}/v1", flush=True)
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        log_level="warning",
        access_log=False,  # the gateway's own log keeps what is needed, without addresses
        server_header=False,
        ws="none",
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deployment.gateway", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("COUNTERSIGN_HOST", "127.0.0.1"))
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("COUNTERSIGN_GATEWAY_PORT", "8001"))
    )
    parser.add_argument("--data", required=True, help="data folder (COUNTERSIGN_DATA)")
    parser.add_argument(
        "--socket",
        default=os.environ.get("COUNTERSIGN_MODEL_SOCKET"),
        help="unix socket of the model server; default: COUNTERSIGN_MODEL_SOCKET",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
