"""The keyphrases of a patent from its title, abstract and claims, as in KPPatent-ZH (github.com/tanggongbo/KPPatent-ZH)."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from assistant.entities.entity import Pair
from assistant.entities.place import located
from assistant.entities.tokens import normalised
from assistant.errors import AssistantError
from assistant.tasks.metrics import f1_at
from assistant.tasks.parts import language_of_document
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, language_of, marked, one_line
from ingest.document import PatentDocument

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

MOST = 10
LONGEST = {"en": 8, "zh": 20}
"""Words, characters; in KPPatent-ZH's training rows none is longer."""
_FIELD = re.compile(r"^(标题|摘要|权利声明)：", re.MULTILINE)
_SEPARATOR = re.compile("[,，]")


class KeyphrasesGiven(Given):
    """At least one of the three texts, and how many keyphrases at most."""

    abstract: str = ""
    title: str = ""
    claims: str = ""
    most: int = Field(default=MOST, ge=1, le=100)


class KeyphrasesReply(Reply):
    keyphrases: list[str]


class Keyphrase(BaseModel):
    """`places` are (`title`, `abstract` or `claims`, start, end); none where it stands in none of them. `probability` is that of a model that
    gives one."""

    model_config = ConfigDict(frozen=True)

    text: str
    places: tuple[tuple[str, int, int], ...] = ()
    probability: float | None = None


class Keyphrases(Output):
    """The best first."""

    keyphrases: tuple[Keyphrase, ...]


def _show(given: KeyphrasesGiven) -> str:
    texts = {"title": given.title, "abstract": given.abstract, "claims": given.claims}
    asked = f"最多{given.most}个关键词。" if given.language == "zh" else f"At most {given.most} keyphrases."
    return "\n".join([*(marked(name, text) for name, text in texts.items() if text), asked])


def _read(reply: str, given: KeyphrasesGiven) -> Keyphrases:
    said: KeyphrasesReply = read_as(KeyphrasesReply, reply)
    texts: dict[str, str] = {}
    for text in filter(None, map(one_line, said.keyphrases)):
        texts.setdefault(normalised(text), text)
    return _placed([(text, None) for text in texts.values()], given)


def _placed(found: Sequence[tuple[str, float | None]], given: KeyphrasesGiven) -> Keyphrases:
    places: dict[str, list[tuple[str, int, int]]] = {text: [] for text, _ in found}
    for name, part in (("title", given.title), ("abstract", given.abstract), ("claims", given.claims)):
        for entity in located([Pair(text, text) for text in places], part).found:
            places[entity.type].append((name, entity.start, entity.end))
    return Keyphrases(keyphrases=tuple(Keyphrase(text=text, places=tuple(places[text]), probability=p) for text, p in found))


def _problems(output: Keyphrases, given: KeyphrasesGiven) -> list[str]:
    texts = [keyphrase.text for keyphrase in output.keyphrases]
    found = [] if texts else ["no keyphrase is given"]
    if len(texts) > given.most:
        found.append(f"{len(texts)} keyphrases are given; at most {given.most} are asked for")
    long = [t for t in texts if (len(t) if language_of(t) == "zh" else len(t.split())) > LONGEST[language_of(t)]]
    found += [f'"{text}" is too long for a keyphrase' for text in long]
    if texts and language_of(" ".join(texts)) != given.language:
        found.append("the keyphrases are not in the language of the text")
    return found


def _from_document(document: PatentDocument) -> KeyphrasesGiven:
    claims = "\n".join(f"{claim.number}. {claim.text}" for claim in document.claims)
    if not (document.title or document.abstract or claims):
        raise AssistantError(f"{document.number}: the document has no title, abstract or claims to find keyphrases in")
    return KeyphrasesGiven(title=document.title, abstract=document.abstract, claims=claims, language=language_of_document(document))


