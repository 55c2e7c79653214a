# SPDX-License-Identifier: Apache-2.0
"""One linear model over several labelings: trained with scikit-learn, applied as one sum of rows."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

COST = 0.1
SMOOTH = 0.3
"""What is added to a term's weight in and outside a label before the two are compared."""


@dataclass(slots=True)
class Labeling:
    """One thing to tell of a text: its labels, and the temperature that makes its scores probabilities."""

    labels: list[str]
    temperature: float
    start: int

    @property
    def columns(self) -> slice:
        return slice(self.start, self.start + len(self.labels))

    def probabilities(self, scores: NDArray[np.float32]) -> NDArray[np.float64]:
        """From the scores of texts (n, all columns) to probabilities (n, labels)."""
        own = scores[:, self.columns].astype(np.float64) / self.temperature
        grown = np.exp(own - own.max(axis=1, keepdims=True))
        return np.asarray(grown / grown.sum(axis=1, keepdims=True), np.float64)


def train(
    rows: csr_matrix, labels: list[str], weights: NDArray[np.float64], *, seed: int
) -> tuple[list[str], NDArray[np.float32]]:
    """One-against-the-rest linear support vectors: the labels in order, and weights of shape (features + 1, labels), bias last.

    Before each label's fit its features are stretched by how much they tell for or against it: the log-count ratios of NB-SVM (Wang
    and Manning 2012), here over TF-IDF weights. The stretch is folded into the result, so applying it costs nothing.
    """
    names = sorted(set(labels))
    if len(names) == 1:
        return names, np.zeros((rows.shape[1] + 1, 1), np.float32)
    rows = rows.astype(np.float64)
    told = np.array(labels)
    if len(names) == 2:  # one column tells both
        one = _against_rest(rows, told == names[1], weights, seed)
        return names, np.column_stack([-one, one])
    return names, np.column_stack([_against_rest(rows, told == name, weights, seed) for name in names])


def _against_rest(
    rows: csr_matrix, inside: NDArray[np.bool_], weights: NDArray[np.float64], seed: int
) -> NDArray[np.float32]:
    """The weights of one label, bias last."""
    from sklearn.svm import LinearSVC  # a second of every start otherwise, and training alone needs it

    stretch = _ratios(rows, inside, weights)
    stretched = csr_matrix((rows.data * stretch[rows.indices], rows.indices, rows.indptr), shape=rows.shape)
    model = LinearSVC(C=COST, dual=True, random_state=seed, tol=1e-2, max_iter=3000)
    model.fit(stretched, inside, sample_weight=weights)
    return np.append(model.coef_[0] * stretch, model.intercept_[0]).astype(np.float32)


def _ratios(rows: csr_matrix, inside: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each feature's share inside a label is from that outside, as the size of its log ratio, 1 on average."""
    own = rows.T @ (weights * inside) + SMOOTH
    rest = rows.T @ (weights * ~inside) + SMOOTH
    sizes = np.abs(np.log(own / own.sum()) - np.log(rest / rest.sum()))
    return np.asarray(sizes / sizes.mean() if sizes.any() else np.ones_like(sizes), np.float64)


def temperature(scores: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """The temperature of least log loss on rows that the model has not seen (Guo et al. 2017)."""
    places = np.arange(len(truth))

    def loss(log_t: float) -> float:
        scaled = scores / np.exp(log_t)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float(-(scaled[places, truth] - np.log(np.exp(scaled).sum(axis=1))).mean())

    return float(np.exp(scipy.optimize.minimize_scalar(loss, bounds=(-4, 3), method="bounded").x))
