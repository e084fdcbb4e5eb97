"""Passages that may identify by a unique characteristic: stored by a run, judged by a person.

What identifies becomes a known identifier of the patient, or a term of the policy, as a leak does:
the next run hides it. What does not is decided with a reason, and asked once: the same passage of
the same note takes the decision over in later runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.engine.tagged import Hidden
from deid.engine.unique import Passage, find
from deid.leaked import overlapping, whole_value
from deid.lookups import passage_lookup
from deid.models import Leak, Run, RunNote, UniqueFlag
from deid.selectors.notes import composed
from deid.services.duties import require_not_operator
from deid.services.known import add_known_identifier
from deid.services.policies import ALREADY_HIDDEN, add_terms
from projects.permissions import require

CATEGORY = "OTHER_ID"  # letter R: any other unique characteristic
AROUND = 300  # characters of context on each side that a person sees
MAX_REASON = 500
DECIDED = ("decision", "reason", "decided_by", "decided_at", "earlier")
OPEN, IDENTIFIES, HARMLESS = (
    UniqueFlag.Decision.OPEN,
    UniqueFlag.Decision.IDENTIFIES,
    UniqueFlag.Decision.HARMLESS,
)


def flags_of(run: Run, outputs: Iterable[RunNote]) -> list[UniqueFlag]:
    """The flags of new outputs, unsaved; decided ones where an earlier run's decision stands."""
    made = []
    for output in outputs:
        hidden = [
            Hidden(span["output_start"], span["output_end"], span["tag"]) for span in output.spans
        ]
        for position, passage in enumerate(find(output.text, hidden), start=1):
            place = {"start": passage.start, "end": passage.end, "kind": passage.kind}
            made.append(
                UniqueFlag(
                    run=run,
                    run_note=output,
                    position=position,
                    found=place,
                    lookup=_lookup(output, passage),
                )
            )
    return _taking_over(run, made)


def _lookup(output: RunNote, passage: Passage) -> bytes:
    begin = max(0, passage.start - AROUND)
    words = output.text[begin : passage.end + AROUND]
    place = passage.start - begin, passage.end - begin
    return passage_lookup(output.note_id, passage.kind, words, *place)


def _taking_over(run: Run, made: list[UniqueFlag]) -> list[UniqueFlag]:
    # A note can say the same twice: then nobody can tell which of the two was decided.
    alike = Counter(bytes(flag.lookup) for flag in made)
    before = _latest_before(run, list(alike))
    for flag in made:
        lookup = bytes(flag.lookup)
        earlier = before.get(lookup) if alike[lookup] == 1 else None
        if earlier is not None and earlier.decision == HARMLESS:
            flag.decision, flag.reason = HARMLESS, earlier.reason
            flag.decided_by_id, flag.decided_at = earlier.decided_by_id, earlier.decided_at
            flag.earlier = earlier
    return made


def _latest_before(run: Run, lookups: Sequence[bytes]) -> dict[bytes, UniqueFlag]:
    """The same passages in the latest run that had them, where it had just one such."""
    if not lookups:
        return {}
    found = UniqueFlag.objects.filter(run__project_id=run.project_id, lookup__in=lookups)
    latest: dict[bytes, list[UniqueFlag]] = {}
    for flag in found.exclude(run=run).order_by("-run__number"):
        of_run = latest.setdefault(bytes(flag.lookup), [])
        if not of_run or of_run[0].run_id == flag.run_id:
            of_run.append(flag)
    return {lookup: flags[0] for lookup, flags in latest.items() if len(flags) == 1}


@transaction.atomic
def read_passage(*, flag: UniqueFlag, actor: User) -> dict[str, Any]:
    """The passage in its context, for a person who judges; each reading is an entry.

    {kind, text, start, end, spans}: offsets count in `text`, which is a part of the output.
    """
    require(actor, flag.run.project, Permission.JUDGE_PASSAGES)
    record(
        # A run that is not signed off may still hold what leaked: read as identified text.
        "phi.read",
        actor=actor,
        action="R",
        project_id=flag.run.project_id,
        subject=flag.run_note,
        purpose="judge a passage",
    )
    output, place = flag.run_note, flag.found
    begin, end = max(0, place["start"] - AROUND), place["end"] + AROUND
    spans = [
        {
            "start": max(0, span["output_start"] - begin),
            "end": min(end, span["output_end"]) - begin,
            "category": span["category"],
        }
        for span in output.spans
        if span["output_start"] < end and span["output_end"] > begin
    ]
    return {
        "kind": place["kind"],
        "text": output.text[begin:end],
        "start": place["start"] - begin,
        "end": place["end"] - begin,
        "spans": spans,
    }


