"""What happened beside ``5/8``: events, ranges and rows of dates that no score has (letter C)."""

import re

#: Acts and events of a hospital stay, in front of the day on which they were.
_EVENT_BEFORE = re.compile(
    r"(?: \b(?: d/?c'?d? | dx'?d? | s/p (?:\s[\w&'-]+){1,3} |"
    r"last \s (?:[\w-]+\s)? [\w-]+ | start | stop | end | to\sOR | OR | LP | line | picc | tlc |"
    r"cvl | port | drain | stent | swab | consult | transfer | washout | ex-?lap | orif | crani |"
    r"craniotomy | evd | trach | peg | bronch | ercp | tap | thora(?:centesis)? |"
    r"para(?:centesis)? | stress | mibi | ablation | cardioversion | dccv | ppm | avr | mvr | angio"
    r"| xrt | chemo | repeat | dose\s\#?\d | eval(?:uation)? | cx's | culture | spike[sd]? |"
    r"fever |"
    r"rigors | fell | fall | seizure | arrest | code | mva | mvc | onset | sx | sputum | csf | on:"
    r"| labs? | cbc | chem | ua | cr | hct | wbc ) [\s:=(@]{1,3} ) $",
    re.IGNORECASE | re.VERBOSE,
)
_ACT_BEFORE = re.compile(r"\b(\w{3,})ed[\s:=(@]{1,3}$", re.IGNORECASE)
#: Stems of words that judge a strength, a murmur or a pain.
_NO_ACTS = frozenset({
    "appreciat", "assess", "decreas", "demonstrat", "describ", "diminish", "document", "elevat",
    "estimat", "extend", "flex", "grad", "impair", "improv", "increas", "limit", "list",
    "measur", "not", "observ", "preserv", "rat", "record", "reduc", "report", "scor", "stat",
    "test", "weaken",
})  # fmt: skip
#: ``By 10/8 he was tolerating diet``.
_BY_A_DAY = re.compile(r"\b(?:by|from|on|as of)\s$", re.IGNORECASE)
_WENT_ON = re.compile(
    r",?\s(?:he|she|they|we|it|the|his|her|pt|patient|was|were|there|with)\b", re.IGNORECASE
)
_FRACTIONS = frozenset({("1", "2"), ("1", "3"), ("2", "3"), ("1", "4"), ("3", "4")})
#: Pressures of a ventilator and other pairs whose first part is the larger one.
_SETTING_BEFORE = re.compile(
    r"(?: \b(?: bi-?pap | c-?pap | psv? | peep | ac | simv | cmv | vent\w* | settings? |"
    r"pressures? |"
    r"niv | ipap | epap | iabp | flow | ratio | map | cvp | pa | h/h | i/o | in/out | uop | va |"
    r"vod"
    r"| vos | od | os | ou | snellen | insulin | mix | t/d | set | pip | rate | wean(?:ed|ing)? )"
    r"\b [^.;\n]{0,12} | \b(?: of | to | at | per | on ) \s | [\d%/x+-] \s? ) $",
    re.IGNORECASE | re.VERBOSE,
)
_ROW_BEFORE = re.compile(r"\b\d{1,2}/\d{1,2}(?:\s?[,;&+]\s?|\s(?:and|to|then)\s|\s?-+>?\s?)$")
_VALUE_BEFORE = re.compile(r"\d[%a-z]{0,3}\s?[(\[]\s?$", re.IGNORECASE)
_CLOSED = re.compile(r"[)\]](?!\s?(?:tab|pill|pack|cup|dose|puff|bottle))", re.IGNORECASE)
_OPEN_END = re.compile(r"\s?-+>?\s?(?:[,;)\n]|\Z|(?:present|now|today|current)\b)", re.IGNORECASE)
_LAB_AFTER = re.compile(
    r"[)\]]?[:\s]{1,3}(?:na|wbc|hct|hgb|cr|creat\w*|plts?|inr|ptt|ck|trop\w*|bnp|lactate|abg|ldl|ua"
    r"|bun|gluc\w*|ast|alt|lfts?|lipase|chem|cbc|tte|mri|pt[ ]seen)\b",
    re.IGNORECASE,
)


def dated_by_neighbours(match: re.Match[str], before: str) -> bool:
    """Whether what stands around month/day says that it is a day and no score or fraction.

    ``before`` is the text in front of the match or of the row of dates that it ends.
    """
    text, end = match.string, match.end()
    month, day = match.group("m"), match.group("d")
    if _VALUE_BEFORE.search(before) and _CLOSED.match(text, end):
        return True
    if _is_range(match) or _begins_a_line_of_values(match):
        return True
    if month == day == "2" and not re.match(r"\s?(?:[.,;)]|$)", text[end:]):
        return False
    if _BY_A_DAY.search(before) and _WENT_ON.match(text, end) and (month, day) not in _FRACTIONS:
        return True
    if int(month) > int(day) and not _SETTING_BEFORE.search(before):
        return True
    act = _ACT_BEFORE.search(before)
    if _EVENT_BEFORE.search(before) or (act and act.group(1).lower() not in _NO_ACTS):
        return True
    return (
        bool(_OPEN_END.match(text, end)) and re.search(r"[a-z]{4,}[ (]{1,2}$", before) is not None
    )


def _is_range(match: re.Match[str]) -> bool:
    """``3/6-3/10`` with different days; strengths have one denominator: ``4/5-5/5``."""
    parts = re.findall(r"\d+", match.group())
    return len(parts) == 4 and parts[1] != parts[3] and 0 <= int(parts[2]) - int(parts[0]) < 2


def _begins_a_line_of_values(match: re.Match[str]) -> bool:
    text, start = match.string, match.start()
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line.strip(" \t*#>-([") == "" and _LAB_AFTER.match(text, match.end()) is not None


def without_row(before: str) -> str:
    """The text in front of the first of ``4/5, 4/8 and``."""
    row = _ROW_BEFORE.search(before)
    while row is not None:
        before = before[: row.start()]
        row = _ROW_BEFORE.search(before)
    return before
