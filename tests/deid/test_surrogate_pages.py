"""Pages and API of surrogates: what is said before a run, shown of a note, and looked up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from audit.models import Entry
from deid.models import Run, RunNote, SurrogateEntry
from deid.selectors import shown_spans
from deid.services import start_run
from deid.services.samples import draw_sample
from tests.factories.deid import (
    Scene,
    finish,
    import_rows,
    make_run,
    make_scene,
    note_row,
    write_surrogates,
)
from tests.factories.people import make_member, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "trail"])
REASON = "Follow-up of incidental findings"


@pytest.fixture
def scene(db: None) -> Scene:
    found = make_scene()
    import_rows(found, [note_row(n) for n in range(4)])
    write_surrogates(found)
    return found


@pytest.fixture
def officer(scene: Scene) -> User:
    return make_member(scene.project, Role.COMPLIANCE)


def with_map(scene: Scene) -> Run:
    return finish(
        start_run(project=scene.project, actor=scene.engineer, keep_map=True, map_reason=REASON)
    )


def page(scene: Scene, path: str = "runs/") -> str:
    return f"/p/{scene.project.slug}/{path}"


def api(scene: Scene, path: str) -> str:
    return f"/api/v1/projects/{scene.project.slug}/{path}"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def first_fake(run: Run) -> tuple[RunNote, dict[str, Any]]:
    output = run.notes.order_by("note_id")[0]
    return output, next(s for s in shown_spans(output) if s["surrogate"])


def test_the_page_says_before_a_run_what_it_writes_and_which_method_that_is(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    shown = read(client, page(scene))
    assert "Surrogates, dates as tags." in shown
    assert "45 CFR 164.514(b)(2)" in shown
    assert "Start a run with a map" in shown
    write_surrogates(scene, date_shift=True)
    shown = read(client, page(scene))
    assert "not Safe Harbor" in shown
    assert "45 CFR 164.514(b)(1)" in shown


def test_tags_offer_no_map() -> None:
    other = make_scene()
    shown = read(signed_in(other.engineer), page(other))
    assert "Tags." in shown
    assert "with a map" not in shown


def test_a_run_with_shifted_dates_says_that_it_needs_an_expert(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    plain = make_run(scene)
    assert "needs an Expert Determination" not in read(client, page(scene, f"runs/{plain.pk}/"))
    write_surrogates(scene, date_shift=True)
    shifted = read(client, page(scene, f"runs/{make_run(scene).pk}/"))
    assert "needs an Expert Determination before it is released" in shifted


def test_a_map_is_asked_for_on_the_page_and_a_run_without_reason_is_refused(
    scene: Scene,
) -> None:
    client = signed_in(scene.engineer)
    refused = client.post(page(scene), {"keep_map": "1", "map_reason": " "})
    assert "needs a reason" in refused.content.decode()
    assert not Run.objects.exists()
    client.post(page(scene), {"keep_map": "1", "map_reason": REASON})
    assert Run.objects.get().surrogate_map.reason == REASON


def test_a_notes_page_marks_each_surrogate_with_what_stood_there(scene: Scene) -> None:
    output, span = first_fake(make_run(scene))
    shown = read(signed_in(scene.engineer), page(scene, f"runs/{output.run_id}/notes/{output.pk}/"))

    assert f'data-label="{span["tag"].strip("[]")}"' in shown
    assert f">{span['written']}</mark>" in shown


def test_a_notes_page_with_tags_has_no_labels() -> None:
    other = make_scene()
    import_rows(other, [note_row(0)])
    output = make_run(other).notes.get()
    shown = read(signed_in(other.engineer), page(other, f"runs/{output.run_id}/notes/{output.pk}/"))
    assert "[NAME]</mark>" in shown
    assert "data-label" not in shown


def test_the_api_shows_the_category_beside_the_surrogate(scene: Scene) -> None:
    output, span = first_fake(make_run(scene))
    client = signed_in(scene.engineer)
    answer = client.get(api(scene, f"runs/{output.run_id}/notes/{output.pk}/")).json()
    found = next(s for s in answer["spans"] if s["output_start"] == span["start"])

    assert found["surrogate"] is True
    assert found["written"] == span["written"]
    assert found["tag"] == span["tag"]
    assert answer["text"][found["output_start"] : found["output_end"]] == span["written"]
    run = client.get(api(scene, f"runs/{output.run_id}/")).json()
    assert run["output"]["method"] == "Safe Harbor"


def test_the_review_marks_a_surrogate_with_its_category(scene: Scene) -> None:
    reviewer = make_member(scene.project, Role.REVIEWER)
    sample = draw_sample(run=make_run(scene), actor=scene.engineer, seed=3)
    note = signed_in(reviewer).get(api(scene, f"samples/{sample.pk}/next/")).json()["note"]

    fakes = [s for s in note["spans"] if s["surrogate"]]
    assert fakes
    for span in fakes:
        assert note["text"][span["start"] : span["end"]] != span["tag"]
        assert span["category"] in span["tag"]


def test_a_leak_beside_a_surrogate_is_mended_without_the_surrogate(scene: Scene) -> None:
    from deid.models import Leak
    from deid.services.remedies import remedy_leak
    from deid.services.reviews import decide

    reviewer = make_member(scene.project, Role.REVIEWER)
    sample = draw_sample(run=make_run(scene), actor=scene.engineer, seed=3)
    signed_in(reviewer).get(api(scene, f"samples/{sample.pk}/next/"))
    item = sample.items.select_related("run_note").order_by("position").first()
    assert item is not None
    span = next(s for s in shown_spans(item.run_note) if s["surrogate"])
    mark = {"start": span["start"], "end": span["end"] + len(" was seen"), "category": "NAME"}
    decide(item=item, actor=reviewer, verdict="flag", leaks=[mark], seconds=30.0)
    leak = Leak.objects.get()
    remedy_leak(leak=leak, actor=scene.engineer)

    added = leak.review.item.run_note.note.patient.known.filter(source="review")
    values = {str(known.value) for known in added}
    assert "was seen" in values
    assert not any(span["written"] in value for value in values)


def test_a_compliance_officer_looks_up_a_surrogate_and_the_address_does_not_hold_it(
    scene: Scene, officer: User
) -> None:
    run = with_map(scene)
    _, span = first_fake(run)
    client = signed_in(officer)
    address = page(scene, f"runs/{run.pk}/map/")
    assert REASON in read(client, address)
    answer = client.post(address, {"surrogate": span["written"], "purpose": "safety"})

    assert answer.status_code == 200
    assert "Quillon Vexmore" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert Entry.objects.filter(event="deid.reid", action="R", purpose="safety").count() == 1


def test_a_vain_look_up_says_so(scene: Scene, officer: User) -> None:
    run = with_map(scene)
    answer = signed_in(officer).post(
        page(scene, f"runs/{run.pk}/map/"), {"surrogate": "Nobody Else", "purpose": "safety"}
    )
    assert "No surrogate of this run is written so" in answer.content.decode()


def test_who_may_not_look_up_reads_who_may_and_is_refused(scene: Scene) -> None:
    run = with_map(scene)
    client = signed_in(scene.engineer)
    assert "Only a compliance officer of this project may do this." in read(
        client, page(scene, f"runs/{run.pk}/")
    )
    answer = client.get(page(scene, f"runs/{run.pk}/map/"))
    assert answer.status_code == 403
    assert REASON not in answer.content.decode()


def test_a_run_without_a_map_has_no_such_page(scene: Scene, officer: User) -> None:
    run = make_run(scene)
    client = signed_in(officer)
    assert "Look up a surrogate" not in read(client, page(scene, f"runs/{run.pk}/"))
    assert client.get(page(scene, f"runs/{run.pk}/map/")).status_code == 404


def test_the_map_is_deleted_on_its_page(scene: Scene, officer: User) -> None:
    run = with_map(scene)
    client = signed_in(officer)
    client.post(page(scene, f"runs/{run.pk}/map/delete/"))

    assert not SurrogateEntry.objects.exists()
    assert "This map was deleted" in read(client, page(scene, f"runs/{run.pk}/map/"))
    late = client.post(
        page(scene, f"runs/{run.pk}/map/"), {"surrogate": "Anna", "purpose": "safety"}
    )
    assert late.status_code == 200


def test_the_api_starts_a_run_with_a_map_looks_up_and_deletes(scene: Scene, officer: User) -> None:
    engineer, client = signed_in(scene.engineer), signed_in(officer)
    assert post(engineer, api(scene, "runs/"), {"keep_map": True}).status_code == 400
    started = post(engineer, api(scene, "runs/"), {"keep_map": True, "map_reason": REASON})
    assert started.status_code == 201
    run = finish(Run.objects.get())
    _, span = first_fake(run)
    address = api(scene, f"runs/{run.pk}/map/")
    wanted = {"surrogate": span["written"], "purpose": "request"}

    assert post(engineer, f"{address}look-up/", wanted).status_code == 403
    found = post(client, f"{address}look-up/", wanted).json()
    assert found[0]["original"].startswith("Quillon Vexmore")
    assert post(client, f"{address}look-up/", {**wanted, "purpose": "x"}).status_code == 400
    assert engineer.delete(address).status_code == 403
    assert client.delete(address).status_code == 204
    assert post(client, f"{address}look-up/", wanted).status_code == 409


def test_the_api_still_starts_a_run_with_an_empty_body(scene: Scene) -> None:
    assert signed_in(scene.engineer).post(api(scene, "runs/")).status_code == 201
    assert not hasattr(Run.objects.get(), "surrogate_map")
