"""Passages that name people, places and numbers; shared by the note types."""

from __future__ import annotations

from .. import calendar_forms as dates
from ..identifiers import rare_identifier
from ..markup import keep, phi
from ..scene import Scene
from ..vocabulary import places

# One patient with an employer of their own, one note with initials: rare, as in life.
_RARE_EMPLOYER_OF = 60
_INITIALS_OF = 20


def patient_ref(scene: Scene) -> str:
    """How a note speaks of the patient."""
    patient, rng = scene.patient, scene.rng
    forms = [
        f"{patient.title} {phi('NAME', patient.family)}",
        phi("NAME", f"{patient.given} {patient.family}"),
        phi("NAME", patient.given),
        "the patient",
    ]
    if patient.nickname:
        forms.append(phi("NAME", patient.nickname))
    return rng.choice(forms)


def header(scene: Scene, title: str) -> str:
    """The head of a note in one of four styles."""
    patient, rng = scene.patient, scene.rng
    name = f"{patient.given} {patient.family}"
    reverse = f"{patient.family}, {patient.given}"
    mrn = phi("MRN", patient.mrn)
    day = dates.full(rng, scene.date)
    if scene.brief:
        return f"{title}\nPatient: {phi('NAME', name)}  MRN: {mrn}  Date: {day}"
    born = dates.full(rng, patient.born)
    style = rng.randrange(4)
    if style == 0:
        return (
            f"{phi('LOCATION', places.HOSPITAL)}\n{title}\n"
            f"Patient: {phi('NAME', reverse)}   DOB: {born}   MRN: {mrn}\nDate: {day}"
        )
    if style == 1:
        return f"{title}\nNAME: {phi('NAME', reverse.upper())}\n" + (
            f"MRN {mrn}  DOB {born}\nDATE OF SERVICE: {day}"
        )
    if style == 2:
        return f"{title} - {day}\n{phi('NAME', name)} | MRN# {mrn} | born {born}"
    stamp = dates.stamp(rng, scene.date)
    return f"{title}\nPatient name: {phi('NAME', name)}, MR#: {mrn}\nFiled {stamp}"


def signature(scene: Scene) -> str:
    """The last line of a note."""
    rng, author = scene.rng, scene.author
    name = phi("NAME", author.name)
    # Marked, so that dictation leaves the letters after a name as they are.
    letters = keep("credential", author.credential)
    if scene.brief:
        return f"Signed: {name}, {letters}"
    return rng.choice(
        (
            f"Electronically signed by {name}, {letters} on {dates.stamp(rng, scene.date)}",
            f"{name}, {letters}",
            f"Dictated by: {name}, {letters}",
            f"Signed: {name} {letters}, {dates.full(rng, scene.date)}",
        )
    )


def social(scene: Scene) -> str:
    """Home, work and family in two or three sentences."""
    patient, rng = scene.patient, scene.rng
    relative = rng.choice(patient.relatives)
    town = phi("LOCATION", patient.town)
    who = phi("NAME", relative.nickname or relative.given)
    lines = [
        rng.choice(
            (
                f"Lives in {town}, {patient.state} with {relative.relation} {who}.",
                f"Home is {phi('LOCATION', patient.street)}, {town}; "
                f"{relative.relation} {who} helps.",
                f"Lives with {relative.relation} {who}.",
            )
        )
    ]
    if patient.at_tolvane:
        employer = phi("NAME", places.EMPLOYER_SHORTHAND)
        lines.append(
            rng.choice(
                (
                    f"Works second shift at {employer}.",
                    f"Has been on the line at {employer} for {rng.randint(3, 22)} years.",
                    f"Employed by {employer}, heavy lifting.",
                )
            )
        )
    elif patient.number == _RARE_EMPLOYER_OF:
        lines.append(f"Drives for {phi('NAME', places.RARE_EMPLOYER)}.")
    elif patient.job == "retired":
        lines.append("Retired.")
    else:
        lines.append(
            f"Works as a {patient.job}."
            if patient.job[0] not in "aeiou"
            else f"Works as an {patient.job}."
        )
    lines.append(
        rng.choice(("Never smoker.", "Quit smoking in 2009.", "No alcohol.", "Two beers a week."))
    )
    return " ".join(lines)


def elsewhere(scene: Scene) -> str:
    """Care at another house; the district's shorthand comes up again and again."""
    rng = scene.rng
    if scene.brief:
        return ""
    chance = rng.random()
    day = dates.short(rng, scene.story.start)
    if chance < 0.07:
        house = phi("LOCATION", places.HOSPITAL_SHORTHAND)
        return rng.choice(
            (
                f"First seen at the {house} on {day}.",
                f"Records from the {house} were requested.",
                f"Had blood work done over at the {house} last month.",
                f"Was told the same at the {house}.",
            )
        )
    if chance < 0.18:
        house = phi("LOCATION", rng.choice(places.FACILITIES))
        return rng.choice(
            (f"Records from {house} reviewed.", f"Previously treated at {house} in 2019.")
        )
    return ""


def extra(scene: Scene) -> str:
    """A sentence with an identifier of a rarer category."""
    if scene.brief:
        return ""
    found = rare_identifier(scene.rng, scene.patient, scene.turn)
    if scene.patient.number == _INITIALS_OF and scene.index == 0:
        initials = scene.patient.given[0] + scene.patient.family[0]
        found += f" Belongings bag marked {phi('NAME', initials)}."
    return found


def contact(scene: Scene) -> str:
    """A telephone number of the patient or of a relative."""
    patient, rng = scene.patient, scene.rng
    relative = rng.choice(patient.relatives)
    digits = "".join(letter for letter in patient.phone if letter.isdigit())
    dashed = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    name = phi("NAME", f"{relative.given} {relative.family}")
    return rng.choice(
        (
            f"Reach the patient at {phi('PHONE', patient.phone)}.",
            f"Call back number {phi('PHONE', dashed)}.",
            f"Cell {phi('PHONE', dashed.replace('-', '.'))}.",
            f"Contact: {relative.relation} {name}, {phi('PHONE', relative.phone)}.",
        )
    )


def paragraphs(*blocks: str) -> str:
    """Join the blocks that are not empty."""
    return "\n".join(block for block in blocks if block)


def sentences(*parts: str) -> str:
    """Join the sentences that are not empty."""
    return " ".join(part for part in parts if part)
