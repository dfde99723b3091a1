"""Taggers of entities that learn from annotated texts, and the two that come with the project.

`en`: thin-film magnetic heads (17 types: Component, Location, Material, …), learned from the 498 annotated abstracts of US patents of TFH
(github.com/awesome-patent-mining/TFH_Annotated_Dataset, MIT licence). `zh`: chemical substances (71 types: 无机盐, 醇, 类别名, …), learned from
the 400 training texts of Chinese patents of cnChemNER (github.com/3020244292/cnChemNER, which states no licence). `benchmarks/entities.py`
makes and measures both.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from assistant.entities.entity import AnnotatedText, Entity
from assistant.entities.errors import TaggerError
from assistant.entities.learning import Settings, learn
from assistant.entities.network import Network, Size, decode
from assistant.entities.repeated import repeated
from assistant.entities.tokens import pieces
from assistant.entities.vocabulary import Vocabulary, padded

SHIPPED = ("en", "zh")
_FORM = "patent-assistant entity tagger 1"
_TOGETHER = 64
"""Sentences that go through the network at once."""


class EntityTagger:
    """Finds the entities of a text. `left_out` counts the annotations that training could not use, by the reason."""

    def __init__(self, network: Network, vocabulary: Vocabulary, types: Sequence[str], left_out: Counter[str] | None = None) -> None:
        self._network = network.eval()
        self._vocabulary = vocabulary
        self.types = tuple(types)
        self.left_out = left_out or Counter()

    @staticmethod
    @cache
    def load(language: str) -> "EntityTagger":
        """The tagger of the project for `en` or `zh`; read once."""
        if language not in SHIPPED:
            raise TaggerError(f"there is no entity tagger for {language!r}, only for {' and '.join(SHIPPED)}; train one with EntityTagger.train")
        return EntityTagger.load_from(Path(__file__).with_name(f"{language}.safetensors"))

    @classmethod
    def train(
        cls, documents: Iterable[AnnotatedText], settings: Settings | None = None, progress: Callable[[int, int], object] | None = None
    ) -> "EntityTagger":
        """A tagger of the types of these texts. Of entities that overlap, the longest is learned (`left_out` counts the others).

        The same texts, settings and number of threads give the same tagger. `progress` is told the steps done and the steps there are.
        Raises EntityDataError where there is no entity to learn from.
        """
        network, vocabulary, types, left_out = learn(list(documents), settings, progress)
        return cls(network, vocabulary, types, left_out)

    def tag(self, text: str) -> list[Entity]:
        """The entities in their order; none overlap, and `text[e.start:e.end] == e.text`."""
        spans = pieces(text)
        order = sorted(range(len(spans)), key=lambda i: len(spans[i]))
        found = []
        for first in range(0, len(order), _TOGETHER):
            some = [spans[i] for i in order[first : first + _TOGETHER]]
            for sentence, start, end, kind, probability in self._spans([[text[a:b] for a, b in piece] for piece in some]):
                a, b = some[sentence][start][0], some[sentence][end][1]
                found.append(Entity(text[a:b], self.types[kind], a, b, probability))
        return repeated(found, text, spans)

    @torch.inference_mode()
    def _spans(self, sentences: list[list[str]]) -> list[tuple[int, int, int, int, float]]:
        """(sentence, first token, last token, type, probability) of each entity."""
        rows, lengths = padded([self._vocabulary.rows(tokens) for tokens in sentences])
        hidden, scores = self._network(torch.from_numpy(rows), torch.from_numpy(lengths))
        decoded = decode(scores.double().numpy(), lengths, self._network.transitions().double().numpy())
        spans = [(i, *span) for i, found in enumerate(decoded) for span in found]
        if not spans:
            return []
        places = torch.tensor([span[:3] for span in spans])
        kinds = self._network.type_scores(hidden, *places.T).softmax(dim=1)
        most = kinds.max(dim=1)
        return [
            (i, start, end, int(kind), min(1.0, there * float(sure)))
            for (i, start, end, there), kind, sure in zip(spans, most.indices, most.values, strict=True)
        ]

    def save(self, path: Path | str) -> None:
        """One file of safetensors, weights in half precision. Raises TaggerError where it can't be written."""
        network = self._network
        described = {
            "form": _FORM,
            "types": list(self.types),
            "cased": self._vocabulary.cased,
            "size": asdict(network.size),
            "left_out": dict(self.left_out),
        }
        tensors = {name: weights.half().contiguous() for name, weights in network.state_dict().items()}
        tensors["vocabulary"] = torch.from_numpy(np.array(self._vocabulary.keys, dtype=np.uint32))
        path = Path(path)
        beside = path.with_name(f"{path.name}.new")
        try:
            beside.write_bytes(save(tensors, {"tagger": json.dumps(described, ensure_ascii=False)}))
            beside.replace(path)  # another process may have the old file mapped into memory
        except OSError as error:
            raise TaggerError(f"{path}: the tagger can't be written: {error.strerror}") from None

    @classmethod
    def load_from(cls, path: Path | str) -> "EntityTagger":
        """A tagger that was saved. Raises TaggerError where the file is missing, damaged or something else."""
        try:
            with safe_open(path, "pt") as stored:
                described = json.loads((stored.metadata() or {})["tagger"])
                tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118  (no mapping)
            if described["form"] != _FORM:
                raise ValueError(described["form"])
            vocabulary = Vocabulary(tensors.pop("vocabulary").tolist(), described["cased"])
            network = Network(Size(**described["size"]))
            network.load_state_dict({name: weights.float() for name, weights in tensors.items()})
            if len(vocabulary.keys) != network.size.rows or len(described["types"]) != network.size.types:
                raise ValueError("sizes")
        except FileNotFoundError:
            raise TaggerError(f"{path}: there is no such file; save one with EntityTagger.save") from None
        except OSError as error:
            raise TaggerError(f"{path}: the tagger can't be read: {error.strerror or error}") from None
        except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError):
            raise TaggerError(f"{path}: no entity tagger of this version, or a damaged one; make it again with EntityTagger.train") from None
        return cls(network, vocabulary, described["types"], Counter(described["left_out"]))
