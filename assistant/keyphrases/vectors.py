"""Vectors of Chinese words by the company they keep (Levy, Goldberg and Dagan, 2015): shifted pointwise mutual information, factored."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags

Array = np.ndarray[Any, Any]
Vectors = tuple[Mapping[str, int], Array]
"""The row of each word, and the rows."""
LEAST = 4
WINDOW = 8
DIMENSIONS = 64


def company(texts: Iterable[str], seed: int = 0) -> Vectors:
    """The row of each word that the texts have LEAST times, and the (words, DIMENSIONS) float32 unit rows."""
    import rjieba
    from sklearn.utils.extmath import randomized_svd

    cut = [rjieba.cut_for_search(text) for text in texts]
    counted = Counter(word for words in cut for word in words if word[0] >= "一")
    rows = {word: i for i, word in enumerate(sorted(word for word, count in counted.items() if count >= LEAST))}
    if len(rows) <= DIMENSIONS:
        return {}, np.zeros((0, DIMENSIONS), dtype=np.float32)
    ids = [np.array([rows.get(word, -1) for word in words if word[0] >= "一"], dtype=np.int64) for words in cut]
    line = np.concatenate([np.append(each, np.full(WINDOW, -1)) for each in ids])
    near = csr_matrix((len(rows), len(rows)), dtype=np.float32)
    for distance in range(1, WINDOW + 1):
        one, other = line[:-distance], line[distance:]
        both = (one >= 0) & (other >= 0) & (one != other)
        weight = np.full(int(both.sum()), distance**-0.5, dtype=np.float32)
        near += coo_matrix((weight, (one[both], other[both])), shape=near.shape).tocsr()
    near = csr_matrix(near + near.T)
    sums = np.asarray(near.sum(axis=1)).ravel()
    context = sums**0.75 / (sums**0.75).sum()
    information = near.tocoo()
    value = np.log(information.data / (sums[information.row] * context[information.col]))
    positive = csr_matrix((np.maximum(value, 0), (information.row, information.col)), shape=near.shape)
    positive.eliminate_zeros()
    left, strength, _ = randomized_svd(positive, n_components=DIMENSIONS, n_iter=3, random_state=seed)
    vectors = left * np.sqrt(strength)
    return rows, np.asarray(diags(1 / np.maximum(np.linalg.norm(vectors, axis=1), 1e-9)) @ vectors, dtype=np.float32)
