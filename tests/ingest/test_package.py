"""The face of the package, and what importing it costs."""

import json
import subprocess
import sys

import pytest

import ingest

HEAVY = ("lxml", "langchain", "langchain_core", "torch", "numpy", "transformers", "tokenizers", "sentence_transformers", "openvino", "faiss")
UPPER_ROOMS = ("index", "assistant", "finetune")


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_importing_the_package_is_light():
    loaded = modules_after("import ingest")
    assert "ingest" in loaded
    assert not loaded & {*HEAVY, *UPPER_ROOMS}


def test_documents_need_neither_xml_nor_models():
    assert not modules_after("from ingest import PatentDocument, Claim") & {*HEAVY, *UPPER_ROOMS}


def test_reading_needs_no_model_and_no_upper_room():
    code = "import ingest\nfor name in ingest.__all__:\n    name == 'PatentLoader' or getattr(ingest, name)"
    assert not modules_after(code) & ({*HEAVY, *UPPER_ROOMS} - {"lxml"})


def test_every_public_name_is_there():
    assert sorted(ingest.__all__) == list(ingest.__all__)
    for name in ingest.__all__:
        assert getattr(ingest, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Patent'"):
        _ = ingest.Patent
