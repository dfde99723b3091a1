"""What of the evaluation sets a text holds: runs of words (13, GPT-3's measure, arXiv:2005.14165, appendix C), in Chinese of characters.

Each line of an evaluation set is looked for by itself, since a prompt puts passages of several documents under one instruction. Only the runs of the
evaluation sets are held, in files that all processes map into their memory.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from finetune.corpus.runs import SCRIPTS, Hashes, runs_of, words_of
from finetune.corpus.settings import Contamination
from finetune.corpus.texts import texts_of
from finetune.errors import DataError
from ingest.document import PatentDocument
from ingest.outcome import Failed
from ingest.reading import find_files, read, shown_path

_NUMBER = re.compile(r"([A-Z]{2}[0-9]{5,15})(?:[A-Z][0-9]?)?(?:#.*)?")
_ARRAYS = ("hashes", "starts", "lines", "sizes", "sets")
_NAMES = "sets.json"


@dataclass(frozen=True)
class Evaluated:
    """Runs of evaluation sets. `hashes` (r,) sorted; the lines that have run i are `lines[starts[i]:starts[i + 1]]`; `sizes` (n,) runs and
    `sets` (n,) the set of each line; `names` of the sets; `numbers` of documents without kind codes; `found`: {texts, lines, too_short} of each."""

    hashes: Any
    starts: Any
    lines: Any
    sizes: Any
    sets: Any
    names: tuple[str, ...]
    numbers: frozenset[str]
    found: tuple[dict[str, int], ...]

    def held(self, words: Hashes, language: str, settings: Contamination) -> list[tuple[int, float]]:
        """(line, share of its runs) for each line of which a text has enough."""
        if not len(self.hashes) or not len(words):
            return []
        runs = np.unique(runs_of(words, settings.characters if language in SCRIPTS else settings.words))
        at = np.minimum(np.searchsorted(self.hashes, runs), len(self.hashes) - 1)
        at = at[self.hashes[at] == runs]
        if not len(at):
            return []
        lines, counts = np.unique(np.concatenate([self.lines[self.starts[i] : self.starts[i + 1]] for i in at]), return_counts=True)
        shares = counts / self.sizes[lines]
        return [(int(line), round(float(share), 4)) for line, share in zip(lines, shares, strict=True) if share >= settings.share]


def stem(number: str) -> str:
    """A document's number without its kind code."""
    match = _NUMBER.fullmatch(number)
    return match.group(1) if match else number


def gathered(paths: Iterable[Path], settings: Contamination, folder: Path) -> Evaluated:
    """The runs of evaluation sets, written into a folder once. Raises DataError for a set that can't be read."""
    if not (folder / _NAMES).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _write(list(paths), settings, folder)
    return opened(folder)


def opened(folder: Path) -> Evaluated:
    """What `gathered` wrote, mapped and not read."""
    told = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
    return Evaluated(names=tuple(told["names"]), numbers=frozenset(told["numbers"]), found=tuple(told["found"]), **arrays)


def _write(paths: list[Path], settings: Contamination, folder: Path) -> None:
    hashes: list[Hashes] = []
    sizes: list[int] = []
    sets: list[int] = []
    numbers: set[str] = set()
    seen: set[bytes] = set()
    found = []
    for place, path in enumerate(paths):
        counts = {"texts": 0, "lines": 0, "too_short": 0}
        for text in texts_in(path, numbers):
            counts["texts"] += 1
            for line in text.split("\n"):
                digest = hashlib.blake2b(line.strip().encode("utf-8", "replace"), digest_size=8).digest()
                if not line.strip() or digest in seen:
                    continue
                seen.add(digest)
                words = words_of(line)
                chinese = len(re.findall("[\u3400-\u9fff\u3040-\u30ff]", line)) * 2 > len(words)
                length = settings.characters if chinese else settings.words
                runs = np.unique(runs_of(words, length)) if len(words) >= length else words[:0]
                if len(runs) < settings.least:
                    counts["too_short"] += 1
                    continue
                counts["lines"] += 1
                hashes.append(runs)
                sizes.append(len(runs))
                sets.append(place)
        found.append(counts)
    whole = np.concatenate(hashes) if hashes else np.zeros(0, dtype=np.uint64)
    owners = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
    order = np.argsort(whole, kind="stable")
    distinct, starts = np.unique(whole[order], return_index=True)
    arrays: tuple[Any, ...] = (
        distinct,
        np.append(starts, len(whole)),
        owners[order],
        np.array(sizes, dtype=np.uint32),
        np.array(sets, dtype=np.uint32),
    )
    for name, array in zip(_ARRAYS, arrays, strict=True):
        np.save(folder / f"{name}.npy", array)
    told = {"names": [shown_path(p) for p in paths], "numbers": sorted(numbers), "found": found}
    partial = folder / f".{_NAMES}"
    partial.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    partial.replace(folder / _NAMES)


def texts_in(path: Path, numbers: set[str]) -> Iterator[str]:
    """All strings of JSON lines, and all texts of documents; `numbers` gets those of the documents that they name or are, without kind codes."""
    for file in find_files([path]):
        if isinstance(file, Failed):
            raise DataError(f"{file.path}: {file.reason}")
        if file.name.removesuffix(".gz").endswith((".jsonl", ".json")):
            for value in _json_lines(file):
                for text in _strings(value):
                    if match := _NUMBER.fullmatch(text):
                        numbers.add(match.group(1))
                    else:
                        yield text
        else:
            for outcome in read(file):
                if isinstance(outcome, Failed):
                    raise DataError(f"{outcome.path}: {outcome.reason}; an evaluation set must be readable whole, mend it or take it out of against")
                if isinstance(outcome, PatentDocument):
                    numbers.add(stem(outcome.number))
                    yield from (text for _, text in texts_of(outcome))


def _json_lines(file: Path) -> Iterator[Any]:
    try:
        with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    if line.strip():
                        yield json.loads(line)
                except ValueError as error:
                    raise DataError(f"{file}, line {number}: not JSON: {error}; mend or remove the line") from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: can't be read: {error}; make the file again") from error


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
