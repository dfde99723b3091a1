"""`Classifier`: the places of texts and patents in the IPC, by what the index holds.

index/classifier.npz    what was fitted to a generation of the index; derived, and made again where it is missing or out of date
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from assistant.classification.material import Wording, main_group, material_of, symbols_of, vector_of
from assistant.classification.model import Asked, Level, Model
from assistant.classification.place import Place, Reason
from assistant.errors import AssistantError
from index.errors import NotInIndexError
from index.filter import Filter
from index.patent_index import PatentIndex
from ingest.document import PatentDocument
from ingest.language import detect_language

Tick = Callable[[str, float], None]
REASONS = 3
ALIKE = 0.1
"""A patent that is less like the text than that is no reason."""
_SEARCHED = 600
"""Characters of a text that entries of the scheme are searched by."""


class Classifier:
    """Over one index; fitted when it is first asked, and again when the index has changed since."""

    def __init__(self, index: PatentIndex) -> None:
        self._index = index
        self._model: Model | None = None
        self._generation = -1
        self._guard = threading.Lock()

    @property
    def path(self) -> Path:
        return self._index.directory / "classifier.npz"

    def model(self, tick: Tick = lambda what, share: None) -> Model:
        """The model of the index as it is now. `tick` is told what a fit is at (`reading`, `scheme`, `patents`, `regression`, `ranking`)
        and which share of that is done. Raises AssistantError where there is nothing to learn from."""
        with self._guard:
            generation = self._index.catalogue.searchable
            if self._model is None or self._generation != generation:
                self._model = Model.load(self.path, str(generation)) or self._fitted(generation, tick)
                self._generation = generation
            return self._model

    def _fitted(self, generation: int, tick: Tick) -> Model:
        material = material_of(self._index, lambda share: tick("reading", share))
        if not material.numbers and not material.entries:
            raise AssistantError(
                f"{self._index.directory}: nothing to classify by: no document in the index has an IPC symbol, and no scheme is in it; "
                "ingest classified patents, or the IPC or CPC (docs/formats.md says which files)"
            )
        model = Model.fit(material, tick)
        with suppress(OSError):  # a directory that can't be written is classified by all the same
            model.save(self.path, str(generation))
        return model

    def classify(self, asked: str | PatentDocument, level: Level = "subclass", k: int = 3, tick: Tick = lambda what, share: None) -> list[Place]:
        """The k best places, best first, of a text or a patent. A patent of the index is classified as if it were not in it."""
        document = asked if isinstance(asked, PatentDocument) else None
        wording = Wording.of(document) if document else Wording("", str(asked).encode("utf-8", "replace").decode())
        model = self.model(tick)
        vector = vector_of(self._index, wording)
        question = model.asked([wording], vector[None], [document.number] if document else [])
        language = detect_language(wording.whole)
        held = {s[:4] if level == "subclass" else s for s in symbols_of(document)} if document else set()
        return [
            Place(
                symbol=symbol,
                level=level,
                probability=probability,
                title=self.title(symbol, language),
                reasons=self._reasons(model, question, symbol, level),
                assigned=symbol in held,
            )
            for symbol, probability in model.probabilities(question, level)[0][:k]
        ]

    def title(self, symbol: str, language: str) -> str:
        """The title of a place with those above it, outermost first: of the IPC before the CPC, in a language where there is one in it."""
        for spoken in dict.fromkeys((language, "en", "zh", "fr", "de")):
            for scheme in ("IPC", "CPC"):
                entry = self._index.catalogue.document(f"{scheme}:{symbol.replace(' ', '')}@{spoken}")
                if entry is not None:
                    return entry.sections[0].paragraphs[0].text.removeprefix(f"{symbol}: ") if entry.sections else entry.title
        return ""

    def _reasons(self, model: Model, asked: Asked, symbol: str, level: Level) -> tuple[Reason, ...]:
        names = model.subclasses if level == "subclass" else model.groups
        rows = model.labels[level].codes[:, names.index(symbol)].nonzero()[0]
        near = sorted(rows, key=lambda row: -asked.similar[0, row])[:REASONS]
        found = [self._patent(model.neighbours.numbers[row], float(asked.similar[0, row]), asked) for row in near if asked.similar[0, row] >= ALIKE]
        return tuple(filter(None, found)) or self._entry(asked.wordings[0], symbol)

    def _patent(self, number: str, score: float, asked: Asked) -> Reason | None:
        """A patent as a reason, with the passage whose vector is nearest."""
        try:
            document, passages = self._index.document(number), self._index.passages(number)
        except NotInIndexError:  # removed a moment ago
            return None
        vectors = self._index.catalogue.vectors(self._index.catalogue.passage_ids(number))
        nearest = int(np.argmax(vectors @ asked.vectors[0])) if len(vectors) == len(passages) else 0
        symbols = tuple(dict.fromkeys(c.symbol for c in document.classifications if main_group(c.symbol)))
        return Reason(number=number, anchor=passages[nearest].anchor, title=document.title, symbols=symbols, score=score)

    def _entry(self, wording: Wording, symbol: str) -> tuple[Reason, ...]:
        """The entry under a place that fits best."""
        for where in (Filter(ipc=(symbol,), sections=("scheme",)), Filter(cpc=(symbol,), sections=("scheme",))):
            with suppress(NotInIndexError):
                for hit in self._index.search(wording.whole[:_SEARCHED], 1, where):
                    entry = self._index.document(hit.number)
                    place = tuple(c.symbol for c in entry.classifications)
                    return (Reason(number=hit.number, anchor=hit.anchor, title=entry.title, symbols=place, score=min(1.0, hit.score)),)
        return ()
