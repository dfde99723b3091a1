"""What is imported when: the package's face is light, and a search needs no torch."""

import subprocess
import sys

import pytest

import index
from ingest.errors import PatentAssistantError


def modules_after(code: str, *arguments: str) -> set[str]:
    shown = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)", *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    return {m.partition(".")[0] for m in shown.stdout.splitlines()[-1].split()}


HEAVY = {"faiss", "torch", "tantivy", "numpy", "openvino", "transformers", "sentence_transformers", "tokenizers", "langchain_core", "lxml"}


def test_importing_the_package_imports_nothing_heavy():
    assert not modules_after("import index") & (HEAVY | {"sqlite3"})


def test_filters_hits_and_errors_need_nothing_heavy():
    assert not modules_after("from index import Filter, FilterError, NoIndexError, Hit; Filter.parse('ipc=H04L')") & HEAVY


def test_searching_needs_no_torch(sample_folder):
    code = "import sys\nfrom index import PatentIndex\nwith PatentIndex(sys.argv[1]) as i: assert i.search('labyrinth seal', 3)"
    found = modules_after(code, str(sample_folder))
    assert {"faiss", "tantivy", "openvino"} <= found
    assert not {"torch", "transformers", "sentence_transformers"} & found


def test_every_public_name_is_there():
    for name in index.__all__:
        assert getattr(index, name).__name__ == name
    assert sorted(index.__all__) == list(index.__all__)
    with pytest.raises(AttributeError, match="'nothing'"):
        index.nothing  # noqa: B018


def test_every_error_is_one_of_the_project():
    errors = [getattr(index, name) for name in index.__all__ if name.endswith("Error")]
    assert len(errors) == 8
    for error in errors:
        assert issubclass(error, index.SearchIndexError)
        assert issubclass(error, PatentAssistantError)
