"""Numbers and codes of the rarer categories; all are built so that they belong to nobody.

SSNs start with 9 (never issued), NPIs and DEA numbers fail their check digits, phones lie in
555-01xx, IP addresses in the ranges kept for documentation, hosts end in example or invalid.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .markup import phi
from .people import REFERENCE_YEAR, Patient, phone_number

_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _luhn_ok(digits: str) -> bool:
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def _npi(rng: Random) -> str:
    number = "1" + _digits(rng, 9)
    # 80840 is the issuer prefix of the check-digit rule; a valid number could be somebody's.
    return number[:-1] + str((int(number[-1]) + 1) % 10) if _luhn_ok("80840" + number) else number


def _dea(rng: Random) -> str:
    first = [rng.randint(0, 9) for _ in range(6)]
    check = (sum(first[0::2]) + 2 * sum(first[1::2])) % 10
    return "AX" + "".join(map(str, first)) + str((check + rng.randint(1, 9)) % 10)


def _fax(rng: Random, patient: Patient) -> str:
    digits = "".join(letter for letter in phone_number(rng) if letter.isdigit())
    number = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return rng.choice(
        ("Fax: {}.", "Copy faxed to the family doctor, fax {}.", "Records fax {}.")
    ).format(phi("FAX", number))


def _email(rng: Random, patient: Patient) -> str:
    return rng.choice(
        ("Prefers e-mail at {}.", "E-mail on file: {}.", "Visit summary sent to {}.")
    ).format(phi("EMAIL", patient.email))


def _ssn(rng: Random, patient: Patient) -> str:
    serial = _digits(Random(f"ssn{patient.key}"), 8)
    number = f"9{serial[:2]}-{serial[2:4]}-{serial[4:]}"
    if rng.random() < 0.3:
        return f"Identity confirmed, SSN last four {phi('SSN', number[-4:])}."
    return rng.choice(("SSN: {}.", "SSN {} on file.", "Social security number {}.")).format(
        phi("SSN", number)
    )


def _health_plan(rng: Random, patient: Patient) -> str:
    own = Random(f"plan{patient.key}")
    if REFERENCE_YEAR - patient.born.year >= 65:
        letters = "ACDEFGHJKMNPQRTUVWXY"
        number = (
            f"1EG4-{own.choice(letters)}{own.choice(letters)}{own.randint(1, 9)}-"
            f"{own.choice(letters)}{own.choice(letters)}{own.randint(10, 99)}"
        )
        return f"Medicare, MBI {phi('HEALTH_PLAN', number)}."
    if own.random() < 0.5:
        return f"Medicaid # {phi('HEALTH_PLAN', _digits(own, 8))}."
    return f"PPO plan, Member ID {phi('HEALTH_PLAN', 'W' + _digits(own, 9))}."


def _account(rng: Random, patient: Patient) -> str:
    number = phi("ACCOUNT", "7" + _digits(rng, 6))
    return rng.choice(("Acct# {}.", "FIN {}.", "HAR {}.", "Billing account no. {}.")).format(number)


def _license(rng: Random, patient: Patient) -> str:
    form = rng.randrange(3)
    if form == 0:
        return f"Rx authorized, DEA {phi('LICENSE', _dea(rng))}."
    if form == 1:
        return f"Ordering provider NPI {phi('LICENSE', _npi(rng))}."
    return f"ID checked, driver's license {patient.state} {phi('LICENSE', 'RX' + _digits(rng, 6))}."


def _vehicle(rng: Random, patient: Patient) -> str:
    if rng.random() < 0.35:
        body = "".join(rng.choice(_VIN_LETTERS + "123456789") for _ in range(10))
        return f"Insurance form lists VIN {phi('VEHICLE', '1ZZ' + body[:8] + _digits(rng, 6))}."
    plate = "".join(rng.choice(_VIN_LETTERS) for _ in range(3)) + " " + _digits(rng, 4)
    return f"Parking pass given, 2015 Honda Civic, license plate {phi('VEHICLE', plate)}."


def _device(rng: Random, patient: Patient) -> str:
    serial = phi("DEVICE", rng.choice(("PJN", "RNB", "QTX")) + _digits(rng, 6))
    return rng.choice(
        (
            "Home blood pressure monitor S/N {} checked.",
            "Home pulse oximeter serial number {}.",
            "Infusion pump SN {} returned to biomedical engineering.",
        )
    ).format(serial)


def _url(rng: Random, patient: Patient) -> str:
    link = rng.choice(("https://portal.example.org/r/{}", "www.harrowvale.example/results?id={}"))
    return f"Results posted at {phi('URL', link.format(_digits(rng, 5)))} for the patient."


def _ip(rng: Random, patient: Patient) -> str:
    address = rng.choice(
        (
            f"192.0.2.{rng.randint(2, 250)}",
            f"198.51.100.{rng.randint(2, 250)}",
            f"2001:db8::{rng.randint(2, 99)}",
        )
    )
    return rng.choice(
        ("Portal check-in from IP {}.", "Tablet questionnaire sent from IP address {}.")
    ).format(phi("IP", address))


def _biometric(rng: Random, patient: Patient) -> str:
    kind, prefix = rng.choice((("voiceprint ID", "VP-"), ("fingerprint ID", "FP-")))
    return f"Checked in by {kind} {phi('BIOMETRIC', prefix + _digits(rng, 5))}."


def _photo(rng: Random, patient: Patient) -> str:
    number = _digits(rng, 5)
    name = rng.choice((f"face_{number}.jpg", f"IMG_{number}_face.png", f"portrait-{number}.jpeg"))
    return f"Admission photo {phi('PHOTO', name)} added to the chart."


def _other_id(rng: Random, patient: Patient) -> str:
    form, surface = rng.choice(
        (
            ("Accession {}.", "A25-" + _digits(rng, 5)),
            ("Specimen no. {}.", "S25-" + _digits(rng, 4)),
            ("CSN {}.", "1000" + _digits(rng, 6)),
            ("Enrolled in the exercise study as study subject {}.", "HX-" + _digits(rng, 3)),
        )
    )
    return form.format(phi("OTHER_ID", surface))


ASIDES: tuple[tuple[str, Callable[[Random, Patient], str]], ...] = (
    ("FAX", _fax), ("EMAIL", _email), ("SSN", _ssn), ("HEALTH_PLAN", _health_plan),
    ("ACCOUNT", _account), ("LICENSE", _license), ("VEHICLE", _vehicle), ("DEVICE", _device),
    ("URL", _url), ("IP", _ip), ("BIOMETRIC", _biometric), ("PHOTO", _photo),
    ("OTHER_ID", _other_id),
)  # fmt: skip


def rare_identifier(rng: Random, patient: Patient, turn: int) -> str:
    """A sentence with an identifier of a rarer category; turns go round all of them."""
    return ASIDES[turn % len(ASIDES)][1](rng, patient)
