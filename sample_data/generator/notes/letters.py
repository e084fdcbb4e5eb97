"""Letters between doctors and notes of telephone calls."""

from __future__ import annotations

import datetime as dt

from .. import calendar_forms as dates
from ..markup import keep, phi
from ..scene import Draft, Scene, Summary, join
from ..vocabulary import places
from . import clinical, parts


def _letter_head(scene: Scene) -> str:
    patient, rng = scene.patient, scene.rng
    day = dates.full(rng, scene.date)
    name = phi("NAME", f"{patient.given} {patient.family}")
    if scene.brief:
        return f"{day}\nRE: {name}, MRN {phi('MRN', patient.mrn)}"
    born = dates.full(rng, patient.born)
    return (
        f"{phi('LOCATION', places.HOSPITAL)}, {scene.author.specialty} clinic\n{day}\n"
        f"RE: {name}, DOB {born}, MRN {phi('MRN', patient.mrn)}\n"
        f"{phi('LOCATION', patient.street)}, {phi('LOCATION', patient.town)}, {patient.state} "
        f"{phi('LOCATION', patient.zip_code)}"
    )


def consult_letter(scene: Scene) -> Draft:
    """Letter of a consultant to the referring doctor."""
    condition, story = scene.condition, scene.story
    body = parts.paragraphs(
        _letter_head(scene),
        f"Dear Dr. {phi('NAME', story.family_doctor.family)},",
        f"Thank you for sending {parts.patient_ref(scene)} about {condition.complaint}. "
        f"{clinical.story_sentences(scene)} {parts.elsewhere(scene)}".rstrip(),
        "" if scene.brief else parts.social(scene),
        clinical.background(scene),
        f"On examination: {clinical.vitals(scene)} {clinical.exam(scene)}",
        f"Results: {clinical.labs_line(scene)}",
        "" if scene.brief
        else f"The {condition.imaging.study} showed {condition.imaging.impression}.",
        f"My impression is {clinical.diagnosis(scene)}.",
        f"I suggest: {join(condition.plan)}.",
        "" if scene.brief
        else f"I have prescribed {join(clinical.drug_phrases(scene))}. {parts.contact(scene)}",
        parts.extra(scene),
        f"With kind regards,\n{parts.signature(scene)}",
    )  # fmt: skip
    return Draft(
        body,
        Summary(
            condition.complaint,
            clinical.history_summary(scene),
            condition.diagnosis,
            "; ".join(condition.plan),
        ),
    )


def clinic_letter(scene: Scene) -> Draft:
    """Letter after a follow-up visit."""
    rng, condition, story = scene.rng, scene.condition, scene.story
    body = parts.paragraphs(
        _letter_head(scene),
        f"Dear Dr. {phi('NAME', story.family_doctor.family)},",
        f"I reviewed {parts.patient_ref(scene)} in clinic for {condition.complaint}"
        + ("." if scene.brief else f", first seen on {dates.short(rng, story.start)}."),
        f"To recap, {clinical.story_sentences(scene)} {parts.elsewhere(scene)}".rstrip(),
        f"I am glad to report that {condition.better}.",
        f"{clinical.vitals(scene)} {clinical.exam(scene)}",
        f"Latest labs: {clinical.labs_line(scene)}",
        f"Diagnosis: {clinical.diagnosis(scene)}, improving.",
        ""
        if scene.brief
        else f"Current drugs: {join(clinical.drug_phrases(scene))}. {clinical.trap(scene)}",
        "Plan:\n" + clinical.plan_lines(scene, condition.followup),
        "" if scene.brief else parts.contact(scene),
        parts.extra(scene),
        f"Sincerely,\n{parts.signature(scene)}",
    )
    history = f"{clinical.history_summary(scene)}. Now {condition.better}"
    return Draft(
        body,
        Summary(
            condition.complaint,
            history,
            f"{condition.diagnosis}, improving",
            "; ".join(condition.followup),
        ),
    )


def telephone_encounter(scene: Scene) -> Draft:
    """Note of a telephone call."""
    rng, condition, story, patient = scene.rng, scene.condition, scene.story, scene.patient
    relative = rng.choice(patient.relatives)
    caller = f"{relative.relation} {phi('NAME', relative.given)}"
    drug = clinical.drug_phrases(scene)[0]
    body = parts.paragraphs(
        parts.header(scene, "TELEPHONE ENCOUNTER"),
        f"Call from {caller} at {phi('PHONE', relative.phone)} regarding {condition.complaint}.",
        f"{clinical.story_sentences(scene)} {parts.elsewhere(scene)}".rstrip(),
        f"Since the visit {condition.better}. Taking {drug}.",
        "Question was about missed doses; told to take the next one as scheduled, never two. "
        f"Advised {condition.followup[0]}." if not scene.brief else "",
        f"A: {clinical.diagnosis(scene)}, stable by phone.",
        f"P: {join(condition.followup)}.",
        "" if scene.brief else (
            f"Dr. {phi('NAME', story.attending.family)} agrees. Next visit "
            f"{dates.full(rng, scene.date + dt.timedelta(days=14))}. {parts.contact(scene)} "
            f"Call sooner for fever, {keep('symptom', 'chest pain')} or new weakness."
        ),
        parts.extra(scene),
        parts.signature(scene),
    )  # fmt: skip
    history = f"{clinical.history_summary(scene)}. Now {condition.better}"
    return Draft(
        body,
        Summary(
            condition.complaint,
            history,
            f"{condition.diagnosis}, stable",
            "; ".join(condition.followup),
        ),
    )
