"""Letters D to F: telephone, fax, e-mail."""

import pytest

from tests.deid.engine.marked import category_of, check


@pytest.mark.parametrize(
    "row",
    [
        "Call «(555) 010-4477».",
        "Call «555.010.4477 x213» please.",
        "Call «+1 555 010 4477».",
        "Call «555-010-4477 ext. 12».",
        "Call «5550104477».",
        "Phone: «467 3395»",
        "Phone: «(08) 8747 6301»",
        "Call «+44 7700 900123».",
        "Reach him at «07700 900 123».",
        "Please use pager «4477».",
        "Paged at «4477».",
        "call «5-4477»",
        "beeper #«1022»",
        "ext «4412»",
        "Call «1-800-QUIT-NOW».",
        "Cell «555 010 4477», home «555-010-4478».",
        "«555 010 4477» (cell)",
        "call «five five five oh one oh four four seven seven»",
        "Fax: «555-010-9988»",
        "F: «555 010 9988»",
        "Write to «j.okafor@example.org».",
        "Write to «jokafor at gmail dot com» please.",
        "Write to «jokafor [at] example [dot] org».",
        "mailto:«jokafor@example.org»",
        "Write to «j.okafor@\nexample.org» today.",
    ],
)
def test_a_number_or_address_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "Call 911 or 988.",
        "NS @ 75 ml/hr, 5 mg @ 0900.",
        "Given 1000-2000-3000 units.",
        "FEV1 2.10-2.45.",
        "Cell count 1200, white cells 8400.",
        "He was called twice. Contact precautions for 10 days.",
        "Works 40 hours. Home oxygen 2 l.",
        "One to two, two to three, three or four times.",
        "Contact isolation, x 3 days.",
        "Text 12 of the form.",
    ],
)
def test_public_lines_and_doses_stay(row):
    check(row)


def test_a_fax_is_a_fax():
    assert category_of("Fax: 555-010-9988", "555") == "FAX"
    assert category_of("Phone: 555-010-9988", "555") == "PHONE"
    assert category_of("Mail a.b@example.org", "a.b") == "EMAIL"