@transaction.atomic
def decide_flag(
    *,
    flag: UniqueFlag,
    actor: User,
    decision: str,
    reason: str = "",
    remedy: str = Leak.Remedy.KNOWN,
    text: str | None = None,
) -> UniqueFlag:
    """`identifies` hides the passage from the next run on; `harmless` needs a reason.

    `remedy` is `known` (in the notes of this patient) or `term` (in every note). `text` widens or
    narrows what is hidden: words of the output that overlap the passage. Hidden are whole words,
    for only these are found again.
    """
    found = _for_decision(flag, actor)
    if found.decision != OPEN:
        raise WrongState("Somebody decided on this passage meanwhile. Nothing was changed.")
    if decision not in (IDENTIFIES, HARMLESS):
        raise InvalidInput("A passage identifies or does not. Nothing was decided.")
    words = " ".join(reason.split())
    if len(words) > MAX_REASON:
        raise InvalidInput(f"A reason has at most {MAX_REASON} characters. Nothing was decided.")
    if decision == HARMLESS and not words:
        raise InvalidInput("Say why this does not identify anybody. Nothing was decided.")
    if decision == IDENTIFIES:
        _hide(found, actor, remedy, text)
    found.decision, found.reason = UniqueFlag.Decision(decision), words or None
    found.decided_by, found.decided_at, found.earlier = actor, timezone.now(), None
    found.save(update_fields=DECIDED)
    _record(found, actor, decision, {"remedy": remedy} if decision == IDENTIFIES else {})
    return found


@transaction.atomic
def reopen_flag(*, flag: UniqueFlag, actor: User) -> UniqueFlag:
    """Take back that a passage does not identify: it waits for a decision again."""
    found = _for_decision(flag, actor)
    if found.decision == OPEN:
        raise WrongState("This passage waits for a decision already. Nothing was changed.")
    if found.decision == IDENTIFIES:
        raise WrongState(
            "What identifies is hidden from the next run on, so this cannot be taken back. "
            "Nothing was changed."
        )
    found.decision, found.reason, found.decided_by, found.decided_at = OPEN, None, None, None
    found.earlier = None  # what is decided from now on is decided in this run
    found.save(update_fields=DECIDED)
    _record(found, actor, "reopen", {})
    return found


def _for_decision(flag: UniqueFlag, actor: User) -> UniqueFlag:
    require(actor, flag.run.project, Permission.JUDGE_PASSAGES)
    require_not_operator(actor, flag.run, act="decide on its passages")
    # The run first, as at its sign-off: none is decided or taken back while it is signed.
    run = Run.objects.select_for_update(of=("self",)).get(pk=flag.run_id)
    if run.state == Run.State.SIGNED_OFF:
        raise WrongState(
            "This run is signed off, so its passages are decided for good. Nothing was changed."
        )
    return (
        UniqueFlag.objects.select_for_update(of=("self",))
        .select_related("run__project", "run_note__note__patient__project")
        .get(pk=flag.pk)
    )


def _hide(flag: UniqueFlag, actor: User, remedy: str, text: str | None) -> None:
    if remedy not in Leak.Remedy.values:
        raise InvalidInput("A passage becomes a known identifier or a term. Nothing was decided.")
    start, end = _place(flag, text)
    output, note = flag.run_note, flag.run_note.note
    value = whole_value(composed(note), str(output.text), output.spans, start, end)
    permission = Permission.JUDGE_PASSAGES
    if remedy == Leak.Remedy.KNOWN:
        add_known_identifier(
            patient=note.patient,
            actor=actor,
            category=CATEGORY,
            value=value,
            source="review",
            permission=permission,
        )
        return
    try:
        add_terms(
            project=flag.run.project,
            actor=actor,
            terms=[(value, CATEGORY)],
            note=f"A passage of run {flag.run.number}",
            permission=permission,
        )
    except InvalidInput as problem:
        if problem.code != ALREADY_HIDDEN:
            raise


def _place(flag: UniqueFlag, text: str | None) -> tuple[int, int]:
    start, end = flag.found["start"], flag.found["end"]
    if not text or not text.strip():
        return start, end
    place = overlapping(str(flag.run_note.text), text.strip(), start, end)
    if place is None:
        raise InvalidInput(
            "These words do not stand in the note where the passage is. Nothing was decided; type "
            "them exactly as the note has them."
        )
    return place


def _record(flag: UniqueFlag, actor: User, reason: str, details: dict[str, Any]) -> None:
    record(
        "deid.unique",
        actor=actor,
        action="U",
        project_id=flag.run.project_id,
        subject=flag,
        reason=reason,
        details={"run": str(flag.run_id), **details},
    )
