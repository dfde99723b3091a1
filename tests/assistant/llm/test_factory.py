import socket

import pytest

from assistant import LanguageModelError, PatentAssistant
from assistant.llm import chat_model

QUESTION = "更新帧共有多少字节？"


@pytest.fixture(scope="module")
def gibberish_model(sample, tmp_path_factory):
    """The folder of a tiny Qwen2 with random weights, a tokenizer trained on the sample and a chat template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM, set_seed

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=800,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train([str(sample / "zh" / "CN199000007A.xml")], trainer)
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>")
    wrapped.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    set_seed(0)
    config = Qwen2Config(
        vocab_size=len(wrapped),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=8192,
    )
    folder = tmp_path_factory.mktemp("models") / "gibberish"
    Qwen2ForCausalLM(config).save_pretrained(folder)
    wrapped.save_pretrained(folder)
    return folder


def test_the_gibberish_of_a_random_model_is_no_statement(collection, gibberish_model):
    with PatentAssistant.open(collection, llm=f"transformers:{gibberish_model}", create=False) as patents:
        answer = patents.ask(QUESTION)
        said = patents.model.chat.invoke([("human", QUESTION)]).text
    assert len(said) > 100, "the model is to say something"
    assert QUESTION not in said
    assert "<|im_start|>" not in said
    assert (answer.status, answer.statements) == ("not_found", ())
    assert answer.model == str(gibberish_model)
    assert answer.hits


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "nonsense",
        "vllm:",
        "openai",
        "openai:",
        "openai:model",
        "openai:@http://localhost/v1",
        "openai:model@localhost:8000",
        "openai:model@ftp://x/v1",
    ],
)
def test_a_wrong_spec_is_an_error_that_says_how_to_write_it(spec):
    with pytest.raises(LanguageModelError, match="openai:MODEL@http://") as caught:
        chat_model(spec)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("path", ["/no/such/folder", "./no-such-folder", "~/no-such-folder", "no-such-folder"])
def test_a_folder_that_is_not_there_is_an_error_that_names_it(path):
    with pytest.raises(LanguageModelError, match="there is no model in") as caught:
        chat_model(f"transformers:{path}")
    assert path in str(caught.value)


@pytest.mark.parametrize(
    "content", [{}, {"config.json": "{}"}, {"config.json": "{"}, {"config.json": '{"model_type": "qwen2"}', "tokenizer.json": "[]"}]
)
def test_a_folder_without_a_model_is_an_error_in_one_line(tmp_path, content):
    for name, text in content.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(LanguageModelError, match="can't be loaded") as caught:
        chat_model(f"transformers:{tmp_path}")
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_adapter_that_is_not_there_is_an_error_in_one_line(gibberish_model):
    with pytest.raises(LanguageModelError, match="there is no adapter in") as caught:
        chat_model(f"transformers:{gibberish_model}+adapter=/no/such/adapter")
    assert "\n" not in str(caught.value)


def test_the_error_of_a_server_that_is_down_names_its_address(collection, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with (
            PatentAssistant.open(collection, llm=f"openai:test-model@{url}", create=False) as patents,
            pytest.raises(LanguageModelError) as caught,
        ):
            patents.ask(QUESTION)
    message = str(caught.value)
    assert "\n" not in message
    assert "test-model" in message
    assert url in message
