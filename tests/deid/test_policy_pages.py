"""Pages and API of policies, drafts and trials: what each role sees, may do and may read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from audit.models import Entry
from deid import engine_door
from deid.models import PolicyDraft, PolicyTrial
from deid.policy_content import terms_of
from deid.services import add_terms, current_policy, start_trial
from tests.factories.deid import Scene, import_rows, make_run, make_scene, note_row
from tests.factories.people import make_member, signed_in
from tests.factories.policies import finish_trial, make_draft, make_trial
from vault import files as store

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
        "base": number, "terms": "", "terms_category": "LOCATION", "allow_terms": "",
        "threshold_default": "0.5", "reason": "", "act": "version", **changes,
    }  # fmt: skip


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


# Editing


def test_terms_thresholds_and_allow_terms_are_edited_together(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    answer = client.post(
        f"{base(scene)}edit/",
        typed(
            terms="Oak Hill\nQuill; NAME", allow_terms="Norton", threshold_NAME="0.4",
            reason="The ward asked",
        ),
    )  # fmt: skip
    assert answer.headers["Location"] == base(scene)
    content = current_policy(scene.project).content
    assert terms_of(content) == [("Oak Hill", "LOCATION"), ("Quill", "NAME")]
    assert content["allow_terms"] == ["Norton"]
    assert content["thresholds"] == {"default": 0.5, "NAME": 0.4}
    listed = text_of(client, base(scene))
    assert "May hide less" in listed
    assert "1 allow term added; threshold lowered: Names, from 0.5 to 0.4; 2 terms added" in listed
    assert "Oak Hill" not in listed
    shown = text_of(client, f"{base(scene)}versions/2/")
    assert "The ward asked" in shown
    assert "hides more" in shown
    assert "Quill" not in shown
    assert "Quill" in text_of(client, f"{base(scene)}versions/2/?terms=1")


def test_what_may_hide_less_asks_for_a_reason_and_keeps_what_was_typed(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    answer = client.post(f"{base(scene)}edit/", typed(allow_terms="Norton\nEpworth"))
    shown = answer.content.decode()
    assert "say why" in shown
    assert "Norton\nEpworth" in shown
    assert current_policy(scene.project).number == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"terms": "Oak\n?\nBirch; PLACE"}, ["Line 2: ", "Line 3: "]),
        ({"allow_terms": "Norton\nx"}, ["Line 2: "]),
        ({"threshold_default": ""}, ["All categories"]),
        ({"threshold_NAME": "1.4"}, ["less than or equal to 1"]),
        ({"terms": "\n".join(["?"] * 30)}, ["Line 10: ", "20 more lines"]),
    ],
)
def test_a_wrong_line_or_threshold_is_named_and_nothing_is_saved(
    scene: Scene, changes: dict[str, str], words: list[str]
) -> None:
    answer = signed_in(scene.engineer).post(f"{base(scene)}edit/", typed(**changes))
    assert answer.status_code == 200
    for part in words:
        assert part in answer.content.decode()
    assert current_policy(scene.project).number == 1


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("terms.csv", b'text,category\n"Oak Hill, PA",LOCATION\nQuill,NAME\n', 2),
        ("terms.txt", b"Oak Hill\nQuill; NAME\n", 2),
        ("terms.txt", "Café Élan\n".encode("utf-16"), 1),
        ("terms.txt", "Café Élan\n".encode("cp1252"), 1),
        ("terms.csv", b"".join(b"Brundle Ward %d,LOCATION\n" % n for n in range(10_000)), 10_000),
    ],
)  # fmt: skip
def test_a_list_is_uploaded_and_no_file_stays(
    scene: Scene, name: str, content: bytes, expected: int
) -> None:
    before = set(store.path_of(scene.project.pk).parent.glob("*"))
    client = signed_in(scene.engineer)
    form = typed(terms="Birch", terms_file=SimpleUploadedFile(name, content))
    assert client.post(f"{base(scene)}edit/", form).status_code == 302
    assert current_policy(scene.project).term_count == expected + 1
    assert set(store.path_of(scene.project.pk).parent.glob("*")) == before
    assert client.get(f"{base(scene)}edit/").status_code == 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Oak\n?\n", "Line 2: "),
        (b"\x00\x01\x02\x03", "not text"),
        (b"x" * (4 * 1024 * 1024 + 1), "larger than 4 MB"),
    ],
)
def test_a_bad_file_is_refused_whole(scene: Scene, content: bytes, words: str) -> None:
    form = typed(terms="Birch", terms_file=SimpleUploadedFile("terms.txt", content))
    answer = signed_in(scene.engineer).post(f"{base(scene)}edit/", form)
    assert words in answer.content.decode()
    assert current_policy(scene.project).number == 1


def test_terms_of_a_file_are_kept_when_the_form_is_refused(scene: Scene) -> None:
    form = typed(
        terms="Birch", allow_terms="Norton",
        terms_file=SimpleUploadedFile("terms.txt", b"Oak Hill"),
    )  # fmt: skip
    shown = signed_in(scene.engineer).post(f"{base(scene)}edit/", form).content.decode()
    assert "say why" in shown
    assert "Birch; LOCATION\nOak Hill; LOCATION" in shown


def test_a_stale_form_is_refused_with_what_changed_and_both_can_be_brought_together(
    scene: Scene,
) -> None:
    client = signed_in(scene.engineer)
    text_of(client, f"{base(scene)}edit/")
    add_terms(project=scene.project, actor=scene.engineer, terms=[("Oak Hill", "LOCATION")])
    shown = client.post(f"{base(scene)}edit/", typed(terms="Birch")).content.decode()
    assert "Somebody made version 2" in shown
    assert "1 term added" in shown
    assert "Oak Hill" in shown  # to the editor, who may read terms
    assert "Birch; LOCATION" in shown
    merged = client.post(f"{base(scene)}edit/", typed(terms="Birch", act="merge"))
    assert "Oak Hill; LOCATION\nBirch; LOCATION" in merged.content.decode()
    assert 'name="base" value="2"' in merged.content.decode()
    assert current_policy(scene.project).number == 2
    saved = client.post(
        f"{base(scene)}edit/", typed(2, terms="Oak Hill; LOCATION\nBirch; LOCATION")
    )
    assert saved.status_code == 302
    assert current_policy(scene.project).term_count == 2


def test_opening_the_edit_page_is_a_reading_in_the_trail(scene: Scene) -> None:
    text_of(signed_in(scene.engineer), f"{base(scene)}edit/")
    entry = Entry.objects.get(event="phi.read")
    assert (entry.object_type, entry.purpose) == ("deid.PolicyVersion", "edit the policy")


def test_the_output_is_offered_where_the_engine_states_it(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'name="output"' not in text_of(signed_in(scene.engineer), f"{base(scene)}edit/") or (
        engine_door.output_choices()
    )
    rows = [
        {"output": "tags", "date_shift": False, "profile": "safe_harbor_strict", "name": "Tags",
         "statement": "This is Safe Harbor."},
        {"output": "surrogates", "date_shift": True, "profile": "expert", "name": "Shifted",
         "statement": "It needs an Expert Determination."},
    ]  # fmt: skip
    path = tmp_path / "output_profiles.json"
    path.write_text(json.dumps({"outputs": rows}))
    monkeypatch.setattr(engine_door, "_OUTPUTS", path)
    client = signed_in(scene.engineer)
    assert "It needs an Expert Determination." in text_of(client, f"{base(scene)}edit/")
    refused = client.post(f"{base(scene)}edit/", typed(output="1")).content.decode()
    assert "say why" in refused
    client.post(f"{base(scene)}edit/", typed(output="1", reason="Dates are needed"))
    content = current_policy(scene.project).content
    assert (content["output"], content["date_shift"], content["profile"]) == (
        "surrogates", True, "expert",
    )  # fmt: skip
    assert "needs an Expert Determination" in text_of(client, f"{base(scene)}versions/2/")
    client.post(f"{base(scene)}edit/", typed(2, output="0", reason="Back to tags"))
    content = current_policy(scene.project).content
    assert "output" not in content
    assert content["profile"] == "safe_harbor_strict"


# Drafts and trials


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


# The API


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
