"""Components, flows, host, keys and egress of this installation, as they are and no better."""

from __future__ import annotations

import hashlib
import os
import platform
import stat
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from uuid import UUID

from django.conf import settings

from deployment.evidence.diagram import draw
from deployment.evidence.installation import components, flows
from deployment.models import Integration
from evidence.canonical import canonical_json
from evidence.digests import digest_of
from evidence.sections import (
    Block,
    Chart,
    Evidence,
    Field,
    Figure,
    Gap,
    Scope,
    Table,
    Text,
    section_provider,
)
from vault.keys import authority

_KEYS = (
    ("django.key", "signs sessions and forms"),
    ("field-keys.json", "AES-256 keys of encrypted fields and files, by key id"),
    ("authority", "installation key, certificate authority, timestamp authority"),
    ("postgres.json", "passwords of the database roles (embedded PostgreSQL)"),
)


@section_provider("arch")
def collect(scope: Scope) -> Iterator[Field]:
    yield Field("deployment_manifest -> rendered SVG", "", _diagram(), key="diagram")
    yield Field("data_flow_table", "", _flows(), key="data_flow")
    yield Field("deployment_manifest", "", _host(), key="hosts")
    yield Field("sbom", "", _software(), key="images")
    yield Field("egress_test", "", _egress(), key="egress")
    yield Field("key_register", "", _keys(scope), key="keys")
    yield Field("kill_switch_test", "", _kill_switch(), key="kill_switch")


def _diagram() -> list[Block]:
    found = components()
    rows = tuple((c.name, c.what, c.address, c.zone) for c in found)
    head = ("Component", "What it does", "Listens at", "Trust zone")
    short = {c.name: c.address.replace(" in a private folder", "") for c in found}
    table = Table("Components of this installation", head, rows)
    return [Chart("Components and trust boundaries", draw(short), table)]


def _flows() -> list[Block]:
    head = ("From", "To", "Data", "Protocol", "Encryption", "Authentication")
    rows = tuple(
        (f.source, f.target, f.data, f.protocol, f.encryption, f.authentication) for f in flows()
    )
    return [Table("Data flows", head, rows)]


def _host() -> list[Block]:
    rows = (
        ("Operating system", f"{platform.system()} {platform.release()}"),
        ("Machine", platform.machine()),
        ("Processor cores", os.cpu_count()),
        ("Python", platform.python_version()),
        ("Mode", settings.MODE),
    )
    return [
        Table("The host on which this package was built", ("What", "Value"), rows),
        Gap(
            "Disk encryption and location",
            "The application cannot see them. Whoever runs the host has to state them.",
        ),
    ]


def _software() -> list[Block]:
    installed = sorted({(d.metadata["Name"].lower(), d.version) for d in distributions()})
    return [
        Figure("Python packages installed", len(installed), "packages", n=len(installed)),
        Evidence(
            "List of the packages with their versions",
            digest_of([list(pair) for pair in installed]),
            "package_list",
            canonical_json([list(pair) for pair in installed]),
        ),
        Gap("Container image digests and SBOM", "The application records neither."),
    ]


def _egress() -> list[Block]:
    offline = os.environ.get("HF_HUB_OFFLINE") == "1"
    return [
        Text(
            "No component is configured to call another host than those in the table of data "
            "flows. Pages load nothing from elsewhere and their content security policy forbids "
            "it. The model library is told to stay offline: "
            f"{'yes' if offline else 'no, its setting for that is not made'}."
        ),
        Gap("Proof of no outbound traffic", "No egress test is on record."),
    ]


def _keys(scope: Scope) -> list[Block]:
    rows = tuple(
        (name, use, _mode(settings.KEYS / name))
        for name, use in _KEYS
        if (settings.KEYS / name).exists()
    )
    data, keys = Path(settings.DATA).resolve(), Path(settings.KEYS).resolve()
    where = "inside" if data in keys.parents else "outside"
    active = Integration.objects.filter(project=UUID(scope.project_id), revoked_at=None).count()
    certificate = hashlib.sha256(authority().ca_certificate_pem).hexdigest()
    return [
        Text(
            f"Keys lie in a folder of their own, {where} the data folder. Private keys of people "
            "exist in memory for the act of signing only. A key of a hospital system is shown "
            "once and kept as its SHA-256."
        ),
        Table("Key folder", ("File", "Use", "Permissions"), rows),
        Evidence("Certificate of the installation's authority (PEM)", certificate, "certificate"),
        Figure("Valid keys of hospital systems in this project", active, "keys", n=active),
        Gap("Hardware security module or key management service", "None is used."),
    ]


def _mode(path: Path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):03o}"


def _kill_switch() -> list[Block]:
    return [
        Text(
            "A hospital system's key can be revoked and a target can be rolled back; the gateway "
            "follows the new snapshot. It goes on from its sealed snapshot while web, database "
            "or queue pause."
        ),
        Gap("Kill switch test and downtime procedure", "Neither is on record."),
    ]
