"""What a summary of a patent is, whoever wrote it: cited sentences under the parts that readers of patents want, and what was read for it."""

from collections.abc import Iterator
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Verdict
from ingest.document import Citation

Name = Literal["field", "problem", "solution", "how_it_works", "advantages", "claimed", "embodiments"]
NAMES: tuple[Name, ...] = get_args(Name)
LABELS: dict[str, dict[str, str]] = {
    "en": {
        "gist": "In one line",
        "abstract": "In short",
        "field": "Field",
        "problem": "Problem",
        "solution": "Solution",
        "how_it_works": "How it works",
        "advantages": "Advantages",
        "claimed": "What is claimed",
        "embodiments": "Embodiments",
        "coverage": "What was read",
    },
    "zh": {
        "gist": "一句话概括",
        "abstract": "摘要",
        "field": "技术领域",
        "problem": "解决的问题",
        "solution": "技术方案",
        "how_it_works": "工作原理",
        "advantages": "有益效果",
        "claimed": "要求保护的内容",
        "embodiments": "实施方式",
        "coverage": "依据范围",
    },
}
REASONS: dict[str, dict[str, str]] = {
    "en": {
        "formula": "legal or introductory formula",
        "drawings": "list of figures",
        "cross_reference": "cross-reference to other applications",
        "fragment": "heading, fragment, table or formula",
        "dangling": "can't be read without the sentence before it",
        "repeated": "said before, word for word",
        "abstract": "the abstract is itself a summary",
        "unread": "not read",
        "orders": "gives orders to an assistant",
    },
    "zh": {
        "formula": "法律套语或引导语",
        "drawings": "附图清单",
        "cross_reference": "相关申请的引用",
        "fragment": "标题、残句、表格或公式",
        "dangling": "脱离上文无法理解",
        "repeated": "与前文逐字重复",
        "abstract": "摘要本身即为概括",
        "unread": "未读",
        "orders": "含有对助手的指令",
    },
}
"""Why a sentence was not considered, in words."""


NOTES: dict[str, dict[str, str]] = {
    "en": {
        "by_terms": "language {}: chosen by sections, places and terms alone, not by wording; problem and advantages are not looked for",
        "claims_not_quoted": "independent claims that are not quoted: {}",
        "nothing_found": "nothing found for: {}",
        "translations": "not read, as translations: {}",
        "in_translation": "made of the document's own texts in this language alone; its other texts are not read: {}",
        "without_model": "chosen without the language model, whose replies on them could not be used twice: {}",
        "nothing_noted": "read, and the language model had nothing to say of: {}",
        "parts_without_model": "word for word from the document, since the language model's replies could not be used: {}",
        "unchecked": "sentences in another language than what they cite, of which only numbers, units, negations and names were checked: {}",
        "weak": "sentences that what they cite supports weakly: {}",
        "not_supported": "sentences that what they cite does not support, shown because all were asked for: {}",
        "dropped": "sentences of the language model that the checker did not let through: {}",
    },
    "zh": {
        "by_terms": "语言{}：仅按章节、位置和词语选句，不看措辞；未提取所解决的问题和有益效果",
        "claims_not_quoted": "未引用的独立权利要求：{}",
        "nothing_found": "未找到：{}",
        "translations": "未读取的译文：{}",
        "in_translation": "仅依据文件自身的该语言文本；未读取其他文本：{}",
        "without_model": "语言模型对以下内容的回答两次均无法使用，其中的句子不经模型选取：{}",
        "nothing_noted": "已读取，语言模型未作任何记录：{}",
        "parts_without_model": "语言模型的回答无法使用，以下部分逐字摘自原文：{}",
        "unchecked": "与所引原文语言不同、仅核对了数字、单位、否定和名称的句子数：{}",
        "weak": "所引原文支持较弱的句子数：{}",
        "not_supported": "所引原文不支持、因要求显示全部而保留的句子数：{}",
        "dropped": "未通过核对而删去的语言模型的句子数：{}",
    },
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Length(_Frozen):
    """How long a summary is: the gist, the abstract-length version and each claim that is quoted, in words (for Chinese and Japanese in
    characters, under the names that end so), and the sentences of each part. 37 CFR 1.72(b) asks for abstracts of at most 150 words,
    专利法实施细则第二十六条 for 300 characters."""

    gist: int = Field(default=30, ge=5)
    gist_characters: int = Field(default=60, ge=10)
    abstract: int = Field(default=120, ge=20)
    abstract_characters: int = Field(default=300, ge=40)
    claim: int = Field(default=200, ge=20)
    claim_characters: int = Field(default=500, ge=40)
    sentences: int = Field(default=3, ge=1)

    def of(self, name: Literal["gist", "abstract", "claim"], language: str) -> int:
        return int(getattr(self, f"{name}_characters" if language in ("zh", "ja") else name))


class SummarySentence(_Frozen):
    """`text` on one line; each citation names one claim or paragraph and quotes it word for word. `cut` where the text is the beginning
    of a longer sentence (it then ends in an ellipsis, which the quote has not). `verdict` says how well the citations support the text, which
    is `supported` where it is theirs word for word, and `reason` why it is not `supported`."""

    text: str
    citations: tuple[Citation, ...]
    cut: bool = False
    verdict: Verdict = "supported"
    reason: str = ""


class SummaryPart(_Frozen):
    name: Name
    sentences: tuple[SummarySentence, ...] = ()


class SectionCoverage(_Frozen):
    """How much of one section was read and drawn on. A section is that of the document, or its abstract, or its claims.

    `units` paragraphs or claims with text, `units_considered` those with a sentence that could have been chosen (that the language model was
    shown), `sentences` in all of them, `considered` those that could have been chosen (were shown); `left_out` counts the others by reason (a
    key of `REASONS`); `drawn_on` those that the summary holds or cites, from `units_drawn_on` paragraphs or claims. `considered` and
    `left_out` add up to `sentences`.
    """

    kind: str
    heading: str = ""
    first: str
    last: str
    units: int
    units_considered: int
    sentences: int
    considered: int
    left_out: dict[str, int] = {}
    drawn_on: int = 0
    units_drawn_on: int = 0


class Note(_Frozen):
    """Something that the document or the language model did not allow; `kind` is a key of `NOTES`."""

    kind: str
    about: tuple[str, ...] = ()

    def text(self, language: Literal["en", "zh"]) -> str:
        """In words of that language."""
        named = [LABELS[language].get(each, each) for each in self.about]
        return NOTES[language][self.kind].format((", " if language == "en" else "、").join(named))


class Summary(_Frozen):
    """`language` is that of the sentences. `how` says how it was made: `extractive`, or the name of the language model. `notes` tell what the
    document or the model did not allow."""

    number: str
    title: str = ""
    language: str
    how: str
    gist: SummarySentence | None = None
    abstract: tuple[SummarySentence, ...] = ()
    parts: tuple[SummaryPart, ...] = ()
    coverage: tuple[SectionCoverage, ...] = ()
    notes: tuple[Note, ...] = ()

    def part(self, name: Name) -> tuple[SummarySentence, ...]:
        return next((part.sentences for part in self.parts if part.name == name), ())

    def sentences(self) -> Iterator[SummarySentence]:
        """All of them: the gist, the abstract-length version, the parts."""
        if self.gist:
            yield self.gist
        yield from self.abstract
        for part in self.parts:
            yield from part.sentences
