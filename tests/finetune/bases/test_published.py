from pathlib import Path

import pytest
from transformers import AutoModelForCausalLM, AutoTokenizer

from finetune.bases.published import _SHAPES, config_of, parameters
from finetune.bases.tiny import make_tiny
from finetune.errors import StageError

# as the publishers count them: 0.49, 7.61, 6.74, 8.03 billion
PUBLISHED = {
    "Qwen/Qwen2.5-0.5B": 0.49,
    "Qwen/Qwen2.5-7B": 7.62,
    "meta-llama/Llama-2-7b-hf": 6.74,
    "meta-llama/Meta-Llama-3-8B": 8.03,
    "Qwen/Qwen3-8B": 8.19,
}


@pytest.mark.parametrize(("name", "billions"), PUBLISHED.items())
def test_the_weights_of_a_published_model_are_counted(name: str, billions: float) -> None:
    assert parameters(config_of(Path(name))) / 1e9 == pytest.approx(billions, abs=0.01)


def test_a_tuned_model_has_the_architecture_of_its_base() -> None:
    assert config_of(Path("Qwen/Qwen2.5-7B-Instruct")).hidden_size == 3584
    assert config_of(Path("meta-llama/Llama-2-7b-chat-hf")).num_hidden_layers == 32


def test_an_unknown_model_is_an_error_that_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="Qwen2"):
        config_of(Path("nobody/nothing"))
    (tmp_path / "config.json").write_text('{"model_type": "nothing"}')
    with pytest.raises(StageError, match=r"config\.json"):
        config_of(tmp_path)


@pytest.mark.parametrize("name", ["Qwen/Qwen2.5-7B", "meta-llama/Meta-Llama-3-8B", "Qwen/Qwen3-8B"])
def test_a_tiny_model_like_it(name: str, tmp_path: Path) -> None:
    assert name in _SHAPES
    make_tiny(Path(name), tmp_path)
    model, tokenizer = AutoModelForCausalLM.from_pretrained(tmp_path), AutoTokenizer.from_pretrained(tmp_path)
    assert model.config.model_type == config_of(Path(name)).model_type
    asked = tokenizer("权利要求1所述的密封环 a sealing ring", return_tensors="pt")
    assert model(**asked).logits.shape[-1] >= len(tokenizer)
