# SPDX-License-Identifier: Apache-2.0
"""Types of cities: k-means over the sub-dimensions, the number of types by silhouette, its stability by resampling."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rexian.assessment.scores import Scores

if TYPE_CHECKING:  # scikit-learn takes a second of every start, and only a report needs it
    from sklearn.cluster import KMeans

MOST_TYPES = 6
FEWEST = 10
"""Cities with all sub-dimensions scored, below which no types are made."""
RESAMPLES = 30
JUDGED = 2_000
"""Cities at most in a silhouette, which takes the square of them."""
STABLE = 0.6
"""Mean adjusted Rand index from which types are called stable (after Steinley 2004: 0.65 moderate, 0.8 good)."""


@dataclass(frozen=True)
class Types:
    """`labels` of shape (cities,): 0 the type of the highest mean, -1 for cities that were left out as not fully scored; `centres` of shape
    (types, 10); `silhouette` -1..1 for each number of types tried; `stability` the mean adjusted Rand index, 1 when resampling changes nothing."""

    labels: NDArray[np.int64]
    centres: NDArray[np.float64]
    silhouette: dict[int, float]
    stability: float

    @property
    def count(self) -> int:
        """The number of types."""
        return len(self.centres)

    @property
    def stable(self) -> bool:
        """Whether the types may be relied on."""
        return self.stability >= STABLE


def types(scores: Scores, seed: int = 0) -> Types | None:
    """The types of the cities, or None when too few are fully scored or all are alike."""
    values = scores.subdimensions.value
    whole = np.flatnonzero(~np.isnan(values).any(axis=1))
    whole = whole[np.lexsort(values[whole].T)]  # the order of the rows must not decide anything
    points = values[whole]
    distinct = len(np.unique(points, axis=0))
    if len(points) < FEWEST or distinct < 3:
        return None
    judged = {k: _silhouette(points, k, seed) for k in range(2, min(MOST_TYPES, distinct - 1) + 1)}
    best = max(judged, key=lambda k: (judged[k], -k))
    model = _fit(points, best, seed)
    order = np.argsort(-model.cluster_centers_.mean(axis=1), kind="stable")
    labels = np.full(len(values), -1)
    labels[whole] = np.argsort(order)[model.labels_]
    return Types(labels, model.cluster_centers_[order], judged, _stability(points, best, seed))


def _fit(points: NDArray[np.float64], k: int, seed: int) -> "KMeans":
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=5, random_state=seed).fit(points)


def _silhouette(points: NDArray[np.float64], k: int, seed: int) -> float:
    from sklearn.metrics import silhouette_score

    labels = _fit(points, k, seed).labels_
    sample = np.random.default_rng(seed).permutation(len(points))[:JUDGED]
    if len(np.unique(labels[sample])) < 2:
        return -1.0
    return float(silhouette_score(points[sample], labels[sample]))


def _stability(points: NDArray[np.float64], k: int, seed: int) -> float:
    """Two halves drawn with replacement name the same cities alike: mean adjusted Rand index (Ben-Hur, Elisseeff, Guyon 2002)."""
    from sklearn.metrics import adjusted_rand_score

    random = np.random.default_rng(seed)
    size = min(len(points), JUDGED)
    found = []
    for _ in range(RESAMPLES):
        one, other, seen = (points[random.integers(0, len(points), size)] for _ in range(3))
        if min(len(np.unique(one, axis=0)), len(np.unique(other, axis=0))) < k:
            found.append(0.0)  # the types do not even survive the drawing
        else:
            found.append(adjusted_rand_score(*(_fit(half, k, seed).predict(seen) for half in (one, other))))
    return float(np.mean(found))
