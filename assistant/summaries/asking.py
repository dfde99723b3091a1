"""Asking a language model about numbered sentences, and checking each statement of its reply; what fails is sent back once, with the reason."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import Statement, Verdict
from assistant.errors import ReplyError
from assistant.grounding.answering import REPAIR, Grounding, Show
from assistant.grounding.checking import Check, check
from assistant.llm.exchange import Exchange, Request
from assistant.llm.language_model import LanguageModel
from assistant.tasks.task import Given, Task, as_data, one_line
from ingest.document import Citation

REPAIR_TOKENS = 160
"""That are kept free in each prompt for what is wrong with the reply; in a small window an eighth of it."""
_REASON = 240
"""Characters of a statement that fails, as it is sent back."""
_NO_STATEMENT = {"en": "The reply has no statement that can be read.", "zh": "回答中没有可以读取的陈述。"}
_LEVEL: dict[Verdict, int] = {"supported": 0, "weak": 1, "unchecked": 1, "unsupported": 2}
_SHOWN: dict[Show, int] = {"supported": 0, "weak": 1, "all": 2}


@dataclass(frozen=True)
class Checked:
    """A statement of a reply as it was read, and as it was checked."""

    said: Any
    statement: Statement

    @property
    def good(self) -> bool:
        return self.statement.verdict != "unsupported"


@dataclass(frozen=True)
class Replied:
    """`statements` are all that could be read, the good ones first. `failed`: twice there was no good one among what the reply said."""

    statements: tuple[Checked, ...]
    failed: bool
    missing: str = ""

    @property
    def good(self) -> list[Checked]:
        return [each for each in self.statements if each.good]


@dataclass
class Asker:
    """`passages` holds the text at each anchor; `about` is what the statements are about, a title or a question, whose words may stand elsewhere in
    what they cite. `across`: statements are in another language than the passages. Statements always point, whatever the form of `grounding`."""

    model: LanguageModel
    grounding: Grounding
    passages: Mapping[str, str]
    about: str
    across: bool = False

    def room(self, task: Task[Any, Any], given: Given) -> int:
        """The tokens that are left in the window beside the prompt, a reply, and what is sent back with it."""
        return self.model.room(task.messages(given)) - min(REPAIR_TOKENS, self.model.context_length // 8)

    def shown(self, statement: Statement) -> bool:
        return _LEVEL[statement.verdict] <= _SHOWN[self.grounding.show]

    def ask(
        self,
        task: Task[Any, Any],
        given: Given,
        carried: Mapping[str, Sequence[Citation]] | None = None,
        wrong: Callable[[Any], Iterable[str]] = lambda said: (),
    ) -> Exchange[Replied]:
        """The exchange. `carried` gives the citations of what a sentence was noted from, by its anchor; without it sentences are cited
        themselves. `wrong` says what else is wrong with a statement."""
        request = Request(task.messages(given), task.reply_schema(given))
        first, problems = self._read(task, (yield request), given, carried, wrong)
        if not problems or not self.grounding.repair:
            return first
        again = self._with_problems(request, problems, given.language)
        if again is None:
            return first
        second, _ = self._read(task, (yield again), given, carried, wrong)
        good = first.good
        better = [s for s in second.good if s.statement.text not in {g.statement.text for g in good}]
        dropped = [s for s in first.statements if not s.good][len(better) :]
        return Replied((*good, *better, *dropped), first.failed and not better, first.missing or second.missing)

    def _with_problems(self, request: Request, problems: Sequence[str], language: str) -> Request | None:
        """The request with as many of the problems as fit after it; None where none does."""
        *before, (role, text) = request.messages
        for count in range(len(problems), 0, -1):
            told = REPAIR[language].format(problems="\n".join(f"- {problem}" for problem in problems[:count]))
            messages = [*before, (role, f"{text}\n\n{told}")]
            if self.model.room(messages) >= 0:
                return Request(messages, request.schema)
        return None

    def _read(
        self,
        task: Task[Any, Any],
        reply: str,
        given: Given,
        carried: Mapping[str, Sequence[Citation]] | None,
        wrong: Callable[[Any], Iterable[str]],
    ) -> tuple[Replied, list[str]]:
        """(what was said, what is wrong with it)."""
        try:
            read = task.read(reply, given)
        except ReplyError as error:
            return Replied((), True), [as_data(str(error))[:_REASON]]
        found = [self._checked(said, carried, wrong) for said in read.statements]
        problems = [
            as_data(f"“{one_line(each.statement.text)[:_REASON]}”: {one_line(each.statement.reason)[:_REASON]}") for each in found if not each.good
        ]
        if read.unreadable:
            problems.append(_NO_STATEMENT[given.language])
        found.sort(key=lambda each: not each.good)
        return Replied(tuple(found), bool(problems) and not any(each.good for each in found), getattr(read, "missing", "")), problems

    def _checked(self, said: Any, carried: Mapping[str, Sequence[Citation]] | None, wrong: Callable[[Any], Iterable[str]]) -> Checked:
        citations: Sequence[Citation] = said.citations
        if carried is not None:
            citations = list(dict.fromkeys(c for note in said.citations for c in carried[note.anchor]))
        reason = "; ".join(wrong(said))
        checked = Check("unsupported", reason) if reason else self._check(said.text, citations)
        if carried is not None and checked.verdict == "supported" and self.grounding.entailment is None:
            citations = self._fewest(said.text, citations)
        statement = Statement(text=said.text, verdict=checked.verdict, citations=tuple(citations), reason=checked.reason)
        return Checked(said, statement)

    def _check(self, text: str, citations: Sequence[Citation]) -> Check:
        checked = check(text, citations, self.passages, self.grounding.entailment, self.about)
        if self.across and checked.reason.startswith("not in the quotation: "):  # languages of one script, which the checker can't tell apart
            return Check("unchecked", "statement and quotation are in different languages")
        return checked

    def _fewest(self, text: str, citations: Sequence[Citation]) -> Sequence[Citation]:
        """Without the citations that the statement is supported without."""
        kept = list(citations)
        for citation in citations:
            fewer = [c for c in kept if c is not citation]
            if fewer and self._check(text, fewer).verdict == "supported":
                kept = fewer
        return kept
