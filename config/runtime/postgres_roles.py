"""The two roles: the owner changes the schema, the application only rows.

The privileges are laid into ``template1``, so that every later database, the tests' included, is
born with them; there is no way to make one without.
"""

import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

DATABASE = "countersign"
OWNER = "countersign_owner"
APPLICATION = "countersign_app"
_ROLE_NAMES = {"superuser": "postgres", "owner": OWNER, "app": APPLICATION}


@dataclass(frozen=True, repr=False)
class PostgresPasswords:
    """Passwords of the embedded cluster's three roles; they never appear in a repr."""

    superuser: str
    owner: str
    app: str

    @classmethod
    def generate(cls) -> "PostgresPasswords":
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    def to_dict(self) -> dict[str, str]:
        return asdict(self)

    def url(self, role: str, socket_folder: Path, database: str) -> str:
        """``postgresql://role:password@/database?host=folder`` for one of the three roles."""
        password = self.to_dict()[role]
        host = quote(str(socket_folder), safe="")
        return f"postgresql://{_ROLE_NAMES[role]}:{password}@/{database}?host={host}"


def conninfo(url: str, **extra: str | int) -> str:
    """A connection string from a URL with some settings of our own."""
    return make_conninfo(url, **extra)


def set_up_roles(
    connection: psycopg.Connection[tuple[object, ...]],
    passwords: PostgresPasswords,
    *,
    owner_may_create_databases: bool,
) -> None:
    """Create roles, privileges and the database; ``connection`` is the superuser's to template1."""
    create = sql.SQL("CREATEDB" if owner_may_create_databases else "NOCREATEDB")
    for name, password, right in (
        (OWNER, passwords.owner, create),
        (APPLICATION, passwords.app, sql.SQL("NOCREATEDB")),
    ):
        connection.execute(
            sql.SQL(
                "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS "
                "NOINHERIT {} PASSWORD {}"
            ).format(sql.Identifier(name), right, sql.Literal(password))
        )
    for statement in _privileges():
        connection.execute(statement)
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template1").format(
            sql.Identifier(DATABASE), sql.Identifier(OWNER)
        )
    )
    for grant in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {application}",
        "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC",
    ):
        connection.execute(_named(grant))
    if owner_may_create_databases:
        connection.execute(_named("GRANT CONNECT ON DATABASE postgres TO {owner}"))


def _privileges() -> list[sql.Composed]:
    defaults = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
    statements = [
        "ALTER SCHEMA public OWNER TO {owner}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {application}",
        defaults + "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {application}",
        defaults + "GRANT USAGE, SELECT ON SEQUENCES TO {application}",
    ]
    return [_named(statement) for statement in statements]


def _named(statement: LiteralString) -> sql.Composed:
    return sql.SQL(statement).format(
        database=sql.Identifier(DATABASE),
        owner=sql.Identifier(OWNER),
        application=sql.Identifier(APPLICATION),
    )
