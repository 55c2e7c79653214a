# SPDX-License-Identifier: Apache-2.0
"""Texts as weighted features: words and pairs of characters, once of the whole text and once of its beginning.

Terms are hashed in whole batches by array operations, never one by one, so that reading keeps up with thousands of texts a second and a
model keeps no words. What stands first (a title, the first sentence) counts twice because it says what the rest is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

from rexian_ml.text import content_of, normalise

LONGEST = 2000
"""Characters of a text that count; a request says what it is about long before."""
FIRST_WORDS, FIRST_PAIRS = 15, 25
WEIGHTS = np.array([1.0, 1.0, 0.5, 0.5], np.float32)
SHARES = (0.4, 0.4, 0.1, 0.1)
"""Of the terms kept: words, character pairs, first words, first character pairs; the same order as WEIGHTS."""
VIEWS = len(WEIGHTS)
BITS = 22
HAN = ord("㐀")

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]


def mix(values: Hashes) -> Hashes:
    """Spreads values over all 64 bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def code_points(text: str) -> Hashes:
    """The characters of a text as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def word_hashes(words: Sequence[str]) -> Hashes:
    """One hash a word."""
    if not words:
        return np.zeros(0, np.uint64)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    starts = np.cumsum(lengths) - lengths
    codes = code_points("".join(words))
    inside = (np.arange(len(codes)) - np.repeat(starts, lengths)).astype(np.uint64)
    return mix(np.add.reduceat(mix(codes + (inside << np.uint64(24))), starts))


def pair_hashes(plains: Sequence[str]) -> tuple[Places, Hashes]:
    """The row and the hash of each pair of Chinese characters that stand side by side, spaces left out."""
    closed = [plain.replace(" ", "") + "\n" for plain in plains]
    codes = code_points("".join(closed))
    rows = np.repeat(np.arange(len(closed)), [len(one) for one in closed])
    both = np.flatnonzero((codes[:-1] >= HAN) & (codes[1:] >= HAN))
    return rows[both], mix((codes[both] << np.uint64(24)) + codes[both + 1])


def _within(rows: Places, count: int) -> Places:
    """The how-manieth of its row each entry is; rows ascend."""
    starts = np.searchsorted(rows, np.arange(count))
    return np.arange(len(rows)) - starts[rows]


@dataclass(frozen=True)
class Reading:
    """Texts read: `words` are all content words in a row, `word_rows` whose they are."""

    count: int
    words: list[str]
    word_rows: Places
    pair_rows: Places
    word_hashes: Hashes
    pair_hashes: Hashes

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Reading":
        plains = [normalise(text[:LONGEST]) for text in texts]
        words = [content_of(plain) for plain in plains]
        rows = np.repeat(np.arange(len(texts)), [len(one) for one in words])
        flat = list(chain.from_iterable(words))
        pair_rows, pairs = pair_hashes(plains)
        return cls(len(texts), flat, rows, pair_rows, word_hashes(flat), pairs)

    @property
    def word_buckets(self) -> Places:
        """The bucket of each word in the first view."""
        return self.views[0][1]

    @cached_property
    def views(self) -> list[tuple[Places, Places]]:
        """For each view the rows and the buckets of its terms."""
        words = _within(self.word_rows, self.count) < FIRST_WORDS
        pairs = _within(self.pair_rows, self.count) < FIRST_PAIRS
        rows = (self.word_rows, self.pair_rows, self.word_rows[words], self.pair_rows[pairs])
        ends = np.cumsum([len(own) for own in rows])
        hashes = (self.word_hashes, self.pair_hashes, self.word_hashes[words], self.pair_hashes[pairs])
        buckets = np.split(_buckets(np.concatenate(hashes), ends), ends[:-1])
        return list(zip(rows, buckets, strict=True))


def _buckets(hashes: Hashes, ends: Places) -> Places:
    """A place in 2^BITS for each hash, another one in each view; `ends` says where each view's hashes end."""
    views = np.repeat(np.arange(1, VIEWS + 1, dtype=np.uint64), np.diff(ends, prepend=0))
    return (mix(hashes + views) >> np.uint64(64 - BITS)).astype(np.int64)


