"""Telephone and fax numbers, e-mail addresses (letters D to F)."""

import re

from deid.engine.families.name_vocabulary import CREDENTIAL
from deid.engine.recognition import Rule, Trigger, compile_rule

_PUBLIC_LINES = frozenset({"911", "988", "18002738255", "8002738255", "18002221222", "8002221222"})

_EXTENSION = r"(?: \s* ,? \s* (?: ext(?:ension)?\.? | x ) \s* \#? \s* \d{1,6} )?"
_US = (
    rf"(?: \+?1 [-. ]{{0,2}} )? (?: \( \d{{3}} \) [-. ]{{0,2}} | \d{{3}} [-./ ]{{1,2}} ) \d{{3}}"
    rf"[-. ]{{1,2}} \d{{4}} (?!\d) {_EXTENSION}"
)
_GLUED = r"(?: \( \d{3} \) [ ]? \d{7} | \+?1? \d{10} ) (?!\d)"
_ABROAD = (
    r"\+ [ ]? \d{1,3} (?: [-. /()]{1,2} \d{1,8} ){2,6} (?!\d) | \+ \d{8,15} | 00 \d{2} [ ] (?: "
    r"\d{2,5}"
    r"[ ]? ){2,5}"
)
_LABEL = (
    r"\b(?: (?:tele)?phone | tel | cell(?:ular)?(?!\s*(?:s|count|culture)\b) | mobile | ph"
    r"| call(?:ed|back)? | contact | reach(?:ed|able)? | pager | beeper | paged? | voicemail |"
    r"text(?:ed)? | whatsapp"
    r"| home | work | hotline | emergency\scontact | answer(?:s|ed|ing)?\s(?:at|on) |"
    r"messages?\s(?:to|at|on) | registered | my\snumber (?:\sis)? | number\sis )\b"
)


def _not_public(match: re.Match[str]) -> tuple[int, int] | None:
    group = "id" if "id" in match.re.groupindex else 0
    digits = re.sub(r"\D", "", match.group(group))
    return None if digits in _PUBLIC_LINES else match.span(group)


def _long_enough(match: re.Match[str]) -> tuple[int, int] | None:
    digits = sum(c.isdigit() for c in match.group("id"))
    return match.span("id") if 7 <= digits <= 15 else None


def _any(*patterns: str) -> str:
    return "|".join(f"(?:{p})" for p in patterns)


