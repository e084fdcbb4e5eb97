"""What an HL7 v2 message says identifies a patient, as pairs of category and value."""

from collections.abc import Iterator

from deid.importers.hl7_messages import Message, Segment
from deid.importers.identifying import Pair, worth_finding

_NUMBER_TYPES = {
    "SS": "SSN", "DL": "LICENSE", "PPN": "LICENSE", "AN": "ACCOUNT", "MC": "HEALTH_PLAN",
    "MA": "HEALTH_PLAN", "MB": "HEALTH_PLAN", "HC": "HEALTH_PLAN", "SN": "HEALTH_PLAN",
    "VN": "OTHER_ID",
}  # fmt: skip
# Segment and field, by the data type that the field has in every version since 2.3.
_NAMES = {
    "PID": (5, 6, 9), "NK1": (2, 30), "GT1": (3, 4, 42), "IN1": (16,), "MRG": (7,),
}  # fmt: skip
_ADDRESSES = {"PID": (11,), "NK1": (4, 32), "GT1": (5, 17), "IN1": (19,)}
_PHONES = {"PID": (13, 14), "NK1": (5, 6, 31), "GT1": (6, 7, 18)}
_DATES = {"PID": (7, 29), "NK1": (16,), "GT1": (8,), "IN1": (18,)}
_ORGANIZATIONS = {"NK1": (13,), "GT1": (16, 21), "IN1": (11,)}
_NUMBERS: dict[str, dict[int, str]] = {
    "PID": {18: "ACCOUNT", 19: "SSN", 20: "LICENSE", 21: "MRN"},
    "NK1": {12: "OTHER_ID", 33: "OTHER_ID", 37: "SSN"},
    "GT1": {2: "ACCOUNT", 12: "SSN", 19: "OTHER_ID"},
    "IN1": {8: "HEALTH_PLAN", 36: "HEALTH_PLAN", 49: "HEALTH_PLAN"},
    "PV1": {19: "OTHER_ID", 50: "OTHER_ID"},
    "OBR": {2: "OTHER_ID", 3: "OTHER_ID"},
    "TXA": {12: "OTHER_ID", 13: "OTHER_ID"},
}
_PEOPLE = {
    "PV1": (7, 8, 9, 17, 52), "TXA": (5, 9, 10, 11, 22, 23), "OBX": (16,),
    "OBR": (10, 16, 28, 32, 33, 34, 35), "ORC": (10, 11, 12), "PD1": (4,),
}  # fmt: skip


def known_of(message: Message) -> tuple[Pair, ...]:
    """All of a message, each pair once."""
    return worth_finding(pair for s in message.segments for pair in _of_segment(s))


def authors(message: Message) -> list[str]:
    """Names of who wrote or signed, the first first."""
    found = []
    for segment in message.all("TXA", "OBR", "OBX"):
        numbers = {"TXA": (9, 5, 10, 22), "OBR": (32,), "OBX": (16,)}[segment.name]
        for number in numbers:
            found += [_provider(segment, r) for r in segment.repetitions(number)]
    return [name for name in dict.fromkeys(found) if name]


def patient_key(pid: Segment) -> str:
    """The medical record number of PID-3 with its assigning authority, else its first id."""
    ids = [pid.split(r) for r in pid.repetitions(3)]
    ids = [i for i in ids if i[0]] or [pid.components(2)]
    chosen = next((i for i in ids if len(i) > 4 and i[4] == "MR"), ids[0])
    authority = chosen[3].partition(pid.by.subcomponent)[0] if len(chosen) > 3 else ""
    if not chosen[0]:
        return ""
    return f"{authority}|{chosen[0]}" if authority else chosen[0]


def _of_segment(segment: Segment) -> Iterator[Pair]:
    name = segment.name
    for number in _NAMES.get(name, ()):
        yield from _pairs("NAME", [_name(segment, r, 0) for r in segment.repetitions(number)])
    for number in _PEOPLE.get(name, ()):
        yield from _pairs("NAME", [_provider(segment, r) for r in segment.repetitions(number)])
    for number in _ORGANIZATIONS.get(name, ()):
        shown = [segment.split(r)[0] for r in segment.repetitions(number)]
        yield from _pairs("NAME", shown)
    for number in _ADDRESSES.get(name, ()):
        yield from _pairs("LOCATION", [_address(segment, r) for r in segment.repetitions(number)])
    for number in _PHONES.get(name, ()):
        for repetition in segment.repetitions(number):
            yield from _telecom(segment.split(repetition))
    for number in _DATES.get(name, ()):
        yield from _pairs("DATE_AGE", [segment.component(number, 1)[:8]])
    for number, category in _NUMBERS.get(name, {}).items():
        yield from _pairs(category, [segment.split(r)[0] for r in segment.repetitions(number)])
    if name == "PID":
        yield from _patient_numbers(segment)


def _pairs(category: str, values: list[str]) -> Iterator[Pair]:
    for value in values:
        if shown := " ".join(value.split()):
            yield category, shown


def _patient_numbers(pid: Segment) -> Iterator[Pair]:
    for number in (2, 3, 4):
        for repetition in pid.repetitions(number):
            parts = pid.split(repetition)
            kind = parts[4] if len(parts) > 4 else ""
            yield from _pairs(_NUMBER_TYPES.get(kind, "MRN"), [parts[0]])


def _name(segment: Segment, repetition: str, first: int) -> str:
    """An XPN, or an XCN from its second component on, as given, middle and family name."""
    raw = repetition.split(segment.by.component)
    family = raw[first].split(segment.by.subcomponent)[0] if len(raw) > first else ""
    given = raw[first + 1 : first + 3]
    return " ".join(segment.text(part) for part in (*given, family) if part)


def _provider(segment: Segment, repetition: str) -> str:
    """The name of an XCN (id^family^given^middle) or of the CNN inside of OBR-32."""
    raw = repetition.split(segment.by.component)
    if segment.name == "OBR" and segment.by.subcomponent in raw[0]:
        inner = [segment.text(p) for p in raw[0].split(segment.by.subcomponent)]
        return " ".join(part for part in (*inner[2:4], *inner[1:2]) if part)
    return _name(segment, repetition, 1)


def _address(segment: Segment, repetition: str) -> str:
    """An XAD as street, other, city, state and ZIP code."""
    raw = [p.replace(segment.by.subcomponent, " ") for p in repetition.split(segment.by.component)]
    parts = [segment.text(p) for p in raw] + [""] * 9
    area = " ".join(p for p in parts[3:5] if p)
    if not any((*parts[:3], parts[4])):
        return ""  # a state or a country alone may stay
    return ", ".join(p for p in (*parts[:3], area, parts[8]) if p)


def _telecom(parts: list[str]) -> Iterator[Pair]:
    """An XTN: the number as it was typed, or from its parts, or an e-mail address."""
    parts = parts + [""] * 12
    is_fax = parts[2].upper() == "FX"
    number = parts[0] or parts[11] or "".join(parts[5:7])
    yield from _pairs("FAX" if is_fax else "PHONE", [number])
    yield from _pairs("EMAIL", [parts[3]])
