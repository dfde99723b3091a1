"""A law made for these tests, an index with it and nothing else, and a language model that is a scripted server."""

from collections.abc import Iterator

import pytest

from assistant import PatentAssistant
from assistant.llm import language_model
from ingest import PatentDocument

ARTICLES = {
    "1": "为了保护新蔬菜品种，制定本法。",
    "2": "蔬菜品种权可以转让。\n转让蔬菜品种权的，当事人应当订立书面合同，并自签订之日起30日内向蔬菜局登记。",
    "3": "申请蔬菜品种权的，应当提交请求书、种子样品和照片。\n种子样品不得少于20克。",
    "4": "蔬菜品种权的期限为十二年，自授权之日起计算。",
    "5": "品种权人许可他人种植的，许可合同应当向蔬菜局备案。",
    "6": "对蔬菜局的驳回决定不服的，申请人可以自收到通知之日起三个月内请求复审。",
}


@pytest.fixture(scope="session")
def vegetable_law() -> PatentDocument:
    paragraphs = [{"number": number, "text": text} for number, text in ARTICLES.items()]
    return PatentDocument.model_validate(
        {"number": "CN蔬菜法2099", "language": "zh", "titles": {"zh": "蔬菜法"}, "sections": [{"kind": "law", "paragraphs": paragraphs}]}
    )


@pytest.fixture(scope="session")
def laws(tmp_path_factory: pytest.TempPathFactory, vegetable_law: PatentDocument) -> Iterator[PatentAssistant]:
    with PatentAssistant.open(tmp_path_factory.mktemp("laws") / "index") as opened:
        opened.ingest([vegetable_law])
        yield opened


@pytest.fixture
def scripted(server):
    """A language model that gives these replies in turn, the last one for ever."""

    def script(*replies: str):
        given = iter(replies)
        last = [""]

        def reply(_: object) -> str:
            last[0] = next(given, last[0])
            return last[0]

        server.reply = reply
        return language_model(server.spec)

    return script
