"""The seven roles and what each may do. The access matrix of the package is printed from here."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    REVIEWER = "reviewer"
    COMPLIANCE = "compliance"
    COMMITTEE = "committee"
    ML_ADMIN = "ml_admin"
    DATA_ENGINEER = "data_engineer"
    AUDITOR = "auditor"
    SYSADMIN = "sysadmin"


ROLE_LABELS: dict[Role, str] = {
    Role.REVIEWER: "Clinician reviewer",
    Role.COMPLIANCE: "Compliance officer",
    Role.COMMITTEE: "Committee member",
    Role.ML_ADMIN: "ML administrator",
    Role.DATA_ENGINEER: "Data engineer",
    Role.AUDITOR: "Auditor",
    Role.SYSADMIN: "System administrator",
}


class Permission(StrEnum):
    MANAGE_PEOPLE = "manage people and projects"
    VIEW_PROJECT = "see the project"
    IMPORT_NOTES = "import notes"
    RUN_DEID = "run de-identification"
    EDIT_POLICY = "edit policy and known identifiers"
    READ_RAW_NOTE = "read a raw note"
    REVIEW_SAMPLE = "review sampled notes"
    SIGN_OFF_SAMPLE = "sign off a review"
    ATTEST = "attest no actual knowledge"
    KEEP_DETERMINATIONS = "upload, sign and withdraw expert determinations"
    JUDGE_PASSAGES = "judge passages that may identify"
    REIDENTIFY = "look up what a surrogate stands for"
    BUILD_DATASET = "build datasets and gold sets"
    EXPORT_DATASET = "export a dataset"
    TRAIN = "train models"
    EVALUATE = "evaluate models"
    OVERRIDE_GATE = "override a failed gate"
    SUBMIT = "submit for approval"
    DECIDE = "approve or reject"
    DEPLOY = "deploy and roll back"
    ISSUE_KEYS = "issue integration keys"
    BUILD_PACKAGE = "build the documentation package"
    SIGN_PACKAGE = "sign the documentation package"
    READ_AUDIT = "read the audit trail"
    READ_INSTALLATION_AUDIT = "read the installation's own trail"


_CLINICAL = {Role.REVIEWER, Role.COMMITTEE}
_EVERYONE = set(Role) - {Role.SYSADMIN}

MATRIX: dict[Permission, set[Role]] = {
    Permission.MANAGE_PEOPLE: {Role.SYSADMIN},
    Permission.VIEW_PROJECT: _EVERYONE,
    Permission.IMPORT_NOTES: {Role.DATA_ENGINEER},
    Permission.RUN_DEID: {Role.DATA_ENGINEER},
    Permission.EDIT_POLICY: {Role.DATA_ENGINEER},
    Permission.READ_RAW_NOTE: {Role.DATA_ENGINEER, Role.REVIEWER},
    Permission.REVIEW_SAMPLE: {Role.REVIEWER},
    Permission.SIGN_OFF_SAMPLE: {Role.REVIEWER},
    Permission.ATTEST: {Role.COMPLIANCE},
    Permission.KEEP_DETERMINATIONS: {Role.COMPLIANCE},
    Permission.JUDGE_PASSAGES: {Role.REVIEWER, Role.COMPLIANCE},
    Permission.REIDENTIFY: {Role.COMPLIANCE},
    Permission.BUILD_DATASET: {Role.DATA_ENGINEER},
    Permission.EXPORT_DATASET: {Role.DATA_ENGINEER, Role.ML_ADMIN},
    Permission.TRAIN: {Role.ML_ADMIN},
    Permission.EVALUATE: {Role.ML_ADMIN},
    Permission.OVERRIDE_GATE: {Role.COMPLIANCE},
    Permission.SUBMIT: {Role.ML_ADMIN},
    Permission.DECIDE: _CLINICAL | {Role.COMPLIANCE},
    Permission.DEPLOY: {Role.ML_ADMIN},
    Permission.ISSUE_KEYS: {Role.ML_ADMIN},
    Permission.BUILD_PACKAGE: {Role.COMPLIANCE, Role.ML_ADMIN},
    Permission.SIGN_PACKAGE: _CLINICAL | {Role.COMPLIANCE},
    Permission.READ_AUDIT: {Role.AUDITOR, Role.COMPLIANCE},
    Permission.READ_INSTALLATION_AUDIT: {Role.AUDITOR, Role.SYSADMIN},
}


def role_words(name: str) -> str:
    """The label of a role by its name, of a certificate for instance; another text as it is."""
    return ROLE_LABELS[Role(name)] if name in set(Role) else name.replace("_", " ")


def roles_with(permission: Permission) -> set[Role]:
    return MATRIX[permission]


def labels(roles: set[Role]) -> str:
    """Roles in words, for a sentence."""
    names = (ROLE_LABELS[role] for role in roles)
    return " or ".join(sorted(n if n.startswith("ML") else n.lower() for n in names))


def someone_with(permission: Permission) -> str:
    """Whoever may do it, with the article: `an ML administrator or compliance officer`."""
    words = labels(roles_with(permission))
    return f"{'an' if words.startswith(('ML', 'auditor')) else 'a'} {words}"
