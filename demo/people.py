"""The people of the demonstration: separate accounts with random passwords."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from demo.client import Person

# (key, full name, role); roles decide what each may do, and nobody holds two.
CAST = (
    ("engineer", "Dana Engel", "data_engineer"),
    ("reviewer", "Dr. Ines Halvorsen", "reviewer"),
    ("compliance", "Omar Castellan", "compliance"),
    ("committee", "Dr. Ruth Adeyemi", "committee"),
    ("mladmin", "Kenji Marlowe", "ml_admin"),
    ("auditor", "Petra Lindqvist", "auditor"),
)
SYSADMIN = ("sysadmin", "Sam Oduya")
DOMAIN = "demo.invalid"


@dataclass
class Cast:
    """Everybody, signed in, and the first passwords that are printed at the end."""

    people: dict[str, Person]
    accounts: list[dict[str, str]]

    def __getitem__(self, key: str) -> Person:
        return self.people[key]


def assemble(base_url: str, folder: Path, environment: dict[str, str]) -> Cast:
    """Make the accounts the first time, find them again the next."""
    path = folder / "accounts.json"
    if path.exists():
        accounts = json.loads(path.read_text())
    else:
        accounts = _create(base_url, environment)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(accounts, out, indent=1)
    people = {
        account["key"]: Person(
            base_url,
            email=account["email"],
            password=account["password"],
            name=account["name"],
        )
        for account in accounts
    }
    return Cast(people, accounts)


def _create(base_url: str, environment: dict[str, str]) -> list[dict[str, str]]:
    key, name = SYSADMIN
    email = f"{key}@{DOMAIN}"
    accounts = [_account(key, name, email, "sysadmin", create_admin(email, name, environment))]
    sysadmin = Person(base_url, email=email, password=accounts[0]["password"], name=name)
    for key, name, role in CAST:
        email = f"{key}@{DOMAIN}"
        made = sysadmin.post("people/", {"email": email, "full_name": name})
        person = Person(base_url, email=email, password=made["first_password"], name=name)
        person.choose_password(secrets.token_urlsafe(15))
        accounts.append(_account(key, name, email, role, person.password, made["id"]))
    return accounts


def _account(
    key: str, name: str, email: str, role: str, password: str, person: str = ""
) -> dict[str, str]:
    return {
        "key": key, "name": name, "email": email, "role": role, "password": password, "id": person,
    }  # fmt: skip


def create_admin(email: str, name: str, environment: dict[str, str]) -> str:
    """The first system administrator, by the command that a hospital uses; its password."""
    finished = subprocess.run(
        [sys.executable, "manage.py", "create_admin", email, name],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"First password \(shown once\): (\S+)", finished.stdout)
    if found is None:
        raise SystemExit(finished.stderr.strip() or "The first administrator was not created.")
    return found[1]


def start_project(cast: Cast, name: str, purpose: str, **target: float) -> str:
    """A project with everybody in it; returns its slug."""
    sysadmin = cast["sysadmin"]
    project = sysadmin.post("projects/", {"name": name, "purpose": purpose, **target})
    for account in cast.accounts:
        if account["role"] != "sysadmin":
            sysadmin.post(
                f"projects/{project['slug']}/members/",
                {
                    "user": account["id"],
                    "role": account["role"],
                    "is_chair": account["role"] == "committee",
                },
            )
    return str(project["slug"])
