"""The index as a LangChain retriever."""

from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.filter import Filter
from index.patent_index import PatentIndex


class PatentRetriever(BaseRetriever):
    """Passages as LangChain documents, with the anchor to cite in their metadata.

    `PatentRetriever(index=PatentIndex("my-index"), k=5, where=Filter(countries=("US",)))`, or `PatentRetriever.open("my-index")`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Any
    k: int = 10
    where: Filter = Filter()

    @classmethod
    def open(cls, directory: str | Path, k: int = 10, where: Filter | None = None) -> "PatentRetriever":
        return cls(index=PatentIndex(directory), k=k, where=where or Filter())

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                id=f"{hit.anchor}/{hit.rank}",
                page_content=hit.passage.text,
                metadata={
                    "anchor": hit.anchor,
                    "number": hit.number,
                    "title": hit.title,
                    "section": hit.passage.section,
                    "language": hit.passage.language,
                    "score": hit.score,
                },
            )
            for hit in self.index.search(query, self.k, self.where)
        ]
