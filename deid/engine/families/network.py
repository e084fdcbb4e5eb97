"""Web addresses, handles and internet addresses (letters N and O)."""

import ipaddress
import re

from deid.engine.recognition import Rule, Trigger, compile_rule

_PUBLIC_SITES = frozenset(
    {
        "cdc.gov",
        "nih.gov",
        "medlineplus.gov",
        "fda.gov",
        "hhs.gov",
        "who.int",
        "heart.org",
        "uptodate.com",
        "clinicaltrials.gov",
        "pubmed.gov",
    }
)


def _url(match: re.Match[str]) -> tuple[int, int] | None:
    """A public health site's bare root is a reference; its path may not be."""
    start, end = match.span()
    while end > start and match.string[end - 1] in ".,;:!?)'\"]>":
        end -= 1
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", match.string[start:end].lower()).rstrip("/")
    return None if bare in _PUBLIC_SITES else (start, end)


def _address(match: re.Match[str]) -> tuple[int, int] | None:
    before = match.string[max(0, match.start() - 12) : match.start()].lower()
    if re.search(r"(?:version|ver|v|section|build|release)\.?\s*$", before):
        return None
    try:
        ipaddress.ip_address(match.group(0).split("%")[0])
    except ValueError:
        return None
    return match.span()


_TLD_NAMES = (
    "com|org|net|edu|gov|mil|int|info|biz|io|co|us|uk|ca|de|fr|au|nl|ch|app|dev|me|tv|health"
    "|care|clinic|hospital|med|example|test|invalid|local|online|site|blog"
)
_TLD = rf"(?:{_TLD_NAMES})"

RULES = [
    Rule(
        "url",
        "URL",
        compile_rule(r"\b(?: https? | ftp | mychart ) :// [^\s<>\"]{2,2000}"),
        0.99,
        certain=True,
        refine=_url,
        trigger=Trigger(marks=("://",), reach=9),
    ),
    Rule(
        "bare_domain",
        "URL",
        compile_rule(
            rf"(?<![\w@.-]) (?: www\. (?: [\w-]{{1,63}} \. ){{1,6}} [a-z]{{2,10}}"
            rf"| (?: [a-z0-9][\w-]{{1,62}} \. ){{1,6}} {_TLD} (?![\w@-]) ) (?: [/?\#] [^\s<>\"]* )?"
        ),
        0.9,
        certain=True,
        refine=_url,
        trigger=Trigger(marks=("www.", *(f".{name}" for name in _TLD_NAMES.split("|"))), reach=384),
    ),
    Rule(
        "social_handle",
        "URL",
        compile_rule(r"(?<![\w@.]) @ [A-Z_][\w.]{2,30} (?<!\.) (?!\w|@)"),
        0.7,
        certain=True,
    ),
    Rule(
        "ipv4",
        "IP",
        compile_rule(r"(?<![\w.-]) \d{1,3} (?: \. \d{1,3} ){3} (?! [\w-] | \.\d )"),
        0.9,
        certain=True,
        refine=_address,
    ),
    Rule(
        "ipv6",
        "IP",
        compile_rule(
            r"(?<![\w:.]) (?= [0-9a-f:]* :: | (?:[0-9a-f]{1,4}:){7} ) [0-9a-f:]{3,39} (?![\w:])"
        ),
        0.9,
        certain=True,
        refine=_address,
        trigger=Trigger(marks=(":",), reach=4),
    ),
]
