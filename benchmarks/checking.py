"""What the checker of statements says of statements known to be true or false, made from real sentences of patents.

PYTHONPATH=.:benchmarks python benchmarks/checking.py

Each sentence of some 1,000, in both languages, is cited by statements about it: itself; a shorter form of it (its first clause); and itself with one
thing changed: a word for another of the same document, a number, a unit, a negation. A changed statement that comes out `supported` is a false
support; a true one that comes out `unsupported` is a false alarm.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator

from collection import documents

from assistant.grounding.checking import RELATIONS, check, quantities
from index.terms import terms
from ingest import Citation, PatentDocument
from ingest.sentences import sentences

SENTENCES = 1000
UNITS = {"mm": "cm", "%": "kg", "°C": "K", "kg": "g", "μm": "mm", "V": "A", "毫米": "厘米", "℃": "%"}
WORD = {"en": re.compile(r"\b[a-z]{5,}\b"), "zh": re.compile(r"[一-鿿]{2,4}")}


def chosen(language: str, drawn: random.Random) -> list[tuple[PatentDocument, str]]:
    found = [
        (document, sentence)
        for document in documents()
        if isinstance(document, PatentDocument) and document.language == language
        for section in document.sections
        for paragraph in section.paragraphs
        for sentence in sentences(paragraph.text)
        if 40 <= len(sentence) * (3 if language == "zh" else 1) <= 400
    ]
    return drawn.sample(found, min(SENTENCES, len(found)))


def telling(word: str) -> bool:
    """A word that says something, and not one of being, having or claiming."""
    return bool(set(terms(word)) - RELATIONS)


def statements(document: PatentDocument, sentence: str, language: str, drawn: random.Random) -> Iterator[tuple[str, str, bool]]:
    """(kind, statement, whether it is true)."""
    yield "itself", sentence, True
    clause = re.split(r"[,;，；]", sentence)[0].strip()
    if len(clause) > len(sentence) / 3 and clause != sentence:
        yield "its first clause", clause + ("。" if language == "zh" else "."), True
    elsewhere = [w for c in document.claims for w in WORD[language].findall(c.text) if not set(terms(w)) & set(terms(sentence))]
    elsewhere = [w for w in elsewhere if telling(w)]
    words = [m for m in WORD[language].finditer(sentence) if telling(m.group())]
    if elsewhere and words:
        old, new = drawn.choice(words), drawn.choice(elsewhere)
        yield "another word", sentence[: old.start()] + new + sentence[old.end() :], False
    if numbers := list(re.finditer(r"(?<![\w.])\d+(?![\w.])", sentence)):
        number = drawn.choice(numbers)
        other = str(int(number.group()) + drawn.randint(1, 9))
        if other not in [value for value, _ in quantities(sentence)]:
            yield "another number", sentence[: number.start()] + other + sentence[number.end() :], False
    for old, new in UNITS.items():
        if (at := re.search(rf"\d\s?{re.escape(old)}(?![A-Za-z])", sentence)) and new not in sentence:
            yield "another unit", sentence[: at.end() - len(old)] + new + sentence[at.end() :], False
            break
    negated = (
        sentence.replace("能够", "不能", 1).replace("可以", "不可以", 1)
        if language == "zh"
        else re.sub(r"\b(is|are|can|may)\b", r"\1 not", sentence, count=1)
    )
    if negated != sentence and not re.search(r"\b(?:not|no|without)\b|不|未|无", sentence):
        yield "a negation", negated, False


def main() -> None:
    for language in ("en", "zh"):
        drawn = random.Random(0)
        counts: dict[str, Counter[str]] = {}
        truth: dict[str, bool] = {}
        for document, sentence in chosen(language, drawn):
            for kind, statement, true in statements(document, sentence, language, drawn):
                truth[kind] = true
                verdict = check(statement, [Citation(anchor="A#p1", quote=sentence)], {"A#p1": sentence}).verdict
                counts.setdefault(kind, Counter())[verdict] += 1
        print(f"{language}: {'':20}{'n':>6}{'supported':>12}{'weak':>8}{'unsupported':>14}{'unchecked':>12}")
        for kind, found in counts.items():
            n = found.total()
            shares = "".join(f"{found[v] / n:>{w}.3f}" for v, w in (("supported", 12), ("weak", 8), ("unsupported", 14), ("unchecked", 12)))
            print(f"    {'true ' if truth[kind] else 'false'} {kind:16}{n:>6}{shares}")


if __name__ == "__main__":
    main()
