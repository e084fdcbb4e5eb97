"""Dates as notes shorten them, and the scores and fractions that look like them."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "INR 2.3 («3/2»), 1.9 («3/5»), 2.8 («3/9»).",
        "POD#3 («5/6»): tolerating clears.",
        "extubated «5/5», reintubated «5/8»",
        "s/p ERCP «5/10» and I&D «4/5», «4/8»",
        "Vanco «3/4»-, cefepime «3/6-3/10»",
        "Last BM «5/4». To OR «4/8» for washout.",
        "(«4/5») Na 130",
        "By «10/8» he was tolerating a diet.",
        "Picc line «4/6», LP «3/4» negative.",
        "Stopped «5-3». Pap «9-01»; admitted «10-2» with pneumonia.",
        "Visit date «99-06-17».",
        "In hospital «3/12-14» for chest pain.",
        "Dose on «03.2005».",
        "TAH/BSO «1/92», COMPARISON: «10/2/98», «5/97».",
        "Appt «Tue» 2pm, «Fri» 10am or «thurs».",
        "Next wk «Wed». Come «Fri».",
        "the «15th and 16th»",
        "On «12th» he had a fever.",
        "The end of «June», or «June-July».",
        "Over «Mem Day» weekend.",
        "Transferred to the floor «11/8». Blood cx «11/3» NGTD; «11/4» 1/2 bottles GPC.",
        "EF 30% «4/'06». Surgery planned for the «14th».",
        "Date: __«3/3/54»__",
        "D:«03/12/05»:T«03/13/05»",
    ],
)
def test_dates_in_short_go(row: str) -> None:
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "Deltoid 4 (4/5), biceps 5 (5/5), tone normal.",
        "Take 1 (1/2) tab daily, or 1/2 tab.",
        "RUE 4/5, LUE 5/5, quad 3/5.",
        "AMS 2/2 UTI; intubated 2/2 hypoxia; fell 2/2 syncope.",
        "Strength improved 4/5; graded 2/6; rated 7/10; pain 8/10.",
        "GPC in 2/3 bottles; MMSE recall 2/3 at 5 min.",
        "BiPAP 10/5, PSV 12/5, CPAP 5/10.",
        "Placed 2-3 clips; stopped 2-3 days ago; L4-5 disc.",
        "Weaned to 10/5, vent settings 12/5, Snellen 6/5, pressures 8/4.",
        "BP 12/80, vent 10/95, ratio 8/70.",
        "He sat up. Sun exposure.",
        "D5 1/2 NS at 75, 3/4 inch, by 1/2 the dose.",
        "The 2nd and 3rd digits; on the 4th and 5th ribs.",
        "In the 7th or 8th month of gestation.",
        "HD every Tuesday.",
    ],
)
def test_scores_fractions_and_schedules_stay(row: str) -> None:
    check(row)
