"""A target's `backend` decides where its versions run, in every process alike."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from deployment.backends.base import BackendError
from deployment.backends.choice import DEFAULT, backend_named
from deployment.backends.transformers import TransformersBackend
from deployment.gateway.snapshot import Route, Snapshot
from deployment.models import Target
from deployment.selectors import served_now
from deployment.services.routing import route_of
from tests.factories.chain import approved, make_chain
from tests.factories.rollouts import make_live, make_target

ROUTE = Route("version", "v1", "0" * 64, "artefacts/v1", "1" * 64, "Advisory", 6)


def test_every_back_end_that_a_target_can_name_exists(tmp_path: Path) -> None:
    names = [name for name, _ in Target._meta.get_field("backend").choices or ()]
    for name in names:
        with closing(backend_named(name, tmp_path / "none.sock")):
            pass
    with closing(backend_named(DEFAULT, tmp_path / "none.sock")) as backend:
        assert isinstance(backend, TransformersBackend)


def test_a_back_end_that_nobody_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="'abacus'") as refused:
        backend_named("abacus", tmp_path / "none.sock")
    assert refused.value.code == "unknown_backend"


def test_a_snapshot_from_before_the_choice_routes_to_the_first_back_end() -> None:
    stored = Snapshot(1, {"summary": ROUTE}).to_dict()
    del stored["aliases"]["summary"]["backend"]
    assert Snapshot.from_dict(stored).aliases["summary"] == ROUTE
    assert asdict(ROUTE)["backend"] == DEFAULT


@pytest.mark.django_db(databases=["default", "trail"])
def test_pages_and_gateway_ask_the_back_end_that_the_target_names() -> None:
    chain = make_chain(failed_round=False)
    live = make_live(chain, approved(chain), make_target(chain))
    live.target.backend = "abacus"
    assert route_of(live).backend == "abacus"
    assert "abacus" in served_now(live).words
