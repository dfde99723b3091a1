"""The learned dictionary, read from its files when it is first needed."""

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Literal

from index.errors import SearchIndexError

Language = Literal["zh", "en"]
Translations = dict[str, list[tuple[str, float]]]
_FOLDER = Path(__file__).parent
PHRASES = _FOLDER / "phrases.json.gz"
TERMS = _FOLDER / "terms.json.gz"


@lru_cache(maxsize=1)
def phrases() -> dict[str, str]:
    """Chinese words and phrases with their English."""
    return _read(PHRASES)


def translations(term: str, language: Language) -> list[tuple[str, float]]:
    """The terms of the other language for a term of this one, with their probabilities (of sum 1), most likely first; [] where none is known.

    Terms are those of `index.terms.terms`: English stems, Chinese words.

    >>> translations("密钥", "zh")
    [('key', 1.0)]
    """
    entry = _terms()[language].get(term, "").split()
    return [(word, int(share) / 100) for word, share in zip(entry[::2], entry[1::2], strict=True)]


def write(phrases_found: dict[str, str], terms_found: dict[Language, Translations]) -> None:
    """Put a newly learned dictionary in place of the one that is there."""
    packed = {
        language: {term: " ".join(f"{word} {share * 100:.0f}" for word, share in found) for term, found in sorted(entries.items())}
        for language, entries in terms_found.items()
    }
    for path, content in ((PHRASES, dict(sorted(phrases_found.items()))), (TERMS, packed)):
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))  # the same bytes for the same dictionary
    phrases.cache_clear()
    _terms.cache_clear()


@lru_cache(maxsize=1)
def _terms() -> dict[Language, dict[str, str]]:
    """Kept as written, since few entries are ever asked for: words and hundredths in turn."""
    content: dict[Language, dict[str, str]] = _read(TERMS)
    return content


def _read(path: Path) -> dict:  # type: ignore[type-arg]
    try:
        content: dict = json.loads(gzip.decompress(path.read_bytes()))  # type: ignore[type-arg]
    except (OSError, EOFError, ValueError) as error:
        raise SearchIndexError(f"{path}: the bilingual dictionary can't be read ({error}); install the package again") from error
    return content
