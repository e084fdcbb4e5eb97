"""Pages of drafts and trials: what each role sees, may do and may read."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from audit.models import Entry
from deid.models import PolicyDraft, PolicyTrial
from deid.services import add_terms, current_policy, runs, start_trial, trial_chunks
from jobs.services import run_job
from tests.factories.deid import Scene, import_rows, make_run, make_scene, note_row
from tests.factories.people import make_member, signed_in
from tests.factories.policies import finish_trial, make_draft, make_trial, trial_jobs

pytestmark = pytest.mark.django_db(databases=["default", "trail"])
OTHERS = [r for r in Role if r not in (Role.DATA_ENGINEER, Role.SYSADMIN)]
NOT_RAW = [r for r in OTHERS if r is not Role.REVIEWER]


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture
def trial(scene: Scene) -> PolicyTrial:
    import_rows(scene, [note_row(n) for n in range(4)])
    return make_trial(scene, make_draft(scene, terms=[("Furosemide", "OTHER_ID")]))


def base(scene: Scene) -> str:
    return f"/p/{scene.project.slug}/policy/"


def api(scene: Scene) -> str:
    return f"/api/v1/projects/{scene.project.slug}/"


def typed(number: int = 1, **changes: Any) -> dict[str, Any]:
    """The form of the policy as a browser sends it."""
    return {
        "base": number, "output": "0", "terms": "", "terms_category": "LOCATION", "allow_terms": "",
        "threshold_default": "0.5", "reason": "", "act": "version", **changes,
    }  # fmt: skip


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_draft_is_made_tried_and_adopted_on_the_pages(scene: Scene) -> None:
    import_rows(scene, [note_row(n) for n in range(4)])
    client = signed_in(scene.engineer)
    made = client.post(f"{base(scene)}edit/", typed(terms="Furosemide; OTHER_ID", act="draft"))
    draft = PolicyDraft.objects.get()
    page = made.headers["Location"]
    assert page == f"{base(scene)}drafts/{draft.pk}/"
    assert "1 term added" in text_of(client, page)
    assert "Draft 1" in text_of(client, base(scene))
    started = client.post(page, {"size": "3"}).headers["Location"]
    assert "Compare on 3 notes" in text_of(client, started)
    assert "hx-get" in client.get(f"{started}progress/").content.decode()
    trial = finish_trial(PolicyTrial.objects.get())
    assert client.get(f"{started}progress/").headers["HX-Refresh"] == "true"
    shown = text_of(client, started)
    assert "The draft hides 6 more." in shown
    assert "[OTHER_ID, 10 characters]" in shown
    assert "Furosemide" not in shown
    assert "The draft hides 6 more." in text_of(client, page)
    adopted = client.post(f"{page}adopt/", {"revision": draft.revision, "reason": ""})
    assert adopted.headers["Location"] == base(scene)
    assert current_policy(scene.project).number == 2
    assert client.get(started).status_code == 404
    assert not PolicyTrial.objects.filter(pk=trial.pk).exists()


def test_a_trial_is_cancelled_resumed_and_dropped_on_the_pages(scene: Scene) -> None:
    import_rows(scene, [note_row(0)])
    draft = make_draft(scene, allow=["Norton"])
    trial = start_trial(draft=draft, actor=scene.engineer)
    client, page = signed_in(scene.engineer), f"{base(scene)}trials/{trial.pk}/"
    client.post(f"{page}cancel/")
    assert "Resume" in text_of(client, page)
    client.post(f"{page}resume/")
    finish_trial(trial)
    shown = text_of(client, page)
    assert "hides the same as the current policy" in shown
    assert "No difference" in shown
    assert "Adopt as version 2" in shown
    client.post(f"{base(scene)}drafts/{draft.pk}/drop/")
    assert client.get(page).status_code == 404


def test_while_other_parts_are_at_work_a_failed_trial_is_followed_and_offers_no_resume(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "NOTES_PER_CHUNK", 2)
    import_rows(scene, [note_row(n) for n in range(4)])
    trial = start_trial(draft=make_draft(scene, allow=["Norton"]), actor=scene.engineer)
    with monkeypatch.context() as patched:
        patched.setattr(trial_chunks._Comparison, "_patient", _breaks)
        run_job(trial_jobs(trial)[0].pk)
    trial.refresh_from_db()
    assert trial.state == PolicyTrial.State.FAILED
    client, page = signed_in(scene.engineer), f"{base(scene)}trials/{trial.pk}/"
    shown = text_of(client, page)
    assert "Its other parts are still at work" in shown
    assert f"{page}resume/" not in shown
    assert f'hx-get="{page}progress/"' in shown
    assert "HX-Refresh" not in client.get(f"{page}progress/").headers
    finish_trial(trial)
    assert client.get(f"{page}progress/").headers["HX-Refresh"] == "true"
    shown = text_of(client, page)
    assert f"{page}resume/" in shown
    assert f'hx-get="{page}progress/"' not in shown


def _breaks(*args: object) -> None:
    raise ValueError


def test_a_draft_is_edited_and_a_stale_edit_refused(scene: Scene) -> None:
    client, draft = signed_in(scene.engineer), make_draft(scene, terms=[("Oak Hill", "NAME")])
    page = f"{base(scene)}drafts/{draft.pk}/"
    assert "Oak Hill; NAME" in text_of(client, f"{page}edit/")
    form = typed(revision=1, act="save", terms="Birch; NAME")
    assert client.post(f"{page}edit/", form).headers["Location"] == page
    shown = client.post(f"{page}edit/", {**form, "terms": "Elm; NAME"}).content.decode()
    assert "changed this draft" in shown
    assert "Elm; NAME" in shown
    merged = client.post(f"{page}edit/", {**form, "terms": "Elm; NAME", "act": "merge"})
    assert "Birch; NAME\nElm; NAME" in merged.content.decode()
    assert "Birch" in text_of(client, f"{page}?terms=1")


def test_a_stale_draft_says_so_and_is_carried_over(scene: Scene) -> None:
    client, draft = signed_in(scene.engineer), make_draft(scene, terms=[("Birch", "NAME")])
    add_terms(project=scene.project, actor=scene.engineer, terms=[("Oak Hill", "LOCATION")])
    page = f"{base(scene)}drafts/{draft.pk}/"
    shown = text_of(client, page)
    assert "The policy was changed since this draft was begun" in shown
    assert "Adopt as version" not in shown
    assert client.post(f"{page}adopt/", {"revision": 1}).status_code == 409
    client.post(f"{page}carry-over/")
    assert "Adopt as version 3" in text_of(client, page)


@pytest.mark.parametrize("role", OTHERS)
def test_others_see_what_happens_and_are_told_who_may_act(
    scene: Scene, trial: PolicyTrial, role: Role
) -> None:
    client = signed_in(make_member(scene.project, role))
    draft = trial.draft
    pages = ["", "versions/1/", f"drafts/{draft.pk}/", f"trials/{trial.pk}/"]
    for page in pages:
        shown = text_of(client, f"{base(scene)}{page}")
        assert "Furosemide" not in shown
        assert "Quillon" not in shown
    assert "Only a data engineer" in text_of(client, base(scene))
    for page in ("edit/", f"drafts/{draft.pk}/edit/"):
        assert client.get(f"{base(scene)}{page}").status_code == 403
    acts = [
        f"drafts/{draft.pk}/adopt/", f"drafts/{draft.pk}/carry-over/", f"drafts/{draft.pk}/drop/",
        f"trials/{trial.pk}/cancel/", f"trials/{trial.pk}/resume/",
    ]  # fmt: skip
    for act in acts:
        assert client.post(f"{base(scene)}{act}", {"revision": 1}).status_code == 403
    assert client.post(f"{base(scene)}drafts/{draft.pk}/", {"size": 5}).status_code == 403
    assert PolicyDraft.objects.count() == 1


@pytest.mark.parametrize("role", NOT_RAW)
def test_terms_and_raw_notes_are_refused_to_roles_without_raw_access(
    scene: Scene, trial: PolicyTrial, role: Role
) -> None:
    row, client = trial.notes.first(), signed_in(make_member(scene.project, role))
    assert row is not None
    addresses = [
        f"{base(scene)}versions/1/?terms=1",
        f"{base(scene)}drafts/{trial.draft_id}/?terms=1",
        f"{base(scene)}trials/{trial.pk}/notes/{row.pk}/",
        f"{api(scene)}policies/1/terms/",
    ]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "Furosemide" not in answer.content.decode()
    assert "trials/" + str(trial.pk) + "/notes/" not in text_of(
        client, f"{base(scene)}trials/{trial.pk}/"
    )


def test_a_raw_note_of_a_trial_is_read_one_by_one_and_each_time_recorded(
    scene: Scene, trial: PolicyTrial
) -> None:
    reviewer = make_member(scene.project, Role.REVIEWER)
    client = signed_in(reviewer)
    row = trial.notes.exclude(more=0).first()
    assert row is not None
    shown = text_of(client, f"{base(scene)}trials/{trial.pk}/notes/{row.pk}/")
    assert "Furosemide" in shown
    assert "data-phi" in shown
    entry = Entry.objects.get(event="phi.read", actor_id=reviewer.pk)
    assert entry.object_id == str(row.note_id)


def test_another_project_finds_neither_draft_nor_trial(scene: Scene, trial: PolicyTrial) -> None:
    other = make_scene()
    client = signed_in(other.engineer)
    row = trial.notes.first()
    assert row is not None
    for path in (f"drafts/{trial.draft_id}/", f"trials/{trial.pk}/",
                 f"trials/{trial.pk}/notes/{row.pk}/", f"trials/{trial.pk}/progress/"):  # fmt: skip
        assert client.get(f"{base(other)}{path}").status_code == 404
    for path in (f"policy-drafts/{trial.draft_id}/", f"policy-trials/{trial.pk}/"):
        assert client.get(f"{api(other)}{path}").status_code == 404


def queries(client: Client, address: str) -> int:
    client.get(address)  # fills what is cached
    with CaptureQueriesContext(connections["default"]) as asked:
        assert client.get(address).status_code == 200, address
    return len(asked)


def test_longer_lists_cost_no_more_queries(scene: Scene) -> None:
    import_rows(scene, [note_row(n) for n in range(2)])
    draft = make_draft(scene, terms=[("Furosemide", "OTHER_ID")])
    trial = make_trial(scene, draft, size=1)
    client = signed_in(scene.engineer)
    make_run(scene)
    pages = {
        "versions": base(scene), "version": f"{base(scene)}versions/1/",
        "draft": f"{base(scene)}drafts/{draft.pk}/", "trial": "",
        "api versions": f"{api(scene)}policies/", "api drafts": f"{api(scene)}policy-drafts/",
        "api trials": f"{api(scene)}policy-drafts/{draft.pk}/trials/", "api differences": "",
    }  # fmt: skip

    def counted(found: PolicyTrial) -> dict[str, int]:
        pages["trial"] = f"{base(scene)}trials/{found.pk}/"
        pages["api differences"] = f"{api(scene)}policy-trials/{found.pk}/differences/"
        return {name: queries(client, address) for name, address in pages.items()}

    before = counted(trial)
    import_rows(scene, [note_row(n) for n in range(2, 12)])
    make_run(scene)
    for n in range(3):
        make_draft(scene, terms=[(f"Ward {n}", "LOCATION")])
    assert counted(make_trial(scene, draft, size=12)) == before
    for n in range(3):
        add_terms(project=scene.project, actor=scene.engineer, terms=[(f"Ward {n}", "LOCATION")])
    for name in ("versions", "api versions"):
        assert queries(client, pages[name]) == before[name]
