"""``countersign``: start the application, its services alone, or only look whether it could."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from config.runtime.checks import check_before_start
from config.runtime.children import application_children
from config.runtime.database_checks import check_database_role
from config.runtime.environment import CHILD_NAME, load_environment
from config.runtime.errors import EXIT_MISCONFIGURED, Misconfigured
from config.runtime.layout import REPOSITORY
from config.runtime.lock import check_not_running, only_start
from config.runtime.postgres import make_folder
from config.runtime.serve import prepare, say, serve
from config.runtime.services import running_services
from config.runtime.start import Start
from config.runtime.supervisor import Supervisor


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="countersign", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="start everything; Ctrl-C stops it")
    commands.add_parser("services", help="start only the embedded database and queue")
    commands.add_parser("check", help="say whether serve could start; starts nothing")
    commands.add_parser("prepare", help="keys, migrations and static files, then end")
    one = commands.add_parser("run", help="be one process of the application, after prepare")
    one.add_argument("name", help="web, gateway, models, beat or worker-QUEUE")
    chosen = parser.parse_args(arguments)
    verbs = {"serve": _serve, "services": _services, "check": _check, "prepare": _prepare}
    try:
        if chosen.command == "run":
            _run(chosen.name)
        else:
            verbs[chosen.command]()
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


def _prepare() -> None:
    start = Start.from_environment(os.environ)
    check_before_start(start)
    supervisor = Supervisor(say)
    try:
        with only_start(start.layout):
            prepare(start, supervisor)
    finally:
        supervisor.stop_all()


def _run(name: str) -> None:
    """For containers and init systems, which do the watching themselves."""
    start = Start.from_environment(os.environ)
    load_environment()
    if "DATABASE_URL" not in os.environ:
        raise Misconfigured("There are no keys yet; type: countersign prepare")
    os.environ.pop("DATABASE_OWNER_URL", None)
    check_database_role(os.environ["DATABASE_URL"])
    children = {child.name: child for child in application_children(start, os.environ)}
    if name not in children:
        raise Misconfigured(f"{name} is none of: {', '.join(children)}.")
    make_folder(start.layout.model_socket.parent)
    child = children[name]
    os.chdir(REPOSITORY)
    environment = {**child.environment, CHILD_NAME: name}
    os.execve(child.command[0], list(child.command), environment)  # noqa: S606 - no shell wanted


def _check() -> None:
    start = Start.from_environment(os.environ)
    check_not_running(start.layout)
    check_before_start(start)
    if start.database_url is not None:
        check_database_role(start.database_url)
    print(f"Countersign could start in {start.mode} mode on {start.layout.data}.")


if __name__ == "__main__":
    sys.exit(main())
