"""Streets, towns, facilities and employers of one invented district."""

from __future__ import annotations

HOSPITAL = "Harrow Vale Medical Center"

# What everyone in the district calls the neighbouring hospital; no suffix gives it away.
HOSPITAL_SHORTHAND = "Quarry"
# The district's large employer, a single word that no dictionary holds.
EMPLOYER_SHORTHAND = "Tolvane"

FACILITIES = (
    "Wexcombe Regional Medical Center",
    "St. Odran's Hospital",
    "Lindenholt Community Hospital",
    "Bellmarsh Dialysis Center",
    "Orchard Lane Clinic",
    "Saint Brannoc Hospital",
)
NURSING_HOMES = (
    "Ferncliff Nursing Home",
    "Maple Hollow Nursing Home",
    "Larkspur Rehabilitation Center",
)
RARE_EMPLOYER = "Greer & Oxley Freight Inc."

STREETS = (
    "Elmhurst Street", "Copperfield Avenue", "Old Mill Road", "Juniper Lane", "Kettle Drive",
    "Sycamore Court", "Bellweather Avenue", "Tannery Street", "Fox Hollow Road", "Prospect Avenue",
    "Lantern Street", "Quaker Road", "Harbor Drive", "Chestnut Street", "Windmill Lane",
)  # fmt: skip

# (town, county, state, ZIP): invented towns; the ZIP prefixes belong to no post office.
TOWNS = (
    ("Harrow Vale", "Wexcombe County", "OH", "00311"),
    ("Lindenholt", "Wexcombe County", "OH", "00314"),
    ("Marrowby", "Tarrant Hill County", "OH", "00327"),
    ("Pinch Creek", "Tarrant Hill County", "OH", "00329"),
    ("Stonebeck", "Ashlow County", "PA", "00342"),
    ("Eddington Falls", "Ashlow County", "PA", "00345"),
    ("Varnish", "Ashlow County", "PA", "00348"),
    ("Oxmere", "Wexcombe County", "OH", "00318"),
)
AREA_CODES = ("614", "330", "724", "814")
