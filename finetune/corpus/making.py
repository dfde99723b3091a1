"""The stage `corpus`: read and clean in parts, judge all texts in order, mix, write.

Each step goes on from what lies in `partial/`: parts and shards are written whole and renamed, the ledger knows its last transaction. So a stage
that was killed at any moment ends with the same bytes as one that wasn't.
"""

import gzip
import json
import shutil
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from finetune.corpus import contamination
from finetune.corpus.ledger import Ledger
from finetune.corpus.mixing import Mix, mixed
from finetune.corpus.parts import make_part, read_part
from finetune.corpus.settings import CorpusSettings
from finetune.corpus.sources import Batch, Item, batches, items_of, present
from finetune.corpus.statistics import markdown, plot, removed, statistics
from finetune.errors import StageError
from finetune.running import StageContext
from ingest.forms import parsed
from ingest.records import Record
from ingest.schemes.scheme import Schemes

_DRY = 40
"""Records of a source in a dry run."""
_OPEN = 64


def make(settings: CorpusSettings, context: StageContext) -> dict[str, Any]:
    """Writes `train-*.jsonl.gz`, `held_out.jsonl.gz`, `removed.json` and `statistics.{json,md,svg}`. Returns {documents, characters, tokens, …}."""
    partial = context.folder / "partial"
    done = context.folder / "statistics.json"
    if not done.exists():
        _make(settings, context, partial)
    shutil.rmtree(partial, ignore_errors=True)
    found, lost = (json.loads((context.folder / n).read_text(encoding="utf-8")) for n in ("statistics.json", "removed.json"))
    reasons: dict[str, int] = {}
    for row in lost["sources"].values():
        for reason, count in row["removed"].items():
            reasons[reason] = reasons.get(reason, 0) + count
    return {
        **found["train"],
        "held_out": found["held_out"]["documents"],
        "shards": found["shards"],
        "tokens_by": found["tokens_by"],
        "removed": dict(sorted(reasons.items())),
        "shares": {name: row["share"] for name, row in found["sources"].items()},
    }


def _make(settings: CorpusSettings, context: StageContext, partial: Path) -> None:
    partial.mkdir(parents=True, exist_ok=True)
    if context.dry_run:  # a few texts, some of which are to be held out
        settings = settings.model_copy(update={"held_out": max(settings.held_out, 0.2) if settings.held_out else 0, "workers": 1})
    against = [context.path(p) for p in settings.against]
    missing = [p for p in against if not p.exists()]
    if missing and not context.dry_run:
        raise StageError(f"against: {missing[0]}: no such file or folder; what is evaluated on must be known, mend the path")
    evaluated = contamination.gathered([p for p in against if p not in missing], settings.contamination, partial / "evaluated")
    tokenizer = _tokenizer(settings, context)
    number = _parts(settings, context, partial, tokenizer)
    ledger = Ledger(partial / "ledger.sqlite")
    try:
        for part in range(number):
            if not ledger.has(part):
                ledger.enter(part, read_part(partial, part))
        context.tell("finding duplicates, families and what is in the evaluation sets")
        ledger.judge(settings, evaluated)
        mix = mixed(settings.sources, ledger.available(), settings.characters)
        if not ledger.done("drawn"):
            ledger.draw_all(mix.quotas, context.seed)
        if not ledger.sql("SELECT 1 FROM drawn LIMIT 1"):
            raise StageError(f"stage {context.name}: no text is left for training; {_why(removed(ledger, settings, evaluated))}")
        shards = _write_rows(ledger, settings, context, partial)
        _tell_all(ledger, settings, mix, evaluated, context.folder, str(settings.tokenizer) if tokenizer else "", shards)
    finally:
        ledger.close()


def _tokenizer(settings: CorpusSettings, context: StageContext) -> Path | None:
    if settings.tokenizer is None:
        return None
    found = context.path(settings.tokenizer)
    if (found / "tokenizer_config.json").is_file() or (found / "tokenizer.json").is_file():
        return found
    if context.dry_run:
        context.tell(f"{found}: no tokenizer is there; tokens are estimated")
        return None
    raise StageError(f"tokenizer: {found}: no tokenizer is in that folder; name one, or leave it out to have the tokens estimated")


def _parts(settings: CorpusSettings, context: StageContext, partial: Path, tokenizer: Path | None) -> int:
    """Make all parts that are not there; how many there are in all."""
    given = []
    for source in settings.sources:
        paths = present(source, context)
        limit = min(source.limit or _DRY, _DRY) if context.dry_run else source.limit
        if len(paths) < len(source.paths):
            context.tell(
                f"source {source.name}: not on this machine are {len(source.paths) - len(paths)} of its paths; the sample collection instead"
            )
        items = _sample() if context.dry_run and not paths else items_of(source, paths)
        given.append((source.model_copy(update={"limit": limit}), items))
    places = (settings, partial, partial / "evaluated", tokenizer)
    number = 0
    for batch in _made(batches(given), places, settings.workers):
        number = batch + 1
        if number % 50 == 0:
            context.tell(f"{number} batches of records read and cleaned")
    return number


