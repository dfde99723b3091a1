"""`Conversation`: questions one after the other, where a follow-up is understood from what came before.

A follow-up ("How thick is it?", 那么权利要求2呢？) becomes a question that is understood alone: by the language model, whose rewriting is checked,
or by rules. The document and the claims that were last asked about stay the subject until others are named.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Answer, Statement
from assistant.errors import LanguageModelError, ReplyError
from assistant.llm.exchange import answer_one
from assistant.llm.language_model import LanguageModel, estimated_tokens
from assistant.tasks.running import run_task
from assistant.tasks.standalone_question import TASK, Exchanged, FollowUp, Standalone
from assistant.tasks.task import language_of
from index.filter import Filter
from index.terms import terms
from ingest.anchor import split_anchor
from ingest.claims.dependency import referenced_claims

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

HISTORY_TOKENS = 800
"""Of what was said before, the newest of it, a language model is told so much."""
REMEMBERED = 20
_REFERS = re.compile(
    r"^\s*(?:and|but|what about|how about|why|then|also)\b|\b(?:it|its|itself|they|them|their|this|that|these|those|such|there|the same)\b"
    r"|^(?:那么?|还有|为什么|为何|而|又)|[它其该此]|这[个些种样一]?|那[个些种]|上述|前述|呢[？?]?$",
    re.IGNORECASE,
)
_EVERYWHERE = re.compile(r"\b(?:any|all|other|another|which)\s+(?:\w+\s+)?(?:documents?|patents?)\b|其他|所有|哪[些篇件个]", re.IGNORECASE)
_INSIDE = {"en": "In {number}: {question}", "zh": "在{number}中，{question}"}
_ABOUT = {"en": "{question} ({topic})", "zh": "{question}（{topic}）"}


@dataclass(frozen=True)
class Turn:
    """`standalone` is the question as it was understood."""

    question: str
    standalone: str
    answer: Answer


class Conversation:
    """Ask one question after the other. Not for several threads."""

    def __init__(self, assistant: "PatentAssistant", where: Filter | None = None) -> None:
        self.assistant = assistant
        self.where = where
        self.turns: deque[Turn] = deque(maxlen=REMEMBERED)
        self.numbers: tuple[str, ...] = ()
        """The documents that the conversation is about, as the user named them."""

    def forget(self) -> None:
        """Begin anew."""
        self.turns.clear()
        self.numbers = ()

    def ask(self, question: str) -> Answer:
        """The answer to a question or follow-up; `answer.question` is the question as it was understood."""
        *_, answer = self.stream(question)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: str, standalone: str = "") -> Iterator[Statement | Answer]:
        """`PatentAssistant.stream` for a question or follow-up; `standalone` is how it is understood, where that was asked for before."""
        standalone = standalone or self.standalone(question)
        for each in self.assistant.stream(standalone, self.where):
            if isinstance(each, Answer):
                self.numbers = self.assistant.understand(standalone).numbers or self.numbers
                self.turns.append(Turn(question, standalone, each))
            yield each

    def standalone(self, question: str) -> str:
        """The question as it is understood alone."""
        understood = self.assistant.understand(question)
        if understood.numbers or not self.turns or _EVERYWHERE.search(question):
            return question
        follows = bool(_REFERS.search(question) or referenced_claims(question))
        model = self.assistant.model
        if follows and model is not None and (said := self._rewritten(question, model)):
            return said
        return self._by_rule(question, follows)

    def _rewritten(self, question: str, model: LanguageModel) -> str:
        """As the model rewrites it; "" where that fails its checks."""
        given = FollowUp(question=question, history=self.history(model), language=language_of(question))
        try:
            result = answer_one(run_task(TASK, given, model), model)
        except (ReplyError, LanguageModelError):
            return ""
        assert isinstance(result.output, Standalone)
        return "" if result.problems else result.output.question

    def history(self, model: LanguageModel | None = None) -> tuple[Exchanged, ...]:
        """What was said before, the newest that fits into `HISTORY_TOKENS`, oldest first."""
        count = model.count if model else estimated_tokens
        found: list[Exchanged] = []
        room = HISTORY_TOKENS
        for turn in reversed(self.turns):
            said = " ".join(s.text for s in turn.answer.statements)
            room -= count(turn.standalone) + count(said)
            if room < 0:
                break
            found.append(Exchanged(question=turn.standalone, answer=said))
        return tuple(reversed(found))

    def _by_rule(self, question: str, follows: bool) -> str:
        """With the subject named: the document, and what of the last question stands in the sentences that answered it."""
        language = language_of(question)
        last = self.turns[-1]
        cited = {split_anchor(c.anchor)[0] for s in last.answer.statements for c in s.citations}
        numbers = self.numbers or (tuple(cited) if follows and len(cited) == 1 else ())
        said = question
        if follows and not referenced_claims(question) and (topic := self._topic(last)):
            said = _ABOUT[language].format(question=question, topic=topic)
        for number in numbers[:1]:
            said = _INSIDE[language].format(number=number, question=said)
        return said

    def _topic(self, turn: Turn) -> str:
        """The words of the last question that stand in the quotations that answered it, as they are written there."""
        quoted = {t for s in turn.answer.statements for c in s.citations for t in terms(c.quote)}
        asked = self.assistant.understand(turn.standalone).topic
        kept: list[str] = []
        for run in re.findall(r"[A-Za-z][\w-]+|[一-鿿]+", asked):
            pieces = [run] if run.isascii() else terms(run)
            kept.extend(p for p in pieces if (held := set(terms(p))) and held <= quoted)
        return " ".join(dict.fromkeys(kept[:5]))
