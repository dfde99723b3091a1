"""A vLLM server of the test's own, asked through OpenAI's interface; `make test-vllm`."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time

import httpx
import pytest

from assistant.errors import LanguageModelError
from assistant.llm import ModelSettings, language_model
from assistant.tasks import grounded_answer
from tests.assistant.small_model import STYLE
from tests.assistant.synthetic_patents import Grammar

pytestmark = [pytest.mark.vllm, pytest.mark.filterwarnings("ignore")]  # vLLM itself warns
ITEMS = [Grammar(12, test=True).item("en" if n % 2 else "zh", 5) for n in range(8)]
SETTINGS = ModelSettings(max_tokens=160)
STARTS_IN = 300
"""Seconds."""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def served(small_model, small_adapter, tmp_path_factory):
    """The address of a server of `base` and of `style`, its LoRA adapter."""
    port = free_port()
    log = tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", small_model, "--served-model-name", "base"]
    command += [
        "--host",
        "127.0.0.1",
        "--port",
        port,
        "--enforce-eager",
        "--enable-lora",
        "--max-lora-rank",
        8,
        "--lora-modules",
        f"style={small_adapter}",
    ]
    env = {**os.environ, "VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1"}
    with log.open("w") as out, subprocess.Popen([str(c) for c in command], stdout=out, stderr=subprocess.STDOUT, env=env) as process:
        try:
            until = time.monotonic() + STARTS_IN
            while not _healthy(port):
                assert process.poll() is None, log.read_text()[-4000:]
                assert time.monotonic() < until, log.read_text()[-4000:]
                time.sleep(0.5)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def _healthy(port):
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).is_success
    return False


@pytest.fixture(scope="module")
def base(served):
    model = language_model(f"openai:base@{served}", SETTINGS)
    yield model
    model.chat.root_client.close()


@pytest.fixture(scope="module")
def style(served):
    model = language_model(f"openai:style@{served}", SETTINGS)
    yield model
    model.chat.root_client.close()


def ask(model, item):
    return json.loads(model.reply(grounded_answer.TASK.messages(item.given), grounded_answer.TASK.reply_schema(item.given)))


def test_the_context_length_comes_from_the_server_for_an_adapter_too(base, style, small_model):
    length = json.loads((small_model / "config.json").read_text())["max_position_embeddings"]
    assert (base.context_length, style.context_length) == (length, length)


def test_the_server_counts_tokens(base, small_model):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(small_model)
    for text in ("The ring is made of graphite.", "密封环由石墨制成。", "x" * 3000):
        assert base.count(text) == len(tokenizer(text, add_special_tokens=False)["input_ids"])


def test_replies_follow_the_schema_and_point_at_what_answers(base):
    replies = base.replies([grounded_answer.TASK.messages(i.given) for i in ITEMS], grounded_answer.TASK.reply_schema(ITEMS[0].given))
    assert all(isinstance(r, str) for r in replies), replies
    read = [grounded_answer.GroundedReply.model_validate_json(r) for r in replies]
    right = sum([n for s in r.statements for n in s.sentences] == list(i.answers) for r, i in zip(read, ITEMS, strict=True))
    assert right >= 0.7 * len(ITEMS)


def test_an_adapter_is_asked_for_by_its_name(base, style):
    for item in ITEMS[:4]:
        assert ask(style, item)["statements"][0]["text"].startswith(STYLE[item.given.language])
        assert not any(s["text"].startswith(STYLE[item.given.language]) for s in ask(base, item)["statements"])


def test_the_streamed_pieces_are_the_reply(base):
    messages, schema = grounded_answer.TASK.messages(ITEMS[0].given), grounded_answer.TASK.reply_schema(ITEMS[0].given)
    pieces = list(base.stream(messages, schema))
    assert len([p for p in pieces if p]) > 5
    assert json.loads("".join(pieces)) == json.loads(base.reply(messages, schema))


def test_a_name_that_is_not_served_is_one_line_that_lists_those_that_are(served):
    with pytest.raises(LanguageModelError, match="does not serve other; it serves base, style") as caught:
        language_model(f"openai:other@{served}")
    assert "\n" not in str(caught.value)


def test_a_prompt_that_is_too_long_is_one_line(base):
    with pytest.raises(LanguageModelError) as caught:
        base.reply([("human", "graphite " * 3000)])
    assert "1024" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_server_that_is_down_is_one_line():
    with pytest.raises(LanguageModelError, match="no server answers at http://127") as caught:
        language_model(f"openai:base@http://127.0.0.1:{free_port()}/v1")
    assert "\n" not in str(caught.value)


def test_a_server_that_goes_down_later_is_one_line():
    gone = language_model(f"openai:base@http://127.0.0.1:{free_port()}/v1", ModelSettings(context_length=1024, retries=1))
    with pytest.raises(LanguageModelError, match="is the server at http://127") as caught:
        gone.reply([("human", "?")])
    assert "\n" not in str(caught.value)