def _sample() -> Iterator[Item]:
    from finetune.bases.tiny import sample_documents

    return iter(sample_documents())


def _made(found: Iterable[Batch], places: tuple[CorpusSettings, Path, Path, Path | None], workers: int) -> Iterator[int]:
    """The number of each batch when its part is there. Schemes are read here, in order, and again after an interruption, for what they tell of
    each other."""
    schemes = Schemes()
    if workers == 1:
        for batch in found:
            _one(batch, places, schemes)
            yield batch.number
        return
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[tuple[int, Future[None] | None]] = deque()
        for batch in found:
            if batch.alone:
                _one(batch, places, schemes)
                waiting.append((batch.number, None))
            elif _is_made(batch, places):
                waiting.append((batch.number, None))
            else:
                waiting.append((batch.number, pool.submit(make_part, batch, *places)))
            while len(waiting) > 2 * workers:
                yield _ended(*waiting.popleft())
        while waiting:
            yield _ended(*waiting.popleft())


def _ended(number: int, future: Any) -> int:
    if future is not None:
        future.result()
    return number


def _is_made(batch: Batch, places: tuple[CorpusSettings, Path, Path, Path | None]) -> bool:
    return (places[1] / f"{batch.number:06d}.json.gz").exists()


def _one(batch: Batch, places: tuple[CorpusSettings, Path, Path, Path | None], schemes: Schemes) -> None:
    if batch.alone and _is_made(batch, places):
        for _ in parsed((i for i in batch.items if isinstance(i, Record)), schemes):
            pass
        return
    make_part(batch, *places, schemes if batch.alone else None)


_COLUMNS = "r.part, r.offset, r.length, r.language, r.kind, r.id, f.name, r.sections, r.characters"


def _write_rows(ledger: Ledger, settings: CorpusSettings, context: StageContext, partial: Path) -> int:
    """Write the shards and what is held out; how many shards."""
    order = (
        f"SELECT {_COLUMNS} FROM drawn d JOIN rows r USING (ordinal) JOIN families f USING (family) ORDER BY d.draw, d.pass, d.ordinal",
        f"SELECT {_COLUMNS} FROM rows r JOIN families f USING (family) WHERE r.split = 'held out' ORDER BY r.ordinal",
    )
    texts = _Texts(partial)
    shards = 0
    try:
        some: list[tuple[Any, ...]] = []
        size = 0
        for row in ledger.each(order[0]):
            if some and size + row[-1] > settings.shard:
                _write(context.folder / f"train-{shards:05d}.jsonl.gz", some, texts)
                shards, some, size = shards + 1, [], 0
            some.append(row)
            size += row[-1]
        _write(context.folder / f"train-{shards:05d}.jsonl.gz", some, texts)
        _write(context.folder / "held_out.jsonl.gz", ledger.each(order[1]), texts)
    finally:
        texts.close()
    return shards + 1


def _write(path: Path, rows: Iterable[tuple[Any, ...]], texts: "_Texts") -> None:
    """Whole or not at all; the same bytes for the same rows."""
    if path.exists():
        return
    partial = path.with_name(f".{path.name}")
    with partial.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as packed:
        for part, offset, length, language, kind, identity, family, sections, _ in rows:
            row = {"text": texts.read(part, offset, length), "language": language, "source": kind, "id": identity, "family": family}
            packed.write((json.dumps(row | {"sections": sections}, ensure_ascii=False) + "\n").encode())
    partial.replace(path)


class _Texts:
    """The texts of the parts, read one by one; so many files are open at most."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._files = folder, dict[int, IO[bytes]]()

    def read(self, part: int, offset: int, length: int) -> str:
        file = self._files.pop(part, None) or (self._folder / f"{part:06d}.texts").open("rb")
        self._files[part] = file
        if len(self._files) > _OPEN:
            self._files.pop(next(iter(self._files))).close()
        file.seek(offset)
        return zlib.decompress(file.read(length)).decode()

    def close(self) -> None:
        for file in self._files.values():
            file.close()


def _tell_all(
    ledger: Ledger, settings: CorpusSettings, mix: Mix, evaluated: contamination.Evaluated, folder: Path, tokenizer: str, shards: int
) -> None:
    """`statistics.json` last: it says that all is there."""
    lost = removed(ledger, settings, evaluated)
    found = statistics(ledger, settings, mix, tokenizer, shards)
    plot(found, lost, folder / "statistics.svg")
    (folder / "statistics.md").write_text(markdown(found, lost), encoding="utf-8")
    (folder / "removed.json").write_text(json.dumps(lost, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial = folder / ".statistics.json"
    partial.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(folder / "statistics.json")


def _why(lost: dict[str, Any]) -> str:
    reasons: dict[str, int] = {}
    for row in lost["sources"].values():
        for reason, count in row["removed"].items():
            reasons[reason] = reasons.get(reason, 0) + count
    told = ", ".join(f"{reason} {count:,}" for reason, count in sorted(reasons.items()))
    return f"left out are: {told or 'none, the sources hold nothing'}; look at the limits of quality and the languages of the sources"
