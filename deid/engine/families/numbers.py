"""Social security, record, plan, account and licence numbers (letters G to K)."""

import re

from deid.engine.families.identifiers import labelled, luhn, value_bounds
from deid.engine.recognition import Rule, compile_rule


def _card(match: re.Match[str]) -> tuple[int, int] | None:
    digits = re.sub(r"\D", "", match.group(0))
    return match.span() if 13 <= len(digits) <= 19 and luhn(digits) else None


def _plan_number(match: re.Match[str]) -> tuple[int, int] | None:
    """A plan's number; after the heading ``Plan:`` only one that is named so or looks it."""
    bounds = value_bounds(match)
    if bounds is None:
        return None
    label = match.string[match.start() : bounds[0]].lower()
    named = re.search(r"number|num\b|no\.|\bid|#|health|insur|member|subscriber|polic", label)
    heading = re.match(r"(?:plan|group|grp|coverage|payer)\b", label) and not named
    value = match.string[bounds[0] : bounds[1]]
    digits = sum(c.isdigit() for c in value)
    weak = digits < 3 or (":" in label and digits < 4) or value.split(" ")[0].isalpha()
    return None if heading and weak else bounds


_SSN_LABEL = r"(?: ssn | ss\# | ss\s(?:no|number) | soc(?:ial)?\.?\s*sec(?:urity)?\.? )"

_CONTEXTFREE = [
    Rule(
        "ssn_shape",
        "SSN",
        compile_rule(r"(?<![\w-]) \d{3} (?P<s>[- .]) \d{2} (?P=s) \d{4} (?! \d | -\d )"),
        0.9,
        certain=True,
    ),
    Rule(
        "ssn_labelled",
        "SSN",
        compile_rule(
            rf"{_SSN_LABEL} [^\d\n]{{0,40}}? (?P<id>"
            rf"[\dx*]{{3}}[- .]?[\dx*]{{2}}[- .]?\d{{4}})(?!\d)"
        ),
        0.99,
        certain=True,
    ),
    Rule(
        "ssn_last_four",
        "SSN",
        compile_rule(
            rf"(?: {_SSN_LABEL} [^\d\n]{{0,30}}? | last\s(?:four|4)\b [^\d\n]{{0,25}}? )"
            r"(?P<id> \d{4} ) (?! \d | [-./]\d )"
        ),
        0.9,
        certain=True,
    ),
    Rule(
        "mrn_glued",
        "MRN",
        compile_rule(r"MRN \W{0,3} (?P<id> \d{4,} )"),
        0.95,
        certain=True,
    ),
    Rule(
        "record_number_in_pairs",
        "MRN",
        compile_rule(r"(?<![\w.-]) \d{3} - \d\d - \d\d (?: -\d )? (?! [\w-] | [.,/]\d )"),
        0.75,
    ),
    Rule(
        "medicare_number_of_australia",
        "HEALTH_PLAN",
        compile_rule(r"(?<![\w.-]) [2-6]\d{3} [ ] \d{5} [ ] \d (?: [ /-] \d )? (?! [\w-] )"),
        0.8,
    ),
    Rule(
        "medicare_beneficiary_identifier",
        "HEALTH_PLAN",
        compile_rule(
            r"\b [1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d -?"
            r"[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d -? [AC-HJKMNP-RT-Y]{2}\d{2} \b",
            ignore_case=False,
        ),
        0.95,
        certain=True,
    ),
    Rule(
        "payment_card",
        "ACCOUNT",
        compile_rule(r"(?<![\w.-]) (?: \d [ -]? ){12,18} \d (?![\w-])"),
        0.9,
        certain=True,
        refine=_card,
    ),
    Rule(
        "card_shape",
        "ACCOUNT",
        compile_rule(
            r"(?<![\w.-]) (?: \d{4} (?P<s>[ -]) \d{4} (?P=s) \d{4} (?P=s) \d{4} | 3[47]\d\d "
            r"(?P<t>[ -])"
            r"\d{6} (?P=t) \d{5} ) (?! [\w-] )"
        ),
        0.85,
        certain=True,
    ),
    Rule(
        "card_ending",
        "ACCOUNT",
        compile_rule(
            r"\b(?:visa|mastercard|amex|discover|card|account|acct)\b [^\d\n]{0,20}"
            r"\bend(?:s|ing)\s(?:(?:in|with)\s)? (?P<id>\d{4})\b"
        ),
        0.9,
        certain=True,
    ),
    Rule(
        "iban",
        "ACCOUNT",
        compile_rule(
            r"\b [A-Z]{2}\d{2} (?: [ ]?[A-Z0-9]{4} ){3,7} (?: [ ]?[A-Z0-9]{1,3} )? \b",
            ignore_case=False,
        ),
        0.9,
        certain=True,
    ),
    Rule(
        "dea_shape",
        "LICENSE",
        compile_rule(r"\b [ABCDEFGHJKLMPRSTUX][A-Z9]\d{7} \b", ignore_case=False),
        0.6,
    ),
]