def _kept(rows: Places, buckets: Places, fewest: int, most: int) -> tuple[Places, Places]:
    """The buckets that stand in at least `fewest` rows, the `most` frequent of them, ascending; and in how many."""
    seen = np.bincount(np.unique(rows << BITS | buckets) & ((1 << BITS) - 1), minlength=1)
    found = np.flatnonzero(seen >= fewest)
    found = np.sort(found[np.argsort(-seen[found], kind="stable")[:most]])
    return found, seen[found]


@dataclass
class Vocabulary:
    """The terms that a model knows: by place its bucket and inverse document frequency; `ends` says where each view's places end."""

    buckets: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    idf: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    ends: NDArray[np.int64] = field(default_factory=lambda: np.zeros(VIEWS, np.int64))

    @classmethod
    def learn(cls, reading: Reading, *, fewest: int, most: int) -> "Vocabulary":
        """Of each view the terms in at least `fewest` texts, the most frequent, `most` in all views together."""
        kept = [_kept(*view, fewest, int(most * share)) for view, share in zip(reading.views, SHARES, strict=True)]
        seen = np.concatenate([counts for _, counts in kept])
        idf = (np.log((1 + reading.count) / (1 + seen)) + 1).astype(np.float32)
        buckets = np.concatenate([found for found, _ in kept]).astype(np.int32)
        return cls(buckets, idf, np.cumsum([len(found) for found, _ in kept]))

    def __len__(self) -> int:
        return len(self.buckets)

    @cached_property
    def places(self) -> NDArray[np.int32]:
        """By bucket the place, -1 for an unknown one."""
        table = np.full(1 << BITS, -1, np.int32)
        table[self.buckets] = np.arange(len(self), dtype=np.int32)
        return table

    def matrix(self, reading: Reading) -> csr_matrix:
        """All texts as rows: sublinear counts times idf, each view of its weight's length."""
        return csr_matrix(self._entries(reading), shape=(reading.count, len(self)))

    def scores(self, reading: Reading, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """`matrix(reading) @ weights` (terms, columns), without making a matrix of one text."""
        values, places, starts = self._entries(reading)
        if reading.count == 1:
            return np.asarray(values @ weights[places], np.float32)[None]
        rows = csr_matrix((values, places, starts), shape=(reading.count, len(self)))
        return np.asarray(rows @ weights, np.float32)

    def _entries(self, reading: Reading) -> tuple[NDArray[np.float32], Places, Places]:
        """The values of the matrix, their columns, and where each row's begin."""
        views = reading.views
        places = self.places[np.concatenate([one for _, one in views])]
        key = np.concatenate([one for one, _ in views]) * len(self) + places
        key, counts = np.unique(key[places >= 0], return_counts=True)
        rows, places = np.divmod(key, max(len(self), 1))
        return self._weighed(rows, places, counts), places, np.searchsorted(rows, np.arange(reading.count + 1))

    def wide(self, reading: Reading) -> csr_matrix:
        """All texts as rows over all buckets, unknown terms too, as if those were as rare as the rarest known; words and pairs only."""
        words, pairs = reading.views[:2]
        shape = (reading.count, 1 << BITS)
        rows, buckets = np.concatenate([words[0], pairs[0]]), np.concatenate([words[1], pairs[1]])
        table = coo_matrix((np.ones(len(rows), np.float32), (rows, buckets)), shape=shape).tocsr()
        rarest = self.idf.max() if len(self) else np.float32(1)
        places = self.places[table.indices]
        table.data = (1 + np.log(table.data)) * np.where(places >= 0, self.idf[places] if len(self) else 0, rarest)
        return table

    def _weighed(self, rows: Places, places: Places, counts: Places) -> NDArray[np.float32]:
        weights = (1 + np.log(counts)) * self.idf[places]
        view = np.searchsorted(self.ends, places, side="right")
        key = rows * VIEWS + view
        lengths = np.sqrt(np.bincount(key, weights=weights**2, minlength=1))
        return np.asarray(weights * WEIGHTS[view] / lengths[key], np.float32)
