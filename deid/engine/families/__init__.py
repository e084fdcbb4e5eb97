"""The recognizers, one module a family of identifiers."""

from deid.engine.families import (
    addresses,
    ages,
    contacts,
    dates,
    facilities,
    name_marks,
    names,
    network,
    numbers,
    other,
    places,
    things,
)
from deid.engine.recognition import RuleRecognizer


def build_families() -> list[RuleRecognizer]:
    """A recognizer for each family, in the order in which they are reported."""
    return [
        RuleRecognizer("names", [*names.RULES, *name_marks.RULES]),
        RuleRecognizer("geography", [*addresses.RULES, *places.RULES]),
        RuleRecognizer("facilities", facilities.RULES),
        RuleRecognizer("dates_ages", [*dates.RULES, *ages.RULES]),
        RuleRecognizer("contacts", contacts.RULES),
        RuleRecognizer("numbers", numbers.RULES),
        RuleRecognizer("things", things.RULES),
        RuleRecognizer("network", network.RULES),
        RuleRecognizer("other", other.RULES),
    ]
