"""What one sentence says of one thing, with the question that it answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.tasks.task import Language, one_line
from index.terms import terms


@dataclass(frozen=True)
class Fact:
    """`question` is answered by `sentence`, of which `clause` says it alone and `answer` is what is said; `lack` is the question as a clause.

    `relation` are words one of which a sentence has that says the same of `subject`: none where any sentence with the subject might. `reworded` are
    the question and the lack with another word for the relation.
    """

    kind: str
    language: Language
    question: str
    lack: str
    subject: str
    answer: str
    clause: str
    sentence: str
    relation: tuple[str, ...]
    reworded: tuple[tuple[str, str], ...] = ()

    def might_answer(self, sentence: str, facts: "Sequence[Fact]" = ()) -> bool:
        """Whether another sentence, of which these facts are known, might answer the question too: it has the subject, and the relation or what is
        said. It doesn't where its only word for the relation is of another thing, as in `the frame holds the ring` of what the ring holds."""
        held = set(terms(sentence))
        wanted = set(terms(self.subject))
        if not wanted <= held:
            return False
        said = [t for t in dict.fromkeys(terms(self.answer)) if t not in wanted]
        if said and sum(t in held for t in said) >= 0.6 * len(said):
            return True
        lowered = sentence.lower()
        if not self.relation:
            return True
        found = sum(lowered.count(word) for word in self.relation)
        elsewhere = len(facts) == 1 and facts[0].kind == self.kind != "joined" and not wanted <= set(terms(facts[0].subject))
        return found > 1 or (found == 1 and not elsewhere)


def other_words(question: str, lack: str, synonyms: Sequence[Sequence[tuple[str, str]]], mark: str) -> tuple[tuple[str, str], ...]:
    """The question and the lack with other words for the relation. `synonyms` are groups of (its word in the question, in the lack), which end both
    (but for the question's mark)."""
    for group in synonyms:
        for asked, lacked in group:
            if question.endswith(f"{asked}{mark}") and lack.endswith((asked, lacked)):
                before, without = question[: -len(asked + mark)], lack.removesuffix(lacked if lack.endswith(lacked) else asked)
                plain = not lack.endswith(lacked)
                return tuple((f"{before}{a}{mark}", f"{without}{a if plain else b}") for a, b in group if a != asked)
    return ()


def facts_in(text: str, language: Language, claim: int | None = None) -> Iterator[Fact]:
    """The facts of one sentence; `claim` is the number of the claim that it stands in."""
    from finetune.instructions.questions import chinese, english

    line = one_line(text)
    found = (chinese if language == "zh" else english).facts(line, claim)
    seen: set[str] = set()
    for fact in found:
        if fact.question not in seen and _sound(fact):
            seen.add(fact.question)
            yield fact


def _sound(fact: Fact) -> bool:
    """Something is asked of a thing, something else is said of it, and nothing is cut in the middle of brackets."""
    subject, answer = set(terms(fact.subject)), set(terms(fact.answer))
    numbers = bool(re.search(r"\d", fact.answer))
    closed = all(fact.clause.count(a) == fact.clause.count(b) for a, b in ("()", "（）", "[]", "“”"))
    return bool(subject) and bool(answer - subject or numbers) and closed
