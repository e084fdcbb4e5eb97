"""The trail in words: what an entry says happened, and why it was refused or failed."""

from __future__ import annotations

from typing import Any

from audit.catalogue import events
from audit.models import Entry

# One wording an event: no two alike, since people choose by them.
EVENT_WORDS: dict[str, str] = {
    "auth.login.success": "Signed in",
    "auth.login.failure": "Sign-in failed",
    "auth.logout": "Signed out",
    "auth.lockout": "Sign-in locked",
    "auth.mfa.change": "Second factor changed",
    "auth.reauth": "Password asked for again",
    "iam.user.create": "Account created",
    "iam.user.change": "Account changed",
    "iam.user.deactivate": "Account closed",
    "iam.role.change": "Role changed",
    "access.denied": "Act refused",
    "access.breakglass.start": "Emergency access began",
    "access.breakglass.stop": "Emergency access ended",
    "phi.import": "Import of notes",
    "phi.read": "Identified text read",
    "phi.query": "Identified data searched",
    "phi.export": "File handed out",
    "phi.delete": "Identified data deleted",
    "deid.read": "De-identified note read",
    "deid.trace": "Trace of a note worked out",
    "deid.run": "De-identification run",
    "deid.override": "Missed identifier mended",
    "deid.reid": "Patient looked up by code",
    "deid.policy": "De-identification policy changed",
    "deid.policy.draft": "Draft of a policy changed",
    "deid.trial": "Trial of a policy draft",
    "deid.determination": "Expert Determination kept or withdrawn",
    "deid.unique": "Passage that may identify judged",
    "deid.known": "Known identifier added",
    "qa.sample": "Sample drawn for review",
    "qa.review": "Sampled note reviewed",
    "qa.decision": "Review round judged or signed off",
    "dataset.version": "Dataset made",
    "dataset.freeze": "Dataset or gold set frozen",
    "dataset.approve": "Dataset approved",
    "dataset.attest": "No actual knowledge attested",
    "train.start": "Training started",
    "train.end": "Training finished",
    "train.fail": "Training failed",
    "eval.run": "Evaluation",
    "model.submit": "Version submitted or withdrawn",
    "model.approve": "Decision on a version",
    "model.override": "Failed gate overridden",
    "model.deploy": "Version deployed",
    "model.promote": "Version promoted",
    "model.rollback": "Version rolled back",
    "model.disable": "Version disabled",
    "inference.request": "Model asked",
    "inference.review": "Model's answer reviewed",
    "integration.key": "Key of a hospital system",
    "sign.apply": "Signature made",
    "sign.fail": "Signature refused",
    "package.generate": "Documentation package built",
    "project.create": "Project created",
    "project.change": "Project changed",
    "config.change": "Configuration changed",
    "job.cancel": "Job cancelled",
    "audit.start": "Recording started",
    "audit.stop": "Recording stopped",
    "audit.fail": "Recording failed",
    "audit.read": "Trail read",
    "audit.export": "Trail exported",
    "audit.verify": "Chain of seals verified",
    "audit.seal": "Checkpoint of the trail signed",
    "system.start": "Application started",
    "system.stop": "Application stopped",
    "backup.run": "Backup made",
    "backup.restore": "Backup restored",
    "incident.open": "Incident opened",
    "incident.update": "Incident changed",
    "incident.close": "Incident closed",
    "malware.detected": "Malware found in an upload",
}
# (event, key of the details or "reason", its value) -> a narrower wording.
_VARIANTS: dict[tuple[str, str, Any], str] = {
    ("model.approve", "verdict", "approve"): "Version approved in one seat",
    ("model.approve", "verdict", "conditions"): "Version approved with conditions in one seat",
    ("model.approve", "verdict", "changes"): "Changes to the version requested",
    ("model.approve", "verdict", "reject"): "Version rejected",
    ("model.submit", "reason", "withdrawn"): "Submission withdrawn",
    ("model.submit", "reason", ""): "Version submitted for approval",
    ("qa.decision", "signed_off", True): "Review round signed off",
    ("qa.decision", "passed", True): "Review round met its target",
    ("qa.decision", "passed", False): "Review round failed",
    ("qa.review", "undone", True): "Decision on a sampled note taken back",
    ("qa.review", "verdict", "accept"): "Sampled note accepted",
    ("qa.review", "verdict", "flag"): "Sampled note flagged",
    ("qa.review", "verdict", "skip"): "Sampled note skipped",
    ("phi.export", "data_class", "documentation"): "Documentation package downloaded",
    ("phi.export", "class", "de-identified"): "Dataset exported",
    ("iam.role.change", "ended", True): "Role ended",
    ("iam.role.change", "ended", None): "Role given",
    ("iam.user.change", "reason", "password"): "Password changed",
    ("iam.user.change", "reason", "reopened"): "Account reopened",
    ("integration.key", "reason", "revoked"): "Key of a hospital system revoked",
    ("integration.key", "reason", ""): "Key of a hospital system issued",
    ("phi.import", "reason", "upload"): "File of notes uploaded",
    ("phi.import", "reason", "start"): "Import of notes started",
    ("phi.import", "reason", "resume"): "Import of notes resumed",
    ("phi.import", "reason", "closed-incomplete"): "Import of notes closed before its end",
    ("phi.import", "reason", "discard"): "Upload discarded",
    ("deid.reid", "reason", "ask-for-map"): "Re-identification map asked for",
    ("deid.reid", "reason", "look-up"): "Surrogate looked up",
    ("deid.reid", "reason", "delete-map"): "Re-identification map deleted",
    ("deid.determination", "reason", "upload"): "Expert Determination uploaded",
    ("deid.determination", "reason", "sign"): "Expert Determination signed",
    ("deid.determination", "reason", "open"): "Expert Determination read",
    ("deid.determination", "reason", "withdraw"): "Expert Determination withdrawn",
    ("deid.unique", "reason", "harmless"): "Passage judged as not identifying",
    ("deid.unique", "reason", "identifies"): "Passage judged as identifying",
    ("deid.unique", "reason", "reopen"): "Decision on a passage taken back",
    ("deid.run", "reason", "start"): "De-identification run started",
    ("deid.run", "reason", "end"): "De-identification run finished",
    ("deid.run", "reason", "cancel"): "De-identification run cancelled",
    ("deid.run", "reason", "resume"): "De-identification run resumed",
    ("deid.policy", "lowers", True): "De-identification policy changed, may hide less",
    ("deid.policy.draft", "reason", "make"): "Draft of a policy made",
    ("deid.policy.draft", "reason", "carry-over"): "Draft of a policy carried over",
    ("deid.policy.draft", "reason", "drop"): "Draft of a policy dropped",
    ("deid.trial", "reason", "start"): "Trial of a policy draft started",
    ("deid.trial", "reason", "end"): "Trial of a policy draft finished",
    ("deid.trial", "reason", "cancel"): "Trial of a policy draft cancelled",
    ("deid.trial", "reason", "resume"): "Trial of a policy draft resumed",
    ("train.start", "reason", "resume"): "Training resumed",
    ("package.generate", "reason", "start"): "Documentation package asked for",
}
_REASON_WORDS = {
    "role": "the role does not allow it",
    "separation-of-duties": "separation of duties",
    "wrong-password": "wrong password",
    "locked": "locked after wrong passwords",
    "first-password": "a first password signs nothing",
    "bad-credentials": "wrong name or password",
    "too-many-failures": "too many wrong passwords",
    "stale": "it had changed since it was shown",
    "not-expected": "the package does not wait for this person",
    "retries": "given up after several attempts",
}


def what_happened(entry: Entry) -> str:
    """The act of an entry in words: `Version rejected`, not `model.approve`."""
    for (event, key, value), words in _VARIANTS.items():
        if event == entry.event and entry.outcome == "success":
            found = entry.reason if key == "reason" else entry.details.get(key)
            if found == value:
                return words
    return EVENT_WORDS.get(entry.event) or events()[entry.event].what


def why(entry: Entry) -> str:
    """The reason code of a refusal or failure in words; empty where the act says it all."""
    if entry.outcome == "success":
        return ""
    return _REASON_WORDS.get(entry.reason) or entry.reason.replace("-", " ")
