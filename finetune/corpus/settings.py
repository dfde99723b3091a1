"""The settings of the stage that makes a corpus."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from finetune.settings import Settings, StageName, StageSettings


class CorpusSource(Settings):
    """Where texts come from. `documents`: files, folders and archives of anything that `patent ingest` reads (schemes too), or index directories.
    `general`: JSON lines with texts in `fields` (joined by an empty line), or plain text; `.gz` of either, or folders of them.

    `weight`: this source's share of the characters of the result, in proportion to the other weights; a text is then taken up to `repeat`
    times. `languages`: texts in others are left out. `limit`: so many records of the source at most.
    """

    name: StageName
    kind: Literal["documents", "general"] = "documents"
    paths: tuple[Path, ...] = Field(min_length=1)
    languages: tuple[str, ...] = Field(default=("en", "zh"), min_length=1)
    weight: float | None = Field(default=None, gt=0)
    repeat: float = Field(default=1, ge=1, le=100)
    fields: tuple[str, ...] = Field(default=("text",), min_length=1)
    limit: int | None = Field(default=None, ge=1)


class Quality(Settings):
    """What a text must be like to be kept; shares are 0 to 1. The defaults are those of Gopher (arXiv:2112.11446, table A1) where they hold for
    patents, which repeat themselves more than web pages do; docs/measurements.md has what each costs. A text of a scheme need only be there.

    `least_english`, `least_chinese`: characters. `symbols`: neither letters, digits, punctuation nor white space. `digits`: of the letters and
    digits. `repeated_lines`: characters of lines that stood before. `repeated_runs`: words (characters in Chinese) in a run of ten
    that stood before. `odd_words`: words as a bad OCR makes them, and characters of no script. `boilerplate`: characters of lines that are cut
    for being boilerplate. `sequences`: characters of lines of a sequence listing.
    """

    least_english: int = Field(default=200, ge=1)
    least_chinese: int = Field(default=60, ge=1)
    symbols: float = Field(default=0.1, ge=0, le=1)
    digits: float = Field(default=0.3, ge=0, le=1)
    repeated_lines: float = Field(default=0.3, ge=0, le=1)
    repeated_runs: float = Field(default=0.6, ge=0, le=1)
    odd_words: float = Field(default=0.1, ge=0, le=1)
    boilerplate: float = Field(default=0.5, ge=0, le=1)
    sequences: float = Field(default=0.5, ge=0, le=1)


class Duplicates(Settings):
    """`jaccard`: from which similarity on two texts are near duplicates: of their sets of runs of `words` words, in Chinese of `characters`
    characters, estimated by MinHash with `permutations`. `families`: of a family one text a language is kept, the longest."""

    jaccard: float = Field(default=0.6, ge=0.1, le=1)
    words: int = Field(default=5, ge=1)
    characters: int = Field(default=8, ge=1)
    permutations: int = Field(default=128, ge=16, le=1024)
    families: bool = True


class Contamination(Settings):
    """A text is in an evaluation set when it holds at least `share` of the runs of a line there: runs of `words` words, in Chinese of
    `characters` characters. Lines with fewer than `least` runs aren't looked for, and those that stand in over `common` families of the corpus
    are phrases that all use."""

    words: int = Field(default=13, ge=2)
    characters: int = Field(default=20, ge=2)
    share: float = Field(default=0.5, gt=0, le=1)
    least: int = Field(default=8, ge=1)
    common: int = Field(default=5, ge=1)


class CorpusSettings(StageSettings):
    """`held_out`: the share of families that is kept apart. `against`: evaluation sets that must not be in the corpus: JSON lines, of which all
    strings count, or anything that `patent ingest` reads.

    `characters`: how many the result has, where sources have weights; without it as many as the weights allow, so that the source that is
    shortest for its weight is used up. `shard`: characters of one file of the result. `tokenizer` counts the tokens; without it they are
    estimated. `workers`: processes that read and clean.
    """

    kind: Literal["corpus"]
    sources: tuple[CorpusSource, ...] = Field(min_length=1)
    against: tuple[Path, ...] = ()
    held_out: float = Field(default=0.01, ge=0, lt=1)
    quality: Quality = Quality()
    duplicates: Duplicates = Duplicates()
    contamination: Contamination = Contamination()
    characters: int | None = Field(default=None, ge=1)
    shard: int = Field(default=100_000_000, ge=1000)
    tokenizer: Path | None = None
    workers: int = Field(default=1, ge=1, le=256)

    @model_validator(mode="after")
    def _weights(self) -> "CorpusSettings":
        names = [s.name for s in self.sources]
        if len(set(names)) < len(names):
            raise ValueError("sources: two have the same name; give each its own")
        weighted = [s.name for s in self.sources if s.weight is not None]
        if weighted and len(weighted) < len(names):
            missing = ", ".join(n for n in names if n not in weighted)
            raise ValueError(f"sources: give all a weight or none; without one is {missing}")
        if not weighted and (self.characters or any(s.repeat > 1 for s in self.sources)):
            raise ValueError("characters and repeat need weights: give each source one")
        return self
