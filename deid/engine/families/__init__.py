"""The recognizers, one module a family of identifiers."""

from deid.engine.families import (
    addresses,
    addresses_abroad,
    ages,
    contacts,
    date_words,
    dates,
    employers,
    facilities,
    landmarks,
    name_marks,
    names,
    network,
    numbers,
    other,
    places,
    postcodes,
    things,
)
from deid.engine.recognition import RuleRecognizer

_GEOGRAPHY = [
    *addresses.RULES,
    *addresses_abroad.RULES,
    *postcodes.RULES,
    *places.RULES,
    *landmarks.RULES,
]


def build_families() -> list[RuleRecognizer]:
    """A recognizer for each family, in the order in which they are reported."""
    return [
        RuleRecognizer("names", [*names.RULES, *name_marks.RULES]),
        RuleRecognizer("geography", _GEOGRAPHY),
        RuleRecognizer("facilities", [*facilities.RULES, *employers.RULES]),
        RuleRecognizer("dates_ages", [*dates.RULES, *date_words.RULES, *ages.RULES]),
        RuleRecognizer("contacts", contacts.RULES),
        RuleRecognizer("numbers", numbers.RULES),
        RuleRecognizer("things", things.RULES),
        RuleRecognizer("network", network.RULES),
        RuleRecognizer("other", other.RULES),
    ]
