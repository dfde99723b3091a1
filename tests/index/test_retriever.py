"""The index as a LangChain retriever."""

import asyncio

from langchain_core.documents import Document

from index import Filter, PatentRetriever


def test_passages_as_langchain_documents(sample_index):
    retriever = PatentRetriever(index=sample_index, k=4, where=Filter(sections=("claims",)))
    found = retriever.invoke("labyrinth seal with a drain chamber")
    hits = sample_index.search("labyrinth seal with a drain chamber", 4, Filter(sections=("claims",)))
    assert [d.metadata["anchor"] for d in found] == [h.anchor for h in hits]
    assert found[0] == Document(
        id=f"{hits[0].anchor}/1",
        page_content=hits[0].passage.text,
        metadata={
            "anchor": hits[0].anchor,
            "number": "US99000001B2",
            "title": "Labyrinth shaft seal with drain chamber for a wind turbine gearbox",
            "section": "claims",
            "language": "en",
            "score": hits[0].score,
        },
    )
    assert len({d.id for d in found}) == 4


def test_opened_by_its_directory(sample_folder):
    retriever = PatentRetriever.open(sample_folder, k=2, where=Filter(languages=("zh",)))
    try:
        found = retriever.invoke("反冲洗触发阈值")
        assert [d.metadata["number"] for d in found] == ["CN199000004A"] * 2
    finally:
        retriever.index.close()


def test_asynchronously_and_in_batches(sample_index):
    retriever = PatentRetriever(index=sample_index, k=1)
    assert asyncio.run(retriever.ainvoke("反冲洗触发阈值"))[0].metadata["number"] == "CN199000004A"
    queries = ["labyrinth seal drain chamber", "反冲洗触发阈值", "osmotic backwash", "epoch token"] * 3
    found = retriever.batch(queries)
    assert [d[0].metadata["number"] for d in found] == ["US99000001B2", "CN199000004A", "US99000012B2", "US99000007B2"] * 3
