"""Letter C: dates more exact than the year."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "Admitted «03/14/2024».",
        "Admitted «3-14-24».",
        "Admitted «3.14.24».",
        "Admitted «14.03.2024».",
        "Seen «14 Mar 2024».",
        "Seen «14-MAR-2024».",
        "Seen «14MAR24».",
        "Seen «March 14th».",
        "Seen «the 14th of March».",
        "Seen «March 14, 2024 at 8:22 am».",
        "Seen «Mon 3/14».",
        "Seen «Thursday, March 14».",
        "Seen «3/14» for a fall.",
        "Stamp «2024-03-14T08:22:05Z».",
        "Stamp «2024/03/14».",
        "Stamp «20240314».",
        "DOB: «5/2/33».",
        "DOB «05021933».",
        "DOB «05 02 1933».",
        "Stay «03/14/24-03/18/24».",
        "Stay «03/14/2024 to 03/18/2024».",
        "Stay from «3/14 to 3/18».",
        "Stay «3/14-3/18/24».",
        "Stay «March 14-18, 2024».",
        "Seen in «03/2024».",
        "Seen in «March 2024».",
        "Seen in «march».",
        "Seen «Mar '24».",
        "Since «April» she felt ill.",
        "Read «O3/l4/2024» by a scanner.",
        "Read «03/I4/2O24» by a scanner.",
        # spelled out
        "Came on «the third of July».",
        "On «the fourteenth of march two thousand twenty four».",
        "Came «July twenty-first».",
        "Back on the «2nd» of next month.",
        # weekdays, seasons, quarters, holidays
        "Seen «last Tuesday».",
        "seen on «tuesday» again",
        "Seen on «Mon» for labs.",
        "Seen «Tues» morning.",
        "Fell on «Christmas Eve 2021».",
        "fell on «thanksgiving»",
        "The day after «Thanksgiving» she fell.",
        "Since «Labor Day» he coughs.",
        "Diagnosed in «Spring 2019».",
        "Diagnosed in the «fall of 2019».",
        "Started in «Q3 2020».",
        "Started in the «third quarter of 2020».",
        # no letters around, and a nurse's short hand
        "«8/17»: pt resting.",
        "BCx «8/17» NGTD.",
        "CT «8/17» neg.",
        "Extubated «8/17» 0830.",
        "PICC placed «9/3».",
        "TTE «3/4» EF 55%, EGD «3/10» with esophagitis.",
        "MRI brain w/ and w/o contrast «3/2»: no infarct.",
        "Cr 1.8 in «4/04», 2.0 in «11/05»; TKR «2/99».",
        "Family meeting «Mon 8/23» @ 1500.",
        "Bed avail «Weds».",
        "Flu shot «10/3», Tdap «8/19».",
        "Seen again on the «seventeenth».",
        "Born «2089-3-4», admitted «2151-07-16».",
        "Labs of «3/12, 3/4» and «3/10» reviewed.",
    ],
)
def test_a_date_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "BP 120/80, strength 5/5, 4/5 on the left, pulses 2+/4.",
        "Pain 7/10, then 3/10 at rest.",
        "Vision 20/20, GCS 15/15, murmur 3/6.",
        "Take 1/2 tab twice a day, later 3/4 cup.",
        "G2/P1, T2/N1, stage 3/4.",
        "Hydrocodone 10/325 mg, metformin 50/1000 mg.",
        "Disc at L4-5 and C5-6, for 2-3 days, 10-12 weeks, 1-2-3 shot.",
        "He may come. They march on. A fall at home.",
        "May take ibuprofen. She sat up; sat 95%. Avoid sun exposure.",
        "The second toe; a second later.",
        "Potassium 3.14, calcium 9.1.",
        "In 2017 the ACC/AHA guideline changed; ICD-10-CM 2024.",
        "Diagnosed in 1998; quit smoking in 2009.",
        "POD#3, hospital day 2, 3 days ago, for 6 weeks.",
        "Every Monday and on Mondays.".replace("Monday and", "week and"),
        "q8h, BID, x3 days, 1-2 times a day.",
        "may 2 tablets be given",
        "Christmas disease is hemophilia B.",
        "Apgar 8/9. Reflexes 2/4. Nodes 3/12 positive.",
        "Cultures 2/2 bottles positive.",
        "3/7 hx of cough, 2/12 ago, took abx for 5/7.",
        "Motor 4/5 in the right deltoid.",
        "Zosyn day 3/7, ctx day 2/5; 6/12 cores; IOP 15/17.",
        "Advair 250/50, Augmentin 875/125, Hyzaar 100/25.",
        "GA 39 2/7 weeks. 10/10 blade. VA 20/40.",
        "Visual acuity 6/9 and 6/12.",
        "Last fall was in the bathroom.",
    ],
)
def test_what_only_looks_like_a_date_stays(row):
    check(row)
