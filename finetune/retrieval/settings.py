"""The settings of the stages that make the encoder and the reranker of retrieval, and of the functions that they use."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from finetune.corpus.settings import Duplicates
from finetune.instructions.settings import Documents
from finetune.settings import Settings, StageSettings


class Alignment(Settings):
    """How new tokens learn to say what their English says. `rate` is that of their rows, `sharpness` that by which cosines become logits; `texts`
    of each kind (words, titles, sentences …) at most."""

    epochs: float = Field(default=2, gt=0)
    batch: int = Field(default=64, ge=2, le=1024)
    rate: float = Field(default=2e-3, gt=0)
    sharpness: float = Field(default=20, gt=0)
    tokens: int = Field(default=128, ge=8, le=512)
    texts: int = Field(default=12_000, ge=1)


class Contrast(Settings):
    """How pairs are learned. `row_rate` is the learning rate of the new tokens' rows, `rate` that of the adapters."""

    epochs: float = Field(default=1, gt=0)
    batch: int = Field(default=64, ge=2)
    rate: float = Field(default=5e-4, gt=0)
    row_rate: float = Field(default=5e-4, gt=0)
    warmup: float = Field(default=0.05, ge=0, lt=1)
    sharpness: float = Field(default=20, gt=0)
    tokens: int = Field(default=128, ge=8, le=512)
    rank: int = Field(default=32, ge=1)
    alpha: int = Field(default=64, ge=1)


class Steps(Settings):
    """What all trainings have: a checkpoint every `save_steps`, a loss every `log_steps`."""

    bf16: bool = True
    save_steps: int = Field(default=200, ge=1)
    log_steps: int = Field(default=20, ge=1)


class Tuning(Steps):
    """How an encoder is tuned. `words` are the Chinese words of at least `least` occurrences that become tokens; none, and only characters do.
    `negatives`: hard ones of each pair. `contrast: null`: nothing is learned from pairs, and what is not Chinese stays as it was."""

    words: int = Field(default=8000, ge=0)
    least: int = Field(default=5, ge=1)
    align: Alignment = Alignment()
    contrast: Contrast | None = Contrast()
    negatives: int = Field(default=1, ge=0, le=8)


class SeededTuning(Tuning):
    """With the seed, which a recipe gives for all of its stages."""

    seed: int = Field(default=0, ge=0)


class Ranking(Steps):
    """How a reranker is trained. `wrong` hits stand in a list beside a right one; `tokens` are those of query and hit together."""

    epochs: float = Field(default=1, gt=0)
    batch: int = Field(default=16, ge=1)
    rate: float = Field(default=5e-5, gt=0)
    warmup: float = Field(default=0.1, ge=0, lt=1)
    wrong: int = Field(default=7, ge=1, le=49)
    tokens: int = Field(default=192, ge=16, le=512)


class SeededRanking(Ranking):
    """With the seed."""

    seed: int = Field(default=0, ge=0)


class Projection(Settings):
    """A linear map over vectors. `pairs` is the weight of the pairs beside the places; `others` are the places, drawn by chance, that a document is
    held against."""

    steps: int = Field(default=300, ge=1)
    batch: int = Field(default=256, ge=2)
    rate: float = Field(default=1e-3, gt=0)
    sharpness: float = Field(default=30, gt=0)
    pairs: float = Field(default=3, ge=0)
    others: int = Field(default=700, ge=1)
    share: float = Field(default=0.7, gt=0, le=1)
    seed: int = Field(default=0, ge=0)


class Pairs(Settings):
    """So many of each kind of pairs at most, of each language or pair of languages; 0 for none.

    `claim_paragraph`: claim 1 and the paragraphs that support it (`patent claims support`). `sentence_text`: a sentence and the paragraph or abstract
    that it was taken from. `same_place`: documents of one main group. `citing`: a document and one that it cites, where both are there.
    `languages`: titles and abstracts of one patent in English and Chinese. `entries`: titles of one place of a classification in both.
    `places`: a document and the entries of the subclass and of the main group that it stands at.
    """

    title_abstract: int = Field(default=4000, ge=0)
    title_claims: int = Field(default=3000, ge=0)
    abstract_claims: int = Field(default=3000, ge=0)
    claim_paragraph: int = Field(default=4000, ge=0)
    sentence_text: int = Field(default=4000, ge=0)
    same_place: int = Field(default=4000, ge=0)
    citing: int = Field(default=4000, ge=0)
    languages: int = Field(default=3000, ge=0)
    entries: int = Field(default=3000, ge=0)
    places: int = Field(default=6000, ge=0)

    @model_validator(mode="after")
    def _some(self) -> "Pairs":
        if not any(dict(self).values()):
            raise ValueError("no pairs of any kind are wanted; give one of them a number above 0")
        return self


class FromDocuments(StageSettings):
    """What both stages have. `documents`: as for `instructions`; schemes of the IPC among them give entries. `base`: the folder of a
    sentence-transformers model or an encoder's name; the assistant's default where none is given. `against`: evaluation sets (JSON lines, or
    anything that `patent ingest` reads) of which nothing is learned. `held_out`: the share of families that is measured on, with
    `measured` queries of each kind at most, each among `pool` texts of its kind at most. `near`: what counts as nearly the same text, and so
    as one family."""

    documents: tuple[Documents, ...] = Field(min_length=1)
    base: Path | None = None
    against: tuple[Path, ...] = ()
    held_out: float = Field(default=0.1, gt=0, lt=1)
    pairs: Pairs = Pairs()
    near: Duplicates = Duplicates()
    measured: int = Field(default=500, ge=1)
    pool: int = Field(default=10_000, ge=100)

    @model_validator(mode="after")
    def _named_apart(self) -> "FromDocuments":
        names = [source.name for source in self.documents]
        if len(set(names)) < len(names):
            raise ValueError("two sources of documents have the same name; give each its own")
        if weighted := [s.name for s in self.documents if s.weight != 1]:
            raise ValueError(f"weight of {weighted[0]}: only rows of instructions have one; here pairs says how many there are of each kind")
        return self


class EmbedderSettings(FromDocuments, Tuning):
    """An encoder, tuned on pairs from documents."""

    kind: Literal["embedder"]


class RerankerSettings(FromDocuments, Ranking):
    """A cross-encoder on the first fifty hits of the encoder `base`, from whose weights it starts. `queries`: so many of each kind at most are
    learned from."""

    kind: Literal["reranker"]
    queries: int = Field(default=2000, ge=1)
