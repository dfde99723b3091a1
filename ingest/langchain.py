"""The readers as a LangChain document loader."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from ingest.document import PatentDocument
from ingest.passages import CountTokens, cut
from ingest.reading import Failed, read


class PatentLoader(BaseLoader):
    """Loads passages of patents as LangChain documents, with anchors in their metadata.

    What could not be read is in `failed` after loading: nothing is left out in silence.
    """

    def __init__(self, paths: Iterable[str | Path] | str | Path, window: int = 256, count_tokens: CountTokens | None = None) -> None:
        self._paths = paths
        self._window = window
        self._count_tokens = count_tokens or _count_words
        self.failed: list[Failed] = []

    def lazy_load(self) -> Iterator[Document]:
        self.failed = []
        for outcome in read(self._paths):
            if isinstance(outcome, Failed):
                self.failed.append(outcome)
            elif isinstance(outcome, PatentDocument):
                for passage in cut(outcome, self._count_tokens, self._window):
                    yield Document(
                        page_content=passage.text,
                        metadata={
                            "anchor": passage.anchor,
                            "number": outcome.number,
                            "title": outcome.title,
                            "section": passage.section,
                            "language": passage.language,
                            "source": outcome.source.path,
                        },
                    )


def _count_words(texts: Iterable[str]) -> list[int]:
    """A count without a tokenizer: words and a third, and each Chinese character one."""
    return [-(-len(t.split()) * 4 // 3) + sum("一" <= c <= "鿿" for c in t) for t in texts]
