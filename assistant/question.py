"""What a question says about where to look: its language, the documents, claims, articles and classification places that it names."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.claims.dependency import CLAIM_LIST_EN, CLAIM_LIST_ZH, referenced_claims
from ingest.errors import ReadError
from ingest.language import detect_language
from ingest.laws.citing import CitedArticle, cited_articles
from ingest.number import MENTION, mentioned_numbers
from ingest.schemes.symbol import Symbol

_SYMBOL = re.compile(r"(?<![A-Za-z0-9])[A-HY]\d{2}[A-Z](?:\s?\d{1,4}\s?/\s?\d{2,6})?(?![A-Za-z0-9/])")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9:._/-]{2,}[A-Za-z0-9]")
_SCHEME = re.compile(
    r"\b(?:IPC|CPC)\b|\bclassification\s+(?:symbol|place|group|code)\b"
    r"|\b(?:where|how|under\s+wh\w+|in\s+wh\w+)\b.{0,60}\bclassified\b|分类号|国际专利分类|分到哪|分在哪|归入哪",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Question:
    """`topic` is the question without the names of documents and claims; `numbers` are document numbers as written, perhaps
    without a kind code; `claims` are claim numbers; `symbols` are classification symbols; `scheme` says that it is
    about the classification itself; `articles` are articles of laws, each with what the question calls its law."""

    text: str
    topic: str
    language: str
    numbers: tuple[str, ...]
    claims: tuple[int, ...]
    symbols: tuple[str, ...]
    scheme: bool
    articles: tuple[CitedArticle, ...] = ()


def understand(text: str, known: Callable[[str], bool] = lambda number: False) -> Question:
    """Read off a question what needs no search. `known` tells whether a document has this number, for numbers that no office gives
    (those of files and drafts)."""
    own = [word for word in _WORD.findall(text) if any(c.isdigit() for c in word) and not MENTION.fullmatch(word) and known(word)]
    bare = MENTION.sub(" ", text)
    for word in own:
        bare = bare.replace(word, " ")
    numbers = tuple(dict.fromkeys([*mentioned_numbers(text), *own]))
    claims = referenced_claims(bare) if numbers else ()
    topic = CLAIM_LIST_ZH.sub(" ", CLAIM_LIST_EN.sub(" ", bare)) if numbers else text
    symbols = []
    for written in _SYMBOL.findall(text):
        try:
            symbols.append(str(Symbol(written)))
        except ReadError:
            continue
    return Question(
        text=text,
        topic=topic if re.search(r"\w\w", topic) else text,
        language=detect_language(text),
        numbers=numbers,
        claims=claims,
        symbols=tuple(dict.fromkeys(symbols)),
        scheme=bool(symbols or _SCHEME.search(text)),
        articles=tuple(cited_articles(bare)),
    )
