"""From documents to pairs: read once, whole families on one side of the split, nothing of what is measured on elsewhere, so many of each kind."""

import heapq
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from finetune.corpus.contamination import stem, texts_in
from finetune.corpus.texts import is_scheme
from finetune.errors import DataError
from finetune.instructions.collection import Collection
from finetune.instructions.reading import given_by
from finetune.retrieval import pairs as made
from finetune.retrieval.pairs import Excluded, Pair, hash_of
from finetune.retrieval.places import LEVELS, first_place, level_of, place, places_of
from finetune.retrieval.settings import FromDocuments
from finetune.running import StageContext
from ingest.document import PatentDocument
from ingest.language import CJK

_CHINESE = re.compile(f"[{CJK}]")
LANGUAGES = ("en", "zh")
_MOST = 200_000
"""Chinese texts that are kept at most."""
_CLAIMS = 10
"""Claims of a document that are among the Chinese texts."""


@dataclass(frozen=True)
class Gathered:
    """`chinese`: Chinese texts of the training side, `titles`: Chinese titles of places on it, with and without those above. `places`: of a
    document's text the names of the places that it stands at; `names`: of an entry's text those that it is of. `counts` of what was read,
    `left_out` by reason."""

    train: list[Pair]
    held_out: list[Pair]
    chinese: list[str]
    titles: list[str]
    places: dict[str, list[str]]
    names: dict[str, list[str]]
    counts: dict[str, int]
    left_out: dict[str, int]


def gathered(settings: FromDocuments, context: StageContext) -> Gathered:
    """The pairs of both sides, made once and kept in `partial/`. Raises StageError for a source that isn't there, DataError where no pair comes of
    them on either side."""

    def gather() -> Any:
        return _stored.dump_python(_gathered(settings, context), mode="json")

    found = _stored.validate_python(kept(context.folder / "partial" / "pairs.json", gather))
    if not found.train or not found.held_out:
        side, remedy = ("trained on", "give more documents") if not found.train else ("held out", "give more documents or raise held_out")
        raise DataError(f"stage {context.name}: no pair that is {side} comes of the documents ({_told(found.counts)}); {remedy}")
    return found


