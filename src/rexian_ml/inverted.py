# SPDX-License-Identifier: Apache-2.0
"""Documents by their terms and terms by their documents, in immutable segments that are merged as an index grows.

After the log-structured merge of O'Neil et al. (1996): each addition is a small segment; small ones are merged into larger ones, so that
an index of n additions has few segments and an entry is copied few times.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

GROWTH = 4
"""A segment is merged with the one before it once that is not this many times larger."""
CHUNK = 1 << 20


@dataclass
class Segment:
    """n documents over t terms: `terms` are hashes, ascending; `entries` is what else is known of each document.

    `postings[starts[i]:starts[i+1]]` are the documents of term i, `held[ends[d]:ends[d+1]]` the terms of document d.
    """

    terms: NDArray[np.uint32]
    starts: NDArray[np.int64]
    postings: NDArray[np.int32]
    ends: NDArray[np.int64]
    held: NDArray[np.int32]
    entries: NDArray[np.void]
    weights: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    sorted: dict[str, tuple[NDArray[Any], NDArray[np.int32]]] = field(default_factory=dict)

    @classmethod
    def build(cls, rows: NDArray[np.int64], hashes: NDArray[np.uint32], entries: NDArray[np.void]) -> "Segment":
        """From each term's document and hash; a term that a document has twice counts once."""
        pairs = np.sort(rows.astype(np.uint64) << np.uint64(32) | hashes)  # much faster here than numpy.unique
        pairs = pairs[np.diff(pairs, prepend=~pairs[:1]) != 0]
        terms, held = np.unique(pairs.astype(np.uint32), return_inverse=True)
        ends = np.searchsorted(pairs >> np.uint64(32), np.arange(len(entries) + 1, dtype=np.uint64))
        return cls.of(terms, ends, held.astype(np.int32), entries)

    @classmethod
    def of(
        cls, terms: NDArray[np.uint32], ends: NDArray[np.int64], held: NDArray[np.int32], entries: NDArray[np.void]
    ) -> "Segment":
        """From the documents' terms, by place in `terms`; the other direction is made by counting, without a sort."""
        table = csr_matrix((np.ones(len(held), np.int8), held, ends), shape=(len(entries), len(terms))).tocsc()
        return cls(
            terms, table.indptr.astype(np.int64), table.indices.astype(np.int32, copy=False), ends, held, entries
        )

    def __len__(self) -> int:
        return len(self.entries)

    def places(self, hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The place of each term here, -1 for one that no document has."""
        if not len(self.terms):
            return np.full(len(hashes), -1)
        found = np.minimum(np.searchsorted(self.terms, hashes), len(self.terms) - 1)
        return np.where(self.terms[found] == hashes, found, -1)

    def documents(self, place: int) -> NDArray[np.int32]:
        """The documents of a term, each once."""
        return self.postings[self.starts[place] : self.starts[place + 1]]

    def where(self, name: str, value: int) -> NDArray[np.int64]:
        """The documents whose entry has that value in the field `name`, which is sorted once."""
        if name not in self.sorted:
            order = np.argsort(self.entries[name], kind="stable").astype(np.int32)
            self.sorted[name] = self.entries[name][order], order
        values, order = self.sorted[name]
        wanted = values.dtype.type(value)
        start, stop = np.searchsorted(values, wanted, "left"), np.searchsorted(values, wanted, "right")
        return np.sort(order[start:stop]).astype(np.int64)

    def counts(self, hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """In how many documents each term stands."""
        places = self.places(hashes)
        return np.where(places >= 0, np.diff(self.starts)[places] if len(self.terms) else 0, 0)

    def overlap(
        self, documents: NDArray[np.int64], places: NDArray[np.int64], weights: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """For each document the summed weights of those terms, given by place, that it has."""
        wanted = np.zeros(len(self.terms) + 1)  # the last is for unknown terms
        wanted[places] = weights
        wanted[-1] = 0
        lengths = self.ends[documents + 1] - self.ends[documents]
        rows = np.repeat(np.arange(len(documents)), lengths)
        inside = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        terms = self.held[self.ends[documents][rows] + inside]
        return np.bincount(rows, wanted[terms], minlength=len(documents)).astype(np.float64)

    def weigh(self, term_weights: NDArray[np.float32]) -> None:
        """Keeps each document's whole weight, given that of each term here."""
        sums = np.zeros(len(self) + 1)
        for start in range(0, len(self), CHUNK // 16):
            stop = min(len(self), start + CHUNK // 16)
            own = term_weights[self.held[self.ends[start] : self.ends[stop]]]
            rows = np.repeat(np.arange(start, stop), np.diff(self.ends[start : stop + 1]))
            sums[start:stop] = np.bincount(rows - start, own, minlength=stop - start)
        self.weights = sums[:-1].astype(np.float32)


def merge(segments: Sequence[Segment]) -> Segment:
    """One segment with the documents of several, in their order."""
    if len(segments) == 1:
        return segments[0]
    terms = np.unique(np.concatenate([one.terms for one in segments]))
    held = np.concatenate([np.searchsorted(terms, one.terms).astype(np.int32)[one.held] for one in segments])
    ends = np.cumsum(np.concatenate([[0], *(np.diff(one.ends) for one in segments)]))
    return Segment.of(terms, ends, held, np.concatenate([one.entries for one in segments]))


def settle(segments: list[Segment]) -> list[Segment]:
    """The segments with the last ones merged as far as sizes ask for it."""
    start = len(segments) - 1
    size = len(segments[start]) if segments else 0
    while start > 0 and len(segments[start - 1]) < GROWTH * size:
        start -= 1
        size += len(segments[start])
    return [*segments[:start], merge(segments[start:])] if segments else []
