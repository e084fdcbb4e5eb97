"""Every rule has its sentence, and no sentence is left of a rule that went."""

from deid.engine.families import build_families
from deid.engine.ner import LABELS
from deid.engine.reasons import reason_of, reasons
from deid.engine.sweep import _RULES as SWEPT

OWN = {
    "known_identifier.structured_field",
    "known_identifier.confirmed",
    "policy.term",
    "propagation.same_patient",
}


def every_rule() -> set[str]:
    families = {f"{family.name}.{rule.id}" for family in build_families() for rule in family.rules}
    models = {f"model.{label.lower()}" for label in LABELS}
    looked_for_last = {rule.id for rule in SWEPT.rules} | {name.split(".")[1] for name in OWN}
    swept = {f"sweep.{rule}" for rule in looked_for_last - {"same_patient"}}
    return families | models | swept | OWN


def test_every_rule_of_every_family_has_a_sentence() -> None:
    missing = every_rule() - reasons().keys()
    assert not missing, "say in deid/engine/data/reasons.json what these rules look for"


def test_no_sentence_is_of_a_rule_that_does_not_exist() -> None:
    assert reasons().keys() - every_rule() == set()


def test_a_sentence_is_a_clause_that_a_category_can_stand_before() -> None:
    for rule, sentence in reasons().items():
        assert sentence == sentence.strip(), rule
        assert not sentence.endswith("."), rule
        assert len(sentence) < 110, rule


def test_any_model_has_the_sentences_of_its_labels() -> None:
    assert reason_of("transformer", "name") == reason_of("tagger", "name")


def test_a_recognizer_of_which_nothing_is_written_is_named() -> None:
    assert reason_of("my_own", "x") == "found by my own"
    assert reason_of("", "") == "found by a recognizer without a name"
