from pathlib import Path
from typing import Any

import pytest

from assistant.tasks import grounded_answer, quoted_answer
from assistant.tasks.grounded_answer import GroundedGiven
from assistant.tasks.task import one_line
from finetune.instructions.collection import Collection
from finetune.instructions.questions.excerpts import Asked, Asking
from finetune.instructions.settings import Questions
from ingest.document import Claim, Paragraph, PatentDocument, Section

PARTS = ("housing", "cover", "shaft", "lever", "spring", "nozzle", "gear", "piston", "bearing", "flange", "clamp", "roller")
MATTER = ("graphite", "steel", "copper", "brass", "nylon", "rubber", "glass", "ceramic", "titanium", "zinc", "silver", "wood")


def document(number: str, shift: int) -> PatentDocument:
    """Every part is made of something, holds another part, and is somewhere."""
    paragraphs = tuple(
        Paragraph(
            number=f"{n:04d}",
            text=f"The outer {part} is made of {MATTER[(n + shift) % 12]}. The outer {part} holds the inner {PARTS[(n + shift + 3) % 12]}. "
            f"Wear of the outer {part} is low over the whole life of machine {number}.",
        )
        for n, part in enumerate(PARTS, start=1)
    )
    return PatentDocument(
        number=number,
        language="en",
        titles={"en": f"Machine {shift}"},
        abstracts={
            "en": f"A machine of kind {shift} with a {PARTS[shift % 12]} is disclosed, "
            f"which wears little and runs long without oil or grease of any kind."
        },
        claims=(Claim(number=1, text=f"A machine with a {PARTS[shift % 12]}, wherein the outer lid has a thickness of {shift + 2} mm."),),
        sections=(Section(paragraphs=paragraphs),),
    )


@pytest.fixture
def collection(tmp_path: Path) -> Any:
    made = Collection(tmp_path / "collection", 0.0, 0, None)
    made.fill(("machines", "document", f"US{n}A1", document(f"US{n}A1", n)) for n in range(1, 5))
    yield made
    made.close()


def asked(collection: Collection, **given: Any) -> list[list[Asked]]:
    item = next(collection.items())
    return list(Asking(collection, item, item.document(), "en", Questions(**given), 0).asked())


def test_the_sentence_that_answers_is_pointed_at(collection: Collection) -> None:
    made = asked(collection, unanswerable=0.0, per_document=12, reworded=0.0)
    assert len(made) >= 5
    for [each] in made:
        known = each.given.sentences()
        pointed = {one_line(known[n - 1].quote) for numbers in each.right for n in numbers}
        assert each.fact.sentence in pointed
        assert each.supported()
        assert len(known) > 3
        read = grounded_answer.TASK.read(each.pointing().model_dump_json(), each.given)
        assert not read.unreadable and read.statements
        quoted = quoted_answer.TASK.read(each.quoting().model_dump_json(), each.given)
        texts = [one_line(s.text) for s in each.given.sources]
        assert all(any(c.quote in text for text in texts) for s in quoted.statements for c in s.citations)


def test_what_is_not_answered_has_no_sentence_that_might(collection: Collection) -> None:
    made = asked(collection, unanswerable=1.0, per_document=12)
    assert len(made) >= 5
    for [each] in made:
        assert not each.right
        assert each.pointing().missing.startswith("A sentence that says wh")
        for citation in each.given.sentences():
            assert one_line(citation.quote) != each.fact.sentence
            assert each.fact.answer.lower() not in citation.quote.lower() or each.fact.subject.removeprefix("the ") not in citation.quote.lower()


def test_other_documents_are_among_the_excerpts(collection: Collection) -> None:
    made = asked(collection, elsewhere=0.9, per_document=12)
    numbers = [{s.anchor.partition("#")[0] for s in each.given.sources} for [each] in made]
    assert any(len(some) > 1 for some in numbers)
    assert all(len({s.anchor for s in each.given.sources}) == len(each.given.sources) for [each] in made)


def test_excerpts_are_as_long_as_was_asked_for(collection: Collection) -> None:
    for least, most in ((300, 400), (1200, 1400)):
        sizes = [sum(len(s.text) for s in each.given.sources) for [each] in asked(collection, least=least, most=most)]
        assert all(least * 0.6 <= size <= most + 700 for size in sizes)


def test_several_questions_are_asked_over_the_same_excerpts(collection: Collection) -> None:
    made = asked(collection, turns=4, per_document=8, unanswerable=0.3)
    several = next(some for some in made if len(some) > 1)
    assert len({each.given.question for each in several}) == len(several)
    assert all(each.given.sources == several[0].given.sources for each in several)
    assert isinstance(several[0].given, GroundedGiven)


def test_the_same_seed_asks_the_same(collection: Collection) -> None:
    assert asked(collection) == asked(collection)
