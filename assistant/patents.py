"""`PatentAssistant`: the whole of the project behind one object; the command line does nothing that this can't."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Unpack, overload

from assistant.answer import Answer, Statement
from assistant.evidence import MODEL as EVIDENCE
from assistant.evidence import answer_from_evidence
from assistant.finding import find
from assistant.ingesting import IngestReport, Progress, ingest_into
from assistant.llm.exchange import aanswer_one, answer_all, answer_one
from assistant.pinpoint import pinpoint
from assistant.question import Question, understand
from index.filter import Filter
from index.hit import DocumentHit, Hit
from index.patent_index import PatentIndex
from ingest.anchor import split_anchor, text_at
from ingest.document import PatentDocument
from ingest.errors import PatentAssistantError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.claims.analysis import ClaimOptions
    from assistant.claims.report import ClaimReport
    from assistant.classification.classifier import Classifier
    from assistant.classification.place import Place
    from assistant.conversation import Conversation
    from assistant.documents import Named
    from assistant.grounding.answering import Answerer, Grounding
    from assistant.llm import Exchange, LanguageModel, ModelSettings
    from assistant.prior_art.asked import Options
    from assistant.prior_art.references import Pair, Reference
    from assistant.summaries.job import JobReport
    from assistant.summaries.sources import Source
    from assistant.summaries.summary import Length, Summary
    from assistant.tasks.running import TaskResult
    from assistant.tasks.task import Given, Language
    from index.backup import Backup
    from index.repair import Problem

EVIDENCE_HITS, MODEL_HITS = 12, 20
"""So many passages are found for a question; a language model is shown as many of them as its window holds."""


class PatentAssistant:
    """Ingest, search, ask and show over one index directory. Use `open`; close it, or use it in a `with`."""

    def __init__(
        self,
        index: PatentIndex,
        llm: "str | BaseChatModel" = EVIDENCE,
        settings: "ModelSettings | None" = None,
        grounding: "Grounding | None" = None,
    ) -> None:
        self.index = index
        self.llm = llm
        self.settings = settings
        self.grounding = grounding
        self._loaded: LanguageModel | None = None
        self._classifier: Classifier | None = None

    @classmethod
    def open(
        cls,
        directory: str | Path,
        llm: "str | BaseChatModel" = EVIDENCE,
        encoder: str | None = None,
        create: bool = True,
        backend: str = "auto",
        settings: "ModelSettings | None" = None,
        grounding: "Grounding | None" = None,
    ) -> "PatentAssistant":
        """Open the index in a directory, or make one there. `llm` is a spec (`evidence`, `transformers:PATH`, `vllm:PATH`,
        `openai:MODEL@URL`) or any LangChain chat model, used by `settings`; `grounding` says what is shown and how it is checked."""
        return cls(PatentIndex(directory, encoder=encoder, create=create, backend=backend), llm, settings, grounding)

    def __enter__(self) -> "PatentAssistant":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self._loaded is not None:
            self._loaded.close()
        self.index.close()

    # -- ingest

    def ingest(
        self,
        sources: Iterable[str | Path | PatentDocument] | str | Path = (),
        progress: Callable[[Progress], None] | None = None,
        workers: int = 1,
        retry_failed: bool = False,
    ) -> IngestReport:
        """Read files and folders, or take documents, into the index.

        A file that was read to its end before and has not changed is not read again, unless something in it failed and
        `retry_failed` is given; a document that is there to the letter is not encoded again. What fails is recorded in the index
        and in the report; the rest goes on. With more than one of `workers`, that many processes parse.
        """
        given = [sources] if isinstance(sources, str | Path) else sources
        return ingest_into(self.index, given, progress, workers, retry_failed)

    # -- search and ask

    @overload
    def search(
        self, query: str = "", k: int = 10, where: Filter | None = None, unit: Literal["passage"] = "passage", **asked: Unpack["Options"]
    ) -> list[Hit]: ...
    @overload
    def search(
        self, query: str = "", k: int = 10, where: Filter | None = None, *, unit: Literal["document"], **asked: Unpack["Options"]
    ) -> list[DocumentHit]: ...
    @overload
    def search(
        self, query: str = "", k: int = 10, where: Filter | None = None, *, view: Literal["novelty"], **asked: Unpack["Options"]
    ) -> "list[Reference]": ...
    @overload
    def search(
        self, query: str = "", k: int = 10, where: Filter | None = None, *, view: Literal["obviousness"], **asked: Unpack["Options"]
    ) -> "list[Pair]": ...
    def search(
        self,
        query: str = "",
        k: int = 10,
        where: Filter | None = None,
        unit: Literal["passage", "document"] = "passage",
        *,
        view: Literal["novelty", "obviousness"] | None = None,
        **asked: Unpack["Options"],
    ) -> "list[Hit] | list[DocumentHit] | list[Reference] | list[Pair]":
        """The k best passages, or documents with their best passages, for a query; for a document of the index or a place in it
        (`like`: a number, or an anchor); or for a file with claims or a draft (`claims`: a path, or `-` for standard input).

        The document asked about and its family are never found. `prior_art` leaves out what was published on or after its
        priority date, or on or after the date given. `view` holds references against a claim (`claim`: its number, by default the
        first independent one): `novelty` gives single references, `obviousness` pairs of them, each with the passage that covers
        each feature. Raises ValueError, NotInIndexError, AnchorError, ReadError, ClaimError and NoDateError.
        """
        from assistant.prior_art.asked import asked_for
        from assistant.prior_art.searching import find

        return find(self.index, asked_for(self.index, query, **asked), k, where, unit, view)

    def ask(self, question: str, where: Filter | None = None, k: int | None = None) -> Answer:
        """Answer a question from the index. A document that the question names is searched alone; a claim that it names is
        quoted; a question about the classification is answered from the scheme's entries, where the index has any."""
        if self.model is None:
            return self._from_evidence(question, where, k)
        return self._pinpointed(answer_one(self._exchange(question, where, k), self.model))

    def stream(self, question: str, where: Filter | None = None, k: int | None = None) -> Iterator[Statement | Answer]:
        """The statements of the answer, each as soon as it is written and found good, and last the answer itself."""
        if self.model is None:
            answer = self._from_evidence(question, where, k)
            yield from answer.statements
            yield answer
            return
        for each in self.answerer.stream(question, self.find(self.understand(question), where, k)):
            yield self._pinpointed(each) if isinstance(each, Answer) else self._pinned(each)

    def ask_all(
        self, questions: Iterable[str], where: Filter | None = None, k: int | None = None, done: Callable[[int], None] | None = None
    ) -> list[Answer | PatentAssistantError]:
        """Answer many questions; a language model gets them as one batch. A question that fails is an error in its place. `done` is told how
        many are answered."""
        if self.model is None:
            answers: list[Answer | PatentAssistantError] = []
            for question in questions:
                answers.append(self._from_evidence(question, where, k))
                if done:
                    done(len(answers))
            return answers
        exchanges = [self._exchange(question, where, k) for question in questions]
        return [self._pinpointed(a) if isinstance(a, Answer) else a for a in answer_all(exchanges, self.model, done)]

    async def aask(self, question: str, where: Filter | None = None, k: int | None = None) -> Answer:
        """`ask` for asynchronous programs."""
        model = await asyncio.to_thread(lambda: self.model)
        if model is None:
            return await asyncio.to_thread(self._from_evidence, question, where, k)
        hits = await asyncio.to_thread(self.find, self.understand(question), where, k)
        answer = await aanswer_one(self.answerer.exchange(question, hits), model)
        return await asyncio.to_thread(self._pinpointed, answer)

    def converse(self, where: Filter | None = None) -> "Conversation":
        """A conversation: follow-up questions are understood from what was asked before."""
        from assistant.conversation import Conversation

        return Conversation(self, where)

    def understand(self, question: str) -> Question:
        """What a question says about where to look."""
        return understand(question, self.index.catalogue.holds)

    def find(self, question: Question, where: Filter | None = None, k: int | None = None) -> list[Hit]:
        """The passages that a question is answered from: the claims it names first, then what the search finds."""
        return find(self.index, question, where, k or (EVIDENCE_HITS if self.llm == EVIDENCE else MODEL_HITS))

    def _from_evidence(self, question: str, where: Filter | None, k: int | None) -> Answer:
        understood = self.understand(question)
        return self._pinpointed(answer_from_evidence(understood, self.find(understood, where, k), self.index))

    def _exchange(self, question: str, where: Filter | None, k: int | None) -> "Exchange[Answer]":
        return (yield from self.answerer.exchange(question, self.find(self.understand(question), where, k)))

    def _pinpointed(self, answer: Answer) -> Answer:
        return answer.model_copy(update={"statements": tuple(self._pinned(s) for s in answer.statements)})

    def _pinned(self, statement: Statement) -> Statement:
        """Each citation with the anchor of its one paragraph."""
        pinned = (pinpoint(c, self.index.document(split_anchor(c.anchor)[0])) for c in statement.citations)
        return statement.model_copy(update={"citations": tuple(pinned)})

    @cached_property
    def model(self) -> "LanguageModel | None":
        """The language model that `llm` stands for, loaded when it is first needed; None for `evidence`."""
        from assistant.llm.factory import language_model

        if self.llm != EVIDENCE:
            self._loaded = language_model(self.llm, self.settings)
        return self._loaded

    @cached_property
    def answerer(self) -> "Answerer":
        """What asks the language model and checks its statements."""
        from assistant.grounding.answering import Answerer

        assert self.model is not None
        return Answerer(self.model, self.index.document, self.grounding)

    # -- tasks

    def run(self, task: str, given: "PatentDocument | Given | Mapping[str, Any]") -> "TaskResult":
        """Do one of `assistant.tasks.TASKS` with a document, or with what the task takes (its `given`, or the fields of that).

        Raises AssistantError where the document lacks what the task needs, and NoModelError where it needs a language model.
        """
        return answer_one(self._task(task, given), self.model)

    def run_all(
        self, task: str, given: "Iterable[PatentDocument | Given | Mapping[str, Any]]", done: Callable[[int], None] | None = None
    ) -> "list[TaskResult | PatentAssistantError]":
        """The same for many; a language model gets them as one batch. What fails is an error in its place."""
        return answer_all([self._task(task, each) for each in given], self.model, done)

    def _task(self, task: str, given: "PatentDocument | Given | Mapping[str, Any]") -> "Exchange[TaskResult]":
        from assistant.tasks import task_named
        from assistant.tasks.running import given_for, run_task

        named = task_named(task)
        return (yield from run_task(named, given_for(named, given), self.model, self))

    async def asearch(
        self, query: str = "", k: int = 10, where: Filter | None = None, unit: Literal["passage", "document"] = "passage", **asked: Any
    ) -> Any:
        """`search` for asynchronous programs, with the same options."""
        return await asyncio.to_thread(lambda: self.search(query, k, where, unit=unit, **asked))

    def classify(self, asked: str | PatentDocument, level: Literal["subclass", "group"] = "subclass", k: int = 3) -> "list[Place]":
        """The k likeliest places of a text or a document in the IPC, each with its probability of being the first code, its title and the
        nearest patents as reasons. Raises AssistantError where the index has nothing to learn from."""
        if self._classifier is None:
            from assistant.classification.classifier import Classifier

            self._classifier = Classifier(self.index)
        return self._classifier.classify(asked, level, k)

    # -- claims

    def claims(self, document: "Named", **asked: "Unpack[ClaimOptions]") -> "ClaimReport":
        """The report on the claims of a document (or its number, or a file): tree, elements, checks, support in the description.

        `against` adds a chart of the claims `only` (by default the first independent one) against the references named, `search` against the
        `k` nearest that are found `where`, from before the priority date; with a language model the charts get reasons. `earlier` adds the
        comparison with an earlier claim set, `filed` names the description as filed where that is not the earlier document's.

        Raises ClaimError, NotInIndexError, ReadError and NoDateError.
        """
        from assistant.claims.analysis import analyse
        from assistant.documents import named_document

        return analyse(named_document(document, self), self, **asked)

    # -- summaries

    def summarize(self, document: "Named", length: "Length | None" = None, language: "Language | None" = None) -> "Summary":
        """The summary of a document (or its number, or a file); by the language model where there is one. Raises AssistantError,
        NotInIndexError, ReadError and LanguageModelError."""
        from assistant.documents import named_document
        from assistant.summaries.extraction import extractive
        from assistant.summaries.hierarchy import summarize

        found = named_document(document, self)
        if self.model is None:
            return extractive(found, length, language or "")
        return answer_one(summarize(found, self.model, length, language or "", self.grounding), self.model)

    def summarize_into(
        self,
        folder: str | Path,
        sources: "Iterable[Source]" = (),
        length: "Length | None" = None,
        language: "Language | None" = None,
        **options: Any,
    ) -> "JobReport":
        """Summaries of many documents, or their answers to one `question`, in a folder; a later call goes on with them. The options are those of
        `assistant.summaries.batch.summarize_into`."""
        from assistant.summaries.batch import summarize_into

        if self.model is None:
            return summarize_into(folder, sources, length, language, index=self.index, **options)
        llm = self.llm if isinstance(self.llm, str) else self.model.name
        loaded = self.model, self.grounding
        return summarize_into(folder, sources, length, language, llm=llm, settings=self.settings, model=lambda: loaded, index=self.index, **options)

    # -- the rest

    def show(self, anchor: str) -> PatentDocument | str:
        """The document with this number; with `#anchor`, the text that stands there."""
        number, part = split_anchor(anchor)
        document = self.index.document(number)
        return text_at(document, f"{document.number}#{part}") if part else document

    def title(self, number: str) -> str:
        """The title of a document, "" for one that is not there."""
        return self.index.catalogue.title(number)

    def remove(self, numbers: Sequence[str]) -> list[str]:
        """Take documents out of the index. Raises NotInIndexError before anything is removed where one is not there."""
        return self.index.remove([self.index.resolve(n) for n in numbers])

    def export(self) -> Iterator[PatentDocument]:
        """All documents of the index."""
        return self.index.catalogue.documents()

    def status(self) -> dict[str, Any]:
        """{directory, signature, documents, passages, languages, failed, warnings, bytes, problems}."""
        return {**self.index.status(), "problems": [p.model_dump() for p in self.index.problems()]}

    def repair(self) -> "list[Problem]":
        """Make what is derived from the catalogue agree with it again. Returns what was wrong."""
        return self.index.repair()

    def backup(self, target: str | Path) -> "Backup":
        """Copy the index as it is at this moment to a new directory, while others read and write."""
        return self.index.backup(target)
