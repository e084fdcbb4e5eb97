"""Every misconfiguration is one line that says what to do, before anything is started."""

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.runtime import checks
from config.runtime.environment import broker_url, load_environment
from config.runtime.errors import EXIT_MISCONFIGURED, Misconfigured
from config.runtime.keys import check_keys, check_place, ensure_keys, read_passwords
from config.runtime.layout import REPOSITORY, Layout
from config.runtime.lock import check_not_running, only_start
from config.runtime.private_files import make_private_folder
from config.runtime.running import free_ports
from config.runtime.start import Start
from demo.__main__ import chosen_ports


def start_of(layout: Layout, **variables: str) -> Start:
    web, gateway = free_ports()
    return Start.from_environment(
        {
            "COUNTERSIGN_DATA": str(layout.data),
            "COUNTERSIGN_KEYS": str(layout.keys),
            "COUNTERSIGN_PORT": str(web),
            "COUNTERSIGN_GATEWAY_PORT": str(gateway),
            **variables,
        }
    )


def test_a_clean_place_passes_and_nothing_is_created(layout: Layout) -> None:
    checks.check_before_start(start_of(layout))
    assert not layout.data.exists()
    assert not layout.keys.exists()


def test_a_taken_port_is_named(layout: Layout) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        with pytest.raises(Misconfigured, match=f"Port {port} .* is taken.*COUNTERSIGN_PORT"):
            checks.check_before_start(start_of(layout, COUNTERSIGN_PORT=port))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("REDIS_URL", "foo"),
        ("REDIS_URL", "redis://:secret-word@127.0.0.1:1/0"),
        ("DATABASE_URL", "mysql://role:secret-word@host/name"),
        ("DATABASE_OWNER_URL", "host=x"),
    ],
)
def test_a_service_that_cannot_be_the_right_one_is_named_without_its_password(
    layout: Layout, variable: str, value: str
) -> None:
    with pytest.raises(Misconfigured, match=variable) as refused:
        checks.check_before_start(start_of(layout, **{variable: value}))
    assert "secret-word" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_time_zone_that_is_none_is_named(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_TIME_ZONE", "Mars/Olympus")
    with pytest.raises(Misconfigured, match=r"Mars/Olympus.*Europe"):
        checks.check_before_start(start_of(layout))


def test_a_folder_of_the_kernel_is_no_data_folder(layout: Layout) -> None:
    with pytest.raises(Misconfigured, match="not writable"):
        checks.check_writable(Path("/proc/x"))


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "²"])
def test_an_impossible_port_is_refused(layout: Layout, port: str) -> None:
    with pytest.raises(Misconfigured, match="COUNTERSIGN_PORT"):
        start_of(layout, COUNTERSIGN_PORT=port)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8001"),
        ("0.0.0.0", "http://127.0.0.1:8001"),
        ("::", "http://[::1]:8001"),
        ("fd00::7", "http://[fd00::7]:8001"),
        ("gateway.example", "http://gateway.example:8001"),
    ],
)
def test_the_gateway_is_asked_where_it_can_answer(layout: Layout, host: str, url: str) -> None:
    start = start_of(layout, COUNTERSIGN_HOST=host, COUNTERSIGN_GATEWAY_PORT="8001")
    assert start.gateway_url == url


def test_workers_elsewhere_are_told_where_the_gateway_is(layout: Layout) -> None:
    start = start_of(
        layout, COUNTERSIGN_HOST="0.0.0.0", COUNTERSIGN_GATEWAY_URL="https://gateway.example/"
    )
    assert start.gateway_url == "https://gateway.example"


@pytest.mark.parametrize(
    "url",
    [
        "gateway:8001",
        "ftp://gateway",
        "http://",
        "http://gateway:port",
        "http://gateway:8001/v1",
        "http://0.0.0.0:8001",
        "http://[::]:8001",
        "http://me:word@gateway:8001",
    ],
)
def test_an_address_that_cannot_be_the_gateway_is_refused(layout: Layout, url: str) -> None:
    with pytest.raises(Misconfigured, match="COUNTERSIGN_GATEWAY_URL") as refused:
        start_of(layout, COUNTERSIGN_GATEWAY_URL=url)
    assert "word" not in str(refused.value)


