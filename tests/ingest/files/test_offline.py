"""`unstructured` is used without a network, in silence."""

import os
import socket
import subprocess
import sys

import pytest

from ingest.errors import ReadError
from ingest.files import offline

ALL_FORMS = """
import socket, sys
def refuse(*args, **kwargs):
    raise AssertionError("a connection was opened")
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
import io, docx
document = docx.Document()
document.add_paragraph("The pump comprises a housing. It is sealed.")
stream = io.BytesIO()
document.save(stream)
from ingest.files.elements import blocks_of_docx, blocks_of_html, blocks_of_text
for blocks in (
    blocks_of_docx(stream.getvalue()),
    blocks_of_html(b"<p>The pump comprises a housing. It is sealed.</p>"),
    blocks_of_text(b"A PUMP\\n\\nThe pump comprises a housing. It is sealed."),
):
    assert blocks[-1].text == "The pump comprises a housing. It is sealed.", blocks
import threading
assert threading.active_count() == 1, threading.enumerate()
"""


def test_nothing_is_fetched_reported_or_printed() -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DO_NOT_TRACK", "SCARF_NO_ANALYTICS", "UNSTRUCTURED_DISABLE_NOTICE")}
    done = subprocess.run([sys.executable, "-c", ALL_FORMS], capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("", "")


def test_no_connection_is_opened_here_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    [element] = offline.partitioner("text")(text="A HEADING", languages=[""])
    assert element.category == "Title"


def test_the_rules_tell_a_sentence_from_a_title() -> None:
    kinds = [e.category for e in offline.partitioner("text")(text="BACKGROUND\n\nThe pump is known. It leaks in the long run.", languages=[""])]
    assert kinds == ["Title", "NarrativeText"]


@pytest.mark.parametrize(("missing", "named"), [("unstructured", "unstructured"), ("unstructured.partition.docx", "unstructured.partition.docx")])
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, missing: str, named: str) -> None:
    offline._silence.cache_clear()
    for name in [n for n in sys.modules if n == missing or n.startswith(f"{missing}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ReadError, match=f"needs the package .*{named}.*pip install"):
        offline.partitioner("docx")
    offline._silence.cache_clear()


def test_reading_stays_light_until_a_file_needs_it() -> None:
    program = "import sys, ingest.printed.structure, ingest.files.offline, ingest.files.plain_text\n"
    program += "assert not {'unstructured', 'spacy', 'docx'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
