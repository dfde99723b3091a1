"""The real engine of vLLM in this process; `make test-vllm`."""

import json
import subprocess
import sys

import pytest

from assistant.errors import LanguageModelError
from assistant.grounding.answering import Grounding
from assistant.llm import ModelSettings, Request, answer_all, language_model
from assistant.llm.carrying import carrier
from assistant.llm.exchange import answer_each
from assistant.llm.in_vllm import ChatVLLM
from assistant.summaries.batch import summarize_into
from assistant.tasks import grounded_answer
from ingest import read
from tests.assistant.small_model import STYLE
from tests.assistant.synthetic_patents import Grammar

pytestmark = [pytest.mark.vllm, pytest.mark.filterwarnings("ignore")]  # vLLM itself warns
SETTINGS = ModelSettings(max_tokens=160)
ITEMS = [Grammar(11, test=True).item("en" if n % 2 else "zh", 5, answerable=n % 4 > 0) for n in range(16)]


@pytest.fixture(scope="module")
def adapted(small_model, small_adapter):
    """With a LoRA adapter; `chat.lora` taken away, it is the plain model."""
    return language_model(f"vllm:{small_model}+adapter={small_adapter}", SETTINGS)


@pytest.fixture
def plain(adapted, monkeypatch):
    monkeypatch.setattr(adapted.chat, "lora", None)
    return adapted


def prompts():
    return [grounded_answer.TASK.messages(item.given) for item in ITEMS]


def schema():
    return grounded_answer.TASK.reply_schema(ITEMS[0].given)


def test_the_context_length_is_the_models_own(plain, small_model):
    assert plain.context_length == json.loads((small_model / "config.json").read_text())["max_position_embeddings"]


def test_tokens_are_counted_by_the_models_tokenizer(plain, small_model):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(small_model)
    for text in ("", "The ring is made of graphite.", "密封环由石墨制成。"):
        assert plain.count(text) == len(tokenizer(text, add_special_tokens=False)["input_ids"])


def test_a_batch_is_one_call_of_the_engine(plain, monkeypatch):
    calls = []
    engine = plain.chat.engine
    chat = engine.chat
    monkeypatch.setattr(engine, "chat", lambda messages, *args, **kwargs: calls.append(len(messages)) or chat(messages, *args, **kwargs))
    replies = plain.replies(prompts(), schema())
    assert calls == [len(ITEMS)]
    found = [grounded_answer.TASK.read(reply, item.given) for reply, item in zip(replies, ITEMS, strict=True)]
    wanted = [[item.given.sentences()[n - 1] for n in item.answers] for item in ITEMS]
    right = sum([c for s in f.statements for c in s.citations] == w for f, w in zip(found, wanted, strict=True))
    assert right >= 0.7 * len(ITEMS)


def test_replies_follow_the_schema(plain):
    for reply in plain.replies(prompts(), schema()):
        grounded_answer.TASK.reply.model_validate_json(reply)


def test_what_prompts_begin_with_alike_is_computed_once(plain):
    config = plain.chat.engine.llm_engine.vllm_config.cache_config
    assert config.enable_prefix_caching


def test_the_reply_is_the_same_every_time(plain):
    first, again = (plain.replies(prompts(), schema()) for _ in range(2))
    assert first == again


def test_an_adapter_changes_what_is_said(adapted):
    for item in ITEMS:
        if item.answers:
            [statement] = json.loads(adapted.reply(grounded_answer.TASK.messages(item.given), schema()))["statements"]
            assert statement["text"].startswith(STYLE[item.given.language])


def test_a_reply_is_no_longer_than_max_tokens(plain, monkeypatch):
    monkeypatch.setitem(plain.chat.sampling, "max_tokens", 5)
    assert plain.count(plain.reply(prompts()[0])) <= 5