def test_the_demonstration_takes_a_port_that_is_chosen_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COUNTERSIGN_PORT", "8123")
    monkeypatch.delenv("COUNTERSIGN_GATEWAY_PORT", raising=False)
    web, gateway = chosen_ports()
    assert web == 8123
    assert gateway != web
    monkeypatch.setenv("COUNTERSIGN_PORT", "eighty")
    with pytest.raises(Misconfigured, match="COUNTERSIGN_PORT"):
        chosen_ports()


def test_an_unknown_mode_is_refused(layout: Layout) -> None:
    with pytest.raises(Misconfigured, match="development, demo, production"):
        start_of(layout, COUNTERSIGN_MODE="prod")


def test_the_demonstration_listens_on_this_machine_only(layout: Layout) -> None:
    start = start_of(layout, COUNTERSIGN_MODE="demo", COUNTERSIGN_HOST="0.0.0.0")
    with pytest.raises(Misconfigured, match=r"127\.0\.0\.1"):
        checks.check_before_start(start)


def test_production_refuses_the_data_of_a_demonstration(layout: Layout) -> None:
    layout.data.mkdir()
    layout.demo_mark.write_text("demo")
    check_place(layout, "development")
    with pytest.raises(Misconfigured, match="demonstration"):
        check_place(layout, "production")


@pytest.mark.parametrize("hosts", ["", "*", "a.example,*.example"])
def test_production_must_know_its_own_names(layout: Layout, hosts: str) -> None:
    start = start_of(layout, COUNTERSIGN_MODE="production", COUNTERSIGN_PUBLIC_HOSTS=hosts)
    with pytest.raises(Misconfigured, match="COUNTERSIGN_PUBLIC_HOSTS"):
        checks.check_before_start(start)


@pytest.mark.parametrize("inside", [".", "keys", "deep/keys"])
def test_keys_inside_the_data_folder_are_refused(layout: Layout, inside: str) -> None:
    with pytest.raises(Misconfigured, match="COUNTERSIGN_KEYS"):
        check_place(Layout.of(layout.data, layout.data / inside), "production")


def test_keys_behind_a_link_into_the_data_folder_are_refused(layout: Layout) -> None:
    (layout.data / "hidden").mkdir(parents=True)
    layout.keys.symlink_to(layout.data / "hidden")
    with pytest.raises(Misconfigured, match="COUNTERSIGN_KEYS"):
        check_place(layout, "production")


