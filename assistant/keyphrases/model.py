"""The keyphrases of a patent: learned for Chinese, ranked by counts for English.

The model that comes with the program, `model.npz`, was learned from the 3,024 training rows of KPPatent-ZH (tanggongbo/KPPatent-ZH, MIT
licence): abstracts with their keywords, which are mostly single words. Which words keep like company it took from the Chinese titles
of the IPC 2026.01 (WIPO and CNIPA), the same abstracts and the texts of cnChemNER (no licence is stated with
them); how rare English words are, from 9,991 US patents. `benchmarks/keyphrases.py --train` makes it again.
"""

import json
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import AssistantError
from assistant.keyphrases.context import context
from assistant.keyphrases.english import rank_english
from assistant.keyphrases.features import features
from assistant.keyphrases.keyphrase import Keyphrase, places
from assistant.keyphrases.lexicon import Lexicon
from assistant.keyphrases.reading import read_chinese
from assistant.keyphrases.trees import Trees
from ingest.language import detect_language

Array = np.ndarray[Any, Any]
SHIPPED = Path(__file__).with_name("model.npz")
VERSION = 1
VIEW = 300
"""A view of a text has about so many characters, as the abstracts that the model was learned from."""
VIEWS = 4
"""So many views of the claims are read."""
ABSTRACT = 1200
BEYOND = 3.0
"""So many keywords of a text are expected to be none of the candidates, where it is decided how many to give."""


@dataclass(frozen=True)
class KeyphraseModel:
    """A fitted model; `load` gives the one that comes with the program."""

    lexicon: Lexicon
    first: Trees
    second: Trees
    english: Mapping[str, int]
    english_texts: int

    @classmethod
    def load(cls, path: Path | None = None) -> "KeyphraseModel":
        """The model of a file, or the one that comes with the program, which is read once in a process.

        Raises AssistantError where the file is not there or is no such model.
        """
        return _shipped() if path is None else _read(path)

    def extract(self, title: str, abstract: str, claims: str, k: int = 10, language: str = "") -> list[Keyphrase]:
        """Up to `k` keyphrases, best first: fewer where more would be expected to lower the F1 measure, none of a text without words.

        `language` is `zh` or `en`, or "" to be told from the text; any other is ranked as English is. Chinese keyphrases may be
        words that do not stand in the text. Of a Chinese text, the probabilities rest on the first VIEW characters of the title,
        ABSTRACT of the abstract and about VIEWS · VIEW of the claims; the spans are those of the whole texts.
        """
        parts = {"title": title, "abstract": abstract, "claims": claims}
        if k < 1 or not any(text.strip() for text in parts.values()):
            return []
        if (language or detect_language(" ".join(text[:ABSTRACT] for text in parts.values()))) != "zh":
            found = rank_english(parts, self._rarity, math.log(self.english_texts + 1), k)
            return [Keyphrase(phrase, None, places(phrase, parts)) for phrase in found]
        ranked = self.rank(title, abstract, claims)
        return [Keyphrase(word, p, places(word, parts)) for word, p in ranked[: worthwhile([p for _, p in ranked], k)]]

    def rank(self, title: str, abstract: str, claims: str) -> list[tuple[str, float]]:
        """All candidates of a Chinese text with their probabilities, likeliest first."""
        seen = views(title, abstract, claims)
        pooled: dict[str, float] = {}
        for text, share in seen:
            words, probabilities = self.judge(text)
            for word, p in zip(words, probabilities.tolist(), strict=True):
                pooled[word] = pooled.get(word, 0.0) + share * p
        return sorted(pooled.items(), key=lambda each: (-each[1], each[0]))

    def judge(self, text: str) -> tuple[list[str], Array]:
        """The candidates of one text of about the length of an abstract, and their probabilities."""
        reading = read_chinese(text)
        words, described = features(reading, self.lexicon)
        if not words:
            return [], np.zeros(0)
        again = context(words, self.first.probabilities(described), reading, self.lexicon)
        return words, self.second.probabilities(np.hstack([described, again]))

    @cached_property
    def _rarity(self) -> dict[str, float]:
        return {stem: math.log((self.english_texts + 1) / (count + 1)) for stem, count in self.english.items()}

    def save(self, path: Path) -> None:
        """Write the model as arrays, without pickle."""
        arrays: dict[str, Array] = {}
        plain: dict[str, Any] = {"version": VERSION, "english_texts": self.english_texts, "english": dict(self.english)}
        for prefix, part in (("lexicon", self.lexicon), ("first", self.first), ("second", self.second)):
            for each in fields(part):
                value = getattr(part, each.name)
                if isinstance(value, np.ndarray):
                    arrays[f"{prefix}.{each.name}"] = value
                else:
                    plain[f"{prefix}.{each.name}"] = dict(value) if isinstance(value, Mapping) else value
        arrays["plain"] = np.frombuffer(json.dumps(plain, ensure_ascii=False).encode(), dtype=np.uint8)
        with path.open("wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **arrays)


@lru_cache(maxsize=1)
def _shipped() -> KeyphraseModel:
    return _read(SHIPPED)


def _read(path: Path) -> KeyphraseModel:
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        plain = json.loads(arrays.pop("plain").tobytes())
        if plain["version"] != VERSION:
            raise ValueError(f"version {plain['version']}, not {VERSION}")
        named = {**arrays, **plain}
        lexicon = Lexicon(**{each.name: named[f"lexicon.{each.name}"] for each in fields(Lexicon)})
        first, second = (Trees(**{each.name: named[f"{which}.{each.name}"] for each in fields(Trees)}) for which in ("first", "second"))
        return KeyphraseModel(lexicon, first, second, plain["english"], plain["english_texts"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise AssistantError(f"{path}: not a keyphrase model that can be read ({error}); install the program again, or train one") from error


def views(title: str, abstract: str, claims: str) -> list[tuple[str, float]]:
    """Texts like abstracts, with weights that add up to 1: the title with the abstract, and the claims in pieces."""
    head = "。".join(text.strip() for text in (title[:VIEW], abstract[:ABSTRACT]) if text.strip())
    pieces = _pieces(claims)
    if not head:
        return [(piece, 1 / len(pieces)) for piece in pieces]
    if not pieces:
        return [(head, 1.0)]
    return [(head, 0.5), *((piece, 0.5 / len(pieces)) for piece in pieces)]


def _pieces(claims: str) -> list[str]:
    """The first VIEWS pieces of the claims, of about VIEW characters, cut at the ends of sentences where there are any."""
    pieces = [""]
    for sentence in re.findall(rf"[^。；\n]{{1,{VIEW}}}[。；\n]?", claims[: 2 * VIEW * VIEWS]):
        if len(pieces[-1]) + len(sentence) > VIEW and pieces[-1]:
            pieces.append("")
        pieces[-1] += sentence
    return [piece for piece in pieces[:VIEWS] if piece.strip()]


def worthwhile(probabilities: Sequence[float], k: int) -> int:
    """How many of the likeliest are to be given for the greatest expected F1, `k` at most.

    Of n given, twice the expected number of hits over n and the expected number of keywords.
    """
    if not probabilities:
        return 0
    hits = np.cumsum(probabilities[:k])
    expected = 2 * hits / (np.arange(1, len(hits) + 1) + sum(probabilities) + BEYOND)
    return int(expected.argmax()) + 1
