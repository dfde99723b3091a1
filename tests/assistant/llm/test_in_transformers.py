"""Models in this process: one that was trained for these tests, and one whose weights are random."""

import json
import shutil
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import LanguageModelError
from assistant.llm import LanguageModel, ModelSettings, chat_model, language_model
from assistant.tasks import grounded_answer
from assistant.tasks.grounded_answer import GroundedGiven, Source

pytestmark = pytest.mark.slow  # the model is trained first, which takes some three minutes

SHORT = ModelSettings(max_tokens=60)
SCHEMA = grounded_answer.TASK.reply_schema(GroundedGiven(question="?"))


@pytest.fixture(scope="module")
def model(small_model):
    return language_model(f"transformers:{small_model}", ModelSettings(max_tokens=120))


@pytest.fixture(scope="module")
def gibberish(small_model, tmp_path_factory):
    """The folder of a model with random weights; its replies are noise that no end stops."""
    from transformers import AutoConfig, Qwen2ForCausalLM, set_seed

    folder = tmp_path_factory.mktemp("models") / "gibberish"
    shutil.copytree(small_model, folder)
    config = AutoConfig.from_pretrained(small_model)
    set_seed(1)
    Qwen2ForCausalLM(config).save_pretrained(folder)
    return folder


def asking(question="What is the ring made of?", language="en"):
    sources = (
        Source(anchor="US7000001B2#p0001", title="Device with a ring", text="The upper valve holds the ring. The ring is made of graphite."),
        Source(anchor="US7000001B2#p0004", title="Device with a ring", text="The lever is connected to the upper valve. The lever contains oil."),
    )
    return grounded_answer.TASK.messages(GroundedGiven(question=question, sources=sources, language=language))


def test_the_reply_follows_its_schema_and_points_at_the_sentence_that_answers(model):
    reply = json.loads(model.reply(asking(), SCHEMA))
    assert reply == {"statements": [{"sentences": [2], "text": "The ring is made of graphite."}], "missing": ""}


def test_what_no_sentence_answers_is_named_as_missing(model):
    reply = json.loads(model.reply(asking("What temperature does the battery have?"), SCHEMA))
    assert reply["statements"] == []
    assert "battery" in reply["missing"]


def test_the_context_length_is_the_models_own(model, small_model):
    said = json.loads((small_model / "config.json").read_text())["max_position_embeddings"]
    assert model.context_length == said
    assert language_model(f"transformers:{small_model}", ModelSettings(context_length=512)).context_length == 512


def test_a_model_that_does_not_say_how_long_its_context_is(small_model, tmp_path):
    shutil.copytree(small_model, tmp_path / "model")
    config = json.loads((small_model / "config.json").read_text())
    (tmp_path / "model" / "config.json").write_text(json.dumps({**config, "max_position_embeddings": 0}))
    with pytest.raises(LanguageModelError, match=r"how long its context is; set context_length=TOKENS$"):
        language_model(f"transformers:{tmp_path / 'model'}")


def test_tokens_are_counted_by_the_models_tokenizer(model, small_model):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(small_model)
    for text in ("", "The ring is made of graphite.", "密封环由石墨制成。", "[12] ½ \n\n"):
        assert model.count(text) == len(tokenizer(text, add_special_tokens=False)["input_ids"])
    rendered = [{"role": {"human": "user"}.get(role, role), "content": text} for role, text in asking()]
    whole = len(tokenizer.apply_chat_template(rendered, add_generation_prompt=True, return_dict=False))
    assert whole <= model.prompt_tokens(asking()) <= whole + 40


class Verdict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["patent", "utility model"]
    sure: bool
    places: list[Literal[1, 2, 3]] = Field(min_length=2, max_length=3)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_even_a_model_of_random_weights_follows_a_schema(gibberish, seed):
    settings = ModelSettings(max_tokens=120, temperature=1.0, seed=seed)
    reply = language_model(f"transformers:{gibberish}", settings).reply(asking(), Verdict.model_json_schema())
    assert set(Verdict.model_validate_json(reply).model_dump()) == {"kind", "sure", "places"}


def test_without_guidance_it_does_not(gibberish):
    free = language_model(f"transformers:{gibberish}", ModelSettings(max_tokens=60, guided=False))
    with pytest.raises(ValueError):
        json.loads(free.reply(asking(), SCHEMA))


def test_the_streamed_pieces_are_the_reply(model):
    pieces = list(model.stream(asking(), SCHEMA))
    assert len([p for p in pieces if p]) > 5
    assert "".join(pieces) == model.reply(asking(), SCHEMA)


