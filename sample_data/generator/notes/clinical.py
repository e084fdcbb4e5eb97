"""Passages that tell the illness; shared by the note types."""

from __future__ import annotations

from .. import calendar_forms as dates
from ..conditions import COMORBID
from ..markup import keep, phi, plain
from ..scene import Scene, cause
from .parts import patient_ref

_ENDS = ("a stroke", "heart disease", "lung cancer", "complications of diabetes")


def story_sentences(scene: Scene) -> str:
    """The history of the illness as a note tells it."""
    story, patient, rng = scene.story, scene.patient, scene.rng
    years = dates.age(rng, patient.age(scene.date))
    article = "an" if plain(years).startswith(("8", "18")) else "a"
    person = "woman" if patient.sex == "F" else "man"
    past = " and ".join(keep("diagnosis", COMORBID[key][1]) for key in patient.comorbid)
    who = patient_ref(scene)
    first = f"{who[:1].upper()}{who[1:]} is {article} {years} {person} with {past}"
    return (
        f"{first} who has had {keep('interval', story.onset)} of {story.symptoms[0]} and "
        f"{story.symptoms[1]} {cause(story.trigger)}. {scene.condition.negatives}"
    )


def history_summary(scene: Scene) -> str:
    """The same history without identifiers."""
    story = scene.story
    past = story.comorbid_names
    known = "Previously well" if past.startswith("no chronic") else f"Known {past}"
    symptoms = " and ".join(story.symptoms)
    return f"{story.onset} of {symptoms} {cause(story.trigger)}. {known}"


def vitals(scene: Scene, *, table: bool = False) -> str:
    """Vital signs as a line or a small table."""
    rng = scene.rng
    calm = scene.treated
    pressure = keep(
        "vital", f"{rng.randint(112, 138) if calm else rng.randint(134, 168)}/{rng.randint(62, 88)}"
    )
    rate = rng.randint(64, 86) if calm else rng.randint(84, 112)
    sat = rng.randint(95, 99) if calm else rng.randint(91, 96)
    temp = f"{rng.uniform(97.6, 98.8):.1f}" if calm else f"{rng.uniform(98.0, 100.9):.1f}"
    pain = keep("score", f"{rng.randint(0, 3) if calm else rng.randint(2, 8)}/10")
    if not table:
        breaths = rng.randint(14, 22)
        return f"BP {pressure}, HR {rate}, RR {breaths}, T {temp} F, sat {sat}% on RA, pain {pain}."
    return (
        "  BP        HR    RR   Temp    SpO2   Pain\n"
        f"  {pressure}    {rate}    {rng.randint(14, 22)}   {temp}    {sat}%    {pain}"
    )


def labs_line(scene: Scene) -> str:
    """Laboratory values in a sentence."""
    values = scene.story.treated if scene.treated else scene.story.ill
    shown = [
        f"{lab.name} {keep('lab', value)} {lab.unit}".rstrip()
        for lab, value in zip(scene.condition.labs, values, strict=True)
    ]
    return ", ".join(shown) + "."


def labs_table(scene: Scene) -> str:
    """Laboratory values as a table; with a column of the first values once treated."""
    story, rng = scene.story, scene.rng
    rows = []
    for lab, ill, treated in zip(scene.condition.labs, story.ill, story.treated, strict=True):
        now = f" | {keep('lab', treated)}" if scene.treated else ""
        rows.append(f"{lab.name} | {keep('lab', ill)}{now} | {lab.unit or '-'}")
    head = f"Test | {dates.short(rng, story.start)}"
    if scene.treated:
        head += f" | {dates.short(rng, scene.date)}"
    return "\n".join([f"{head} | Unit", *rows])


def drug_phrases(scene: Scene) -> list[str]:
    """The illness's drugs with dose, route and frequency."""
    pairs = zip(scene.condition.drugs, scene.story.doses, strict=True)
    return [
        f"{keep('drug', drug.name)} {keep('dose', dose)} {drug.route} {drug.frequency}"
        for drug, dose in pairs
    ]


def home_drugs(scene: Scene) -> list[str]:
    """The drugs that the patient took before."""
    rows = [COMORBID[key] for key in scene.patient.comorbid]
    return [f"{keep('drug', row[2])} {keep('dose', row[3])} PO {row[4]}" for row in rows]


def exam(scene: Scene) -> str:
    """Findings on examination."""
    return "; ".join(scene.condition.exam) + "."


def diagnosis(scene: Scene) -> str:
    """The diagnosis, marked to stay."""
    return keep("diagnosis", scene.condition.diagnosis)


def trap(scene: Scene) -> str:
    """A value or eponym that looks like an identifier and has to stay."""
    kind, surface = scene.rng.choice(scene.condition.traps)
    shown = keep(kind, surface)
    return f"{shown} catheter care given." if surface == "Foley" else f"Noted: {shown}."


def plan_lines(scene: Scene, items: tuple[str, ...]) -> str:
    """A numbered plan."""
    return "\n".join(
        f"{number}. {item[:1].upper()}{item[1:]}." for number, item in enumerate(items, 1)
    )


def background(scene: Scene) -> str:
    """Review of systems, family and prevention; long, and not in every note."""
    rng = scene.rng
    if scene.brief or rng.random() < 0.6:
        return ""
    elder = rng.choice(("Mother", "Father"))
    years = rng.randint(58, 86)
    family = f"{elder} died at age {keep('age', str(years))} of {rng.choice(_ENDS)}."
    if rng.random() < 0.06:
        family = f"{elder} lived to age {phi('DATE_AGE', str(rng.randint(91, 101)))}."
    given = rng.choice((2021, 2022))
    return (
        "REVIEW OF SYSTEMS: General: appetite fair, weight as above. Eyes: wears reading glasses. "
        "Ears: hears conversation. Skin: no rash or ulcer. Joints: usual aches, no new "
        f"swelling. Neurologic: no seizure. Psychiatric: sleeps {keep('interval', '6-7 hours')}. "
        f"All other systems reviewed and negative.\nFAMILY HISTORY: {family} No known bleeding or "
        f"anesthesia problems.\nPREVENTION: influenza vaccine up to date, tetanus booster in "
        f"{keep('year', str(given))}. Colon screening per {keep('year', '2021')} guideline. "
        f"Advance directive reviewed; full code. Falls in the past year: {rng.randint(0, 2)}. "
        f"Uses {rng.choice(('no device', 'a cane outdoors', 'reading glasses and a hearing aid'))}."
    )
