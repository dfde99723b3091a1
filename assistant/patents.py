"""`PatentAssistant`: the whole of the project behind one object; the command line does nothing that this can't."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Unpack, overload

from assistant.answer import Answer
from assistant.evidence import MODEL as EVIDENCE
from assistant.evidence import answer_from_evidence
from assistant.ingesting import IngestReport, Progress, ingest_into
from assistant.pinpoint import pinpoint
from assistant.question import Question, understand
from index.errors import NotInIndexError
from index.filter import Filter
from index.hit import DocumentHit, Hit
from index.patent_index import PatentIndex
from ingest.anchor import split_anchor, text_at
from ingest.document import Citation, PatentDocument

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.classification.classifier import Classifier
    from assistant.classification.place import Place
    from assistant.prior_art.asked import Options
    from assistant.prior_art.references import Pair, Reference
    from index.backup import Backup
    from index.repair import Problem

CONTEXT_HITS = 12


class PatentAssistant:
    """Ingest, search, ask and show over one index directory. Use `open`; close it, or use it in a `with`."""

    def __init__(self, index: PatentIndex, llm: "str | BaseChatModel" = EVIDENCE) -> None:
        self.index = index
        self.llm = llm
        self._chat_model: BaseChatModel | None = None
        self._classifier: Classifier | None = None

    @classmethod
    def open(
        cls, directory: str | Path, llm: "str | BaseChatModel" = EVIDENCE, encoder: str | None = None, create: bool = True, backend: str = "auto"
    ) -> "PatentAssistant":
        """Open the index in a directory, or make one there. `llm` is a spec (`evidence`, `transformers:PATH`,
        `openai:MODEL@URL`) or any LangChain chat model."""
        return cls(PatentIndex(directory, encoder=encoder, create=create, backend=backend), llm)

    def __enter__(self) -> "PatentAssistant":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
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

    def ask(self, question: str, where: Filter | None = None, k: int = CONTEXT_HITS) -> Answer:
        """Answer a question from the index. A document that the question names is searched alone; a claim that it names is
        quoted; a question about the classification is answered from the scheme's entries, where the index has any."""
        understood = understand(question)
        hits = self.find(understood, where, k)
        if self.llm == EVIDENCE:
            answer = answer_from_evidence(understood, hits, self.index)
        else:
            from assistant.grounded import answer_with_model

            answer = answer_with_model(question, hits, self.chat_model)
        statements = tuple(s.model_copy(update={"citations": tuple(self._pinpoint(c) for c in s.citations)}) for s in answer.statements)
        return answer.model_copy(update={"statements": statements})

    def find(self, question: Question, where: Filter | None = None, k: int = CONTEXT_HITS) -> list[Hit]:
        """The passages that a question is answered from: the claims it names first, then what the search finds."""
        where = where or Filter()
        numbers = self._named(question.numbers)
        if question.numbers and not numbers:
            return []  # about a document that is not here
        if numbers and not where.numbers:
            where = where.model_copy(update={"numbers": tuple(numbers)})
        elif question.scheme and not where.sections:
            places = where.model_copy(update={"sections": ("scheme",), "ipc": where.ipc or question.symbols})
            if len(hits := self.index.search(question.topic, k, places, late=True)):
                return hits
        hits = self.index.search(question.topic, k, where, late=True)
        wanted = {f"{n}#c{c}" for n in numbers for c in question.claims}
        if not wanted:
            return hits
        titles = {n: self.index.document(n).title for n in numbers}
        named = [p for n in numbers for p in self.index.passages(n) if p.anchor in wanted]
        if not named:
            return []  # about a claim that the document does not have
        first = [Hit(rank=0, passage=p, score=1.0, title=titles[p.number]) for p in named]
        ordered = first + [h for h in hits if h.anchor not in wanted]
        return [h.model_copy(update={"rank": rank}) for rank, h in enumerate(ordered[:k], start=1)]

    def _pinpoint(self, citation: Citation) -> Citation:
        return pinpoint(citation, self.index.document(split_anchor(citation.anchor)[0]))

    def _named(self, numbers: Sequence[str]) -> list[str]:
        found = []
        for number in numbers:
            try:
                found.append(self.index.resolve(number))
            except NotInIndexError:
                continue
        return found

    @property
    def chat_model(self) -> "BaseChatModel":
        """The LangChain chat model that `llm` stands for, loaded when it is first needed."""
        if self._chat_model is None:
            from assistant.llm import chat_model

            self._chat_model = chat_model(self.llm) if isinstance(self.llm, str) else self.llm
        return self._chat_model

    async def aask(self, question: str, where: Filter | None = None, k: int = CONTEXT_HITS) -> Answer:
        """`ask` for asynchronous programs."""
        return await asyncio.to_thread(self.ask, question, where, k)

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

    # -- the rest

    def show(self, anchor: str) -> PatentDocument | str:
        """The document with this number; with `#anchor`, the text that stands there."""
        number, part = split_anchor(anchor)
        document = self.index.document(number)
        return text_at(document, f"{document.number}#{part}") if part else document

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
