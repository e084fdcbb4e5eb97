"""Rare written forms of identifiers. Each shape takes the document's cast and draws a surface."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.generated import names

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")
_LONG = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_ORDINALS = ("first", "second", "third", "fifth", "ninth", "twelfth", "twenty-first", "thirtieth")
_FEASTS = ("Thanksgiving", "Christmas Eve", "Labor Day", "Easter Sunday", "Juneteenth", "Diwali")
#: Letters without those that a vehicle's number never holds.
_VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_LOOKALIKE = str.maketrans({"0": "O", "1": "l"})


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what one document is about."""

    rng: Random
    first: str
    last: str
    doctor_first: str
    doctor_last: str
    relative: str
    town: str
    site: str

    @classmethod
    def drawn(cls, rng: Random) -> "Cast":
        """A new cast."""
        person = (names.first_name(rng), names.last_name(rng))
        doctor = (names.first_name(rng), names.last_name(rng))
        places = (names.place(rng, "town"), names.place(rng, "site"))
        return cls(rng, *person, *doctor, names.first_name(rng), *places)


Shape = Callable[[Cast], str]


def _digits(rng: Random, pattern: str) -> str:
    """``#`` becomes a digit, ``@`` a capital letter; the rest stays."""
    drawn = {"#": "0123456789", "@": "ABCDEFGHJKLMNPRSTUVWXYZ"}
    return "".join(rng.choice(drawn[c]) if c in drawn else c for c in pattern)


def _of(*patterns: str) -> Shape:
    return lambda cast: _digits(cast.rng, cast.rng.choice(patterns))


def _day(cast: Cast) -> tuple[int, int, int]:
    return cast.rng.randint(1, 12), cast.rng.randint(1, 28), cast.rng.randint(1931, 2025)


def _date(cast: Cast) -> str:
    month, day, year = _day(cast)
    short = year % 100
    return cast.rng.choice(
        (
            f"{day:02d}{_MONTHS[month - 1].upper()}{year}",
            f"{day}.{month}.{year}",
            f"{year}{month:02d}{day:02d}",
            f"{_LONG[month - 1]} the {cast.rng.choice(_ORDINALS)}, {year}",
            f"{month}/{day}",
            f"'{short:02d} {_LONG[month - 1]}",
            f"{_LONG[month - 1].lower()} {day} {year}",
            f"{month:02d}-{day:02d}-{short:02d}",
            f"{day} {_MONTHS[month - 1]}. '{short:02d}",
            f"{month:02d} / {day:02d} / {year}",
        )
    )


def _scanned_date(cast: Cast) -> str:
    month, day, year = _day(cast)
    return f"{month:02d}/{day:02d}/{year}".translate(_LOOKALIKE)


def _feast(cast: Cast) -> str:
    return cast.rng.choice(_FEASTS)


def _old_age(cast: Cast) -> str:
    return str(cast.rng.randint(90, 107))


def _phone(cast: Cast) -> str:
    # 555-01xx stands for nobody; the area is invented.
    area, last = cast.rng.randint(201, 989), f"01{cast.rng.randint(0, 99):02d}"
    return cast.rng.choice(
        (
            f"{area}.555.{last}",
            f"+1 {area} 555 {last}",
            f"{area}555{last}",
            f"({area})555-{last}",
            f"1-{area}-555-{last}",
            f"{area}/555-{last}",
        )
    )


def _vin(cast: Cast) -> str:
    return "".join(cast.rng.choice(_VIN) for _ in range(17))


def _mail(cast: Cast) -> str:
    local = _plain(f"{cast.first[0]}{cast.last}").lower()
    return f"{local}{cast.rng.randint(2, 99)}@{cast.rng.choice(('post', 'mail'))}.example"


def _plain(name: str) -> str:
    return "".join(c for c in name if c.isascii() and c.isalpha()) or "x"


SHAPES: dict[str, Shape] = {
    "full": lambda c: f"{c.first} {c.last}",
    "last": lambda c: c.last,
    "first": lambda c: c.first,
    "upper": lambda c: f"{c.last}, {c.first}".upper(),
    "lower": lambda c: f"{c.first} {c.last}".lower(),
    "comma": lambda c: f"{c.last}, {c.first} {names.first_name(c.rng)[0]}.",
    "caret": lambda c: f"{c.last}^{c.first}^{names.first_name(c.rng)[0]}",
    "initials": lambda c: f"{c.first[0]}.{c.last[0]}.",
    "initial_last": lambda c: f"{c.first[0]}. {c.last}",
    "doctor": lambda c: f"{c.doctor_first} {c.doctor_last}",
    "doctor_last": lambda c: c.doctor_last,
    "doctor_lower": lambda c: c.doctor_last.lower(),
    "relative": lambda c: c.relative,
    "nick": lambda c: names.nickname(c.rng),
    "town": lambda c: c.town,
    "town_lower": lambda c: c.town.lower(),
    "site": lambda c: c.site,
    "site_stem": lambda c: c.site.split(" ")[0],
    "street": lambda c: names.place(c.rng, "street"),
    "firm": lambda c: names.place(c.rng, "firm"),
    "zip": _of("####8", "0##4#-####"),
    "postcode": _of("@#@ #@#", "@@## #@@", "#### @@"),
    "geo": _of("4#.####, -7#.####", "3#°1#'2#\"N 8#°4#'0#\"W"),
    "ward": _of("Pod #@", "North-#", "Bed ##-@"),
    "date": _date,
    "scanned_date": _scanned_date,
    "feast": _feast,
    "old_age": _old_age,
    "phone": _phone,
    "short_phone": _of("555-01##", "555 01##"),
    "extension": _of("x####", "ext. ###"),
    "pager": _of("#####", "##-####"),
    "ssn": _of("###-##-####", "### ## ####", "xxx-xx-####", "#########"),
    "mrn": _of("@@-######", "#######", "###-##-##-#", "@#######@", "##.####.##"),
    "plan": _of("@@@#########", "####@##@@##", "###-@@-####"),
    "account": _of("#########-#", "@##-####-##", "#### #### ####"),
    "license": _of("@@#######", "@-###-###-###-###", "##########"),
    "vin": _vin,
    "plate": _of("@@@-####", "#@@@###", "@## @@@"),
    "serial": _of("SN@@#######@", "(21)@######", "@@@######@"),
    "mail": _mail,
    "url": _of("portal.example/pt/######", "https://notes.example/v?id=@@####"),
    "ip": _of("10.#.1##.2#", "2001:db8::#:4a#", "192.168.#.##", "fe80::1##:7cff:fe0#:###b"),
    "photo": _of("IMG_####.HEIC", "wound_left_heel_####.jpg", "DSC0####.NEF"),
    "biometric": _of("FP-R2-######.wsq", "voiceprint_@@##.wav", "IRIS####@.iso"),
    "other": _of("TRIAL-@@-####", "S##-####", "@@##-#####"),
}
