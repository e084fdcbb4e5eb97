"""Letter B: ZIP codes, postcodes abroad and geocodes."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "«Quenby», IL «62704».",
        "«Quenby», IL «62704-1234».",
        "lives in «pinch hollow», oh «00329»",
        "from «pinch hollow», in «46999»",
        "ZIP «62704-1234» on file.",
        "zip code: «62704».",
        "My zip is «627»xx.",
        "Zip: «394 13».",
        "Postcode «7412 SL».",
        "His postcode is «SW1A 1AA».",
        "Her postal code is «K1A 0B1».",
        "postal code «k1a 0b1» given",
        "She works in «Tallinn 10134» now.",
        "Sent to «80331 München» today.",
        "Found at lat «39.78, lon -89.65».",
        "Found at lat «39.78123, lon -89.65012».",
        "GPS «39.7817, -89.6501» noted.",
        "At «39°46'54\"N» on the map.",
        "Plus code «86HJQW8M+2X».",
        "Census tract «0012.01» / FIPS «17167».",
        "Ward «3» precinct «12».",
    ],
)
def test_a_code_of_a_place_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "CPT 99213 and 99214 were billed.",
        "Platelets 250000, WBC 12000.",
        "Weight 12500 g in total.",
        "Ferritin 1234, then 20000 units of heparin.",
        "Staged T2N0M0, later T1N0M0.",
        "FEV1 2.10-2.45 and FVC 3.11.",
        "lat 1.1 cm, long 1.1 cm",
        "Lesion 1.25 by 2.50 cm.",
        "He counted in 10000 steps.",
        "Lives in Illinois and visits Canada.",
    ],
)
def test_other_numbers_of_five_digits_stay(row):
    check(row)
