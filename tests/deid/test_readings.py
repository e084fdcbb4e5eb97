"""A note's reading is recorded as what was read: identified text, or a de-identified note."""

from __future__ import annotations

import pytest

from accounts.errors import NotAllowed
from audit.models import Entry
from deid.models import Run
from deid.selectors import read_output
from tests.factories.chain import make_chain

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def events() -> list[str]:
    readings = Entry.objects.filter(event__in=["phi.read", "deid.read"])
    return list(readings.order_by("occurred_at").values_list("event", flat=True))


def test_a_signed_off_output_is_no_reading_of_identified_text() -> None:
    chain = make_chain()
    signed = Run.objects.get(state=Run.State.SIGNED_OFF)
    rejected = Run.objects.get(state=Run.State.REJECTED)
    officer, engineer = chain.people.compliance, chain.people.operator
    with pytest.raises(NotAllowed):
        read_output(actor=officer, output=rejected.notes.first(), purpose="look")
    read_output(actor=engineer, output=rejected.notes.first(), purpose="look")
    assert events() == ["phi.read"]
    read_output(actor=officer, output=signed.notes.first(), purpose="look")
    assert events() == ["phi.read", "deid.read"]
