"""Letter B: named hospitals, homes, schools, churches, prisons; letter A: employers."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "Came from «Sunny Acres Nursing Home».",
        "Seen at «St. Mary's Hospital».",
        "Treated at «St. Mary's» then.",
        "Transferred from «Mercy» today.",
        "She was told the same at the «Quarry».",
        "Followed at the «Heart Institute».",
        "Back to «Tolvane» for rehab.",
        "Sent to «Alder 6» after surgery.",
        "Surgery at «Quillback Regional Medical Center» in 2019.",
        "Care at the «University of Tolvane».",
        "Records from «Tolvane General».",
        "came from «sunny acres nursing home»",
        "seen at «st. mary's hospital» last year",
        "transferred from «mercy hospital» by ems",
        "TRANSFERRED FROM «DEACONESS» BY EMS",
        "TX FROM «BROOKHOLLOW» FOR SEPSIS",
        "He was at an OSH («Brookhollow General») since then.",
        "In from «Sunrise of Brookhollow» with falls.",
        "A retired firefighter («Fairhaven FD») with cough.",
        "Flown in by «Tolvane MedFlight» at night.",
        "Services by «VNA of Greater Tolvane».",
        "he was seen at «mercy» last week",
        "Seen in my «Oxmere office» then.",
        "Transferred to «Ellison 4» then home.",
        "Fell at «Stop & Shop» then.",
        "Listed at «DFCI» for transplant.",
        "Applied to «Our Lady's Haven» then.",
        "Care at «CBOC Rutland» then.",
        "Seen outside «Foley's Tavern» then.",
        "Consult to «Univ of Tolvane» sent.",
        "Help from «Tolvane Elder Services» at home.",
        "Transferred from «Tolvane» for PTL.",
        # schools, churches, shelters, prisons
        "Attends «Larkspur Elementary».",
        "In 5th grade at «Tolvane Middle School».",
        "A student at «Quillback College».",
        "Member of «Grace Lutheran Church».",
        "Stays at the «Harbor Light Shelter».",
        "Inmate at «Tolvane Correctional Facility».",
        "Incarcerated at «Quillback».",
    ],
)
def test_a_named_site_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "Works at «Northfield Tool & Die».",
        "Works second shift at «Tolvane».",
        "Has been on the line at «Quillback» for 17 years.",
        "Employed by «Ashby Rope Works».",
        "Retired from «Tolvane».",
        "Drives for «Quillback Haulage».",
        "Laid off by «Tolvane Steel».",
        "A foreman at «Quillback».",
        "Worked as a welder for 12 years at «Tolvane».",
        "Employer: «Acme Tire Works».",
        "works second shift at «tolvane» and smokes",
        "retired from «tolvane» in 2010",
        "is a nurse at «Tolvane».",
    ],
)
def test_an_employer_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "Transferred to the ICU from the ED.",
        "Seen in MICU, then on 5 West, then the floor.",
        "Referred to Cardiology and Interventional Radiology.",
        "Seen at the Emergency Department.",
        "Sent to General Surgery.",
        "Admitted to Medicine, discharged to SNF.",
        "Works at night. Works full-time. Bowels working okay.",
        "Retired in 2010. Retired dock hand.",
        "Attends Alcoholics Anonymous.",
        "Thyroid medicine was changed to Unithroid.",
        "Pain at Best: 2. Pain at Worst: 7.",
        "Works as a nurse for 5 years.",
        "Checks his pressure at CVS.",
        "ADMITTED TO FLOOR FROM ED WITH SEPSIS",
        "Switched from Lantus to Toujeo.",
        "Followed in clinic by the team.",
        "Employed with benefits.",
        "Enrolled in the ACCORD trial.",
    ],
)
def test_units_specialties_and_shops_stay(row):
    check(row)
