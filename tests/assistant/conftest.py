"""The sample collection indexed once, the command line in this process, and a chat server of the test's own."""

import json
import re
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from assistant import PatentAssistant
from assistant.commands import patent as command


def run_patent(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments])


@pytest.fixture(scope="session")
def patent() -> Callable[..., Result]:
    """Runs `patent ARGUMENTS…`; the result has exit_code, stdout and stderr."""
    return run_patent


@dataclass(frozen=True)
class Demo:
    directory: Path
    first: Result
    second: Result


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """`patent demo`, run twice on the same directory."""
    directory = tmp_path_factory.mktemp("demo") / "index"
    return Demo(directory, run_patent("demo", "--index", directory), run_patent("demo", "--index", directory))


@pytest.fixture(scope="session")
def collection(demo: Demo) -> Path:
    """The index of the whole sample collection; tests only read it."""
    return demo.directory


@pytest.fixture(scope="session")
def patents(collection: Path) -> Iterator[PatentAssistant]:
    """The assistant over the sample collection; tests only read it."""
    with PatentAssistant.open(collection, create=False) as opened:
        yield opened


def bare_text(text: str) -> str:
    return re.sub(r"[\s^_{}|]", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="session")
def bare() -> Callable[[str], str]:
    """The characters of a text without white space, width and the marks for scripts and cells."""
    return bare_text


@pytest.fixture(scope="session")
def source_text(sample: Path) -> Callable[[str], str]:
    """`bare` text at an anchor of a sample patent, taken from its XML and not by the project's readers."""
    roots = {path.stem: etree.parse(path).getroot() for path in sample.glob("??/*.xml")}

    def one(root: etree._Element, part: str) -> str:
        if part == "abs":
            [element, *_] = root.xpath("//*[local-name()='abstract' or local-name()='Abstract']")
        elif part[0] == "c":
            [element] = [e for e in root.xpath("//*[local-name()='claim' or local-name()='Claim'][@num]") if int(e.get("num")) == int(part[1:])]
        else:
            inside = "//*[local-name()='description' or local-name()='Description']//*[local-name()='p' or local-name()='Paragraphs'][@num]"
            [element] = [e for e in root.xpath(inside) if e.get("num").lstrip("n") == part[1:]]
        return bare_text("".join(element.itertext()))

    def at(anchor: str) -> str:
        number, _, part = anchor.partition("#")
        first, _, last = part.partition("-")
        if last:
            return "".join(one(roots[number], f"p{n:04d}") for n in range(int(first[1:]), int(last) + 1))
        return one(roots[number], part)

    return at


@dataclass
class ChatServer:
    """What the server was asked, and what it is to answer: the text of a reply, or a status, a body and its type."""

    port: int
    reply: Callable[[list[dict[str, Any]]], str | tuple[int, str, str]] = lambda _: "NOT FOUND"
    requests: list[dict[str, Any]] = field(default_factory=list)
    models: list[dict[str, Any]] = field(default_factory=lambda: [{"id": "test-model", "object": "model", "max_model_len": 16384}])

    @property
    def spec(self) -> str:
        return f"openai:test-model@http://127.0.0.1:{self.port}/v1"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A server with OpenAI's interface for chats."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/v1/models":
                self.say(200, json.dumps({"object": "list", "data": chat.models}), "application/json")
            else:
                self.say(404, "", "text/plain")

        def do_POST(self) -> None:
            if not self.path.endswith("/chat/completions"):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.say(404, "", "text/plain")
                return
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            chat.requests.append({"path": self.path, **asked})
            reply = chat.reply(asked["messages"])
            if isinstance(reply, str) and asked.get("stream"):
                pieces = [reply[i : i + 7] for i in range(0, len(reply), 7)]
                chunks = [{"index": 0, "delta": {"role": "assistant", "content": p}, "finish_reason": None} for p in pieces]
                chunks.append({"index": 0, "delta": {}, "finish_reason": "stop"})
                head = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": asked["model"]}
                reply = 200, "".join(f"data: {json.dumps({**head, 'choices': [c]})}\n\n" for c in chunks) + "data: [DONE]\n\n", "text/event-stream"
            elif isinstance(reply, str):
                choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": reply}}
                usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
                made = {"id": "1", "object": "chat.completion", "created": 0, "model": asked["model"], "choices": [choice], "usage": usage}
                reply = 200, json.dumps(made), "application/json"
            self.say(*reply)

        def say(self, status: int, body: str, kind: str) -> None:
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("retry-after-ms", "1")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    chat = ChatServer(listening.server_port)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield chat
    listening.shutdown()
    thread.join()
    listening.server_close()


def sentence_number(messages: list[dict[str, Any]], piece: str) -> int:
    """The number of the first sentence of the prompt that has `piece` in it."""
    [found, *_] = [line for line in messages[1]["content"].splitlines() if line.startswith("[") and piece in line]
    return int(re.match(r"\[(\d+)\] ", found)[1])


@pytest.fixture(scope="session")
def number_of() -> Callable[[list[dict[str, Any]], str], int]:
    return sentence_number


def _made(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of a model in the user's cache; made there by whoever comes first."""
    import platformdirs
    from filelock import FileLock

    from tests.assistant import small_model as training

    folder = Path(platformdirs.user_cache_dir("patent-assistant")) / "tests" / f"{name}-{training.key()}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=folder.parent) as making:
                make(Path(making) / name)
                (Path(making) / name).rename(folder)
    return folder


@pytest.fixture(scope="session")
def small_model() -> Path:
    """The folder of a small language model that answers from its context; trained once, which takes two minutes."""
    from tests.assistant import small_model as training

    return _made("small-model", training.train)


@pytest.fixture(scope="session")
def small_adapter(small_model: Path) -> Path:
    """The folder of a LoRA adapter for it, with which statements begin with `As stated:` or `据载：`."""
    from tests.assistant import small_model as training

    return _made("small-adapter", lambda folder: training.train_adapter(small_model, folder))
