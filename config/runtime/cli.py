"""``countersign``: start the application, its services alone, or only look whether it could."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from config.runtime.checks import check_before_start
from config.runtime.database_checks import check_database_role
from config.runtime.environment import load_environment
from config.runtime.errors import EXIT_MISCONFIGURED, Misconfigured
from config.runtime.lock import check_not_running, only_start
from config.runtime.serve import serve
from config.runtime.services import running_services
from config.runtime.start import Start


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="countersign", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="start everything; Ctrl-C stops it")
    commands.add_parser("services", help="start only the embedded database and queue")
    commands.add_parser("check", help="say whether serve could start; starts nothing")
    chosen = parser.parse_args(arguments)
    try:
        {"serve": _serve, "services": _services, "check": _check}[chosen.command]()
    except Misconfigured as error:
        print(f"countersign: {error}", file=sys.stderr)
        return EXIT_MISCONFIGURED
    return 0


def _serve() -> None:
    serve(Start.from_environment(os.environ))


def _services() -> None:
    layout = load_environment()
    signals = {signal.SIGINT, signal.SIGTERM}
    with only_start(layout), running_services(layout):
        print(f"Embedded PostgreSQL and Redis are up for {layout.data}. Ctrl-C stops them.")
        sys.stdout.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        signal.sigwait(signals)


def _check() -> None:
    start = Start.from_environment(os.environ)
    check_not_running(start.layout)
    check_before_start(start)
    if start.database_url is not None:
        check_database_role(start.database_url)
    print(f"Countersign could start in {start.mode} mode on {start.layout.data}.")


if __name__ == "__main__":
    sys.exit(main())
