"""With a small model that the test trains to tell three kinds of pairs apart."""

import json

import pytest
import torch

from assistant import PatentAssistant
from assistant.errors import LanguageModelError
from assistant.grounding.answering import Grounding
from assistant.grounding.checking import check
from assistant.grounding.entailment import Entailment
from ingest import Citation

PREMISES = ("the ring is hot", "the pump is wet", "the shaft is long", "the valve is red", "密 封 环 热")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A BERT of two layers that learned: `good …` is entailed, `bad …` is contradicted, anything else is neither."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, set_seed

    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "plain", *dict.fromkeys(" ".join(PREMISES).split())]
    backend = Tokenizer(models.WordLevel({name: i for i, name in enumerate(names)}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, pad_token="[PAD]", unk_token="[UNK]", model_max_length=64)
    set_seed(0)
    labels = {0: "contradiction", 1: "neutral", 2: "entailment"}
    config = BertConfig(
        vocab_size=len(names), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, max_position_embeddings=64,
        num_labels=3, id2label=labels, label2id={v: k for k, v in labels.items()},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    pairs = [(premise, f"{word} {premise}", label) for premise in PREMISES for word, label in (("bad", 0), ("plain", 1), ("good", 2))]
    batch = tokenizer([p for p, _, _ in pairs], [h for _, h, _ in pairs], padding=True, return_tensors="pt")
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(60):
        loss = model(**batch, labels=torch.tensor([label for *_, label in pairs])).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    folder = tmp_path_factory.mktemp("nli")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.parametrize(("word", "expected"), [("good", "supported"), ("plain", "weak"), ("bad", "unsupported")])
def test_the_model_decides_where_numbers_and_negations_agree(path, word, expected):
    quote = PREMISES[0]
    found = check(f"{word} {quote}", [Citation(anchor="A#c1", quote=quote)], {"A#c1": quote}, Entailment(str(path)))
    assert found.verdict == expected


def test_the_model_decides_across_languages(path):
    quote = PREMISES[-1]
    assert check("good ring", [Citation(anchor="A#c1", quote=quote)], {"A#c1": quote}).verdict == "unchecked"
    assert check("good ring", [Citation(anchor="A#c1", quote=quote)], {"A#c1": quote}, Entailment(str(path))).verdict == "supported"


def test_a_wrong_number_is_unsupported_whatever_the_model_says(path):
    quote = PREMISES[0]
    assert check(f"good {quote} 7", [Citation(anchor="A#c1", quote=quote)], {"A#c1": quote}, Entailment(str(path))).verdict == "unsupported"


def test_the_probabilities_are_those_of_the_classes(path):
    score = Entailment(str(path)).score(PREMISES[1], f"good {PREMISES[1]}")
    assert score.entailed > 0.8
    assert score.contradicted < 0.1


def test_a_long_premise_is_scored(path):
    assert 0 <= Entailment(str(path)).score("the ring is hot " * 500, "good ring").entailed <= 1


def test_a_model_that_is_not_there_is_known_at_once(tmp_path):
    with pytest.raises(LanguageModelError, match="can't be loaded") as caught:
        Entailment(str(tmp_path / "none")).load()
    assert "\n" not in str(caught.value)


def test_a_model_without_a_class_for_entailment_is_refused(path, tmp_path):
    for file in path.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    config["id2label"], config["label2id"] = {"0": "red", "1": "green", "2": "blue"}, {"red": 0, "green": 1, "blue": 2}
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(LanguageModelError, match="none is named entailment"):
        Entailment(str(tmp_path)).load()


def test_a_checker_that_dies_leaves_the_answer_unchecked_and_not_supported(collection, server, number_of):
    class Dying:
        def score(self, premise, hypothesis):
            raise RuntimeError("gone")

    server.reply = lambda messages: json.dumps(
        {"statements": [{"sentences": [number_of(messages, "256 nodes")], "text": "Up to 256 nodes a segment holds."}], "missing": ""}
    )
    with PatentAssistant.open(collection, llm=server.spec, create=False, grounding=Grounding(entailment=Dying())) as patents:
        answer = patents.ask("How many nodes can a segment hold?")
    assert (answer.status, [s.verdict for s in answer.statements]) == ("partly", ["unchecked"])
