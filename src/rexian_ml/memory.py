# SPDX-License-Identifier: Apache-2.0
"""Corrections remembered beside a linear model: texts near a corrected one change, all others stay as they were."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from rexian_ml.features import BITS

NEAR = 0.2
"""Cosine below which two texts have nothing to do with each other: there a correction has no effect at all."""
MARGIN = 1.0
"""By how much the right label shall lead."""
MOST_LIFT = 0.5
"""What one correction may move a score; a slip of one dispatcher must not outweigh the city's history."""


def _unit(rows: csr_matrix) -> csr_matrix:
    each = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    scaled = rows.data / np.sqrt(np.bincount(each, rows.data * rows.data, rows.shape[0]))[each]
    return csr_matrix((scaled.astype(np.float32), rows.indices, rows.indptr), shape=rows.shape)


@dataclass
class Memory:
    """Each entry: a corrected text as unit row, the column that is right, the one that won wrongly, and the lift of one over the other.

    Rows are those of `Vocabulary.wide`, so that a correction also teaches words that no order had before. A
    kernel machine of passive-aggressive steps (Crammer et al. 2006, PA-I), with a kernel that is 0 below NEAR.
    """

    rows: csr_matrix
    right: NDArray[np.int32]
    wrong: NDArray[np.int32]
    lifts: NDArray[np.float32]
    index_: tuple[NDArray[np.int32], csr_matrix] | None = field(default=None, init=False, repr=False)
    """The buckets that the entries hold, and the entries by these (buckets, entries); made when it is first asked for."""

    @classmethod
    def empty(cls) -> "Memory":
        none = np.zeros(0, np.int32)
        return cls(csr_matrix((0, 1 << BITS), dtype=np.float32), none, none, np.zeros(0, np.float32))

    def __len__(self) -> int:
        return len(self.lifts)

    def scores(self, rows: csr_matrix, columns: int) -> NDArray[np.float32]:
        """What the memory adds to the scores of texts: (n, columns)."""
        near = self._likeness(_unit(rows))
        near.data = np.maximum(0, (near.data - NEAR) / (1 - NEAR))
        entries = np.arange(len(self))
        effect = np.zeros((len(self), columns), np.float32)
        effect[entries, self.right] = self.lifts
        effect[entries, self.wrong] -= self.lifts
        return np.asarray(near @ effect, np.float32)

    def _likeness(self, rows: csr_matrix) -> csr_matrix:
        """The cosines of unit rows with the entries (n, entries), over the buckets that the entries hold: a product over all of them takes 4 ms."""
        if self.index_ is None:
            buckets, columns = np.unique(self.rows.indices, return_inverse=True)
            parts = (self.rows.data, columns.ravel().astype(np.int32), self.rows.indptr)
            self.index_ = buckets, csr_matrix(parts, shape=(len(self), len(buckets))).T.tocsr()
        buckets, entries = self.index_
        places = np.minimum(np.searchsorted(buckets, rows.indices), len(buckets) - 1)
        held = buckets[places] == rows.indices
        ends = np.r_[0, np.cumsum(held)][rows.indptr]
        few = csr_matrix((rows.data[held], places[held], ends), shape=(rows.shape[0], len(buckets)))
        return csr_matrix(few @ entries)

    def learn(self, row: csr_matrix, scores: NDArray[np.float32], columns: slice, right: int) -> None:
        """Remembers that the column `right` should have led among `columns`, given the scores of the row as they are now (all columns)."""
        rivals = scores[columns].copy()
        rivals[right - columns.start] = -np.inf
        wrong = int(rivals.argmax()) + columns.start
        lift = min(MOST_LIFT, float(scores[wrong] - scores[right] + MARGIN) / 2)
        if lift > 0 and row.nnz:
            self.rows, self.index_ = vstack([self.rows, _unit(row)], format="csr"), None
            self.right = np.append(self.right, np.int32(right))
            self.wrong = np.append(self.wrong, np.int32(wrong))
            self.lifts = np.append(self.lifts, np.float32(lift))