def _shorten(given: KeyphrasesGiven, fits: Callable[[KeyphrasesGiven], bool]) -> tuple[KeyphrasesGiven, list[str]] | None:
    """As many lines of the claims, from the first, as fit; the title and the abstract stay."""
    lines = given.claims.splitlines()

    def first(count: int) -> KeyphrasesGiven:
        return given.model_copy(update={"claims": "\n".join(lines[:count])})

    low, high = -1, len(lines)
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(first(middle)) else (low, middle)
    return (first(low), [f"the claims from {one_line(lines[low])[:40]!r} on"]) if low >= 0 else None


def _offline(given: KeyphrasesGiven, assistant: "PatentAssistant | None") -> tuple[Keyphrases, str]:
    from assistant.keyphrases import KeyphraseModel

    found = KeyphraseModel.load().extract(given.title, given.abstract, given.claims, given.most, given.language)
    fitted = any(each.probability is not None for each in found)
    return _placed([(each.text, each.probability) for each in found], given), "keyphrase model" if fitted else "keyphrase rules"


def examples_of_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[Example[KeyphrasesGiven]]:
    """Of rows of KPPatent-ZH: `input` with 标题：, 摘要： and 权利声明： before its texts, `output` the keyphrases between commas.

    Raises AssistantError for another form.
    """
    for place, row in enumerate(rows, start=1):
        name = f"row {row.get('row', place)}"
        texts, output = row.get("input"), row.get("output")
        if not isinstance(texts, str) or not isinstance(output, str):
            raise AssistantError(f"{name}: a row of KPPatent-ZH has the texts `input` and `output`")
        _, *pieces = _FIELD.split(texts.strip())
        fields = dict(zip(pieces[::2], (piece.strip() for piece in pieces[1::2]), strict=True))
        if not fields:
            raise AssistantError(f"{name}: its input has none of 标题：, 摘要： and 权利声明： at the beginning of a line")
        keyphrases = list(dict.fromkeys(filter(None, (text.strip() for text in _SEPARATOR.split(output)))))
        title, abstract, claims = (fields.get(field, "") for field in ("标题", "摘要", "权利声明"))
        most = min(100, max(MOST, len(keyphrases)))
        given = KeyphrasesGiven(title=title, abstract=abstract, claims=claims, most=most, language=language_of(texts))
        yield Example(given, KeyphrasesReply(keyphrases=keyphrases), f"KPPatent-ZH {name}")


def rows_of(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows of JSON lines, or of one JSON list (the form of the data set's own files)."""
    lines = iter(lines)
    first = next(lines, "")
    if first.lstrip().startswith("["):
        yield from json.loads(first + "".join(lines))
        return
    for line in (first, *lines):
        if line.strip():
            yield json.loads(line)


def _metric(predicted: Sequence[Keyphrases], right: Sequence[Keyphrases]) -> dict[str, float]:
    """F1@10, macro, by exact match, as KPPatent-ZH's."""
    said, wanted = ([[k.text.lower() for k in o.keyphrases] for o in outputs] for outputs in (predicted, right))
    return {"f1_at_10": f1_at(said, wanted, MOST)}


TASK = Task(
    name="keyphrases",
    summary="Keyphrases from title, abstract and claims.",
    given=KeyphrasesGiven,
    reply=KeyphrasesReply,
    instructions={
        "en": "You index patents. Give the keyphrases that an examiner would search this patent by, the most important first: short technical terms "
        "for its subject, parts, materials, steps and purpose, as they stand in the text where possible, each once. "
        f'The reply has the form {{"keyphrases": ["…"]}}. {DATA_ONLY}',
        "zh": "你为专利标引关键词。列出审查员检索该专利时会使用的中文关键词，重要的在前："
        "表示其主题、部件、材料、步骤和用途的简短技术术语，尽量取自原文，不得重复。"
        f'回答的格式为 {{"keyphrases": ["…"]}}。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=lambda document: iter(()),  # documents have no keyphrases of their own; `examples_of_rows` reads a data set that has
    problems=_problems,
    from_document=_from_document,
    shorten=_shorten,
    offline=_offline,
)