def test_a_stream_that_is_left_early_does_not_stop_the_next_call(model):
    stream = model.stream(asking(), SCHEMA)
    next(stream)
    stream.close()
    assert "graphite" in model.reply(asking(), SCHEMA)


def test_many_prompts_are_answered_in_their_order(model):
    prompts = [asking(), asking("What does the lever contain?"), asking("What does the upper valve hold?")]
    assert [json.loads(r)["statements"][0]["sentences"] for r in model.replies(prompts, SCHEMA)] == [[2], [4], [1]]


async def _areply(model):
    return await model.areply(asking(), SCHEMA)


def test_asked_asynchronously_the_reply_is_the_same(model):
    import asyncio

    assert asyncio.run(_areply(model)) == model.reply(asking(), SCHEMA)


def test_no_reply_is_longer_than_max_tokens(gibberish):
    short = language_model(f"transformers:{gibberish}", ModelSettings(max_tokens=8))
    assert 0 < short.count(short.reply(asking())) <= 8 * 2  # the text of eight tokens, cut into tokens again


def test_a_temperature_makes_replies_differ_by_seed_only(gibberish):
    def said(seed, temperature=1.0):
        return language_model(f"transformers:{gibberish}", ModelSettings(max_tokens=24, seed=seed, temperature=temperature)).reply(asking())

    assert said(1) == said(1)
    assert said(1) != said(2)
    assert said(1, 0.0) == said(2, 0.0)


def test_an_adapter_changes_what_is_said(small_model, small_adapter, model):
    adapted = language_model(f"transformers:{small_model}+adapter={small_adapter}", ModelSettings(max_tokens=120))
    reply = json.loads(adapted.reply(asking(), SCHEMA))
    assert reply["statements"] == [{"sentences": [2], "text": "As stated: The ring is made of graphite."}]
    assert "As stated" not in model.reply(asking(), SCHEMA)


def test_a_merged_adapter_says_what_an_attached_one_says(small_model, small_adapter):
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    adapted = language_model(f"transformers:{small_model}+adapter={small_adapter}", ModelSettings(max_tokens=120))
    tokenizer = AutoTokenizer.from_pretrained(small_model)
    attached = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(small_model), small_adapter).eval()
    rendered = [{"role": {"human": "user"}.get(role, role), "content": text} for role, text in asking()]
    prompt = torch.tensor([tokenizer.apply_chat_template(rendered, add_generation_prompt=True, return_dict=False)])
    said = attached.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=120, do_sample=False)[0, prompt.shape[1] :]
    assert tokenizer.decode(said, skip_special_tokens=True) == adapted.reply(asking())


def test_the_chat_model_is_one_of_langchain(small_model):
    from langchain_core.language_models import BaseChatModel

    chat = chat_model(f"transformers:{small_model}", SHORT)
    assert isinstance(chat, BaseChatModel)
    assert "graphite" in chat.invoke(list(asking())).text


def one_line(caught):
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_model_without_a_chat_template_is_one_clear_line(small_model, tmp_path):
    shutil.copytree(small_model, tmp_path / "base")
    (tmp_path / "base" / "chat_template.jinja").unlink()
    with pytest.raises(LanguageModelError, match="no chat template; take the instruction-tuned model") as caught:
        language_model(f"transformers:{tmp_path / 'base'}")
    assert str(tmp_path) in one_line(caught)


def test_four_bits_without_a_gpu_are_one_clear_line(small_model):
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(LanguageModelError, match="4bit needs a GPU") as caught:
        language_model(f"transformers:{small_model}", ModelSettings(quantization="4bit"))
    one_line(caught)


@pytest.mark.parametrize("broken", ["model.safetensors", "adapter"])
def test_what_can_not_be_loaded_is_one_clear_line(small_model, tmp_path, broken):
    folder = tmp_path / "model"
    shutil.copytree(small_model, folder)
    spec = f"transformers:{folder}"
    if broken == "adapter":
        (tmp_path / "adapter").mkdir()
        spec += f"+adapter={tmp_path / 'adapter'}"
    else:
        (folder / broken).write_bytes(b"broken")
    with pytest.raises(LanguageModelError, match="can't be loaded") as caught:
        language_model(spec)
    assert spec in one_line(caught)


def test_a_prompt_that_exceeds_the_window_leaves_no_room(model: LanguageModel):
    assert model.room(asking()) > 0
    assert model.room([("human", "graphite " * 2000)]) < 0
