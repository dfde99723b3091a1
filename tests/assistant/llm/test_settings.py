import pytest

from assistant.errors import LanguageModelError, SpecError
from assistant.llm import ModelSettings, Spec
from assistant.llm.language_model import estimated_tokens


def test_settings_are_read_from_pairs():
    assert ModelSettings.parse(["temperature=0.5 seed=7", "guided=false"]) == ModelSettings(temperature=0.5, seed=7, guided=False)
    assert ModelSettings.parse([]) == ModelSettings()
    assert (ModelSettings().temperature, ModelSettings().context_length) == (0, None)


@pytest.mark.parametrize(
    ("pairs", "named"),
    [
        (["temperature=hot", "seed=x"], ["temperature", "seed"]),
        (["temperature=3"], ["temperature"]),
        (["colour=red"], ["colour", "max_tokens"]),
        (["max_tokens"], ["max_tokens"]),
        (["context_length=5"], ["context_length"]),
        (["quantization=2bit"], ["quantization", "4bit"]),
        (["="], ["temperature"]),
    ],
)
def test_all_that_is_wrong_is_named_in_one_line(pairs, named):
    with pytest.raises(SpecError) as caught:
        ModelSettings.parse(pairs)
    assert "\n" not in str(caught.value)
    assert all(name in str(caught.value) for name in named)


@pytest.mark.parametrize(("length", "most", "kept"), [(32768, 1024, 1024), (2048, 1024, 512), (100, 1024, 32), (32768, 64, 64)])
def test_a_reply_takes_at_most_a_quarter_of_the_window(length, most, kept):
    assert ModelSettings(max_tokens=most).reply_tokens(length) == kept


def test_a_spec_names_a_kind_a_model_and_an_adapter(tmp_path):
    assert Spec.parse("openai:org/m@http://h:1/v1/") == Spec("openai:org/m@http://h:1/v1/", "openai", "org/m", url="http://h:1/v1")
    assert Spec.parse("vllm:Qwen/Qwen3-8B").model == "Qwen/Qwen3-8B"
    assert Spec.parse(f"transformers:{tmp_path}+adapter={tmp_path}").adapter == str(tmp_path)
    with pytest.raises(LanguageModelError, match="there is no model in"):
        Spec.parse("vllm:./nowhere")
    with pytest.raises(LanguageModelError, match="there is no adapter in"):
        Spec.parse(f"vllm:{tmp_path}+adapter=./nowhere")


@pytest.mark.parametrize(
    ("text", "tokens"),  # counted by the tokenizers of Qwen2.5 and Llama 3 as published: some 10 for the first, 9 to 14 for the second
    [("The ring is made of graphite and steel.", 9), ("密封环由石墨和钢制成。", 14)],
)
def test_the_estimate_is_an_upper_one(text, tokens):
    assert tokens <= estimated_tokens(text) <= 3 * tokens
