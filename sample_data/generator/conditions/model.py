"""What the generator knows about one illness; all notes of a patient are told from it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lab:
    """A laboratory test: ranges (low, high) when ill and when treated, in `unit`."""

    name: str
    unit: str
    ill: tuple[float, float]
    treated: tuple[float, float]
    decimals: int = 0


@dataclass(frozen=True)
class Drug:
    """A drug with the strengths in use, route and frequency."""

    name: str
    doses: tuple[str, ...]
    route: str
    frequency: str


@dataclass(frozen=True)
class Imaging:
    """A study with its findings, impression and recommendation."""

    study: str
    technique: str
    findings: tuple[str, ...]
    impression: str
    recommendation: str


@dataclass(frozen=True)
class Operation:
    """A procedure with its steps; `device` names an implant that bears a serial number."""

    name: str
    findings: str
    steps: tuple[str, ...]
    blood_loss: str
    aftercare: str
    device: str = ""


@dataclass(frozen=True)
class Pathology:
    """A specimen and what the pathologist saw."""

    specimen: str
    gross: str
    microscopic: str
    diagnosis: str
    recommendation: str


@dataclass(frozen=True)
class Condition:
    """One illness; `journey` (medical, surgical, elective, outpatient) chooses the note types."""

    key: str
    diagnosis: str
    specialty: str
    ages: tuple[int, int]
    journey: str
    complaint: str
    onset: tuple[int, int, str]
    symptoms: tuple[str, ...]
    triggers: tuple[str, ...]
    negatives: str
    exam: tuple[str, ...]
    labs: tuple[Lab, ...]
    drugs: tuple[Drug, ...]
    imaging: Imaging
    plan: tuple[str, ...]
    followup: tuple[str, ...]
    better: str
    mobility: str
    comorbid: tuple[str, ...]
    sex: str = ""
    operation: Operation | None = None
    pathology: Pathology | None = None
    traps: tuple[tuple[str, str], ...] = field(default=())


# Background illness: (name in a summary, shorthand in a note, drug, dose, frequency)
COMORBID: dict[str, tuple[str, str, str, str, str]] = {
    "htn": ("hypertension", "HTN", "lisinopril", "20 mg", "daily"),
    "dm2": ("type 2 diabetes", "T2DM", "metformin", "1000 mg", "BID"),
    "hld": ("hyperlipidemia", "HLD", "atorvastatin", "40 mg", "nightly"),
    "gerd": ("reflux disease", "GERD", "omeprazole", "20 mg", "daily"),
    "oa": ("osteoarthritis", "OA", "acetaminophen", "650 mg", "q6h PRN"),
    "hypo": ("Hashimoto thyroiditis", "Hashimoto's", "levothyroxine", "75 mcg", "daily"),
    "cad": ("coronary artery disease", "CAD", "aspirin", "81 mg", "daily"),
    "dep": ("depression", "MDD", "sertraline", "50 mg", "daily"),
    "none": ("no chronic illness", "no chronic illness", "multivitamin", "1 tab", "daily"),
}
