"""An encoder of a few thousand parameters, with a vocabulary of its own."""

import pytest

WORDS = "a the of fuel cell pump water motor gear method for cooling comprising control washing machine lamp light drum valve heat steel".split()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The folder of a sentence-transformers model."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, "水"]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
    BertModel(config).save_pretrained(folder)
    body = Transformer(str(folder))
    model = SentenceTransformer(modules=[body, Pooling(32, "mean")], device="cpu")
    out = tmp_path_factory.mktemp("model") / "tiny"
    model.save_pretrained(str(out), create_model_card=False)
    return out


@pytest.fixture(scope="session")
def documents(sample):
    """The sample collection and its excerpt of the IPC as sources of a stage."""
    return [
        {"name": "patents", "paths": [str(sample / "en"), str(sample / "zh")], "licence": "Apache-2.0"},
        {"name": "ipc", "paths": [str(sample / "ipc")]},
    ]


@pytest.fixture(scope="session")
def own_cache(tmp_path_factory):
    """Encoders are made ready in a folder of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATENT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
