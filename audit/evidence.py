"""Section 5 of the package: what is logged, what never is, and whether the chain holds."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Max, Min

from audit.catalogue import Event, catalogue_data, events, not_recorded
from audit.models import Entry
from audit.seals import GENESIS, seal_pending, verify_chain
from audit.selectors import head
from evidence.dates import day
from evidence.sections import (
    Block,
    Evidence,
    Field,
    Figure,
    Gap,
    Scope,
    Table,
    Text,
    section_provider,
)

FIELDS_OF_AN_ENTRY = (
    "id, time, event, action (C R U D E), outcome (success, failure, denied), person, roles at "
    "that moment, means of authentication, keyed reference of the session, source address, "
    "request id, project, type and id of the object, purpose, reason code, details (ids, codes and "
    "counts), version of the application"
)


NEVER = (
    ("Text of notes, prompts and answers of a model: an entry names a note by its id",),
    ("The text of an identifier that was found or missed: an entry keeps its category",),
    ("Names of uploaded files, which may hold a patient's name: the import has a random id",),
    ("Passwords, keys of hospital systems and sessions: a session is named by a keyed digest",),
    ("What was typed as the name at a failed sign-in: an account of that name is, by its id",),
    ("Record numbers, telephone numbers and dates of birth, and plain digests of them",),
    ("Salts, and the bodies of requests and answers",),
    ("Training examples: the training process reports steps, losses and counts",),
    ("Parameters and details of the database's errors: errors are kept as codes and ids",),
)


@section_provider("audit")
def collect(scope: Scope) -> Iterator[Field]:
    yield Field("audit_event_catalogue", "", _catalogue(scope), key="catalogue")
    yield Field("log_redaction_test", "", _redaction(), key="redaction")
    yield Field("audit_chain_verification", "", _integrity(), key="integrity")
    yield Field("retention_policy", "", _retention(), key="retention")
    yield Field("audit_config", "", _failure(), key="failure")


def _catalogue(scope: Scope) -> list[Block]:
    counted = dict(
        Entry.objects.filter(project_id=scope.project_id)
        .values_list("event")
        .annotate(n=Count("id"))
        .order_by("event")
    )
    missing = not_recorded()
    known = sorted(events().values(), key=lambda event: event.id)
    recorded = [event for event in known if event.id not in missing]
    rows = tuple((*_columns(event), counted.get(event.id, 0)) for event in recorded)
    columns = ("Event", "What", "Category", "Severity (1-10)")
    return [
        Text(f"Fields of an entry: {FIELDS_OF_AN_ENTRY}."),
        Table("Events that the application records", (*columns, "Entries of this project"), rows),
        Table(
            "Events of the catalogue that this version does not record",
            columns,
            tuple(_columns(event) for event in known if event.id in missing),
        ),
    ]


def _columns(event: Event) -> tuple[str, str, str, int]:
    return event.id, event.what, event.category, event.severity


def _redaction() -> list[Block]:
    return [
        Table("What this software keeps out of its trail and its logs", ("What",), NEVER),
        Gap(
            "Result of a redaction test",
            "The installation keeps no record of a redaction test. The application's own test "
            "suite searches its logs and tables for planted identifiers.",
        ),
    ]


def _integrity() -> list[Block]:
    """Walks the whole chain, so that the figure is of the moment at which the package is made."""
    seal_pending()
    verification = verify_chain()
    last = head()
    blocks: list[Block] = [
        Text(
            "Each entry is sealed in a table of its own by a gap-free number and SHA-256 over the "
            "number, the previous seal's hash and the digest of the entry's canonical JSON (RFC "
            "8785). The application's database role may only insert into and read both tables; "
            "triggers refuse any change behind that. The installation key signs the head of the "
            "chain; the signed checkpoint is embedded in this file."
        ),
        Figure("Entries", verification.entries, "entries"),
        Figure("Sealed entries", verification.sealed, "entries"),
        Figure("Problems found when the chain was walked", len(verification.problems), "problems"),
        *(Text(problem) for problem in verification.problems[:20]),
    ]
    if last is not None:
        blocks.append(
            Evidence(
                f"Head of the chain, seal {last.number}",
                last.hash,
                "audit_chain_head",
                # Its hash is over these bytes: number, previous seal's hash, entry's digest.
                f"{last.number}:{last.previous_hash}:{last.entry_hash}".encode(),
            )
        )
    else:
        blocks.append(Text(f"The chain is empty; it starts from {GENESIS[:8]}..."))
    return blocks


def _retention() -> list[Block]:
    rule = catalogue_data()["retention_years"]
    span = Entry.objects.aggregate(first=Min("occurred_at"), last=Max("occurred_at"), n=Count("id"))
    blocks: list[Block] = [
        Text(
            f"Entries are kept at least {rule['minimum']} years, {rule['default']} by default "
            f"({rule['source']}). The application has no function that deletes one."
        ),
        Figure("Entries kept", span["n"], "entries", n=span["n"]),
    ]
    if span["first"]:
        days = max(1, (span["last"] - span["first"]).days + 1)
        blocks.append(Text(f"Oldest entry {day(span['first'])}, newest {day(span['last'])}."))
        blocks.append(Figure("Growth", round(span["n"] / days, 1), "entries a day", n=days))
    return blocks


def _failure() -> list[Block]:
    return [
        Text(
            "Fail closed: an entry is written in the same database transaction as its act. If the "
            "entry cannot be written, the act does not happen. Denials and failures are written on "
            "a second connection, so that they outlive the request that was refused. There is no "
            "switch that turns the trail off."
        )
    ]
