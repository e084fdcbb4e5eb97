"""The recognizers, one module a family of identifiers."""

from deid.engine.families import (
    address_lines,
    addresses,
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
    sites_in_prose,
    streets_abroad,
    things,
)
from deid.engine.recognition import RuleRecognizer

_GEOGRAPHY = [
    *addresses.RULES,
    *streets_abroad.RULES,
    *address_lines.RULES,
    *postcodes.RULES,
    *places.RULES,
    *landmarks.RULES,
]


def build_families() -> list[RuleRecognizer]:
    """A recognizer for each family, in the order in which they are reported."""
    return [
        RuleRecognizer("names", [*names.RULES, *name_marks.RULES]),
        RuleRecognizer("geography", _GEOGRAPHY),
        RuleRecognizer("facilities", [*facilities.RULES, *sites_in_prose.RULES, *employers.RULES]),
        RuleRecognizer("dates_ages", [*dates.RULES, *date_words.RULES, *ages.RULES]),
        RuleRecognizer("contacts", contacts.RULES),
        RuleRecognizer("numbers", numbers.RULES),
        RuleRecognizer("things", things.RULES),
        RuleRecognizer("network", network.RULES),
        RuleRecognizer("other", other.RULES),
    ]