def test_many_questions_to_an_index_are_one_batch(plain, tmp_path):
    """`ask_all` through the engine."""
    from assistant import PatentAssistant
    from ingest.document import Claim, PatentDocument

    claims = ["The ring is made of graphite.", "The lever contains oil.", "The valve holds the ring."]
    numbered = tuple(Claim(number=n, text=text) for n, text in enumerate(claims, start=1))
    document = PatentDocument(number="US7000001B2", kind="B2", language="en", titles={"en": "Device"}, claims=numbered)
    with PatentAssistant.open(tmp_path) as patents:
        patents.ingest([document])
        patents.llm, patents.model = plain.name, plain
        answers = patents.ask_all(["What is the ring made of?", "What does the lever contain?"])
    assert [a.statements[0].citations[0].anchor for a in answers] == ["US7000001B2#c1", "US7000001B2#c2"]
    assert {s.verdict for a in answers for s in a.statements} == {"supported"}


def asked(prompt, schema, said):
    said.append((yield Request(prompt, schema)))


def test_requests_side_by_side_say_what_a_batch_says(plain):
    wanted = plain.replies(prompts(), schema())
    said = [[] for _ in ITEMS]
    with carrier(plain) as carrying:
        ended = [n for n, _ in answer_each((asked(p, schema(), s) for p, s in zip(prompts(), said, strict=True)), carrying, at_once=5)]
        assert carrying.tokens > 1000
    assert sorted(ended) == list(range(len(ITEMS)))
    assert [reply for [reply] in said] == wanted


def test_a_request_that_can_not_be_answered_is_an_error_in_its_place(plain):
    prompt = [("human", "The ring is made of graphite. " * 2000)]
    found = answer_all([asked(prompts()[0], schema(), []), asked(prompt, None, []), asked(prompts()[1], schema(), [])], plain)
    assert [type(each) for each in found] == [type(None), LanguageModelError, type(None)]


def test_what_is_left_behind_is_taken_from_the_engine(plain):
    with carrier(plain) as carrying:
        results = answer_each([asked(prompts()[0], schema(), []), asked(prompts()[1], None, [])], carrying)
        next(results)
        results.close()
    assert not plain.chat.engine.llm_engine.has_unfinished_requests()
    assert plain.replies(prompts()[:1], schema())


def test_a_job_asks_one_question_of_many_documents_at_once(plain, sample, tmp_path):
    documents = list(read([sample / "en" / "US99000001B2.xml", sample / "zh" / "CN199000003B.xml"]))
    report = summarize_into(tmp_path, documents, question="What is the seal made of?", llm="vllm", model=lambda: (plain, Grounding()), batch=8)
    assert (report.made, report.failed) == (2, [])
    assert report.tokens > 1000


@pytest.mark.parametrize("broken", ["config.json", "adapter"])
def test_what_can_not_be_loaded_is_one_clear_line(small_model, tmp_path, broken):
    folder = tmp_path / "model"
    folder.mkdir()
    spec = f"vllm:{folder}"
    if broken == "adapter":
        spec = f"vllm:{small_model}+adapter={folder}"
    else:
        (folder / "config.json").write_text("{}")
    with pytest.raises(LanguageModelError, match="can't be loaded") as caught:
        language_model(spec)
    assert spec in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_chat_model_is_langchains(plain):
    assert isinstance(plain.chat, ChatVLLM)
    assert plain.chat.invoke(list(prompts()[0])).text


def test_the_command_line_prints_the_answer_alone_and_ends(small_model, tmp_path):
    """The engine is a process of its own, which would go on, and writes what it does to standard output by itself."""
    from assistant import PatentAssistant
    from ingest.document import Claim, PatentDocument

    document = PatentDocument(number="US7000001B2", language="en", claims=(Claim(number=1, text="The annular piston is made of titanium."),))
    with PatentAssistant.open(tmp_path / "index") as patents:
        patents.ingest([document])
    command = "import sys; from assistant.commands import patent; patent(sys.argv[1:])"
    asked = ["ask", "What is the annular piston made of?", "--llm", f"vllm:{small_model}", "--llm-set", "max_tokens=120", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", command, *asked, "--index", str(tmp_path / "index")], capture_output=True, text=True, timeout=180, check=True
    )
    [line] = done.stdout.splitlines()
    assert json.loads(line)["model"] == str(small_model)
