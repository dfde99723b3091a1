"""What must be known of an encoder beside its weights: the prompts before queries and passages, pooling, length, languages.

A model's own files come first (`config_sentence_transformers.json`, `modules.json`, the metadata of its README). Many models were
published without their prompts in them, and many were saved again with empty ones: for those there is `FAMILIES`, taken from the
model cards and papers that `source` names. A patent encoder that was trained with prompts is of no use without: patembed-large has
nDCG@100 0.377 on DAPFAM with and 0.044 without (PatenTEB, arXiv:2510.22264, table 16).
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WINDOW = 512
"""Tokens of a passage at most, where the registry says nothing else: many models take thousands, but a passage is what is quoted."""
_QUERY_NAMES = ("query", "retrieval.query", "retrieval-query", "s2p_query", "web_search_query", "search_query")
_PASSAGE_NAMES = ("document", "passage", "corpus", "retrieval.passage", "retrieval-passage", "retrieval-document", "search_document")
_SEARCH_ZH = "为这个句子生成表示以用于检索相关文章："
_SEARCH = "Represent this sentence for searching relevant passages: "
_WEB = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "


@dataclass(frozen=True)
class Settings:
    """`window` is the most that the model is given, prompt and special tokens included; no `languages` means all. `pooling` is used
    where the model has no modules.json."""

    query: str = ""
    passage: str = ""
    pooling: str = "mean"
    window: int = WINDOW
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Family:
    """Models whose names begin with `pattern`, upper case or lower, without the organisation."""

    pattern: str
    settings: Settings
    source: str


def _family(
    pattern: str, source: str, query: str = "", passage: str = "", pooling: str = "mean", languages: str = "", window: int = WINDOW
) -> Family:
    return Family(pattern, Settings(query, passage, pooling, window, tuple(languages.split())), source)


FAMILIES = (
    _family(r"patembed-.*no_prompts", "PatenTEB, arXiv:2510.22264", languages="en"),
    _family(
        "patembed-base_long", "PatenTEB, arXiv:2510.22264, model card: 1024 tokens or more",
        query="encode query for mixed document retrieval: ", passage="encode document for mixed retrieval: ", languages="en", window=1024,
    ),
    _family(
        "patembed-", "PatenTEB, arXiv:2510.22264, prompts of the task retrieval_MIXED",
        query="encode query for mixed document retrieval: ", passage="encode document for mixed retrieval: ", languages="en",
    ),
    _family("paecter", "arXiv:2402.19411 and the model's files", languages="en"),
    _family("patentsberta_v2", "the model's files", languages="en"),
    _family("patentsberta", "the model's files", pooling="cls", languages="en"),
    _family("bert-for-patents", "arXiv:2402.19411: averaged tokens", languages="en"),
    _family("multilingual-e5-.*instruct", "model card", query=_WEB),
    _family("multilingual-e5-", "model card; github.com/microsoft/unilm, e5", query="query: ", passage="passage: "),
    _family("e5-mistral-", "model card; github.com/microsoft/unilm, e5", query=_WEB, pooling="lasttoken", languages="en"),
    _family("e5-(small|base|large)", "model card; github.com/microsoft/unilm, e5", query="query: ", passage="passage: ", languages="en"),
    _family("bge-(small|base|large)-en", "github.com/FlagOpen/FlagEmbedding", query=_SEARCH, pooling="cls", languages="en"),
    _family("bge-(small|base|large)-zh", "github.com/FlagOpen/FlagEmbedding", query=_SEARCH_ZH, pooling="cls", languages="zh"),
    _family("bge-m3", "arXiv:2402.03216, model card: no prompts", pooling="cls"),
    _family("snowflake-arctic-embed-.*v2", "model card", query="query: ", pooling="cls"),
    _family("snowflake-arctic-embed-", "model card", query=_SEARCH, pooling="cls", languages="en"),
    _family("mxbai-embed-large", "model card", query=_SEARCH, pooling="cls", languages="en"),
    _family("nomic-embed-text-v2", "the model's files", query="search_query: ", passage="search_document: "),
    _family("nomic-embed-text-", "model card", query="search_query: ", passage="search_document: ", languages="en"),
    _family("qwen3-embedding", "the model's files: no blank after the last colon", query=_WEB.rstrip(" "), pooling="lasttoken"),
    _family("all-minilm-", "model card", languages="en"),
    _family("patent-minilm", "patent/MODEL_CARD.md", languages="en zh"),
)  # fmt: skip


def settings_of(name: str, folder: Path) -> Settings:
    """The settings of the model of this name (a path or a hub name) in this folder, from its files and the registry."""
    known = _known(name, folder)
    base = known or Settings()
    prompts = _prompts(folder)
    query, passage = prompts if prompts is not None else (base.query, base.passage)
    return Settings(query, passage, base.pooling, base.window, known.languages if known else _readme_languages(folder))


def _known(name: str, folder: Path) -> Settings | None:
    """What the registry has: by the last part of the name, or by the repository where the folder is one of the hub's cache."""
    cached = [part.rpartition("--")[2] for part in folder.parts if part.startswith("models--")]
    for each in (cached[-1] if cached else "", name.replace("\\", "/").rstrip("/").rpartition("/")[2]):
        for family in FAMILIES:
            if each and re.match(family.pattern, each, re.IGNORECASE):
                return family.settings
    return None


def _prompts(folder: Path) -> tuple[str, str] | None:
    """(query, passage) as the model's own file has them; None where it has none, or only empty ones, which sentence-transformers writes
    for every model that it saves."""
    path = folder / "config_sentence_transformers.json"
    config: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    given = {k.lower(): v for k, v in (config.get("prompts") or {}).items() if isinstance(v, str)}
    default = given.get((config.get("default_prompt_name") or "").lower(), "")
    query = next((given[n] for n in _QUERY_NAMES if n in given), default)
    passage = next((given[n] for n in _PASSAGE_NAMES if n in given), default)
    return (query, passage) if query or passage else None


def _readme_languages(folder: Path) -> tuple[str, ...]:
    """The languages in the metadata of the model's README: none where it has none, or is said to be multilingual."""
    path = folder / "README.md"
    if not path.exists():
        return ()
    from huggingface_hub import metadata_load

    try:
        found = (metadata_load(path) or {}).get("language") or []
    except Exception:  # somebody's README: YAML that is none
        return ()
    languages = tuple(str(each) for each in ([found] if isinstance(found, str) else found))
    return () if "multilingual" in languages else languages
