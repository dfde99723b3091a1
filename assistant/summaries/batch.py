"""`summarize_into`: a summary job from beginning to end."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.llm.settings import ModelSettings
from assistant.summaries.job import BATCH, TIME_LIMIT, JobReport, Progress, SummaryJob, Work
from assistant.summaries.manifest import Asked, read_manifest
from assistant.summaries.markdown import LabelLanguage
from assistant.summaries.outputs import FORMATS, Format, write_outputs
from assistant.summaries.sources import Source, Sources, open_index
from assistant.summaries.summary import Length
from assistant.tasks.task import Language

if TYPE_CHECKING:
    from assistant.grounding.answering import Grounding
    from assistant.llm.language_model import LanguageModel
    from index.patent_index import PatentIndex

_SAYS = ("temperature", "seed", "max_tokens", "context_length", "quantization", "guided")
"""The settings of a language model that change what it says."""


def summarize_into(
    folder: str | Path,
    sources: Iterable[Source] = (),
    length: Length | None = None,
    language: Language | None = None,
    *,
    question: str = "",
    llm: str = "evidence",
    settings: ModelSettings | None = None,
    checker: str = "",
    model: "Callable[[], tuple[LanguageModel, Grounding | None]] | None" = None,
    index: "PatentIndex | str | Path" = "my-index",
    workers: int = 0,
    batch: int = BATCH,
    time_limit: float = TIME_LIMIT,
    retry_failed: bool = False,
    again: bool = False,
    formats: Sequence[Format] = FORMATS,
    labels: LabelLanguage | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> JobReport:
    """Summarize documents into a folder, or have each answer a question; go on where an earlier run with the same folder ended.

    `sources` are paths, numbers of documents of the `index` (open, or its directory), or documents; without any, those that the job had before.
    With `llm` (a spec) other than `evidence` a language model writes, `batch` documents at once, and a `checker` may check it; `model` loads both
    where they are not to be made from that. Without one, `workers` processes (0: this one) have `time_limit` seconds for each document.

    What fails is in the report and in the folder; `retry_failed` tries it again. `formats` are written besides JSONL, headings in the language
    of `labels`. Raises JobError where another process works on the job, or it was asked for something else and not `again`; DiskFullError;
    LanguageModelError.
    """
    folder = Path(folder)
    kept = (settings or ModelSettings()).model_dump(include=set(_SAYS)) if llm != "evidence" else {}
    asked = Asked(question=question.strip(), length=length or Length(), language=language, llm=llm, settings=kept, checker=checker)
    given = list(sources)
    if not given and not again and (there := read_manifest(folder)):
        given = list(there.sources)
    loading = Loading(llm, settings, checker, batch)
    documents = Sources(given, open_index(index) if isinstance(index, str | Path) else index)
    work = Work(model or (loading.load if llm != "evidence" else None), workers, batch, time_limit, retry_failed, progress)
    try:
        with SummaryJob(folder, asked, again) as job:
            report = job.run(documents, work)
            write_outputs(folder, job.outcomes, asked, formats, labels)
            return report
    finally:
        documents.close()
        loading.close()


class Loading:
    """A language model from its spec, and the checker of what it says, when they are first needed."""

    def __init__(self, llm: str, settings: ModelSettings | None, checker: str, batch: int) -> None:
        self._llm, self._checker = llm, checker
        settings = settings or ModelSettings()
        told = {} if "concurrency" in settings.model_fields_set else {"concurrency": batch}  # all documents of a batch, unless told otherwise
        self._settings = settings.model_copy(update=told)
        self._model: LanguageModel | None = None

    def load(self) -> "tuple[LanguageModel, Grounding | None]":
        from assistant.grounding.answering import Grounding
        from assistant.llm.factory import language_model

        entailment = None
        if self._checker:
            from assistant.grounding.entailment import Entailment

            entailment = Entailment(self._checker).load()
        self._model = language_model(self._llm, self._settings)
        return self._model, Grounding(entailment=entailment)

    def close(self) -> None:
        if self._model is not None:
            self._model.close()