def kept(path: Path, make: Callable[[], Any]) -> Any:
    """What `make` gives, from its file where an earlier run wrote it."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, make())
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, value: Any) -> None:
    partial = path.with_name(f".{path.name}")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


_stored = TypeAdapter(Gathered)


def _gathered(settings: FromDocuments, context: StageContext) -> Gathered:
    share = max(settings.held_out, 0.3) if context.dry_run else settings.held_out  # so that something is held out of the few
    collection = Collection(context.folder / "partial" / "collection", share, context.seed, settings.near, passages=False)
    try:
        context.tell("reading the documents")

        def fill() -> Any:
            skipped: Counter[tuple[str, str]] = Counter()
            collection.fill(given_by(settings.documents, context, skipped))
            return [[source, why, n] for (source, why), n in sorted(skipped.items())]

        skipped = Counter({(source, why): n for source, why, n in kept(context.folder / "partial" / "skipped.json", fill)})
        return _Gathering(settings, context, _excluded(settings, context), skipped).of(collection)
    finally:
        collection.close()


def _excluded(settings: FromDocuments, context: StageContext) -> Excluded | None:
    paths = [p for p in map(context.path, settings.against) if p.exists() or not context.dry_run]
    if not paths:
        return None
    numbers: set[str] = set()
    return Excluded(numbers, [text for path in paths for text in texts_in(path, numbers)])


class _Home(NamedTuple):
    """The side of the split and the family of a document or an entry."""

    held_out: bool
    family: str


class _Entry(NamedTuple):
    title: str
    text: str
    home: _Home


class _Gathering:
    def __init__(self, settings: FromDocuments, context: StageContext, excluded: Excluded | None, left_out: Counter[tuple[str, str]]) -> None:
        self.wanted, self.seed, self.context, self.excluded, self.left_out = settings.pairs, context.seed, context, excluded, left_out
        self.sides = {False: Sample(context.seed), True: Sample(context.seed)}
        self.light: dict[str, tuple[PatentDocument, _Home]] = {}
        self.cited: dict[str, list[str]] = {}
        self.entries: dict[str, dict[str, _Entry]] = {}
        self.titles: list[str] = []
        self.chinese: list[str] = []

    def of(self, collection: Collection) -> Gathered:
        counts: Counter[str] = Counter()
        for n, item in enumerate(collection.items()):
            document, home = item.document(), _Home(item.held_out, item.family)
            side = "held out" if home.held_out else "trained on"
            if is_scheme(document):
                counts[f"entries {side}"] += 1
                self._entry(document, home)
            elif self.excluded and (stem(document.number) in self.excluded.numbers or self.excluded.document(document)):
                self.left_out["documents", "in an evaluation set"] += 1
            else:
                counts[f"documents {side}"] += 1
                self._document(document, home)
            if n % 1000 == 999:
                self.context.tell(f"{n + 1:,} of {len(collection):,} documents and entries")
        self._together()
        for name, by_language in self.entries.items():
            self._both(name, by_language)
        return Gathered(
            self.sides[False].pairs(), self.sides[True].pairs(), sorted(dict.fromkeys(self.chinese), key=hash_of)[:_MOST],
            list(dict.fromkeys(self.titles)), {made.whole(d): places_of(d) for d, _ in self.light.values()}, self._names(),
            dict(sorted(counts.items())), {f"{what}: {why}": n for (what, why), n in sorted(self.left_out.items())},
        )  # fmt: skip

    def _entry(self, document: PatentDocument, home: _Home) -> None:
        symbol = document.classifications[0].symbol if document.classifications else ""
        path = document.sections[0].paragraphs[0].text if document.sections[0].paragraphs else ""
        title = document.title.removeprefix(symbol).strip()
        if document.number.endswith("-def") or not symbol or not title:
            return
        if document.language == "zh" and not home.held_out:
            self.titles += [title, path.partition(": ")[2]]
        if document.language in LANGUAGES and level_of(symbol) in LEVELS:
            self.entries.setdefault(place(symbol, level_of(symbol)), {}).setdefault(document.language, _Entry(title, path, home))

    def _document(self, document: PatentDocument, home: _Home) -> None:
        wanted = self.wanted
        for most, some in (
            (wanted.title_abstract, made.title_abstract(document)),
            (wanted.title_claims, made.title_claims(document)),
            (wanted.abstract_claims, made.abstract_claims(document)),
            (wanted.claim_paragraph, made.claim_paragraphs(document, supporting)),
            (wanted.sentence_text, made.sentence_paragraphs(document, seed=self.seed)),
            (wanted.sentence_text, made.sentence_abstract(document, seed=self.seed)),
            (wanted.languages, made.languages(document)),
        ):
            if most:
                self._add(some, home, most)
        if not home.held_out:
            self.chinese += [t for t in (document.titles.get("zh"), document.abstracts.get("zh")) if t]
            claims = document.claims if document.language == "zh" else document.translated_claims.get("zh", ())
            self.chinese += [c.text for c in claims[:_CLAIMS]]
        few: dict[str, Any] = {"claims": (), "translated_claims": {}, "sections": (), "parties": (), "citations": ()}
        self.cited[document.number] = list(document.citations)
        if made.whole(document):
            self.light[document.number] = document.model_copy(update=few), home

    def _together(self) -> None:
        """Pairs of two documents: both on the same side of the split."""
        stems = {stem(number): number for number in self.light}
        for held_out in (False, True):
            some = {number: d for number, (d, home) in self.light.items() if home.held_out == held_out}
            here = {n: list(dict.fromkeys(stems[stem(c)] for c in self.cited[n] if stem(c) in stems)) for n in some}
            for most, found in (
                (self.wanted.citing, made.citing(here, some)),
                (self.wanted.same_place, made.same_place(list(some.values()), lambda d: first_place(d, "main group"), self.seed)),
            ):
                for pair in found if most else ():
                    self._add([pair], self.light[pair.family][1], most)
            for document in some.values() if self.wanted.places else ():
                for level in LEVELS:
                    self._placed(document, level)

    def _placed(self, document: PatentDocument, level: str) -> None:
        """With the entry in the document's own language, or else in the other; nothing is learned of an entry that is held out."""
        by_language = self.entries.get(first_place(document, level), {})
        language = document.language if document.language in by_language else next(iter(by_language), "")
        home = self.light[document.number][1]
        if language and (home.held_out or not by_language[language].home.held_out):
            way = language if language == document.language else f"{document.language}-{language}"
            self._add(made.entry(document, by_language[language].text, f"{level} {way}"), home, self.wanted.places)

    def _both(self, name: str, by_language: dict[str, _Entry]) -> None:
        if len(by_language) == len(LANGUAGES) and self.wanted.entries:
            english, chinese = by_language["en"], by_language["zh"]
            self._add([Pair("entries en-zh", english.title, chinese.title, name)], english.home, self.wanted.entries)

    def _names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, by_language in self.entries.items():
            for entry in by_language.values():
                found.setdefault(entry.text, []).append(name)
        return found

    def _add(self, some: Iterator[Pair] | Sequence[Pair], home: _Home, most: int) -> None:
        for pair in some:
            if not pair.anchor.strip() or not pair.positive.strip() or pair.anchor == pair.positive:
                continue
            if self.excluded and (self.excluded.text(pair.anchor) or self.excluded.text(pair.positive)):
                self.left_out[pair.kind, "in an evaluation set"] += 1
            else:
                self.sides[home.held_out].add(replace(pair, family=home.family), most)


@dataclass
class Sample:
    """So many pairs of each kind at most, those with the smallest hashes, whatever order they come in; pairs of one anchor stay together."""

    seed: int
    _heaps: dict[str, list[tuple[int, int, str, str, str]]] = field(default_factory=dict)
    _there: set[tuple[str, int, int]] = field(default_factory=set)

    def add(self, pair: Pair, most: int) -> None:
        key = (hash_of(f"{self.seed} {pair.anchor}"), hash_of(f"{self.seed} {pair.positive}"))
        if (pair.kind, *key) in self._there:
            return
        heap = self._heaps.setdefault(pair.kind, [])
        entry = (-key[0], -key[1], pair.anchor, pair.positive, pair.family)
        self._there.add((pair.kind, *key))
        if len(heap) < most:
            heapq.heappush(heap, entry)
        else:
            out = heapq.heappushpop(heap, entry)
            self._there.discard((pair.kind, -out[0], -out[1]))

    def pairs(self) -> list[Pair]:
        return [Pair(kind, a, p, f) for kind, heap in sorted(self._heaps.items()) for _, _, a, p, f in sorted(heap, reverse=True)]


def supporting(document: PatentDocument) -> list[str]:
    """The anchors of the paragraphs that support elements of claim 1, those with most elements first."""
    from assistant.claims.support import support

    elements: Counter[str] = Counter()
    if document.claims:
        for element in support(document, only=(document.claims[0].number,)):
            elements.update(p.citation.anchor for p in element.places[:1] if element.verdict == "supported")
    return [anchor for anchor, _ in sorted(elements.items(), key=lambda each: (-each[1], each[0]))]


def chinese_of(text: str) -> bool:
    """Whether there is Chinese in it."""
    return _CHINESE.search(text) is not None


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {what}" for what, n in counts.items()) or "none could be read"