RULES = [
    Rule(
        "fax_labelled",
        "FAX",
        compile_rule(
            rf"\b(?: fax(?:ed|es|\sto)? | facsimile | f (?=:) )\b [^\d+(\n]{{0,25}}"
            rf"(?P<id> {_any(_US, _ABROAD, _GLUED)} | \d{{3}}[-. ]\d{{4}} (?!\d) )"
        ),
        0.98,
        certain=True,
    ),
    Rule(
        "phone_shape",
        "PHONE",
        compile_rule(rf"(?<![\w.+-]) (?: {_any(_US, _ABROAD)} )"),
        0.85,
        certain=True,
        refine=_not_public,
    ),
    Rule(
        "phone_labelled",
        "PHONE",
        compile_rule(
            rf"{_LABEL} (?: [^\d+(\n]{{0,30}}? | : \s* ) (?P<id> {_any(_US, _ABROAD, _GLUED)}"
            r"| (?: \(? \d \)? [-. ]{0,2} ){6,14} \d (?!\d) )"
        ),
        0.95,
        certain=True,
        refine=_not_public,
    ),
    Rule(
        "phone_with_trunk_zero",
        "PHONE",
        compile_rule(
            r"(?<![\w.,/-]) (?<!NDC[ ]) (?<!NDC:[ ]) (?<!NDC\#[ ]) 0\d{1,4} (?: [ -] \d{2,4} "
            r"){2,4} (?! [\w-] | [.,/]\d )"
        ),
        0.7,
    ),
    Rule(
        "phone_seven_digits",
        "PHONE",
        compile_rule(rf"(?<![\w.+-]) \d{{3}}[-.]\d{{4}} (?! [\d] | [-.]\d ) {_EXTENSION}"),
        0.6,
    ),
    Rule(
        "extension_or_pager",
        "PHONE",
        compile_rule(
            r"\b(?: (?: ext(?:ension|n)? | pager | pgr | bpr | beeper | beep | page(?:d)?"
            r"(?:\sat)? | (?:call(?:ed|ing)? | dial | at)(?=\s\d-\d{4}\b) | voalte | ascom |"
            r"spectralink"
            r"| vocera )\b | x (?= \d{4,5}\b | \d-\d{4}\b ) ) [.:#\s]* (?:is|at"
            r"|number|no\.?)? [#:\s]*"
            r"(?P<id> \d-\d{4} | \d{3,6} | \d (?: [ ] \d ){3,5} ) (?! \d | [-./]\d |"
            r"\s?(?:mg|ml|%) )"
        ),
        0.9,
        certain=True,
    ),
    Rule(
        "pager_glued",
        "PHONE",
        compile_rule(
            r"(?<![\w.'-]) [pb] [ ]? \#? (?P<id> \d{5} ) (?! [\w%] | [.,/-]\d | [ ]?mg )",
            ignore_case=False,
        ),
        0.7,
    ),
    Rule(
        "number_behind_credential",
        "PHONE",
        compile_rule(
            rf"\b {CREDENTIAL} [ ,/:()-]{{1,3}} (?: \# [ ]? (?P<hash> \d{{4,6}} ) | (?P<id>"
            r"\d{5} | \d{1,2}-\d{3,4} ) ) (?! [\w%] | [.,/-]\d )"
        ),
        0.75,
        refine=lambda m: m.span("hash") if m.group("hash") else m.span("id"),
    ),
    Rule(
        "phone_before_label",
        "PHONE",
        compile_rule(
            r"(?<![\w./-]) (?P<id> \+? (?: \(? \d{1,5} \)? [-. ]{0,2} ){2,6} (?<=\d) ) [ ]?"
            r"(?: - [ ]? | \( )? (?: office | fax | home | mobile | cell | work | direct ) \b"
        ),
        0.8,
        certain=True,
        refine=_long_enough,
    ),
    Rule(
        "phone_spelt_out",
        "PHONE",
        compile_rule(
            r"\b (?: (?: zero | oh | one | two | three | four | five | six | seven | eight | nine |"
            r"double | triple | hundred ) (?: [ ,-]+ | \b ) ){7,}"
        ),
        0.85,
        certain=True,
    ),
    Rule(
        "vanity_number",
        "PHONE",
        compile_rule(r"\b 1-8(?:00|33|44|55|66|77|88)-[A-Z0-9]{3,4}-?[A-Z0-9]{3,7}\b"),
        0.8,
        refine=_not_public,
    ),
    Rule(
        "email",
        "EMAIL",
        compile_rule(
            r"[\w.!#$%&'*+/=?^`{|}~-]{1,64} \s? @ (?: [ ]?\n[ ]? )? (?: [\w-]{1,63} \. ){1,8} "
            r"[A-Z][A-Z0-9-]{1,23}"
        ),
        0.99,
        certain=True,
    ),
    Rule(
        "email_spelt_out",
        "EMAIL",
        compile_rule(
            r"\b [\w.+-]{2,64} \s* (?: \[at\] | \(at\) | \sat\s ) \s* [\w-]{2,63}"
            r"(?: \s* (?: \[dot\] | \(dot\) | \sdot\s | \. ) \s* [\w-]{2,24} ){0,3}"
            r"\s* (?: \[dot\] | \(dot\) | \sdot\s ) \s* [a-z]{2,10} \b"
        ),
        0.9,
        certain=True,
        trigger=Trigger(frozenset(["dot"]), reach=360),
    ),
]
