"""The title of an invention from its abstract."""

from collections.abc import Iterator, Sequence

from assistant.errors import AssistantError
from assistant.tasks.metrics import bleu, mean, rouge_l
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, language_of, marked
from ingest.document import PatentDocument

LONGEST = {"en": 500, "zh": 25}
"""Characters (37 CFR 1.72(a) asks for at most 500; 审查指南 第一部分第一章 4.1.1 for 25 characters as a rule)."""


class TitleGiven(Given):
    abstract: str


class TitleReply(Reply):
    title: str


class Title(Output):
    title: str


def _show(given: TitleGiven) -> str:
    return marked("abstract", given.abstract)


def _read(reply: str, given: TitleGiven) -> Title:
    return Title(title=" ".join(read_as(TitleReply, reply).title.split()))


def _problems(output: Title, given: TitleGiven) -> list[str]:
    found = []
    if not output.title:
        found.append("the title is empty")
    if len(output.title) > LONGEST[given.language]:
        found.append(f"the title has {len(output.title)} characters; at most {LONGEST[given.language]} are usual")
    if output.title and language_of(output.title) != given.language:
        found.append("the title is not in the language of the abstract")
    return found


def _from_document(document: PatentDocument) -> TitleGiven:
    if not document.abstract:
        raise AssistantError(f"{document.number}: the document has no abstract to make a title from")
    return TitleGiven(abstract=document.abstract, language=language_of(document.abstract))


def _examples(document: PatentDocument) -> Iterator[Example[TitleGiven]]:
    for language, abstract in document.abstracts.items():
        if (title := document.titles.get(language)) and language in ("en", "zh"):
            yield Example(TitleGiven(abstract=abstract, language=language_of(abstract)), TitleReply(title=title), document.number)


def _metric(predicted: Sequence[Title], right: Sequence[Title]) -> dict[str, float]:
    said, wanted = [p.title for p in predicted], [r.title for r in right]
    language = language_of(" ".join(wanted))
    return {"bleu": bleu(said, wanted, language), "rouge_l": mean(rouge_l(p, r) for p, r in zip(said, wanted, strict=True))}


TASK = Task(
    name="title",
    summary="A title from the abstract.",
    given=TitleGiven,
    reply=TitleReply,
    instructions={
        "en": "You write titles of patents. Write a short and specific technical title for the invention of the abstract, in English, without "
        f'"new", "improved" or trade names. The reply has the form {{"title": "…"}}. {DATA_ONLY}',
        "zh": "你为专利撰写发明名称。根据摘要写一个简短、准确的中文发明名称，一般不超过25个字，不得使用商品名或宣传用语。"
        f'回答的格式为 {{"title": "…"}}。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    from_document=_from_document,
)