_MRN = [
    r"e?mr(?:n|\#|s)? (?: \s*\# )? (?<=[n#]) | mr\s(?:no|number) | mc(?=\s*\#)",
    r"med(?:ical)?\.? \s* rec(?:ord)?s?\.?",
    r"(?:patient|pt|pat|hospital|hosp|chart|unit|record|health\srecord|file|folder|nhs|epic|emr"
    r"|ehr)"
    r" \.? \s* (?: numbers? | no\. | no (?=\s?[:\#]|\s[A-Z]{0,3}-?\d{4}) | num | nbr"
    r"| id(?:entifier|entification)? | \# )",
    r"hospital\sunit\snumber | patient\sidentification",
    r"chart (?=\s*\#?\s*[A-Z]{0,3}-?\d{4})",
]
_PLAN = [
    r"(?:health\s*)? (?:plan|insurance|ins|policy|subscriber|member(?:ship)?|beneficiary|coverage"
    r"|payer"
    r"|group|grp|medicare|medicaid|hmo|ppo|medi-cal|tricare|cigna|aetna|humana|bcbs|blue\scross"
    r"|united\s?healthcare|uhc|kaiser|anthem) (?:\s(?:plan|beneficiary|policy|member|insurance"
    r"|subscriber|card|health))? \.?",
    r"h[bp]b?n | hpid | hicn? | mbi | rxbin | rx\s?(?:bin|grp|pcn|group)",
]
_ACCOUNT = [
    r"(?:bank|billing|patient|hospital|financial|guarantor|checking|savings|credit)?\s{0,3}"
    r"(?:account|acct|a/c) \.?",
    r"fin | har | iban | routing | invoice | bill(?:ing)? | (?:insurance\s)?claim | receipt"
    r"| statement | (?:credit|debit)\s(?:card)?",
    r"(?:visit|encounter|admission|episode) \s* (?: numbers? | no\. | num | id | \# )",
]
_LICENSE = [
    r"(?:driver'?s?|drivers|driving|medical|nursing|physician|state|professional|provider|rn|md"
    r"|pharmac(?:y|ist))?\s{0,3} (?:licen[cs]e|licensure|lic) \.?",
    r"lic(?:en[cs]e)? \.? \s? (?: \# | no\.? | number )? \s? :? \s? (?-i:[A-Z]{2}) (?=\s\d{4})",
    r"d\.?l\.? (?=\s*(?:\#|no|num|[:=]|[A-Z]{2}\b|[A-Z]?\d)) (?:\s[A-Z]{2}\b)?",
    r"dea | npi | passport | upin | state\sid | green\scard | visa\s(?:number|no)",
    r"(?:birth|death|marriage|board|professional)?\s{0,3}certificat(?:e|ion) \s*"
    r"(?: numbers? | no\. | num | id | \# )",
]

RULES = [
    *_CONTEXTFREE,
    labelled("mrn_labelled", "MRN", _MRN),
    Rule(
        "plan_labelled",
        "HEALTH_PLAN",
        labelled("plan_labelled", "HEALTH_PLAN", _PLAN).pattern,
        0.95,
        certain=True,
        refine=_plan_number,
    ),
    labelled("account_labelled", "ACCOUNT", _ACCOUNT),
    labelled("license_labelled", "LICENSE", _LICENSE),
]
