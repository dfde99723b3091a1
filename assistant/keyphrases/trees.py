"""Gradient boosted trees as plain arrays, so that a fitted model is loaded and asked without scikit-learn."""

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Trees:
    """Node 0 of each tree is its root; a leaf is its own child.

    `feature`, `threshold`, `missing_left`, `left`, `right` and `value` are (trees, nodes); `base` is the log odds before any tree.
    """

    feature: Array
    threshold: Array
    missing_left: Array
    left: Array
    right: Array
    value: Array
    base: float
    depth: int

    @classmethod
    def of(cls, fitted: Any) -> "Trees":
        """The trees of a fitted HistGradientBoostingClassifier of two classes and without categorical features."""
        trees = [predictor.nodes for (predictor,) in fitted._predictors]
        shape = len(trees), max(map(len, trees))
        own = np.tile(np.arange(shape[1]), (shape[0], 1))
        made = cls(
            feature=np.zeros(shape, np.uint8),
            threshold=np.zeros(shape, np.float64),
            missing_left=np.zeros(shape, np.bool_),
            left=own.astype(np.uint8),
            right=own.astype(np.uint8),
            value=np.zeros(shape, np.float32),
            base=float(fitted._baseline_prediction[0, 0]),
            depth=max(int(nodes["depth"].max()) for nodes in trees),
        )
        if shape[1] > 256:
            raise ValueError("trees of more than 256 nodes are not stored")
        for row, nodes in enumerate(trees):
            inner = np.flatnonzero(nodes["is_leaf"] == 0)
            made.feature[row, inner] = nodes["feature_idx"][inner]
            made.threshold[row, inner] = nodes["num_threshold"][inner]
            made.missing_left[row, inner] = nodes["missing_go_to_left"][inner]
            made.left[row, inner] = nodes["left"][inner]
            made.right[row, inner] = nodes["right"][inner]
            made.value[row, : len(nodes)] = nodes["value"]
        return made

    def probabilities(self, features: Array) -> Array:
        """(rows,) from (rows, features) float32; not-a-number is a missing value."""
        tree = np.arange(len(self.feature))[None, :]
        node = np.zeros((len(features), len(self.feature)), dtype=np.intp)
        row = np.arange(len(features))[:, None]
        for _ in range(self.depth):
            asked = features[row, self.feature[tree, node]]
            left = np.where(np.isnan(asked), self.missing_left[tree, node], asked <= self.threshold[tree, node])
            node = np.where(left, self.left[tree, node], self.right[tree, node]).astype(np.intp)
        odds = self.base + self.value[tree, node].sum(axis=1, dtype=np.float64)
        probabilities: Array = 1 / (1 + np.exp(-odds))
        return probabilities
