import json

import pytest

from evidence.canonical import canonical_json
from evidence.sections import (
    Chart,
    Evidence,
    Field,
    Figure,
    Gap,
    Registry,
    Scope,
    Table,
    Text,
    section_ids,
    section_spec,
)

SCOPE = Scope("project", "version", None)


def test_it_knows_the_seven_sections_in_order() -> None:
    assert section_ids() == ("deid", "model", "arch", "access", "audit", "incident", "approval")
    assert [section_spec(id_).number for id_ in section_ids()] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("section_id", section_ids())
def test_keys_are_unique_and_every_field_names_its_source(section_id: str) -> None:
    fields = section_spec(section_id).fields
    assert len({required.key for required in fields}) == len(fields) >= 8
    assert all(required.source and required.label for required in fields)


def test_a_section_without_providers_says_so_for_every_field() -> None:
    section = Registry().collect("incident", SCOPE)
    assert section.is_empty
    assert len(section.gaps) == len(section_spec("incident").fields)
    assert all("no evidence" in gap.reason for gap in section.gaps)


def test_two_providers_fill_one_section() -> None:
    registry = Registry()

    @registry.provider("deid")
    def first(scope: Scope) -> list[Field]:
        return [Field("qa_plan", "Plan", [Text(f"plan of {scope.project_id}")])]

    @registry.provider("deid")
    def second(scope: Scope) -> list[Field]:
        return [
            Field("qa_plan", "Plan", [Text("more")]),
            Field("attestation", "", [Text("signed")]),
        ]

    section = registry.collect("deid", SCOPE)
    by_key = {collected.key: collected.blocks for collected in section.fields}
    assert by_key["qa_plan"] == (Text("plan of project"), Text("more"))
    assert by_key["attestation"] == (Text("signed"),)
    assert len(section.gaps) == len(section.fields) - 2
    assert not section.is_empty


def test_a_field_without_blocks_stays_a_gap() -> None:
    registry = Registry()
    registry.provider("deid")(lambda scope: [Field("qa_plan", "Plan", [])])
    assert registry.collect("deid", SCOPE).is_empty


def test_a_provider_may_give_the_reason_of_a_gap() -> None:
    registry = Registry()
    gap = Gap("Exercise", "No exercise was held yet.")
    registry.provider("incident")(lambda scope: [Field("exercise_record", "", [gap])])
    assert gap in registry.collect("incident", SCOPE).gaps


def test_it_refuses_a_source_that_could_mean_several_fields() -> None:
    registry = Registry()
    registry.provider("model")(lambda scope: [Field("training_run", "Run", [Text("x")])])
    with pytest.raises(ValueError, match="lora, optimiser, hardware"):
        registry.collect("model", SCOPE)


def test_a_key_or_the_full_label_tells_which_field_is_meant() -> None:
    registry = Registry()
    lora = section_spec("model").fields[4]
    by_label = Field("training_run", lora.label, [Text("by label")])
    by_key = Field("training_run", "Settings", [Text("by key")], key="optimiser")
    registry.provider("model")(lambda scope: [by_label, by_key])
    blocks = {field.key: field.blocks for field in registry.collect("model", SCOPE).fields}
    assert blocks["lora"] == (Text("by label"),)
    assert blocks["optimiser"] == (Text("by key"),)


def test_it_refuses_unknown_sections_and_keys() -> None:
    registry = Registry()
    with pytest.raises(ValueError, match="no section"):
        registry.provider("kitchen")
    registry.provider("deid")(lambda scope: [Field("x", "X", [Text("x")], key="kitchen")])
    with pytest.raises(ValueError, match="kitchen"):
        registry.collect("deid", SCOPE)


def test_an_addition_stands_after_the_required_fields() -> None:
    registry = Registry()
    registry.provider("arch")(lambda scope: [Field("gateway", "Gateway", [Text("routes")])])
    last = registry.collect("arch", SCOPE).fields[-1]
    assert (last.source, last.required) == ("gateway", False)


def test_a_fault_in_a_provider_is_not_shown_as_a_gap() -> None:
    registry = Registry()

    @registry.provider("arch")
    def broken(scope: Scope) -> list[Field]:
        raise RuntimeError("database gone")

    with pytest.raises(RuntimeError):
        registry.collect("arch", SCOPE)


def test_a_section_is_plain_json_with_every_kind_of_block() -> None:
    table = Table("Rates", ("category", "n"), (("NAME", 3), ("DATE_AGE", None)))
    blocks = [
        Text("text"),
        Figure("Leak rate", 0.01, "", (0.0, 0.05), 56, "a" * 64),
        table,
        Chart("Rates", "<svg/>", table),
        Evidence("Run", "b" * 64, "deid_run"),
        Gap("Other", "Not done."),
    ]
    registry = Registry()
    registry.provider("deid")(lambda scope: [Field("qa_result", "Result", blocks)])
    data = registry.collect("deid", SCOPE).to_dict()
    assert json.loads(json.dumps(data)) == data
    assert canonical_json(data)
    result = next(field for field in data["fields"] if field["key"] == "qa_result")
    kinds = [block["type"] for block in result["blocks"]]
    assert kinds == ["text", "figure", "table", "chart", "evidence", "gap"]


def test_the_order_of_registration_does_not_change_a_section() -> None:
    def a(scope: Scope) -> list[Field]:
        return [Field("qa_plan", "", [Text("a")])]

    def b(scope: Scope) -> list[Field]:
        return [Field("qa_plan", "", [Text("b")])]

    one, two = Registry(), Registry()
    for registry, order in ((one, (a, b)), (two, (b, a))):
        for provider in order:
            registry.provider("deid")(provider)
    assert one.collect("deid", SCOPE) == two.collect("deid", SCOPE)


def test_it_refuses_a_table_with_a_short_row() -> None:
    with pytest.raises(ValueError, match="row"):
        Table("Rates", ("a", "b"), (("only one",),))
