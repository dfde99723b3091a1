import random

import numpy as np
import pytest

from finetune.corpus.duplicates import Bands, digest_of, signature_of, similarity
from finetune.corpus.runs import runs_of, words_of
from finetune.corpus.settings import Duplicates

SETTINGS = Duplicates()


def text(seed: int, words: int = 400) -> list[str]:
    chance = random.Random(seed)
    return [f"word{chance.randrange(2000)}" for _ in range(words)]


def changed(words: list[str], share: float) -> list[str]:
    chance = random.Random(7)
    return ["other" + w if chance.random() < share else w for w in words]


def signature(words: list[str]) -> np.ndarray:  # type: ignore[type-arg]
    return signature_of(words_of(" ".join(words)), "en", SETTINGS)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.03, 0.1])
def test_the_estimate_is_near_the_true_similarity(share: float) -> None:
    one, other = text(1), changed(text(1), share)
    sets = [set(runs_of(words_of(" ".join(words)), 5).tolist()) for words in (one, other)]
    true = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    assert similarity(signature(one), signature(other)) == pytest.approx(true, abs=0.12)


def test_bands_propose_what_is_similar_and_not_what_is_not() -> None:
    bands = Bands(SETTINGS)
    near = sum(bool(set(bands.of(signature(text(n)))) & set(bands.of(signature(changed(text(n), 0.01))))) for n in range(40))
    far = sum(bool(set(bands.of(signature(text(n)))) & set(bands.of(signature(text(n + 1000))))) for n in range(40))
    assert near >= 39
    assert far == 0


def test_a_very_long_text_is_signed_in_pieces() -> None:
    words = words_of(" ".join(text(1, 30_000)))
    whole = signature_of(words, "en", SETTINGS)
    from datasketch import MinHash

    at_once = MinHash(num_perm=128, seed=1, hashfunc=int, scheme="affine32")
    at_once.update_batch((np.unique(runs_of(words, 5)) & np.uint64(0xFFFFFFFF)).tolist())
    assert np.array_equal(whole, at_once.hashvalues)


def test_the_digest_looks_at_words_alone() -> None:
    assert digest_of(words_of("The pump,  turns.")) == digest_of(words_of("the PUMP turns"))
    assert digest_of(words_of("泵。转动")) == digest_of(words_of("泵转动"))
    assert digest_of(words_of("pump turns")) != digest_of(words_of("turns pump"))


def test_runs_of_a_short_text_are_all_of_it() -> None:
    assert len(runs_of(words_of("one two"), 5)) == 1
    assert len(runs_of(words_of(""), 5)) == 0