def test_keys_are_made_once_and_closed(layout: Layout) -> None:
    layout.data.mkdir()
    assert ensure_keys(layout, database_is_empty=True)
    before = (layout.keys / "field-keys.json").read_bytes()
    assert not ensure_keys(layout, database_is_empty=True)
    assert (layout.keys / "field-keys.json").read_bytes() == before
    described = json.loads(before)
    assert list(described["keys"]) == [described["current"]]
    for path in [layout.keys, *layout.keys.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    assert [path.name for path in layout.keys.parent.iterdir() if path.name[0] == "."] == []


def test_no_keys_are_made_for_a_database_that_holds_data(layout: Layout) -> None:
    with pytest.raises(Misconfigured, match="already holds data"):
        ensure_keys(layout, database_is_empty=False)
    assert not layout.keys.exists()


@pytest.mark.parametrize("lost", ["django.key", "field-keys.json", "postgres.json"])
def test_a_lost_secret_is_named_and_never_made_anew(layout: Layout, lost: str) -> None:
    ensure_keys(layout, database_is_empty=True)
    (layout.keys / lost).unlink()
    with pytest.raises(Misconfigured, match=f"{lost} is missing"):
        ensure_keys(layout, database_is_empty=True)


def test_an_open_secret_is_refused(layout: Layout) -> None:
    ensure_keys(layout, database_is_empty=True)
    (layout.keys / "django.key").chmod(0o644)
    with pytest.raises(Misconfigured, match="chmod"):
        check_keys(layout.keys)


def test_passwords_never_show_in_a_repr(layout: Layout) -> None:
    ensure_keys(layout, database_is_empty=True)
    passwords = read_passwords(layout.keys)
    assert passwords.app not in repr(passwords)


def test_a_second_start_is_refused_and_names_the_first(layout: Layout) -> None:
    check_not_running(layout)
    with only_start(layout):
        with pytest.raises(Misconfigured, match=f"process {os.getpid()}"), only_start(layout):
            pass
        with pytest.raises(Misconfigured, match=f"process {os.getpid()}"):
            check_not_running(layout)
    with only_start(layout):
        pass


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "sockets"
    link.symlink_to(tmp_path)
    with pytest.raises(Misconfigured, match="not a folder"):
        make_private_folder(link)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    with pytest.raises(Misconfigured, match="belongs to user id"):
        make_private_folder(theirs, owner=os.geteuid() + 1)


def test_a_file_in_place_of_the_data_folder_is_one_line(layout: Layout) -> None:
    layout.data.write_text("")
    with pytest.raises(Misconfigured, match="COUNTERSIGN_DATA"):
        checks.check_writable(layout.data)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_closed_parent_is_one_line(layout: Layout) -> None:
    layout.data.parent.chmod(0o500)
    with pytest.raises(Misconfigured, match="not writable"):
        checks.check_writable(layout.data)


def test_the_command_line_says_one_line_and_its_exit_status(layout: Layout) -> None:
    environment = {
        **os.environ,
        "COUNTERSIGN_DATA": str(layout.data),
        "COUNTERSIGN_KEYS": str(layout.data / "keys"),
    }
    finished = subprocess.run(
        [sys.executable, "-m", "config.runtime.cli", "check"],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == EXIT_MISCONFIGURED
    assert finished.stdout == ""
    assert finished.stderr.count("\n") == 1


def test_the_environment_is_filled_from_the_folders_alone(layout: Layout) -> None:
    ensure_keys(layout, database_is_empty=True)
    environment = {"COUNTERSIGN_DATA": str(layout.data)}
    load_environment(environment)
    assert environment["DATABASE_URL"].startswith("postgresql://countersign_app:")
    assert environment["DATABASE_OWNER_URL"].startswith("postgresql://countersign_owner:")
    assert environment["REDIS_URL"] == f"unix://{layout.redis_socket}?db=0"
    assert environment["CELERY_BROKER_URL"].startswith("redis+socket:///")
    assert environment["HF_HUB_OFFLINE"] == "1"


def test_a_child_never_learns_the_owners_password(layout: Layout) -> None:
    ensure_keys(layout, database_is_empty=True)
    environment = {"COUNTERSIGN_DATA": str(layout.data), "COUNTERSIGN_CHILD": "web"}
    load_environment(environment)
    assert "DATABASE_OWNER_URL" not in environment


def test_what_the_administrator_set_is_left_alone(layout: Layout) -> None:
    ensure_keys(layout, database_is_empty=True)
    environment = {
        "COUNTERSIGN_DATA": str(layout.data),
        "DATABASE_URL": "postgresql://countersign_app@db/countersign",
        "REDIS_URL": "redis://queue:6379/0",
    }
    load_environment(environment)
    assert environment["DATABASE_URL"] == "postgresql://countersign_app@db/countersign"
    assert "DATABASE_OWNER_URL" not in environment
    assert environment["CELERY_BROKER_URL"] == "redis://queue:6379/0"


def test_celery_reads_the_socket_in_its_own_words() -> None:
    assert broker_url("unix:///a/redis.sock?db=0") == "redis+socket:///a/redis.sock?virtual_host=0"
