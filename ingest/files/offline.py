"""`unstructured` without a network: no model is fetched, nothing is reported, nothing is advertised.

On its own it downloads spaCy's en_core_web_sm when it first looks at a paragraph, sends a record of every call, and prints a
notice. What it wants of the model is the words, the verbs and the ends of the sentences of a paragraph, to tell a title from
a sentence; the rules here give it that.
"""

import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

from ingest.errors import ReadError
from ingest.sentences import sentences

_WORD = re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]")
_VERB = re.compile(
    r"(?:is|are|was|were|be|been|being|am|has|have|had|having|do|does|did|can|could|may|might|must|shall|should|will|would"
    r"|comprise[sd]?|consists?|include[sd]?|relates?|refers?|provides?|makes?|shows?|claim(?:s|ed)?|\w{2,}ing|\w{2,}ed)",
    re.IGNORECASE,
)


def partitioner(form: Literal["docx", "html", "text"]) -> Callable[..., list[Any]]:
    """`unstructured`'s function for a form. Raises ReadError where its package, or a package that it needs, is missing."""
    _silence()
    try:
        function: Callable[..., list[Any]] = getattr(import_module(f"unstructured.partition.{form}"), f"partition_{form}")
    except ImportError as error:
        missing = "python-docx" if error.name == "docx" else error.name or "unstructured"
        raise ReadError(f"reading {form} needs the package {missing}; install it with: pip install 'unstructured[docx]'") from error
    return function


@cache
def _silence() -> None:
    """What has to be said before the first import, and what has to be replaced before the first paragraph."""
    logging.getLogger().addFilter(lambda record: "unstructured" not in record.pathname)  # it logs tracebacks to the root logger
    os.environ.update(UNSTRUCTURED_DISABLE_NOTICE="1", SCARF_NO_ANALYTICS="true", DO_NOT_TRACK="1")
    try:
        tokenize = import_module("unstructured.nlp.tokenize")
    except ImportError as error:
        raise ReadError(f"reading needs the package {error.name}; install it with: pip install 'unstructured[docx]'") from error
    tokenize.__dict__["_load_spacy_model"] = _Rules
    tokenize._get_nlp.cache_clear()


@dataclass(frozen=True, slots=True)
class _Token:
    """A word with its Penn tag, or a sentence."""

    text: str
    tag_: str = ""


class _Rules:
    """Takes the place of a spaCy pipeline."""

    max_length = 1 << 30

    def __call__(self, text: str) -> "_Doc":
        return _Doc(text)


@dataclass(frozen=True, slots=True)
class _Doc:
    text: str

    def __iter__(self) -> Iterator[_Token]:
        return (_Token(word, "VB" if _VERB.fullmatch(word) else "NN") for word in _WORD.findall(self.text))

    @property
    def sents(self) -> Iterator[_Token]:
        return (_Token(sentence) for sentence in sentences(self.text))
