"""Section 3: components as they are, receipts with their seals, and no claim without evidence."""

from __future__ import annotations

import pytest

from evidence.sections import Scope, Section, collect_section
from tests.factories.chain import Chain, approved, make_chain
from tests.factories.rollouts import make_live
from vault.keys import authority

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain(db: None) -> Chain:
    return make_chain(failed_round=False)


def section_of(chain: Chain) -> Section:
    return collect_section("arch", Scope(str(chain.project.pk), str(chain.version.pk)))


def text_of(section: Section) -> str:
    return str(section.to_dict())


def test_components_and_flows_are_those_of_this_installation(chain: Chain) -> None:
    section = section_of(chain)
    shown = text_of(section)
    assert "Gateway" in shown
    assert "Unix socket in a private folder" in shown
    (diagram,) = [f for f in section.fields if f.key == "diagram"]
    assert diagram.blocks[0].svg.startswith("<svg")  # type: ignore[union-attr]


def test_what_nobody_tested_stays_a_gap(chain: Chain) -> None:
    gaps = {gap.field for gap in section_of(chain).gaps}
    assert "Proof of no outbound traffic" in gaps
    assert "Kill switch test and downtime procedure" in gaps
    assert any("Backup" in gap for gap in gaps)


def test_no_key_or_password_is_in_the_section(chain: Chain) -> None:
    from django.conf import settings

    shown = text_of(section_of(chain))
    assert settings.SECRET_KEY not in shown
    assert settings.DATABASES["default"]["PASSWORD"] not in shown


def test_a_receipt_is_shown_with_its_digest_and_seal(chain: Chain) -> None:
    deployment = make_live(chain, approved(chain))
    shown = text_of(section_of(chain))
    assert deployment.receipt_digest in shown
    assert "seal verifies" in shown
    type(deployment).objects.filter(pk=deployment.pk).update(
        receipt_seal=authority().seal(b"something else")
    )
    assert "DOES NOT VERIFY" in text_of(section_of(chain))
