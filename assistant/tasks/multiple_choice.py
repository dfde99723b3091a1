"""Multiple-choice questions on patent law, with one or several right options, answered from the articles of the laws in the index.

Without a language model it is an article look-up: no option is chosen, since nothing here was measured to choose better than chance.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from pydantic import Field

from assistant.errors import AssistantError
from assistant.tasks.articles import NO_LAW, articles_for, articles_of, has_law
from assistant.tasks.grounded_answer import WITHHELD, Source
from assistant.tasks.metrics import mean
from assistant.tasks.orders import orders
from assistant.tasks.pointing import Checked, sources_that_fit
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Reply, Task, as_data, language_of, one_line
from ingest.document import PatentDocument
from ingest.sentences import sentences

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

ARTICLES, FOR_OPTION, MOST = 5, 1, 10
"""So many articles are looked up for the question with its options, for each option alone, and shown at most."""


class ChoiceGiven(Given):
    """`options` by their labels, such as {"A": "…", "B": "…"}; `several` says that more than one may be right; `articles` come from the
    index."""

    question: str
    options: dict[str, str] = Field(min_length=2)
    several: bool = False
    articles: tuple[Source, ...] = ()


class ChoiceReply(Reply):
    answer: str
    articles: list[int]


class Choice(Checked):
    """`answer` is the labels of the options chosen, in order, "" where none is; `articles` what it rests on, or what was found."""

    answer: str
    articles: tuple[Source, ...] = ()


def _show(given: ChoiceGiven) -> str:
    parts = []
    if given.articles:
        lines = [f"[{n}] {one_line(as_data(f'{a.title} {a.anchor}: {_without_orders(a.text)}'))}" for n, a in enumerate(given.articles, start=1)]
        parts.append("\n".join(["<articles>", *lines, "</articles>"]))
    options = [f"{label}. {one_line(as_data(text))}" for label, text in given.options.items()]
    parts.append("\n".join(["<question>", as_data(given.question), *options, "</question>"]))
    how_many = {
        "en": ("Exactly one option is right.", "One or several options are right."),
        "zh": ("只有一个选项正确。", "有一个或多个选项正确。"),
    }[given.language][given.several]
    return "\n\n".join([*parts, how_many])


def _without_orders(text: str) -> str:
    return " ".join(WITHHELD if orders(each) else each for each in sentences(text))


def _read(reply: str, given: ChoiceGiven) -> Choice:
    said = read_as(ChoiceReply, reply)
    written = [c for c in said.answer.upper() if c.isalnum()]
    labels = {label.upper(): label for label in given.options}
    wrong = [f"there is no option {c}" for c in dict.fromkeys(written) if c not in labels]
    answer = "".join(label for upper, label in labels.items() if upper in written)
    if not answer:
        wrong.append("no option is chosen")
    if len(answer) > 1 and not given.several:
        wrong.append("exactly one option is right, and several are chosen")
    wrong += [f"there is no article [{n}]" for n in said.articles if not 1 <= n <= len(given.articles)]
    cited = tuple(given.articles[n - 1] for n in dict.fromkeys(said.articles) if 1 <= n <= len(given.articles))
    if given.articles and not cited and not any("article" in w for w in wrong):
        wrong.append("no article is named that the answer rests on")
    return Choice(answer=answer, articles=cited, wrong=tuple(wrong))


def _problems(output: Choice, given: ChoiceGiven) -> list[str]:
    return list(output.wrong)


def _prepare(given: ChoiceGiven, assistant: "PatentAssistant") -> ChoiceGiven:
    """With the articles for the question and its options, and for each option; without any where the index has no law."""
    if given.articles or not has_law(assistant.index):
        return given
    found: dict[str, Source] = {}
    options = list(given.options.values())
    asked = [(given.question + "\n" + "\n".join(options), ARTICLES), *((f"{given.question}\n{option}", FOR_OPTION) for option in options)]
    for question, k in asked:
        for article in articles_for(assistant.index, question, k):
            found.setdefault(article.anchor, article)
    return given.model_copy(update={"articles": tuple(found.values())[:MOST]})


def _offline(given: ChoiceGiven, assistant: "PatentAssistant | None") -> tuple[Choice, str]:
    if not given.articles:
        raise AssistantError(f"multiple_choice: {NO_LAW}; or name a language model")
    return Choice(answer="", articles=given.articles), "article look-up; no option is chosen without a language model"


def _examples(document: PatentDocument) -> Iterator[Example[ChoiceGiven]]:
    """Of a law: which of four sentences stands in an article. The others stand in other articles of the law."""
    articles = list(articles_of(document))
    language = language_of(articles[0][1].text) if articles else "en"
    for place, (number, article) in enumerate(articles):
        if len(articles) < 4:
            return
        others = [articles[(place + step) % len(articles)][1] for step in (1, len(articles) // 3 + 1, 2 * len(articles) // 3 + 1)]
        shown = sorted({a.anchor: a for a in (article, *others)}.values(), key=lambda a: blake2b(f"{number} {a.anchor}".encode()).digest())
        texts = [sentences(a.text)[0] for a in shown if a.text.strip()]
        if len(set(texts)) < 4:
            continue
        right = next(i for i, a in enumerate(shown) if a.anchor == article.anchor)
        question = {
            "en": f"Which of the following is provided in Article {number} of {document.title}?",
            "zh": f"下列哪一项是《{document.title}》第{number}条的规定？",
        }[language]
        given = ChoiceGiven(question=question, options=dict(zip("ABCD", texts, strict=True)), articles=tuple(shown), language=language)
        yield Example(given, ChoiceReply(answer="ABCD"[right], articles=[right + 1]), article.anchor)


def _metric(predicted: Sequence[Choice], right: Sequence[Choice]) -> dict[str, float]:
    """Accuracy, where all right options and no others must be chosen; the share that was answered; and the share of the right articles that
    is cited, where any are known."""
    cited = [({a.anchor for a in p.articles}, {a.anchor for a in r.articles}) for p, r in zip(predicted, right, strict=True) if r.articles]
    return {
        "accuracy": mean(float(sorted(p.answer) == sorted(r.answer)) for p, r in zip(predicted, right, strict=True)),
        "answered": mean(float(bool(p.answer)) for p in predicted),
        "articles_recall": mean(len(said & wanted) / len(wanted) for said, wanted in cited),
    }


def _shorten(given: ChoiceGiven, fits: Callable[[ChoiceGiven], bool]) -> tuple[ChoiceGiven, list[str]] | None:
    kept = sources_that_fit(given.articles, lambda some: fits(given.model_copy(update={"articles": some})))
    return (given.model_copy(update={"articles": kept[0]}), kept[1]) if kept else None


TASK = Task(
    name="multiple_choice",
    summary="A multiple-choice question on patent law, answered from law texts.",
    given=ChoiceGiven,
    reply=ChoiceReply,
    instructions={
        "en": "You answer multiple-choice questions on intellectual property law. Answer from the numbered articles, where some are given. "
        '"answer" is the letter of the right option, or the letters of all right ones; "articles" are the numbers of the articles that it rests on. '
        f'The reply has the form {{"answer": "B", "articles": [1, 3]}}. {DATA_ONLY}',
        "zh": "你回答知识产权法律选择题。给出编号的法条时，根据法条作答。"
        "“answer”是正确选项的字母，有多个正确选项时写出全部字母；“articles”是所依据的法条的编号。"
        f'回答的格式为 {{"answer": "B", "articles": [1, 3]}}。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    prepare=_prepare,
    shorten=_shorten,
    offline=_offline,
)
