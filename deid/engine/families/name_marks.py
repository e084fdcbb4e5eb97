"""Initials on belongings and the names of companies (letter A)."""

import re

from deid.engine import lexicon
from deid.engine.families.name_facts import NAME, Fact, facts
from deid.engine.families.name_reader import Trust, read_name
from deid.engine.families.patterns import CAP
from deid.engine.recognition import Rule, Trigger, compile_rule

_BELONGING = re.compile(
    r"\b(?:bag|bottle|box|cup|case|cane|walker|tattoo|ring|locket|bracelet|necklace|watch|jacket"
    r"|shirt|belongings|shoes|clothing|vial|tube|jar|container|dentures?|glasses|folder|card)"
    r"[ ](?:was[ ]|is[ ])?$",
    re.IGNORECASE,
)

_INITIAL_BEHIND = re.compile(r",[ ]?[A-Z]\.?(?=[\"', ])")


def marked_initials(match: re.Match[str]) -> tuple[int, int] | None:
    """``initials JK``; after ``marked`` only letters that are no clinical abbreviation."""
    letters = re.sub(r"[^A-Z]", "", match.group("id")).lower()
    said = match.group(0).lower()
    sure = "initial" in said or match.group("quote") or "." in match.group("id")
    if sure or _BELONGING.search(match.string[max(0, match.start() - 30) : match.start()]):
        return match.span("id")
    noun_follows = re.match(r"[ ][a-z]{4,}", match.string[match.end() :])
    clinical = lexicon.is_clinical(letters) or letters in lexicon.words("not_a_site")
    return None if clinical or noun_follows else match.span("id")


def on_a_specimen(match: re.Match[str]) -> tuple[int, int] | None:
    """``labelled "Fontaine, R" and "gallbladder"``: a name of the lists, an initial behind it."""
    bounds = read_name(match.string, match.end(), Trust.SURE, surname_first=True)
    if bounds is None:
        return None
    first = re.split(r"[ ,]", match.string[slice(*bounds)])[0]
    known = facts(first)
    initial = _INITIAL_BEHIND.match(match.string, bounds[1])
    usual = known & (Fact.COMMON | Fact.CLINICAL | Fact.FUNCTION | Fact.STOP) and not initial
    if not known & NAME or usual:
        return None
    return bounds[0], initial.end() if initial else bounds[1]


def company(match: re.Match[str]) -> tuple[int, int] | None:
    """The company's name without the ordinary words that begin a sentence before it."""
    start, end = match.span("id")
    starts = lexicon.words("sentence_starts")
    words = match.string[start:end].split(" ")
    while len(words) > 2 and (words[0].lower() in starts or words[0] == "&"):
        start += len(words.pop(0)) + 1
    if words[-1] == "Limited" and all(map(_is_plain, words[:-1])):
        return None
    return (start, end) if words[0].lower() not in starts else None


def _is_plain(word: str) -> bool:
    """Whether ``Limited`` behind the word is a finding: ``Slight Limited ROM``."""
    return lexicon.is_english(word) and not lexicon.is_surname(word)


#: The first words of what a company's name ends with; single letters stand for ``L.L.C.``.
_COMPANY_ENDS = frozenset({
    "inc", "incorporated", "llc", "pllc", "llp", "ltd", "limited", "co", "corp", "corporation",
    "gmbh", "sons", "daughters", "brothers", "bros", "L", "P", "LL", "PLL",
})  # fmt: skip
RULES = [
    Rule(
        "marked_initials",
        "NAME",
        compile_rule(
            r"\b (?: (?: with | the | her | his | their | patient )? \s? initials? (?: \s (?:are|is"
            r"|of) )? | (?: marked | labell?ed | initial?led | initialed | engraved | inscribed |"
            r"monogrammed ) (?: \s (?: with | as ) )? (?: \s (?:the|his|her|their) )? "
            r"(?: \s initials )? ) \s? :? \s (?P<id> (?P<quote>[\"'])? (?-i: [A-Z]\.?[ ]?"
            r"(?:[A-Z]\.?[ ]?)? [A-Z]\.? ) (?(quote)[\"']) ) (?![\w'-])"
        ),
        0.8,
        refine=marked_initials,
    ),
    Rule(
        "specimen_of",
        "NAME",
        compile_rule(
            r"\b labell?ed (?: \s (?:with|as) \b [^\"\n]{0,40} )? ,? [ ] \( ? [\"'] (?=[^\W\d_])"
        ),
        0.75,
        subtype="PATIENT_NAME",
        refine=on_a_specimen,
    ),
    Rule(
        "company",
        "NAME",
        compile_rule(
            rf"(?<![\w&'-]) (?P<id> {CAP} (?: 's )? (?: ,? [ ] (?: {CAP} (?:'s)? | & | and(?=[ ]) |"
            rf"of | the ) ){{0,5}}? ,? [ ] (?-i: Inc\b\.? | Incorporated | P?\.?L\.?L\.?C\b\.? |"
            rf"L\.?L\.?P\b\.? | Ltd\b\.? | Limited | Co\b\.? | Corp\b\.? | Corporation | GmbH |"
            rf"(?:&|and)[ ](?:Sons|Daughters|Brothers|Bros\b\.?) | Bros\b\.? )"
            rf"(?: ,? [ ] (?-i: Inc\b\.? | L\.?L\.?C\b\.? | Ltd\b\.? | Co\b\.? ) )? ) (?!\w)"
        ),
        0.85,
        subtype="EMPLOYER",
        certain=True,
        refine=company,
        trigger=Trigger(_COMPANY_ENDS, reach=210),
    ),
]
