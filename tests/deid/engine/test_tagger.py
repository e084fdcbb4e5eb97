"""The tagger's parts, and what the shipped weights must see and leave alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.ner import TaggerNer, spans_by
from deid.engine.tagger import load_tagger
from deid.engine.tagger.features import WIDTH, FeatureMap, shape_of
from deid.engine.tagger.model import WEIGHTS, read_tagger
from deid.engine.tagger.network import BLOCK, DILATIONS, REACH, Layer, Network
from deid.engine.tagger.tokens import core_of, ends_of, tokenize

TEXTS = st.text(alphabet="aB7 \n\t.,'é-ß\u00a0東", max_size=80)


@given(TEXTS)
def test_joined_tokens_are_the_text(text):
    assert "".join(tokenize(text)) == text


@given(TEXTS)
def test_ends_and_cores_cut_out_each_token_without_its_blanks(text):
    tokens = tokenize(text)
    for token, end in zip(tokens, ends_of(tokens), strict=True):
        core = core_of(token)
        assert text[end - len(core) : end] == core
        assert core == token.strip() or not token.strip()


@pytest.mark.parametrize(
    ("core", "other"),
    [("mercy", "Mercy"), ("Mercy", "MERCY"), ("M", "MERCY"), ("McAdoo", "Mcadoo"), ("1931", "3119"),
     ("7", "777"), ("\n", "."), ("東", "a")],
)  # fmt: skip
def test_shapes_tell_kinds_of_tokens_apart(core, other):
    assert shape_of(core) != shape_of(other)


def test_a_word_has_bounded_rows_and_its_own_row_first():
    features = FeatureMap({"mercy": 0}, {"mercy": 5}, 1 << 9)
    assert features.rows(" Mercy")[0] == features.rows("MERCY")[0] != features.rows("Merci")[0]
    assert max(map(len, (features.rows("q" * 40), features.rows(" Mercy")))) <= WIDTH


def test_an_inflected_dictionary_word_counts_as_one():
    features = FeatureMap({}, {"admit": 1 << 9, "smile": 1 << 9}, 1 << 9)
    assert features._bits("smiled") & 1 << 9
    assert not features._bits("qwzbled") & 1 << 9


def random_network(width=8, classes=4):
    rng = np.random.default_rng(7)
    layers = [
        Layer(rng.normal(0, 0.3, (3, width, width)).astype("f4"), np.ones(width, "f4"))
        for _ in DILATIONS
    ]  # fmt: skip
    return Network(layers, rng.normal(size=(width, classes)).astype("f4"), np.zeros(classes, "f4"))


def test_blocks_give_what_one_pass_gives():
    network, rng = random_network(), np.random.default_rng(3)
    vectors = rng.normal(size=(50, 8)).astype("f4")
    numbers = rng.integers(0, 50, size=2 * BLOCK + 77)
    whole = network._logits(vectors[numbers])
    whole = np.exp(whole - whole.max(1, keepdims=True))
    whole /= whole.sum(1, keepdims=True)
    np.testing.assert_allclose(network.probabilities(numbers, vectors), whole, atol=1e-5)


def test_a_word_depends_on_its_neighbours_within_reach_only():
    network, rng = random_network(), np.random.default_rng(3)
    vectors = rng.normal(size=(9, 8)).astype("f4")
    numbers = rng.integers(0, 8, size=60)
    before = network.probabilities(numbers, vectors)
    assert before.shape == (60 - 2 * REACH, network.output.shape[1])
    numbers[30] = 8
    changed = np.flatnonzero(np.abs(network.probabilities(numbers, vectors) - before).max(1) > 1e-6)
    changed += REACH  # the first answer is for the first word that has all its neighbours
    assert changed.min() >= 30 - REACH
    assert changed.max() <= 30 + REACH


def test_a_note_is_judged_alone_whatever_stands_beside_it_in_a_batch():
    texts = ["Seen with daughter Wilhelmina", "", "CXR clear.\n", "Dr. Okonjo-Bright agrees"]
    rows = [tokenize(text) for text in texts]
    together = list(load_tagger()._chances(rows))
    for row, chances in zip(rows, together, strict=True):
        alone = next(load_tagger()._chances([row]))
        np.testing.assert_allclose(chances, alone, atol=1e-4)


@given(TEXTS)
def test_any_text_is_tagged_within_its_bounds(text):
    for entity in load_tagger().tag([text])[0]:
        assert 0 <= entity.start < entity.end <= len(text)
        assert 0 < entity.score <= 1


def test_memory_of_surfaces_stays_bounded(monkeypatch):
    monkeypatch.setattr("deid.engine.tagger.model._CACHE", 40)
    tagger = read_tagger(WEIGHTS)
    for n in range(30):
        tagger.tag([" ".join(f"word{chr(97 + n % 26)}{chr(97 + i)}" for i in range(10))])
    assert len(tagger._numbers) <= 60


def test_a_file_that_is_no_tagger_is_refused(tmp_path):
    path = tmp_path / "odd.npz"
    np.savez(path, something=np.zeros(3))
    with pytest.raises(ValueError, match="lacks the tagger's part"):
        read_tagger(path)


def hidden(text):
    spans = spans_by(TaggerNer(), [text])[0]
    return " | ".join(text[s.start : s.end] for s in spans if s.score >= 0.5)


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("Works second shift at Brenlow, smokes a pack a day.", "Brenlow"),
        ("Nephew Tink drives her to dialysis.", "Tink"),
        ("patient name: zorah villandry, mr#: 4482", "zorah villandry"),
        ("ms. abara-quill says the pain is better", "abara-quill"),
        ("Thank you for sending Ysolde about her knee.", "Ysolde"),
        ("Patient: Frost, Summer   DOB: 1/2/1950", "Frost, Summer"),
        ("Spoke with Do Thuy's son by phone.", "Do Thuy"),
        ("Transferred from Quillmont General for PCI.", "Quillmont General"),
        ("Lives in Marrowstone with husband Arlo.", "Marrowstone"),
        ("PATIENT WAS SEEN BY DR. PELLETIERE ON ROUNDS", "PELLETIERE"),
    ],
)
def test_the_shipped_weights_see(text, identifier):
    assert identifier in hidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "Parkinson disease, on Sinemet. Babinski absent. Foley to gravity.",
        "GCS 15, Wells score 1.5. Continue Eliquis 5 mg BID and Norco prn.",
        "Cultures grew Klebsiella pneumoniae. JP drain 40 mL, Jackson-Pratt drain removed.",
        "PAST MEDICAL HISTORY: Hypertension, Type 2 Diabetes, Crohn's disease.",
        "Patient will march in place; may return to work. Mark the site.",
        "no chest pain, no shortness of breath, lungs clear, abdomen soft",
        "IMPRESSION: No acute intracranial abnormality.",
        "Changes were seen in IP and MCP joints.",
        "Rokitansky-Aschoff sinuses noted.",
        "L4-5 disc bulge, strength 5/5, BP 120/80, A1c 7.8%",
    ],
)
def test_the_shipped_weights_leave_alone(text):
    assert hidden(text) == ""
