"""Notes of the emergency department and of the ward."""

from __future__ import annotations

import datetime as dt

from .. import calendar_forms as dates
from ..markup import keep, phi
from ..scene import Draft, Scene, Summary, join
from . import clinical, parts


def _acute_summary(scene: Scene, plan: tuple[str, ...]) -> Summary:
    condition = scene.condition
    return Summary(
        condition.complaint, clinical.history_summary(scene), condition.diagnosis, "; ".join(plan)
    )


def ed_note(scene: Scene) -> Draft:
    """Emergency department note."""
    rng, condition, patient = scene.rng, scene.condition, scene.patient
    relative, imaging = patient.relatives[0], condition.imaging
    attending = phi("NAME", scene.story.attending.family)
    place = phi("LOCATION", f"{rng.randint(2, 38)}{rng.choice('AB')}")
    came = rng.choice(
        (
            f"Arrived by ambulance from {phi('LOCATION', patient.town)}, {patient.state}.",
            "Walked in.",
            f"Brought by {relative.relation} {phi('NAME', relative.given)}.",
        )
    )
    body = parts.paragraphs(
        parts.header(scene, "EMERGENCY DEPARTMENT NOTE"),
        f"CC: {condition.complaint}",
        f"HPI: {parts.sentences(clinical.story_sentences(scene), came, parts.elsewhere(scene))}",
        clinical.background(scene),
        "VITALS\n" + clinical.vitals(scene, table=not scene.brief),
        f"EXAM: {clinical.exam(scene)}",
        f"LABS: {clinical.labs_line(scene)}",
        "" if scene.brief else f"IMAGING: {imaging.study}: {imaging.impression}.",
        f"IMPRESSION: {clinical.diagnosis(scene)}.",
        "PLAN:\n" + clinical.plan_lines(scene, condition.plan),
        "" if scene.brief
        else f"Discussed with Dr. {attending}; boarding in Room {place}.",
        parts.extra(scene),
        parts.signature(scene),
    )  # fmt: skip
    return Draft(body, _acute_summary(scene, condition.plan))


def history_physical(scene: Scene) -> Draft:
    """Admission history and physical."""
    condition, story = scene.condition, scene.story
    history = f"{clinical.story_sentences(scene)} {parts.elsewhere(scene)}".rstrip()
    body = parts.paragraphs(
        parts.header(scene, "HISTORY AND PHYSICAL"),
        f"CHIEF COMPLAINT: {condition.complaint}",
        f"HISTORY OF PRESENT ILLNESS: {history}",
        f"PAST HISTORY: {story.comorbid_names}; tonsillectomy in {keep('year', '1998')}.",
        "" if scene.brief else f"HOME MEDICATIONS: {join(clinical.home_drugs(scene))}.",
        "" if scene.brief else f"SOCIAL HISTORY: {parts.social(scene)}",
        clinical.background(scene),
        f"VITALS: {clinical.vitals(scene)}",
        f"PHYSICAL EXAM: {clinical.exam(scene)}",
        ("LABS: " + clinical.labs_line(scene))
        if scene.brief
        else "LABS\n" + clinical.labs_table(scene),
        f"ASSESSMENT: {clinical.diagnosis(scene)}.",
        "PLAN\n" + clinical.plan_lines(scene, condition.plan),
        ""
        if scene.brief
        else f"Started {join(clinical.drug_phrases(scene)[:2])}. {parts.contact(scene)}",
        parts.extra(scene),
        parts.signature(scene),
    )
    return Draft(body, _acute_summary(scene, condition.plan))


def progress_note(scene: Scene) -> Draft:
    """Daily or clinic progress note, often with the history copied forward."""
    rng, condition, story = scene.rng, scene.condition, scene.story
    where = "Clinic visit" if condition.journey == "outpatient" else f"Hospital day {scene.day + 1}"
    copied = ""
    if not scene.brief and rng.random() < 0.6:
        copied = (
            f"[copied forward from {dates.short(rng, story.start)}, Dr. "
            f"{phi('NAME', story.attending.family)}] {clinical.story_sentences(scene)}"
        )
    else:
        copied = clinical.story_sentences(scene)
    now = rng.choice(
        (
            f"{parts.patient_ref(scene)} says {condition.better}.",
            f"Since {dates.weekday(scene.date)} {condition.better}.",
            f"No events overnight. Today {condition.better}.",
        )
    )
    body = parts.paragraphs(
        parts.header(scene, "PROGRESS NOTE"),
        f"Reason: {condition.complaint}. {where}.",
        f"S: {parts.sentences(copied, now[:1].upper() + now[1:], parts.elsewhere(scene))}",
        f"O: {clinical.vitals(scene)} {clinical.exam(scene)}",
        f"Labs: {clinical.labs_line(scene)}" if scene.brief else clinical.labs_table(scene),
        f"A: {clinical.diagnosis(scene)}, improving.",
        "P:\n" + clinical.plan_lines(scene, condition.followup),
        ""
        if scene.brief
        else f"Meds: {'; '.join(clinical.drug_phrases(scene))}. {clinical.trap(scene)}",
        clinical.background(scene),
        "" if scene.brief else parts.social(scene),
        parts.extra(scene),
        parts.signature(scene),
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


def discharge_summary(scene: Scene) -> Draft:
    """Discharge summary with a hospital course and a medication table."""
    rng, condition, story, patient = scene.rng, scene.condition, scene.story, scene.patient
    rows = [
        f"{keep('drug', drug.name)} | {keep('dose', dose)} | {drug.route} | {drug.frequency}"
        for drug, dose in zip(condition.drugs, story.doses, strict=True)
    ]
    course = f"Treated with {join(condition.plan)}."
    if condition.operation:
        operated = dates.short(rng, story.start + dt.timedelta(days=1))
        course += f" {condition.operation.name.capitalize()} on {operated} went well."
    body = parts.paragraphs(
        parts.header(scene, "DISCHARGE SUMMARY"),
        f"ADMITTED: {dates.full(rng, story.start)}   DISCHARGED: {dates.full(rng, scene.date)}",
        f"ATTENDING: Dr. {phi('NAME', story.attending.name)}",
        f"REASON FOR ADMISSION: {condition.complaint}",
        f"HISTORY: {clinical.story_sentences(scene)} {parts.elsewhere(scene)}".rstrip(),
        f"HOSPITAL COURSE: {course} By discharge {condition.better}.",
        clinical.background(scene),
        "LABS\n" + clinical.labs_table(scene),
        "DISCHARGE MEDICATIONS\n" + "\n".join(rows),
        f"DIAGNOSIS: {clinical.diagnosis(scene)}.",
        "FOLLOW-UP\n" + clinical.plan_lines(scene, condition.followup),
        f"See Dr. {phi('NAME', story.family_doctor.family)} in 1-2 weeks. "
        f"{patient.title} {phi('NAME', patient.family)} and {patient.relatives[0].relation} "
        f"{phi('NAME', patient.relatives[0].given)} received instructions. {parts.contact(scene)}",
        parts.extra(scene),
        parts.signature(scene),
    )  # fmt: skip
    history = f"{clinical.history_summary(scene)}. With treatment {condition.better}"
    return Draft(
        body,
        Summary(condition.complaint, history, condition.diagnosis, "; ".join(condition.followup)),
    )
