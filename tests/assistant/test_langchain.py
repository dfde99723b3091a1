import asyncio

import pytest
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from assistant import Answer, LanguageModelError, answer_runnable
from assistant.llm import ModelSettings
from index import Filter, NoIndexError, PatentIndex, PatentRetriever
from ingest import PatentLoader

OIL = "How much oil does the gear case of the wind turbine contain?"


@pytest.fixture
def retriever(collection):
    with PatentIndex(collection) as index:
        yield PatentRetriever(index=index, k=3)


def cited(documents: list[Document]) -> str:
    return "\n\n".join(f"{d.metadata['anchor']}: {d.page_content}" for d in documents)


def test_the_runnable_answers_a_question(collection):
    answer = answer_runnable(str(collection)).invoke(OIL)
    assert isinstance(answer, Answer)
    assert answer.status == "answered"
    assert "420 liters" in answer.statements[0].text


@pytest.mark.parametrize("where", ["country=CN language=zh", Filter(countries=("CN",), languages=("zh",))])
def test_the_runnable_takes_a_filter(collection, where):
    answer = answer_runnable(str(collection)).invoke({"question": "密封腔怎样冲洗？", "where": where})
    assert {h.number[:2] for h in answer.hits} == {"CN"}


def test_the_runnable_goes_into_a_chain_a_batch_and_a_loop(collection):
    chain = answer_runnable(str(collection)) | RunnableLambda(lambda answer: answer.status)
    assert chain.batch([OIL, "How is a cake baked?", "更新帧共有多少字节？"]) == ["answered", "not_found", "answered"]
    assert asyncio.run(chain.ainvoke(OIL)) == "answered"


def test_the_runnable_takes_a_chat_model_of_the_user(collection, patents):
    statement = "The gear case contains about 420 liters of a synthetic gear oil."
    # the sentences are numbered in reading order within each document: all numbers are tried
    model = FakeListChatModel(responses=["\n".join(f"{statement} [{n}]" for n in range(1, 300)), "The gear case is blue. [1]", "No. [1]"])
    runnable = answer_runnable(str(collection), llm=model, settings=ModelSettings(context_length=16384))
    answer = runnable.invoke(OIL)
    assert {(s.text, s.citations[0].anchor) for s in answer.statements if s.verdict == "supported"} == {(statement, "US99000001B2#p0018")}
    assert answer.model == "FakeListChatModel"
    assert runnable.invoke(OIL).status == "not_found"


def test_a_chat_model_that_does_not_say_how_long_its_context_is_must_be_told(collection):
    runnable = answer_runnable(str(collection), llm=FakeListChatModel(responses=["No."]))
    with pytest.raises(LanguageModelError, match="context_length"):
        runnable.invoke(OIL)


def test_there_is_no_runnable_without_an_index(tmp_path):
    with pytest.raises(NoIndexError):
        answer_runnable(str(tmp_path / "none"))


def test_the_retriever_in_a_chain_hands_the_passages_and_anchors_to_the_prompt(retriever):
    prompt = ChatPromptTemplate.from_messages([("system", "Answer from:\n{context}"), ("human", "{question}")])
    asking = {"context": retriever | cited, "question": RunnablePassthrough()} | prompt
    text = asking.invoke(OIL).to_string()
    assert "420 liters" in text
    assert "US99000001B2#p0018" in text
    chain = asking | FakeListChatModel(responses=["420 liters"]) | StrOutputParser()
    assert chain.invoke(OIL) == "420 liters"


def test_the_retriever_finds_what_the_index_finds(retriever):
    found = retriever.invoke(OIL)
    hits = retriever.index.search(OIL, 3)
    assert [d.metadata["anchor"] for d in found] == [h.anchor for h in hits]
    assert [d.page_content for d in found] == [h.passage.text for h in hits]
    assert set(found[0].metadata) == {"anchor", "number", "title", "section", "language", "score"}
    assert [d.metadata["anchor"] for d in asyncio.run(retriever.ainvoke(OIL))] == [h.anchor for h in hits]


def test_the_retriever_filters(collection):
    retriever = PatentRetriever.open(collection, k=4, where=Filter(sections=("claims",), countries=("US",)))
    found = retriever.invoke(OIL)
    retriever.index.close()
    assert len(found) == 4
    assert {d.metadata["section"] for d in found} == {"claims"}
    assert all(d.metadata["number"].startswith("US") for d in found)


def test_the_loader_in_a_chain_loads_the_passages_with_their_anchors(sample, source_text, bare):
    loader = PatentLoader([sample / "en" / "US99000007B2.xml", sample / "zh" / "CN199000007A.xml"])
    documents = loader.load()
    assert loader.failed == []
    assert {d.metadata["number"] for d in documents} == {"US99000007B2", "CN199000007A"}
    claims = [d for d in documents if d.metadata["anchor"] == "CN199000007A#c10"]
    assert bare(claims[0].page_content) in source_text("CN199000007A#c10")
    counting = (
        RunnableLambda(cited) | ChatPromptTemplate.from_template("Read:\n{context}") | FakeListChatModel(responses=["done"]) | StrOutputParser()
    )
    assert counting.invoke(documents[:2]) == "done"


def test_the_loader_says_what_it_could_not_read(tmp_path):
    (tmp_path / "broken.xml").write_text('<?xml version="1.0"?><us-patent-grant><abstract>')
    loader = PatentLoader(tmp_path)
    assert loader.load() == []
    [failed] = loader.failed
    assert failed.path.endswith("broken.xml")
