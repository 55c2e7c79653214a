# SPDX-License-Identifier: Apache-2.0
"""Terms that a model keeps by name, because it tells people which of them spoke: slower than hashed features (`features`), and readable."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from rexian_ml.features import LONGEST
from rexian_ml.text import content_words, normalise


def terms(text: str) -> list[str]:
    """The terms of a text: its content words, and pairs of Chinese characters marked with `_`."""
    text = text[:LONGEST]
    plain = normalise(text)
    pairs = [f"_{a}{b}" for a, b in pairwise(plain) if a > "㐀" and b > "㐀"]
    return content_words(text) + pairs


@dataclass(slots=True)
class Lexicon:
    """The terms that a model knows, each with its place and inverse document frequency."""

    places: dict[str, int] = field(default_factory=dict)
    idf: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    @classmethod
    def learn(cls, documents: Iterable[Sequence[str]], *, fewest: int, most: int) -> "Lexicon":
        """From the terms of each document: those in at least `fewest` of them, the `most` frequent."""
        seen: Counter[str] = Counter()
        count = 0
        for document in documents:
            seen.update(set(document))
            count += 1
        kept = sorted((term for term, n in seen.items() if n >= fewest), key=lambda term: (-seen[term], term))[:most]
        idf = np.array([np.log((1 + count) / (1 + seen[term])) + 1 for term in kept], np.float32)
        return cls({term: place for place, term in enumerate(kept)}, idf)

    def weigh(self, document: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Places and weights of the known terms of a document; sublinear counts, unit length."""
        counts = Counter(place for term in document if (place := self.places.get(term)) is not None)
        places = np.fromiter(counts.keys(), np.int32, len(counts))
        weights = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.idf[places]
        length = float(np.sqrt(weights @ weights))
        return places, weights / length if length else weights

    def matrix(self, documents: Sequence[Sequence[str]]) -> csr_matrix:
        """All documents as rows."""
        rows = [self.weigh(document) for document in documents]
        ends = np.cumsum([0, *(len(places) for places, _ in rows)])
        places = np.concatenate([places for places, _ in rows]) if rows else np.zeros(0, np.int32)
        weights = np.concatenate([weights for _, weights in rows]) if rows else np.zeros(0, np.float32)
        return csr_matrix((weights, places, ends), shape=(len(rows), len(self.places)))
