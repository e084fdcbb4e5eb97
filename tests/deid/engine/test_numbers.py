"""Letters G to K: social security, record, plan, account and licence numbers."""

import pytest

from tests.deid.engine.marked import category_of, check


@pytest.mark.parametrize(
    "row",
    [
        "SSN «123-45-6789» on file.",
        "SSN «123456789» on file.",
        "SSN «000-12-3456» on file.",
        "SSN «xxx-xx-6789» on file.",
        "SSN last 4: «6789».",
        "last four «6789»",
        "Social security number is «123 45 6789».",
        "MRN «00482913» noted.",
        "MR#: «482913» noted.",
        "MRN# «A-48-2913» noted.",
        "Pt ID «A0048291» noted.",
        "Medical record number: «48-29-13».",
        "Epic CSN «1000234567».",
        "chart #«48291»",
        "MBI «1EG4-TE5-MK73» active.",
        "Member ID «W1234 56789» active.",
        "Medicaid # «99887766» active.",
        "Policy no. «ZX-88-1201», group no. «70014».",
        "HICN «123456789A» was used.",
        "Acct# «778812» is open.",
        "FIN «100233», HAR «5566».",
        "Paid by card «4111 1111 1111 1111».",
        "Paid by card «4111 1111 1111 1112».",
        "Visa ending «4242».",
        "Card ending in «4242».",
        "DL IL «O123-4567-8901».",
        "DEA «AB1234563» on the script.",
        "DEA # «AB1234567» on the script.",
        "NPI «1234567893» on the script.",
        "NPI: «1234567890» on the script.",
        "RN lic «55512».",
        "Passport «X1234567».",
        "Birth certificate no. «112-88-0142».",
    ],
)
def test_a_number_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "Has Medicare and a PPO plan; ACLS and BLS certified.",
        "MD, RN, licensed. Board certified in 2012.",
        "Plan: 1. Aspirin 81. 2. Labs in 3 months.",
        "Account of the fall: 2 steps.",
        "Group therapy in 3 months. Insurance for 12 months.",
        "Member of a group of 12.",
        "Last 4 visits were normal. Last four doses held.",
        "Card 3 of the Ishihara test.",
        "Sodium 138, potassium 4.1, glucose 104, troponin 0.012.",
        "DL 2, FIN none.",
    ],
)
def test_plans_credentials_and_counts_stay(row):
    check(row)


@pytest.mark.parametrize(
    ("text", "surface", "category"),
    [
        ("SSN 123-45-6789", "123", "SSN"),
        ("MRN 00482913", "00482913", "MRN"),
        ("MBI 1EG4-TE5-MK73", "1EG4", "HEALTH_PLAN"),
        ("Acct# 778812", "778812", "ACCOUNT"),
        ("NPI 1234567893", "1234567893", "LICENSE"),
    ],
)
def test_a_number_has_its_category(text, surface, category):
    assert category_of(text, surface) == category
