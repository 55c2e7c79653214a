# SPDX-License-Identifier: Apache-2.0
"""One linear model over several labelings: trained with scikit-learn, applied as one sum of rows."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC


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
        """From the scores of one text (all columns) to probabilities over `labels`."""
        own = scores[self.columns].astype(np.float64) / self.temperature
        grown = np.exp(own - own.max())
        return np.asarray(grown / grown.sum(), np.float64)


def train(
    rows: csr_matrix, labels: list[str], weights: NDArray[np.float64], *, seed: int
) -> tuple[list[str], NDArray[np.float32]]:
    """One-against-the-rest linear support vectors: the labels in order, and weights of shape (features + 1, labels), bias last."""
    names = sorted(set(labels))
    if len(names) == 1:
        return names, np.zeros((rows.shape[1] + 1, 1), np.float32)
    # liblinear's order of rows must not decide anything: sorted by content
    model = LinearSVC(C=0.5, dual=True, random_state=seed, tol=1e-3, max_iter=3000)
    with (
        warnings.catch_warnings()
    ):  # a new city's category has one example, its own words; scikit-learn takes that for a regression
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
        model.fit(rows, labels, sample_weight=weights)
    table = np.vstack([model.coef_.T, model.intercept_[None, :]])
    if len(names) == 2:  # one column tells both
        table = np.hstack([-table, table])
    return names, table.astype(np.float32)


def temperature(scores: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """The temperature of least log loss on rows that the model has not seen (Guo et al. 2017)."""
    places = np.arange(len(truth))

    def loss(log_t: float) -> float:
        scaled = scores / np.exp(log_t)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        return float(-(scaled[places, truth] - np.log(np.exp(scaled).sum(axis=1))).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 3), method="bounded").x))
