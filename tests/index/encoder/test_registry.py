"""Prompts, pooling, length and languages of models, from their files and from the registry."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder.registry import FAMILIES, Settings, settings_of


def written(folder: Path, **config) -> Path:
    (folder / "config_sentence_transformers.json").write_text(json.dumps(config), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "query", "passage", "pooling", "languages"),
    [
        ("intfloat/e5-base-v2", "query: ", "passage: ", "mean", ("en",)),
        ("intfloat/multilingual-e5-small", "query: ", "passage: ", "mean", ()),
        ("intfloat/multilingual-e5-large-instruct", "Instruct: ", "", "mean", ()),
        ("intfloat/e5-mistral-7b-instruct", "Instruct: ", "", "lasttoken", ("en",)),
        ("BAAI/bge-base-en-v1.5", "Represent this sentence for searching relevant passages: ", "", "cls", ("en",)),
        ("BAAI/bge-base-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", "", "cls", ("zh",)),
        ("BAAI/bge-m3", "", "", "cls", ()),
        ("Qwen/Qwen3-Embedding-0.6B", "Instruct: ", "", "lasttoken", ()),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: ", "mean", ("en",)),
        ("datalyes/patembed-large", "encode query for mixed document retrieval: ", "encode document for mixed retrieval: ", "mean", ("en",)),
        ("datalyes/patembed-large_no_prompts", "", "", "mean", ("en",)),
        ("mpi-inno-comp/paecter", "", "", "mean", ("en",)),
        ("AI-Growth-Lab/PatentSBERTa", "", "", "cls", ("en",)),
        ("somebody/something", "", "", "mean", ()),
    ],
)
def test_known_models(tmp_path, name, query, passage, pooling, languages):
    found = settings_of(name, tmp_path)
    assert (found.query[: len(query)], bool(found.query)) == (query, bool(query))
    assert (found.passage, found.pooling, found.languages) == (passage, pooling, languages)


def test_a_folder_is_known_by_its_name_and_by_its_repository(tmp_path):
    assert settings_of("/models/E5-Base-v2/", tmp_path).query == "query: "
    snapshot = tmp_path / "models--BAAI--bge-small-en-v1.5" / "snapshots" / "abc"
    assert settings_of(str(snapshot), snapshot).pooling == "cls"


def test_the_models_own_prompts_come_first(tmp_path):
    own = written(tmp_path, prompts={"query": "ask: ", "document": ""})
    assert settings_of("intfloat/e5-base", own) == Settings("ask: ", "", languages=("en",))


@pytest.mark.parametrize("prompts", [{}, {"query": "", "document": ""}, None, {"retrieval_MIXED": {"q_text": "x", "pos_text": "y"}}, {"sts": "x"}])
def test_without_prompts_of_its_own_for_searching_a_model_has_those_of_its_family(tmp_path, prompts):
    own = written(tmp_path, prompts=prompts, default_prompt_name=None)
    assert settings_of("intfloat/e5-base", own).passage == "passage: "


@pytest.mark.parametrize(
    ("prompts", "default", "expected"),
    [
        ({"retrieval.query": "a ", "retrieval.passage": "b "}, None, ("a ", "b ")),
        ({"Retrieval-query": "a ", "Retrieval-document": "b "}, None, ("a ", "b ")),
        ({"web_search_query": "a ", "sts_query": "c "}, None, ("a ", "")),
        ({"passage": "b "}, None, ("", "b ")),
        ({"any": "d "}, "any", ("d ", "d ")),
        ({"any": "d ", "query": "a "}, "any", ("a ", "d ")),
        ({"any": "d ", "query": ""}, "any", ("", "d ")),
    ],
)
def test_the_names_of_prompts(tmp_path, prompts, default, expected):
    found = settings_of("somebody/model", written(tmp_path, prompts=prompts, default_prompt_name=default))
    assert (found.query, found.passage) == expected


@pytest.mark.parametrize(
    ("readme", "languages"),
    [
        ("---\nlanguage: en\n---\n# A model", ("en",)),
        ("---\nlanguage:\n- en\n- zh\n---\n", ("en", "zh")),
        ("---\nlanguage: [multilingual, af, zh]\n---\n", ()),
        ("---\nlicense: mit\n---\n", ()),
        ("---\n: [\n---\n", ()),
        ("# No metadata", ()),
    ],
)
def test_languages_of_the_readme(tmp_path, readme, languages):
    (tmp_path / "README.md").write_text(readme, "utf-8")
    assert settings_of("somebody/model", tmp_path).languages == languages


def test_every_family_names_its_source_and_a_pooling_that_exists():
    for family in FAMILIES:
        assert family.source
        assert family.settings.pooling in ("cls", "mean", "lasttoken")
        assert 128 <= family.settings.window <= 1024


@given(st.text(max_size=60))
def test_any_name_has_settings(name):
    assert settings_of(name, Path("/nowhere")).window > 0
