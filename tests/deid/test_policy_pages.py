"""Pages of the policy: editing it, lists, reasons, and two who edit at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audit.models import Entry
from deid.policy_content import terms_of
from deid.services import add_terms, change_policy_draft, current_policy
from tests.factories.deid import Scene, make_scene
from tests.factories.people import signed_in
from tests.factories.policies import content_of, make_draft
from vault import files as store

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def base(scene: Scene) -> str:
    return f"/p/{scene.project.slug}/policy/"


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


@pytest.mark.parametrize("act", ["version", "draft", "merge"])
def test_to_see_what_others_changed_is_a_reading_in_the_trail(scene: Scene, act: str) -> None:
    client = signed_in(scene.engineer)
    text_of(client, f"{base(scene)}edit/")
    add_terms(project=scene.project, actor=scene.engineer, terms=[("Oak Hill", "LOCATION")])
    shown = client.post(f"{base(scene)}edit/", typed(terms="Birch", act=act)).content.decode()
    assert "Oak Hill" in shown
    read = Entry.objects.filter(event="phi.read", purpose="see what others changed")
    assert str(current_policy(scene.project).pk) in read.values_list("object_id", flat=True)
    assert set(read.values_list("actor_id", flat=True)) == {scene.engineer.pk}


@pytest.mark.parametrize("act", ["save", "merge"])
def test_to_see_what_others_changed_in_a_draft_is_a_reading_in_the_trail(
    scene: Scene, act: str
) -> None:
    client, draft = signed_in(scene.engineer), make_draft(scene, terms=[("Oak Hill", "NAME")])
    page = f"{base(scene)}drafts/{draft.pk}/edit/"
    text_of(client, page)
    content = content_of(scene.project, terms=[("Elm", "NAME")])
    change_policy_draft(draft=draft, actor=scene.engineer, content=content, revision=1)
    form = typed(terms="Birch; NAME", revision=1, act=act)
    shown = client.post(page, form).content.decode()
    assert "Elm" in shown
    entry = Entry.objects.get(event="phi.read", purpose="see what others changed")
    assert entry.object_id == str(draft.pk)


def test_the_output_is_chosen_with_its_method_of_the_law(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    assert "only under an Expert Determination" in text_of(client, f"{base(scene)}edit/")
    refused = client.post(f"{base(scene)}edit/", typed(output="2")).content.decode()
    assert "say why" in refused
    client.post(f"{base(scene)}edit/", typed(output="2", reason="Dates are needed"))
    content = current_policy(scene.project).content
    assert (content["output"], content["date_shift"], content["profile"]) == (
        "surrogates", True, "expert_determination_shift",
    )  # fmt: skip
    assert "which needs an Expert Determination" in text_of(client, f"{base(scene)}versions/2/")
    client.post(f"{base(scene)}edit/", typed(2, output="0", reason="Back to tags"))
    content = current_policy(scene.project).content
    assert "output" not in content
    assert content["profile"] == "safe_harbor_strict"
