"""Keys and secrets of an installation, made once and never guessed.

There is no fallback key anywhere. A folder that holds some of the files but not all is a loss to
be mended from the backup, never an occasion to make new ones: what was encrypted with the lost
key would be gone.
"""

import base64
import json
import os
import secrets
import shutil
import stat
from pathlib import Path

from config.runtime.errors import Misconfigured
from config.runtime.layout import Layout
from config.runtime.postgres_roles import PostgresPasswords
from config.runtime.private_files import (
    keep_out_of_git,
    make_private_folder,
    write_private_file,
)
from evidence.pki import authority

DJANGO_KEY = "django.key"
FIELD_KEYS = "field-keys.json"
AUTHORITY = "authority"
POSTGRES = "postgres.json"
_PARTS = (DJANGO_KEY, FIELD_KEYS, AUTHORITY, POSTGRES)
FIELD_KEY_BYTES = 32  # AES-256


def check_place(layout: Layout, mode: str) -> None:
    """Whoever copies the data folder must not carry the keys away with it."""
    data, keys = layout.data.resolve(), layout.keys.resolve()
    if keys == data or data in keys.parents:
        raise Misconfigured(
            f"The keys folder {keys} lies inside the data folder {data}; "
            "set COUNTERSIGN_KEYS to a folder elsewhere."
        )
    if mode == "production" and layout.demo_mark.exists():
        raise Misconfigured(
            f"The data folder {data} was used for a demonstration and its people are invented; "
            "set COUNTERSIGN_DATA to a folder of its own for production."
        )


def missing_parts(folder: Path) -> list[str]:
    return [name for name in _PARTS if not (folder / name).exists()]


def check_keys(folder: Path) -> None:
    """Refuse open or incomplete keys; a folder that does not exist yet is fine."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    missing = missing_parts(folder)
    if missing:
        raise Misconfigured(
            f"{', '.join(missing)} is missing from the keys folder {folder}; bring it back from "
            "the backup of that folder (new keys could not read what is stored)."
        )
    for path in [folder, *folder.rglob("*")]:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Misconfigured(f"{path} is open to other users; type: chmod -R go-rwx {folder}")


def ensure_keys(layout: Layout, *, database_is_empty: bool) -> bool:
    """Make the keys where there are none; true when they were made now."""
    check_keys(layout.keys)
    if not missing_parts(layout.keys):
        return False
    if not database_is_empty:
        raise Misconfigured(
            f"There are no keys in {layout.keys} but the database already holds data; bring the "
            "keys folder back from its backup or set COUNTERSIGN_KEYS to where it lies."
        )
    _make(layout.keys)
    return True


def _make(folder: Path) -> None:
    """Fill a folder beside the final one and rename it, so that keys are whole or absent."""
    scratch = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    make_private_folder(scratch)
    try:
        write_private_file(scratch / DJANGO_KEY, secrets.token_urlsafe(64).encode())
        write_private_file(scratch / FIELD_KEYS, _json(_first_field_key()))
        write_private_file(scratch / POSTGRES, _json(PostgresPasswords.generate().to_dict()))
        authority.create(scratch / AUTHORITY)
        keep_out_of_git(scratch)
        for path in scratch.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        if folder.exists():
            folder.rmdir()
        os.rename(scratch, folder)
    except OSError as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise Misconfigured(
            f"The keys folder {folder} cannot be made ({error.strerror}); make its parent "
            "writable or set COUNTERSIGN_KEYS."
        ) from None
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def _first_field_key() -> dict[str, object]:
    key_id = secrets.token_hex(4)
    key = base64.b64encode(secrets.token_bytes(FIELD_KEY_BYTES)).decode()
    return {"current": key_id, "keys": {key_id: key}}


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


def read_passwords(folder: Path) -> PostgresPasswords:
    path = folder / POSTGRES
    try:
        return PostgresPasswords(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        raise Misconfigured(
            f"{path} cannot be read; bring the keys folder back from its backup, or start the "
            "application once to make the keys of a new installation."
        ) from None
