import pytest

from assistant.errors import AssistantError
from assistant.matching import FEW, compare, read, shared_terms
from index import load_encoder

SEAL = "A mechanical seal for a slurry pump has a flush channel that keeps solids from the sealing interface."
SEAL_AGAIN = "In pumps for slurry, the interface of the mechanical seal is flushed through a channel, so that no solids reach it."
SEAL_ZH = "一种渣浆泵的机械密封，其冲洗通道使固体颗粒远离密封面。"
BATTERY = "A battery module has a cold plate with a vapor chamber between its cells."


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


@pytest.mark.parametrize("first", [SEAL_AGAIN, SEAL_ZH])
def test_the_same_thing_in_other_words_and_in_another_language(encoder, first):
    same, other = compare(first, [SEAL, BATTERY], encoder)
    assert same.probability > 0.5 > 0.05 > other.probability
    assert 0 <= other.shared < same.shared <= 1 and other.cosine < same.cosine


def test_the_words_are_those_of_the_first_text(encoder):
    (found,) = compare(SEAL_ZH, [SEAL], encoder)
    assert {"机械", "密封"} <= set(found.words) and all(w in SEAL_ZH for w in found.words)
    (found,) = compare(SEAL, [SEAL_AGAIN], encoder)
    assert {"mechanical", "slurry"} <= set(found.words) and "battery" not in found.words


def test_a_text_is_like_itself_and_the_order_does_not_matter(encoder):
    (itself,) = compare(SEAL, [SEAL], encoder)
    assert itself.cosine == pytest.approx(1, abs=1e-3) and itself.shared > 0.7 and itself.probability > 0.99
    (one,), (other,) = compare(SEAL, [SEAL_ZH], encoder), compare(SEAL_ZH, [SEAL], encoder)
    assert one.cosine == pytest.approx(other.cosine, abs=1e-3)


def test_shared_terms_of_an_empty_and_a_longer_text(encoder):
    short, long, empty = read(["slurry pump", SEAL, "7"], encoder)
    assert shared_terms(short, long) == shared_terms(long, short) == 2 / (2 + FEW)
    assert shared_terms(empty, long) == 0


def test_one_shared_word_says_little(encoder):
    (found,) = compare("A contactless shaft seal for a wind turbine comprises a labyrinth and a drain chamber.", ["密封"], encoder)
    assert found.words == ("seal",) and found.probability < 0.5


def test_the_end_of_a_long_text_counts(encoder):
    filler = "The weather station measures rain with a tipping bucket. " * 30
    alone, long = compare(SEAL, [filler, f"{filler} {SEAL}"], encoder)
    assert long.shared > alone.shared and long.cosine > alone.cosine


def test_a_text_in_a_language_that_is_not_read(encoder):
    with pytest.raises(AssistantError, match="can't be compared"):
        compare(SEAL, ["これはポンプのシールです。"], encoder)
