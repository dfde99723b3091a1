import numpy as np

from finetune.retrieval.negatives import with_negatives
from finetune.retrieval.pairs import Pair

VECTORS = {
    "q": (1.0, 0.0, 0.0),
    "right": (0.9, 0.1, 0.0),
    "copy": (0.9, 0.11, 0.0),
    "near": (0.7, 0.7, 0.0),
    "far": (0.1, 0.0, 1.0),
    "nearest": (1.0, 0.01, 0.0),
}


def encode(texts):
    found = np.array([VECTORS[t] for t in texts], dtype=np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def mined(texts, count=1, allowed=lambda p, t: True, **more):
    (pair,) = with_negatives([Pair("k", "q", "right", "f")], encode, count, allowed, texts, **more)
    return pair.negatives


def test_the_nearest_that_is_no_copy_and_no_likelier_answer():
    assert mined(["right", "copy", "near", "far", "nearest"]) == ("near",)
    assert mined(["right", "near", "far"], 2) == ("near", "far")


def test_what_is_known_to_be_right_is_left_out():
    assert mined(["right", "near", "far"], allowed=lambda p, t: t != "near") == ("far",)


def test_passed_over_and_too_few():
    assert mined(["right", "near", "far"], skip=1) == ("far",)
    assert mined(["right", "near"], 2) == ()


def test_known_labels_need_no_share():
    close = dict(VECTORS, close=(0.95, 0.5, 0.5))
    VECTORS.update(close)
    assert mined(["right", "close"], share=0.5) == ()
    assert mined(["right", "close"], share=np.inf) == ("close",)
