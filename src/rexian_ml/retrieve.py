# SPDX-License-Identifier: Apache-2.0
"""Passages of the knowledge base, or replies given before, for a question; and whether any of them answers it at all."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix

from rexian_ml.base import Estimator, NotFittedError
from rexian_ml.features import Reading, word_hashes
from rexian_ml.storage import pack, unpack

K1, B = 1.2, 0.75
"""How soon a term's repetition stops counting, and how much long passages are held back; the usual values."""
FEWEST_ASKED = 50
FEATURES = 3
READ_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text that may answer. `source` is what it is part of (an article, a document), by default itself."""

    key: str
    text: str
    title: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked, and the source that answers it; passages `without` are left aside when learning from it."""

    question: str
    source: str
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """A passage: its score (BM25), its source, and the words of the question that stand in it."""

    key: str
    source: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The best passages, best first; how likely the first answers (0 to 1), and whether that is enough to show it as an answer."""

    found: tuple[Found, ...]
    confidence: float
    known: bool


@dataclass
class Retriever(Estimator):
    """BM25 (Robertson and Zaragoza 2009) over words and pairs of characters, the title counted `title` times.

    The pairs bring what differently cut words miss. Latent vectors were tried beside it and made it worse (docs/reference/rexian_ml.md).
    The confidence is learned from questions asked before (logistic regression over how much of the question the best passage covers, and
    by how much it leads); without such questions it is the share of its words covered. Below `least` the answer is "not known".
    """

    title: float = 2.0
    least: float = 0.5
    keys_: list[str] | None = field(default=None, init=False, repr=False)
    sources_: list[str] = field(default_factory=list, init=False, repr=False)
    terms_: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32), init=False, repr=False)
    starts_: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64), init=False, repr=False)
    postings_: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32), init=False, repr=False)
    weights_: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32), init=False, repr=False)
    confidence_: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0), init=False, repr=False)

    def fit(self, passages: Iterable[Passage], asked: Iterable[Asked] = ()) -> Self:
        """Indexes passages (keys are distinct), and learns from at least FEWEST_ASKED questions how sure to be."""
        ordered = sorted(passages, key=lambda one: one.key)
        self.keys_ = [one.key for one in ordered]
        self.sources_ = [one.source or one.key for one in ordered]
        rows, hashes, counts = _counted(ordered, self.title)
        self.terms_, columns = np.unique(hashes, return_inverse=True)
        shape = (len(ordered), len(self.terms_))
        table = coo_matrix((counts, (rows, columns)), shape=shape).tocsr().tocsc()
        self.starts_, self.postings_ = table.indptr.astype(np.int64), table.indices.astype(np.int32)
        self.weights_ = self._bm25(table.data)
        self.confidence_ = np.zeros(0)
        self._learn_confidence(sorted(asked, key=lambda one: (one.question, one.source, sorted(one.without))))
        return self

    def _bm25(self, counts: NDArray[np.float32]) -> NDArray[np.float32]:
        """The weight of each posting, given its count."""
        lengths = np.bincount(self.postings_, counts, minlength=len(self.sources_))
        norm = 1 - B + B * lengths / max(float(lengths.mean()) if len(lengths) else 1.0, 1e-9)
        idf = np.repeat(self._idf(np.diff(self.starts_)), np.diff(self.starts_))
        return np.asarray(idf * counts * (K1 + 1) / (counts + K1 * norm[self.postings_]), np.float32)

    def _idf(self, seen: NDArray[np.int64]) -> NDArray[np.float64]:
        """The weight of a term that stands in so many passages."""
        return np.asarray(np.log1p((len(self.sources_) - seen + 0.5) / (seen + 0.5)), np.float64)

    def query(self, question: str, most: int = 5, *, without: Collection[str] = ()) -> Answer:
        """The passages for a question, none of those `without`; raises NotFittedError."""
        if self.keys_ is None:
            raise NotFittedError("Retriever: call fit first.")
        reading = Reading.of([question])
        rows, scores = self._ranked(reading, max(most, 2), without)
        confidence = self._sure(self._features(reading, rows, scores))
        found = [
            Found(self.keys_[row], self.sources_[row], float(score), self._words(reading, row))
            for row, score in zip(rows[:most].tolist(), scores[:most], strict=True)
        ]
        return Answer(tuple(found), confidence, bool(found) and confidence >= self.least)

    def _places(self, hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The place of each known term."""
        if not len(self.terms_):
            return np.zeros(0, np.int64)
        places = np.minimum(np.searchsorted(self.terms_, hashes), len(self.terms_) - 1)
        return np.asarray(places[self.terms_[places] == hashes], np.int64)

    def _telling(self, hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The places of known terms, without those that stand in more than half of the passages, where there are others."""
        places = self._places(hashes)
        rare = np.diff(self.starts_)[places] * 2 <= len(self.sources_)
        return places[rare] if rare.any() else places

    def _ranked(
        self, reading: Reading, most: int, without: Collection[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best passages with anything in common, and their scores."""
        scores = np.zeros(len(self.sources_), np.float32)
        for place in self._telling(np.unique(_hashes(reading))):
            span = slice(self.starts_[place], self.starts_[place + 1])
            scores[self.postings_[span]] += self.weights_[span]
        if without:
            scores[[row for key in without if (row := self._row(key)) is not None]] = 0
        kept = min(most, len(scores))
        if not kept:
            return np.zeros(0, np.int64), scores
        least = np.partition(scores, len(scores) - kept)[len(scores) - kept]
        rows = np.flatnonzero(scores >= max(least, 1e-6))
        rows = rows[np.argsort(-scores[rows], kind="stable")[:kept]]
        return rows, scores[rows]

    def _row(self, key: str) -> int | None:
        """Where a passage stands; the keys are in order."""
        keys = self.keys_ or []
        place = int(np.searchsorted(np.array(keys, object), key)) if keys else 0
        return place if place < len(keys) and keys[place] == key else None

    def _features(self, reading: Reading, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> NDArray[np.float64]:
        """Of the question's words the share (by idf) that stands in the best passage; of all its terms the share of the score that they
        could have; by how much the best leads the second. All are about 0 to 1.
        """
        if not len(scores):
            return np.zeros(FEATURES)
        words = self._weight(np.unique(_high(reading.word_hashes)))
        told = self._words(reading, int(rows[0]))
        covered = self._weight(np.unique(_high(word_hashes(told)))) / words if words else 0.0
        whole = self._weight(np.unique(_hashes(reading))) * (K1 + 1) / 2
        best, second = float(scores[0]), float(scores[1]) if len(scores) > 1 else 0.0
        return np.array([covered, best / whole, (best - second) / best])

    def _weight(self, hashes: NDArray[np.uint32]) -> float:
        """The summed idf of terms, unknown ones too."""
        seen = np.diff(self.starts_)[self._places(hashes)]
        return float(self._idf(np.append(seen, np.zeros(len(hashes) - len(seen), np.int64))).sum())

    def _sure(self, features: NDArray[np.float64]) -> float:
        if not features.any():
            return 0.0
        if not len(self.confidence_):
            return float(features[0])
        return float(1 / (1 + np.exp(-(features @ self.confidence_[:-1] + self.confidence_[-1]))))

    def _learn_confidence(self, asked: Sequence[Asked]) -> None:
        """From each question once as it is, and once with its source taken away, so that "not known" is seen as often."""
        from sklearn.linear_model import LogisticRegression  # for training alone, as in linear.py

        if len(asked) < FEWEST_ASKED:
            return
        of_source: dict[str, list[str]] = {}
        for key, source in zip(self.keys_ or (), self.sources_, strict=True):
            of_source.setdefault(source, []).append(key)
        rows, right = [], []
        for one in asked:
            reading = Reading.of([one.question])
            for without in (one.without, frozenset(of_source.get(one.source, ()))):
                best, scores = self._ranked(reading, 2, without)
                rows.append(self._features(reading, best, scores))
                right.append(len(best) > 0 and self.sources_[best[0]] == one.source)
        if 0 < sum(right) < len(right):
            model = LogisticRegression().fit(np.array(rows), np.array(right))
            self.confidence_ = np.append(model.coef_[0], model.intercept_[0])

    def _words(self, reading: Reading, row: int) -> tuple[str, ...]:
        """The question's words that stand in a passage, each once."""
        told: dict[str, None] = {}
        for word, code in zip(reading.words, _high(reading.word_hashes), strict=True):
            for place in self._places(code[None]):
                held = self.postings_[self.starts_[place] : self.starts_[place + 1]]
                at = int(held.searchsorted(np.int32(row)))  # another type would copy the postings
                if at < len(held) and held[at] == row:
                    told[word] = None
        return tuple(told)

    def to_bytes(self) -> bytes:
        """The index as npz without pickles; raises NotFittedError. The passages' texts are not in it."""
        if self.keys_ is None:
            raise NotFittedError("Retriever: call fit first.")
        head = {"what": "retriever", "parameters": self.parameters(), "keys": self.keys_, "sources": self.sources_}
        return pack(
            head,
            terms=self.terms_,
            starts=self.starts_,
            postings=self.postings_,
            weights=self.weights_,
            confidence=self.confidence_,
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The index that `to_bytes` wrote; raises ValueError for anything else."""
        head, held = unpack(content, "retriever")
        model = cls(**head["parameters"])
        model.keys_, model.sources_ = head["keys"], head["sources"]
        model.terms_, model.starts_, model.postings_ = held["terms"], held["starts"], held["postings"]
        model.weights_, model.confidence_ = held["weights"], held["confidence"]
        return model


def _hashes(reading: Reading) -> NDArray[np.uint32]:
    """Words and pairs of characters of all texts, words first."""
    return _high(np.concatenate([reading.word_hashes, reading.pair_hashes]))


def _high(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The upper half of each hash: half the memory, and still no collisions to speak of."""
    return (hashes >> np.uint64(32)).astype(np.uint32)


def _counted(
    passages: Sequence[Passage], title: float
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.float32]]:
    """Row, term and weight of every occurrence in texts and titles."""
    rows, hashes, weights = [np.zeros(0, np.int64)], [np.zeros(0, np.uint32)], [np.zeros(0, np.float32)]
    for start in range(0, len(passages), READ_AT_ONCE):
        chunk = passages[start : start + READ_AT_ONCE]
        for texts, weight in (([one.text for one in chunk], 1.0), ([one.title for one in chunk], title)):
            reading = Reading.of(texts)
            rows.append(np.concatenate([reading.word_rows, reading.pair_rows]) + start)
            hashes.append(_hashes(reading))
            weights.append(np.full(len(hashes[-1]), weight, np.float32))
    return np.concatenate(rows), np.concatenate(hashes), np.concatenate(weights)
