"""A transformer in a local folder, with a tiny random model that the test makes."""

import json

import pytest

from deid.engine import Deidentifier, NoteText, engine_version
from deid.engine.ner_floors import LABELS
from deid.engine.transformer_ner import TransformerError, TransformerNer

transformers = pytest.importorskip("transformers")
TEXT = "Seen by Dr. Quillfeather today. " * 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from tokenizers import Tokenizer, models, pre_tokenizers

    path = tmp_path_factory.mktemp("model")
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "Seen",
        "by",
        "Dr",
        ".",
        "today",
        "Quill",
        "##feather",
    ]
    core = Tokenizer(models.WordPiece({w: n for n, w in enumerate(words)}, unk_token="[UNK]"))
    core.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=core, pad_token="[PAD]", unk_token="[UNK]"
    ).save_pretrained(path)
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=64,
        id2label={0: "O", 1: "B-PATIENT", 2: "I-PATIENT", 3: "B-HOSPITAL"},
        label2id={"O": 0, "B-PATIENT": 1, "I-PATIENT": 2, "B-HOSPITAL": 3},
    )  # fmt: skip
    model = transformers.BertForTokenClassification(config)
    # Random, but leaning to a person at each word: a tiny model would else say nothing.
    model.classifier.bias.data[:] = model.classifier.bias.data.new_tensor([0.0, 3.0, 3.0, 0.0])
    model.save_pretrained(path)
    (path / "labels.json").write_text(json.dumps({"PATIENT": "NAME", "HOSPITAL": "FACILITY"}))
    return path


def test_a_model_of_a_folder_finds_entities_with_offsets_of_the_text(folder):
    entities = TransformerNer(folder).entities([TEXT, "", "  "])
    assert entities[1:] == [[], []]
    assert {e.label for e in entities[0]} <= set(LABELS)
    name = TEXT.index("Quillfeather")
    assert any(e.start <= name and e.end >= name + len("Quillfeather") for e in entities[0])


def test_a_text_longer_than_the_model_is_read_to_its_end(folder):
    assert TransformerNer(folder).entities([TEXT])[0][-1].end > len(TEXT) - 10


def test_the_engine_runs_with_the_model_in_the_tagger_s_place(folder):
    model = TransformerNer(folder)
    engine = Deidentifier(ner=model)
    spans = engine.process_patient([NoteText("1", "Zorvath qwelm ixby")])[0].spans
    assert any(span.recognizer == "transformer" for span in spans)
    assert engine_version(model)["model"] == model.version != engine_version()["model"]


def test_a_changed_file_changes_the_version(folder, tmp_path):
    first = TransformerNer(folder).version
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert TransformerNer(tmp_path).version == first
    (tmp_path / "labels.json").write_text(json.dumps({"PATIENT": "NAME"}))
    assert TransformerNer(tmp_path).version != first


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (None, "has no labels.json"),
        ("{", "is no JSON"),
        ("[]", "must be an object"),
        ('{"PATIENT": "PERSON"}', "maps to PERSON"),
    ],
)
def test_a_wrong_mapping_is_refused_at_once(folder, tmp_path, mapping, message):
    if mapping is not None:
        (tmp_path / "labels.json").write_text(mapping)
    with pytest.raises(TransformerError, match=message):
        TransformerNer(tmp_path)


def test_labels_that_the_model_lacks_are_refused(folder, tmp_path):
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "labels.json").write_text(json.dumps({"DOCTOR": "NAME"}))
    with pytest.raises(TransformerError, match="lacks: DOCTOR"):
        TransformerNer(tmp_path).load()


def test_a_folder_without_a_model_says_so(tmp_path):
    (tmp_path / "labels.json").write_text(json.dumps({"PATIENT": "NAME"}))
    with pytest.raises(TransformerError, match="cannot be loaded"):
        TransformerNer(tmp_path).load()
    with pytest.raises(TransformerError, match="is no folder"):
        TransformerNer(tmp_path / "nowhere")
