"""``countersign``: start the application, its services alone, or only look whether it could."""

import argparse
import signal
import sys
from collections.abc import Sequence

from config.runtime.environment import load_environment
from config.runtime.errors import EXIT_MISCONFIGURED, Misconfigured
from config.runtime.lock import only_start
from config.runtime.services import running_services


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="countersign", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("services", help="start only the embedded database and queue")
    chosen = parser.parse_args(arguments)
    try:
        return {"services": _services}[chosen.command]()
    except Misconfigured as error:
        print(f"countersign: {error}", file=sys.stderr)
        return EXIT_MISCONFIGURED


def _services() -> int:
    layout = load_environment()
    signals = {signal.SIGINT, signal.SIGTERM}
    with only_start(layout), running_services(layout):
        print(f"Embedded PostgreSQL and Redis are up for {layout.data}. Ctrl-C stops them.")
        sys.stdout.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        signal.sigwait(signals)
    return 0


if __name__ == "__main__":
    sys.exit(main())
