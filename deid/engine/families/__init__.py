"""The recognizers, one module a family of identifiers."""

from deid.engine.families import (
    address_lines,
    addresses,
    ages,
    ages_in_short,
    contacts,
    date_shorthand,
    date_words,
    dates,
    dictation,
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
    wards,
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

_DATES = [*dates.RULES, *date_words.RULES, *date_shorthand.RULES]
_AGES = [*ages.RULES, *ages_in_short.RULES]
_SITES = [*facilities.RULES, *sites_in_prose.RULES, *wards.RULES, *employers.RULES]


def build_families() -> list[RuleRecognizer]:
    """A recognizer for each family, in the order in which they are reported."""
    return [
        RuleRecognizer("names", [*names.RULES, *name_marks.RULES]),
        RuleRecognizer("geography", _GEOGRAPHY),
        RuleRecognizer("facilities", _SITES),
        RuleRecognizer("dates_ages", [*_DATES, *_AGES]),
        RuleRecognizer("contacts", contacts.RULES),
        RuleRecognizer("numbers", numbers.RULES),
        RuleRecognizer("things", things.RULES),
        RuleRecognizer("network", network.RULES),
        RuleRecognizer("other", [*other.RULES, *dictation.RULES]),
    ]
