"""The API of policies, drafts and trials, and what it refuses to whom."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.roles import Role
from deid.models import PolicyTrial
from deid.services import add_terms, current_policy
from tests.factories.deid import Scene, import_rows, make_scene, note_row
from tests.factories.people import make_member, signed_in
from tests.factories.policies import finish_trial, make_draft, make_trial

pytestmark = pytest.mark.django_db(databases=["default", "trail"])
OTHERS = [r for r in Role if r not in (Role.DATA_ENGINEER, Role.SYSADMIN)]


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture
def trial(scene: Scene) -> PolicyTrial:
    import_rows(scene, [note_row(n) for n in range(4)])
    return make_trial(scene, make_draft(scene, terms=[("Furosemide", "OTHER_ID")]))


def api(scene: Scene) -> str:
    return f"/api/v1/projects/{scene.project.slug}/"


def test_the_api_edits_drafts_tries_and_adopts(scene: Scene) -> None:
    import_rows(scene, [note_row(n) for n in range(4)])
    client, root = signed_in(scene.engineer), api(scene)

    def post(path: str, body: dict[str, Any]) -> Any:
        return client.post(f"{root}{path}", body, content_type="application/json")

    current_policy(scene.project)
    made = post("policies/next/", {"base": 1, "allow_terms": ["Norton"], "note": "The ward"})
    assert made.status_code == 201
    assert (made.json()["number"], made.json()["lowers"]) == (2, True)
    assert made.json()["change"] == ["1 allow term added"]
    assert post("policies/next/", {"base": 1, "allow_terms": []}).json()["code"] == "stale"
    refused = post("policies/next/", {"base": 2, "thresholds": {"default": 0.9}})
    assert (refused.status_code, refused.json()["code"]) == (400, "reason-needed")
    assert client.get(f"{root}policies/").json()["count"] == 2
    facts = client.get(f"{root}policies/2/").json()
    assert facts["allow_terms"] == 1
    assert facts["thresholds"]["NAME"] == 0.5
    assert client.get(f"{root}policies/2/terms/").json()["allow_terms"] == ["Norton"]

    term = {"text": "Furosemide", "category": "OTHER_ID"}
    draft = post("policy-drafts/", {"base": 2, "terms": [term]}).json()
    path = f"policy-drafts/{draft['id']}/"
    body = {"revision": 1, "thresholds": {"default": 0.4}}
    changed = client.put(f"{root}{path}", body, content_type="application/json").json()
    assert (changed["revision"], changed["lowers"]) == (2, False)
    assert client.put(f"{root}{path}", body, content_type="application/json").status_code == 409
    started = post(f"{path}trials/", {"size": 2})
    assert started.status_code == 201
    trial = f"policy-trials/{started.json()['id']}/"
    assert client.get(f"{root}{trial}progress/").json()["state"] == "queued"
    assert post(f"{trial}cancel/", {}).json()["state"] == "cancelled"
    assert post(f"{trial}resume/", {}).json()["state"] == "running"
    finish_trial(PolicyTrial.objects.get())
    assert client.get(f"{root}{trial}").json()["result"]["totals"]["more"] >= 4
    found = client.get(f"{root}{trial}differences/").json()
    assert found["count"] == 2
    assert "Furosemide" not in json.dumps(found)
    assert client.get(f"{root}{path}trials/").json()["count"] == 1
    adopted = post(f"{path}adopt/", {"revision": 2})
    assert (adopted.status_code, adopted.json()["number"]) == (201, 3)
    assert client.get(f"{root}policy-drafts/").json()["count"] == 0


def test_the_api_carries_over_and_drops_a_draft(scene: Scene) -> None:
    client, draft = signed_in(scene.engineer), make_draft(scene, terms=[("Birch", "NAME")])
    path = f"{api(scene)}policy-drafts/{draft.pk}/"
    add_terms(project=scene.project, actor=scene.engineer, terms=[("Oak Hill", "LOCATION")])
    assert client.get(path).json()["base"] == 1
    assert client.post(f"{path}carry-over/").json()["base"] == 2
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("role", OTHERS)
def test_the_api_refuses_every_act_to_other_roles(
    scene: Scene, trial: PolicyTrial, role: Role
) -> None:
    client, root = signed_in(make_member(scene.project, role)), api(scene)
    draft = f"policy-drafts/{trial.draft_id}/"
    acts: list[tuple[str, str, dict[str, Any]]] = [
        ("post", "policies/next/", {"base": 1, "allow_terms": []}),
        ("post", "policy-drafts/", {"base": 1, "allow_terms": ["Norton"]}),
        ("put", draft, {"revision": 1, "allow_terms": []}),
        ("delete", draft, {}),
        ("post", f"{draft}carry-over/", {}),
        ("post", f"{draft}adopt/", {"revision": 1}),
        ("post", f"{draft}trials/", {}),
        ("post", f"policy-trials/{trial.pk}/cancel/", {}),
        ("post", f"policy-trials/{trial.pk}/resume/", {}),
    ]
    for method, path, body in acts:
        answer = getattr(client, method)(f"{root}{path}", body, content_type="application/json")
        assert answer.status_code == 403, path
    assert client.get(f"{root}policy-trials/{trial.pk}/differences/").status_code == 200
    assert current_policy(scene.project).number == 1
