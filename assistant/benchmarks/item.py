"""`MultipleChoice` and `OpenQuestion`: what the questions of all benchmarks are read into."""

import re
import unicodedata

from pydantic import BaseModel, ConfigDict, Field, model_validator

_LETTER = re.compile(r"[A-Z]")


class MultipleChoice(BaseModel):
    """A question with its options by letter. `answer` is the letters of the right ones in order (`A`, `ACD`), None where the file gives none.

    `several` says that more than one option may be right. `instruction` is what the benchmark itself says before the question, if anything.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str = Field(min_length=1)
    options: dict[str, str] = Field(min_length=2)
    answer: str | None = None
    subject: str = ""
    language: str = ""
    several: bool = False
    instruction: str = ""
    explanation: str = ""

    @model_validator(mode="after")
    def _answer_is_an_option(self) -> "MultipleChoice":
        if self.answer is not None and not set(self.answer) <= set(self.options):
            raise ValueError(f"the answer {self.answer!r} is none of the options {', '.join(self.options)}")
        return self


class OpenQuestion(BaseModel):
    """A question with a written answer, None where the file gives none. `exact` says that an answer is right or wrong (a symbol, allowed or
    rejected), and not better or worse."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str = Field(min_length=1)
    answer: str | None = None
    subject: str = ""
    language: str = ""
    exact: bool = False


Item = MultipleChoice | OpenQuestion


def letters(text: str) -> str:
    """`A,C`, `AC`, `(c) (a)` or `Ａ、Ｃ` as `AC`: each letter once, in order. "" where there is none."""
    return "".join(sorted(set(_LETTER.findall(unicodedata.normalize("NFKC", text).upper()))))
