"""What a database says about itself and about the role that we would work as."""

import psycopg

from config.runtime.errors import Misconfigured
from config.runtime.postgres_roles import APPLICATION, conninfo

OLDEST_VERSION = 15  # the first whose schema public is closed to everybody by default

_WHO_AM_I = """
    SELECT current_user, current_database(), role.rolsuper, role.rolcreaterole, role.rolbypassrls,
           pg_has_role(current_user, database.datdba, 'MEMBER'),
           has_schema_privilege(current_user, 'public', 'CREATE'),
           current_setting('server_version_num')::int / 10000
    FROM pg_roles role, pg_database database
    WHERE role.rolname = current_user AND database.datname = current_database()
"""
_TABLES = """
    SELECT count(*) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""


def check_database_role(url: str) -> None:
    """Refuse to work as a role that could change the schema or disable the audit triggers."""
    with _connect(url, "DATABASE_URL") as connection:
        row = connection.execute(_WHO_AM_I).fetchone()
    assert row is not None
    role, database, superuser, creates_roles, bypasses, owner, may_create, version = row
    if int(str(version)) < OLDEST_VERSION:
        raise Misconfigured(
            f"The database {database} runs on PostgreSQL {version}; "
            f"version {OLDEST_VERSION} or newer is needed."
        )
    too_much = {
        "a superuser": superuser,
        "the owner of its database": owner,
        "allowed to make roles": creates_roles,
        "allowed to bypass row security": bypasses,
        "allowed to create tables": may_create,
    }
    for what, holds in too_much.items():
        if holds:
            raise Misconfigured(
                f"The role {role} in DATABASE_URL is {what} and could rewrite the audit trail; "
                f"use {APPLICATION} there and keep the owner for DATABASE_OWNER_URL."
            )


def is_empty(url: str) -> bool:
    """Whether the database holds no table yet."""
    with _connect(url, "DATABASE_URL") as connection:
        row = connection.execute(_TABLES).fetchone()
    return row is not None and row[0] == 0


def _connect(url: str, variable: str) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(conninfo(url, connect_timeout=5))
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        # libpq names host, role and database, never the password.
        reason = (str(error).strip().splitlines() or ["no reason given"])[-1]
        raise Misconfigured(f"The database in {variable} cannot be reached: {reason}") from None
