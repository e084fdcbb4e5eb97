"""Reports of the operating room, of radiology and of pathology."""

from __future__ import annotations

import datetime as dt

from .. import calendar_forms as dates
from ..markup import keep, phi
from ..scene import Draft, Scene, Summary, pick
from ..vocabulary import staff
from . import clinical, parts


def operative_report(scene: Scene) -> Draft:
    """Operative report; an implant bears a serial number, its model stays."""
    rng, condition = scene.rng, scene.condition
    operation = condition.operation
    if operation is None:
        raise ValueError("An operative report needs a condition with an operation.")
    implant = ""
    if operation.device:
        serial = f"{rng.choice(('CX', 'HK'))}{rng.randint(100000, 999999)}"
        implant = f"IMPLANT: {keep('model', operation.device)}, S/N {phi('DEVICE', serial)}"
    nurse = pick(rng, staff.NURSES, "nursing")
    assistant = f"{phi('NAME', nurse.family)}, {keep('credential', nurse.credential)}"
    body = parts.paragraphs(
        parts.header(scene, "OPERATIVE REPORT"),
        f"DATE OF OPERATION: {dates.full(rng, scene.date)}",
        f"SURGEON: Dr. {phi('NAME', scene.author.name)}   ASSISTANT: {assistant}",
        f"INDICATION: {condition.complaint}. {clinical.story_sentences(scene)}",
        f"PREOPERATIVE DIAGNOSIS: {clinical.diagnosis(scene)}",
        f"PROCEDURE: {operation.name}",
        "ANESTHESIA: general endotracheal",
        f"FINDINGS: {operation.findings}.",
        "DESCRIPTION: After consent and a time-out the patient was prepped and draped. "
        + " ".join(operation.steps),
        implant,
        f"ESTIMATED BLOOD LOSS: {keep('lab', operation.blood_loss)}",
        "COMPLICATIONS: none. Sponge and needle counts correct x 2.",
        f"PLAN: {operation.aftercare}.",
        parts.elsewhere(scene),
        parts.extra(scene),
        parts.signature(scene),
    )
    history = f"{clinical.history_summary(scene)}. Findings at surgery: {operation.findings}"
    done = f"{condition.diagnosis}, {operation.name} without complication"
    return Draft(body, Summary(condition.complaint, history, done, operation.aftercare))


def radiology_report(scene: Scene) -> Draft:
    """Radiology report."""
    rng, condition, story, patient = scene.rng, scene.condition, scene.story, scene.patient
    imaging = condition.imaging
    head = parts.header(scene, imaging.study.upper())
    if not scene.brief and rng.random() < 0.3:
        hl7 = f"{patient.family}^{patient.given}".upper()
        filed = f"MRN {phi('MRN', patient.mrn)}  {dates.stamp(rng, scene.date)}"
        head = f"{imaging.study.upper()}\n{phi('NAME', hl7)}  {filed}"
    comparison = "None."
    if not scene.brief and rng.random() < 0.6:
        comparison = f"{dates.full(rng, patient.born.replace(year=scene.date.year - 1))}."
    call = ""
    if not scene.brief:
        call = (
            f"Findings were called to Dr. {phi('NAME', story.attending.family)} "
            f"by {phi('NAME', scene.author.family)}, {keep('credential', scene.author.credential)} "
            f"on {dates.short(rng, scene.date)}."
        )
    body = parts.paragraphs(
        head,
        f"Ordered by: Dr. {phi('NAME', story.attending.name)}",
        f"INDICATION: {condition.complaint}",
        f"CLINICAL HISTORY: {clinical.story_sentences(scene)}",
        f"TECHNIQUE: {imaging.technique}",
        f"COMPARISON: {comparison}",
        f"FINDINGS: {' '.join(imaging.findings)}",
        f"IMPRESSION: {imaging.impression[:1].upper()}{imaging.impression[1:]}.",
        f"RECOMMENDATION: {imaging.recommendation}.",
        call,
        parts.elsewhere(scene),
        parts.extra(scene),
        parts.signature(scene),
    )
    return Draft(
        body,
        Summary(
            condition.complaint,
            clinical.history_summary(scene),
            imaging.impression,
            imaging.recommendation,
        ),
    )


def pathology_report(scene: Scene) -> Draft:
    """Surgical pathology report with a specimen number."""
    rng, condition, story = scene.rng, scene.condition, scene.story
    pathology = condition.pathology
    if pathology is None:
        raise ValueError("A pathology report needs a condition with a specimen.")
    collected = dates.full(rng, story.start + dt.timedelta(days=1))
    number = f"S{scene.date:%y}-{rng.randint(1000, 9999)}"
    body = parts.paragraphs(
        parts.header(scene, "SURGICAL PATHOLOGY REPORT"),
        f"Specimen no. {phi('OTHER_ID', number)}   Collected {collected}   "
        f"Received {dates.short(rng, scene.date)}",
        f"Submitted by: Dr. {phi('NAME', story.attending.name)}",
        f"INDICATION: {condition.complaint}",
        f"CLINICAL HISTORY: {clinical.story_sentences(scene)}",
        f"SPECIMEN: {pathology.specimen}",
        f"GROSS: Received in formalin is {pathology.gross}.",
        f"MICROSCOPIC: Sections show {pathology.microscopic}.",
        f"FINAL DIAGNOSIS: {keep('diagnosis', pathology.diagnosis)}.",
        f"COMMENT: {pathology.recommendation}. {parts.elsewhere(scene)}".rstrip(),
        parts.extra(scene),
        parts.signature(scene),
    )
    history = f"{clinical.history_summary(scene)}. Specimen: {pathology.specimen}"
    return Draft(
        body, Summary(condition.complaint, history, pathology.diagnosis, pathology.recommendation)
    )
