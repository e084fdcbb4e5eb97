"""Notes of nurses, social workers, physiotherapists and pharmacists."""

from __future__ import annotations

import datetime as dt

from .. import calendar_forms as dates
from ..conditions import COMORBID
from ..markup import keep, phi
from ..scene import Draft, Scene, Summary, join
from ..vocabulary import places
from . import clinical, parts


def _summary(scene: Scene, added: str, plan: str) -> Summary:
    condition = scene.condition
    history = f"{clinical.history_summary(scene)}. {added[:1].upper()}{added[1:]}"
    return Summary(condition.complaint, history, condition.diagnosis, plan)


def nursing_note(scene: Scene) -> Draft:
    """Shift note of a nurse."""
    rng, condition, story, patient = scene.rng, scene.condition, scene.story, scene.patient
    relative = patient.relatives[0]
    family = phi("NAME", relative.nickname or relative.given)
    room = phi("LOCATION", f"{rng.randint(2, 6)}{rng.randint(10, 39)}")
    phone = phi("PHONE", relative.phone)
    pager = phi("PHONE", f"{rng.randint(2000, 9899)}")
    body = parts.paragraphs(
        parts.header(scene, "NURSING NOTE"),
        "" if scene.brief else f"Assumed care at 1900, Room {room}, 5 West. ID band checked.",
        f"Here for {condition.complaint}. {clinical.story_sentences(scene)}",
        clinical.vitals(scene, table=not scene.brief),
        f"Assessment: {clinical.exam(scene)} {clinical.trap(scene)}",
        "" if scene.brief else f"Given: {'; '.join(clinical.drug_phrases(scene))}.",
        f"Currently {condition.better}. Working diagnosis {clinical.diagnosis(scene)}.",
        f"Plan of care: {join(condition.plan)}.",
        "" if scene.brief else (
            f"{relative.relation.capitalize()} {family} at bedside, phone {phone}. "
            f"Dr. {phi('NAME', story.attending.family)} aware, pager {pager}."
        ),
        parts.elsewhere(scene),
        parts.extra(scene),
        parts.signature(scene),
    )  # fmt: skip
    return Draft(body, _summary(scene, f"now {condition.better}", "; ".join(condition.plan)))


def social_work(scene: Scene) -> Draft:
    """Social work assessment."""
    rng, condition, patient = scene.rng, scene.condition, scene.patient
    relative = rng.choice(patient.relatives)
    home = phi("LOCATION", rng.choice(places.NURSING_HOMES))
    address = (
        f"{phi('LOCATION', patient.street)}, {phi('LOCATION', patient.town)}, "
        f"{patient.state} {phi('LOCATION', patient.zip_code)}"
    )
    plan = ("home health referral", "transport to follow-up visits")
    body = parts.paragraphs(
        parts.header(scene, "SOCIAL WORK ASSESSMENT"),
        f"Referred by Dr. {phi('NAME', scene.story.attending.family)} for discharge planning.",
        f"Admitted for {condition.complaint}. {clinical.story_sentences(scene)}",
        f"Living situation: {address} ({phi('LOCATION', patient.county)}). {parts.social(scene)}",
        f"Support: {relative.relation} {phi('NAME', relative.given + ' ' + relative.family)}, "
        f"{phi('PHONE', relative.phone)}. Backup plan is a short stay at {home}.",
        f"Function: {condition.mobility}.",
        f"Medical diagnosis: {clinical.diagnosis(scene)}. Medically, {condition.better}.",
        "Screening: PHQ-2 score " + keep("score", "1/6") + ", no safety concerns at home.",
        f"Plan: {join(plan)}. Will call on {dates.weekday(scene.date)}.",
        parts.elsewhere(scene),
        parts.extra(scene),
        parts.signature(scene),
    )
    return Draft(body, _summary(scene, f"now {condition.better}", "; ".join(plan)))


def physiotherapy(scene: Scene) -> Draft:
    """Physiotherapy evaluation."""
    rng, condition = scene.rng, scene.condition
    following = dates.short(rng, scene.date + dt.timedelta(days=2))
    plan = ("gait and balance training", "strengthening twice daily")
    body = parts.paragraphs(
        parts.header(scene, "PHYSICAL THERAPY EVALUATION"),
        f"Reason for referral: {condition.complaint}.",
        f"History: {clinical.story_sentences(scene)}",
        "" if scene.brief else f"Prior level: independent. {parts.social(scene)}",
        f"Observation: {condition.mobility}. {clinical.vitals(scene)}",
        f"Strength: hip flexion {keep('strength', '4/5')} R, {keep('strength', '4+/5')} L; "
        f"sit to stand x {rng.randint(4, 9)} in 30 s.",
        f"Precautions: {clinical.diagnosis(scene)}. Today {condition.better}.",
        f"Plan: {join(plan)}, 5x/week for {keep('interval', '2-3 weeks')}.",
        "" if scene.brief else f"Next session {following}. {parts.contact(scene)}",
        parts.elsewhere(scene),
        parts.extra(scene),
        parts.signature(scene),
    )
    return Draft(body, _summary(scene, condition.mobility, "; ".join(plan)))


def medication_reconciliation(scene: Scene) -> Draft:
    """Medication reconciliation with home and new drugs in a table."""
    rng, condition, story, patient = scene.rng, scene.condition, scene.story, scene.patient
    rows = ["Drug                      Dose        Route  Frequency        Action"]
    for key in patient.comorbid:
        _, _, name, dose, frequency = COMORBID[key]
        rows.append(f"{keep('drug', name)} | {keep('dose', dose)} | PO | {frequency} | CONTINUE")
    for drug, dose in zip(condition.drugs, story.doses, strict=True):
        given = f"{drug.route} | {drug.frequency}"
        rows.append(f"{keep('drug', drug.name)} | {keep('dose', dose)} | {given} | NEW")
    names = join([drug.name for drug in condition.drugs])
    relative = patient.relatives[0]
    source = phi("NAME", f"{relative.given} {relative.family}")
    body = parts.paragraphs(
        parts.header(scene, "MEDICATION RECONCILIATION"),
        f"Admitted with {condition.complaint}. {clinical.story_sentences(scene)}",
        f"Source: patient and {relative.relation} {source}, bottles from home last filled "
        f"{dates.short(rng, story.start)}.",
        "\n".join(rows),
        f"Allergies: penicillin (rash in {keep('year', '2004')}).",
        f"Labs for dosing: {clinical.labs_line(scene)}",
        f"Indication for new drugs: {clinical.diagnosis(scene)}.",
        "Plan: continue home drugs and start the new ones; teach before discharge.",
        f"Discussed with Dr. {phi('NAME', story.attending.family)}.",
        parts.elsewhere(scene),
        parts.extra(scene),
        parts.signature(scene),
    )
    plan = f"continue home drugs; start {names}; medication teaching"
    return Draft(body, _summary(scene, "penicillin allergy (rash)", plan))
