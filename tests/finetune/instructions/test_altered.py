import pytest

from assistant.grounding.checking import check
from assistant.tasks import grounded_answer, quoted_answer
from assistant.tasks.grounded_answer import GroundedGiven, Source
from finetune.instructions.altered import altered, altered_quotation
from finetune.instructions.questions.excerpts import Asked, passages_of
from finetune.instructions.questions.fact import facts_in

SENTENCES = (
    "The coating has a thickness of 2 to 5 mm.",
    "The lower lever holds the inner roller.",
    "The upper spring is made of hardened steel.",
)


def asked(right: bool = True, sentence: int = 0) -> Asked:
    [fact] = facts_in(SENTENCES[sentence], "en")
    shown = [s for n, s in enumerate(SENTENCES) if right or n != sentence]
    given = GroundedGiven(question=fact.question, sources=(Source(anchor="US1A#p0001", title="A lever", text=" ".join(shown)),))
    return Asked(fact, fact.lack, given, ((sentence + 1,),) if right else (), (fact.sentence,))


def test_what_is_altered_is_refused_by_the_checker() -> None:
    kinds = dict(altered(asked(), 0, 6))
    assert set(kinds) == {"quantity", "thing", "pointing", "refusal"}
    each = asked()
    known, passages = each.given.sentences(), passages_of(each.given)
    for kind in ("quantity", "thing", "pointing"):
        read = grounded_answer.TASK.read(kinds[kind].model_dump_json(), each.given)
        [said] = read.statements
        assert check(said.text, said.citations, passages, question=each.given.question).verdict in ("weak", "unsupported")
        assert (said.citations[0] == known[0]) == (kind != "pointing")
    assert not kinds["refusal"].statements and kinds["refusal"].missing


@pytest.mark.parametrize("seed", range(6))
def test_an_answer_is_made_up_where_there_is_none(seed: int) -> None:
    [(kind, reply)] = altered(asked(right=False), seed, 6)
    assert kind == "answered"
    assert reply.statements and not reply.missing


def test_as_many_are_made_as_wanted_and_the_same_for_a_seed() -> None:
    assert len(list(altered(asked(), 3, 2))) == 2
    assert list(altered(asked(), 3, 2)) == list(altered(asked(), 3, 2))
    assert {next(altered(asked(), seed, 1))[0] for seed in range(30)} == {"quantity", "thing", "pointing", "refusal"}


def test_an_invented_quotation_does_not_stand_in_the_excerpts() -> None:
    each = asked(sentence=2)
    made = altered_quotation(each, 0)
    assert made is not None
    read = quoted_answer.TASK.read(made[1].model_dump_json(), each.given)
    [said] = read.statements
    assert check(said.text, said.citations, passages_of(each.given)).verdict == "unsupported"
    assert altered_quotation(asked(right=False), 0) is None


def test_the_right_reply_is_supported() -> None:
    assert asked().supported() and asked(right=False).supported()
