"""A job: summaries of many documents, or the answers that they give to one question, in a folder that a later run goes on in.

    manifest.json    what was asked, of what
    record.jsonl     what became of each document, added as it ends
    failed.jsonl     what failed in the last run, with the reason

and the outputs, made anew from the record at the end of each run. Whether a document is done is decided by its number and its text.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from filelock import FileLock, Timeout

from assistant.errors import LanguageModelError
from assistant.summaries.errors import JobError
from assistant.summaries.making import made, make
from assistant.summaries.manifest import NAME as MANIFEST
from assistant.summaries.manifest import Asked, Manifest, differences, read_manifest
from assistant.summaries.outputs import as_lines, write_file
from assistant.summaries.processes import Died, each_in_process
from assistant.summaries.record import NAME as RECORD
from assistant.summaries.record import Outcome, Record
from assistant.summaries.sources import Sources
from index.catalogue import document_digest
from ingest.document import PatentDocument
from ingest.language import CJK
from ingest.transfer import pack, unpack

if TYPE_CHECKING:
    from assistant.grounding.answering import Grounding
    from assistant.llm.language_model import LanguageModel

    Loaded = tuple[LanguageModel, Grounding | None]

BATCH = 32
TIME_LIMIT = 600.0
GIVE_UP = 10
"""So many documents in a row without the language model, and the job ends: it is not the documents."""
FAILED = "failed.jsonl"
_WORD = re.compile(rf"[{CJK}]|[^\W{CJK}]+")


@dataclass(frozen=True)
class Progress:
    """How far a run is. While it looks through the sources `total` is 0 and `done` counts documents found."""

    stage: Literal["reading", "making"]
    done: int
    total: int = 0
    failed: int = 0
    seconds_left: float | None = None


@dataclass
class JobReport:
    """What became of the documents of a run: made now, there already, or failed, as (number, "" where it has none; reason). `tokens` are those
    of prompts and replies; without a language model the words (Chinese: characters) of the documents read. `making` are the seconds without
    looking through the sources and loading the model: of them are the rates."""

    out: str
    made: int = 0
    there: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    making: float = 0.0
    tokens: int = 0

    def model_dump(self) -> dict[str, Any]:
        """{out, made, there, failed: [{number, reason}], seconds, documents_per_second, tokens_per_second}."""
        return {
            "out": self.out,
            "made": self.made,
            "there": self.there,
            "failed": [{"number": number, "reason": reason} for number, reason in self.failed],
            "seconds": round(self.seconds, 2),
            "documents_per_second": round(self.made / self.making, 2) if self.making else 0.0,
            "tokens_per_second": round(self.tokens / self.making, 1) if self.making else 0.0,
        }


@dataclass
class Work:
    """How a run works: `model` loads the language model and how its sentences are checked, when there is something to ask; without it, `workers`
    processes (0: this one) have `time_limit` seconds for each document. `batch` documents are before the model at once."""

    model: "Callable[[], Loaded] | None" = None
    workers: int = 0
    batch: int = BATCH
    time_limit: float = TIME_LIMIT
    retry_failed: bool = False
    progress: Callable[[Progress], None] = lambda _: None


class SummaryJob:
    """One job, locked while it is open. Use it in a `with`.

    Raises JobError where another process works on it, and where something was made already that was asked for otherwise, unless `again` is
    given: then that is thrown away.
    """

    def __init__(self, folder: str | Path, asked: Asked, again: bool = False) -> None:
        self.folder = Path(folder)
        self.asked = asked
        self.order: list[str] = []
        """The numbers of the documents of the last run, in the order of its sources."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self.folder / ".lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise JobError(f"{self.folder}: another process works on this job; wait for it, or name another folder") from None
        try:
            self._record = self._opened(again)
        except BaseException:
            self._lock.release()
            raise

    def _opened(self, again: bool) -> Record:
        there = read_manifest(self.folder)
        if again:
            (self.folder / RECORD).unlink(missing_ok=True)
            there = None
        record = Record(self.folder)
        different = differences(there.asked, self.asked) if there else ["there is no manifest, which says what was asked for"]
        if different and record.places:
            record.close()
            said = f"{self.folder}: the job there was asked for something else: {'; '.join(different)}"
            raise JobError(f"{said}; name another folder, or throw it away with --again")
        self.manifest = there if there and not different else Manifest(asked=self.asked)
        return record

    def __enter__(self) -> "SummaryJob":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._record.close()
        self._lock.release()

    @property
    def damaged(self) -> int:
        """Lines of the record that could not be read; their documents are made again."""
        return self._record.damaged

    def run(self, sources: Sources, work: Work) -> JobReport:
        """Make what is not there yet. Raises DiskFullError, LanguageModelError where the model is not to be had, and JobError where processes
        can't be started; what was made until then is kept."""
        self.manifest = self.manifest.joined(sources.names())
        write_file(self.folder / MANIFEST, [self.manifest.model_dump_json(indent=1)])
        began = time.monotonic()
        report = JobReport(str(self.folder))
        wanted = self._plan(sources, work, report)
        self._make(sources, wanted, work, report)
        report.seconds = time.monotonic() - began
        report.failed.sort()
        write_file(self.folder / FAILED, as_lines(json.dumps({"number": n, "reason": r}, ensure_ascii=False) for n, r in report.failed))
        return report

    def outcomes(self) -> Iterator[Outcome]:
        """What was made: of the documents of the last run in their order, then of others of earlier runs by number."""
        known = set(self.order)
        numbers = [*self.order, *sorted(n for n in self._record.places if n not in known)]
        return (outcome for outcome in self._record.outcomes(iter(numbers)) if outcome.made is not None)

    def _plan(self, sources: Sources, work: Work, report: JobReport) -> dict[str, int]:
        """The documents to be made, with their words; what is settled goes into the report."""
        seen: dict[str, str] = {}
        wanted: dict[str, int] = {}
        for each in sources:
            if not isinstance(each, PatentDocument):
                report.failed.append(("", str(each)))
                continue
            number, digest = each.number, document_digest(each).hex()
            place = self._record.places.get(number)
            if number in seen:
                if seen[number] == digest:
                    report.there += 1
                else:
                    where = f"{each.source.path}: " if each.source.path else ""
                    report.failed.append((number, f"{where}{number} has another text than before under the same number; only the first was taken"))
                continue
            seen[number] = digest
            if place is None or place.digest != digest or (place.failed and work.retry_failed):
                wanted[number] = _words(each)
            elif place.failed:
                report.failed.append((number, place.failed))
            else:
                report.there += 1
            work.progress(Progress("reading", len(seen), failed=len(report.failed)))
        self.order = list(seen)
        return wanted

    def _make(self, sources: Sources, wanted: dict[str, int], work: Work, report: JobReport) -> None:
        if not wanted:
            return
        loaded = work.model() if work.model else None
        began, total, rest = time.monotonic(), sum(wanted.values()), sum(wanted.values())
        left, held = dict(wanted), list[Outcome]()
        for outcome in self._outcomes(sources, set(wanted), work, loaded, report):
            held.append(outcome)  # those without a model, until one has shown that it is not the model
            if outcome.no_model:
                if len(held) == GIVE_UP:
                    raise LanguageModelError(
                        f"{outcome.failed}; so it was for {GIVE_UP} documents in a row, and the job ended; run it again to go on"
                    )
            else:
                self._settle(held, report)
            size = left.pop(outcome.number, 0)
            rest -= size
            if loaded is None:
                report.tokens += size
            report.making = time.monotonic() - began
            seconds = report.making * rest / max(1, total - rest)
            work.progress(Progress("making", len(wanted) - len(left), len(wanted), len(report.failed), seconds))
        self._settle(held, report)
        for number in left:
            report.failed.append((number, f"{number}: it was there when the job began, and is gone; run the job again"))

    def _settle(self, outcomes: list[Outcome], report: JobReport) -> None:
        for outcome in outcomes:
            self._record.add(outcome)
            if outcome.failed:
                report.failed.append((outcome.number, outcome.failed))
            else:
                report.made += 1
        outcomes.clear()

    def _outcomes(self, sources: Sources, wanted: set[str], work: Work, loaded: "Loaded | None", report: JobReport) -> Iterator[Outcome]:
        documents = self._documents(sources, wanted)
        if loaded is not None:
            yield from self._written(documents, loaded, work.batch, report)
        elif not work.workers:
            for document in documents:
                yield make(self.asked, pack(document))
        else:
            for packed, outcome in each_in_process(partial(make, self.asked), (pack(d) for d in documents), work.workers, work.time_limit):
                if isinstance(outcome, Died):
                    document = unpack(packed)
                    yield Outcome(document.number, document_digest(document).hex(), failed=f"{document.number}: {outcome}")
                else:
                    yield outcome

    def _documents(self, sources: Sources, wanted: set[str]) -> Iterator[PatentDocument]:
        for each in sources:
            if isinstance(each, PatentDocument) and each.number in wanted:
                wanted.discard(each.number)
                yield each
                if not wanted:
                    return

    def _written(self, documents: Iterator[PatentDocument], loaded: "Loaded", batch: int, report: JobReport) -> Iterator[Outcome]:
        """By the language model, `batch` documents side by side."""
        from assistant.llm.carrying import carrier
        from assistant.llm.exchange import answer_each

        model, grounding = loaded
        with carrier(model) as carrying:
            for _, outcome in answer_each((made(self.asked, d, model, grounding) for d in documents), carrying, batch):
                assert isinstance(outcome, Outcome)
                report.tokens = carrying.tokens
                yield outcome


def _words(document: PatentDocument) -> int:
    """Words, and characters of Chinese, of all that is read."""
    texts = [document.abstract, *(c.text for c in document.claims), *(p.text for s in document.sections for p in s.paragraphs)]
    return 1 + sum(len(_WORD.findall(text)) for text in texts)
