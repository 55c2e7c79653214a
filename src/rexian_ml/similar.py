# SPDX-License-Identifier: Apache-2.0
"""Orders like another one among a million: the same trouble, the same text, the same citizen; by words, place and time."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from os.path import commonprefix
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from rexian_ml.base import Estimator, NotFittedError
from rexian_ml.features import Reading
from rexian_ml.inverted import Segment, merge, settle
from rexian_ml.storage import pack, unpack
from rexian_ml.text import fingerprint

ENTRY = np.dtype(
    [
        ("key", "i8"),
        ("minute", "i4"),
        ("longitude", "f4"),
        ("latitude", "f4"),
        ("area", "i4"),
        ("citizen", "u8"),
        ("print", "u8"),
        ("check", "u8"),
    ]
)
READ_AT_ONCE = 20_000
MOST_POSTINGS = 40_000
"""Entries of the index that a query walks through beyond those that near-duplicates need."""
RESCORED, MOST_RESCORED = 200, 2000
LEAST = 0.1
EARTH = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the index takes it. `citizen` is an opaque key, `area` a code whose beginning is the wider area's; degrees WGS 84."""

    key: int
    text: str
    at: datetime
    citizen: str = ""
    area: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A similar order: its score (0 to 1), and what it rests on. `words` is the weighted share of words in common; `exact`: the same
    text but for spacing, width, case and punctuation; `near`: almost the same; `metres` is None where a place is unknown.
    """

    key: int
    score: float
    words: float
    exact: bool
    near: bool
    same_citizen: bool
    metres: float | None
    days: float


@dataclass
class SimilarOrders(Estimator):
    """An index of orders by their words.

    `near`: from which share of common words (weighted Jaccard) two texts are near-duplicates. The score is that share times
    0.5 + 0.5 exp(-distance / `metres`) times 0.5 + 0.5 exp(-time between / `days`); for an unknown place the area's code stands in.

    Candidates come from an inverted index, rarest words first: far enough that no order with `near` or more in common can be missed (the
    prefix filter of Chaudhuri et al. 2006; of more than MOST_RESCORED such orders in one segment the most promising), and on as far as
    MOST_POSTINGS allows. So near-duplicates are all weighed; of less similar orders those that share rare words.
    """

    near: float = 0.7
    metres: float = 500.0
    days: float = 30.0
    segments_: list[Segment] | None = field(default=None, init=False, repr=False)
    areas_: dict[str, int] = field(default_factory=dict, init=False, repr=False)

    def fit(self, orders: Iterable[Order]) -> Self:
        """Indexes orders afresh, as one segment."""
        self.segments_, self.areas_ = [], {}
        stream = iter(orders)
        while chunk := list(islice(stream, READ_AT_ONCE)):
            self.segments_.append(self._read(chunk))
        self.segments_ = [merge(self.segments_)] if self.segments_ else []
        self._weigh(self.segments_)
        return self

    def add(self, orders: Sequence[Order]) -> Self:
        """Takes in further orders; they are found from then on. Raises NotFittedError."""
        segments = self._held()
        if orders:
            self.segments_ = settle([*segments, self._read(orders)])
            self._weigh(self.segments_[-1:])
        return self

    def __len__(self) -> int:
        return sum(map(len, self._held()))

    def _held(self) -> list[Segment]:
        if self.segments_ is None:
            raise NotFittedError("SimilarOrders: call fit first.")
        return self.segments_

    def _read(self, orders: Sequence[Order]) -> Segment:
        reading = Reading.of([order.text for order in orders])
        entries = np.array([self._entry(order) for order in orders], ENTRY)
        return Segment.build(reading.word_rows, _terms(reading), entries)

    def _entry(self, order: Order) -> tuple[Any, ...]:
        area = self.areas_.setdefault(order.area, len(self.areas_))
        place = (
            (np.nan, np.nan) if order.longitude is None or order.latitude is None else (order.longitude, order.latitude)
        )
        return (order.key, int(order.at.timestamp() // 60), *place, area, _citizen(order.citizen), *_prints(order.text))

    def _weights(self, hashes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """In how many orders each term stands, and its weight: log(1 + N / n), N itself for a new term."""
        segments = self._held()
        counts = sum((one.counts(hashes) for one in segments), np.zeros(len(hashes), np.int64))
        return counts, np.log1p(max(1, len(self)) / np.maximum(counts, 1))

    def _weigh(self, segments: Sequence[Segment]) -> None:
        for one in segments:
            one.weigh(self._weights(one.terms)[1].astype(np.float32))

    def query(self, order: Order, most: int = 10) -> list[Match]:
        """The most similar orders, exact duplicates first, then by score; never the order itself. Raises NotFittedError."""
        segments = self._held()
        hashes = np.unique(_terms(Reading.of([order.text])))
        counts, weights = self._weights(hashes)
        asked = _Question(hashes, weights, *self._prefix(counts, weights))
        found = [match for one in segments for match in self._matches(one, order, asked, most)]
        return sorted(found, key=lambda match: (not match.exact, -match.score, -match.key))[:most]

    def _prefix(self, counts: NDArray[np.int64], weights: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
        """The terms that give candidates, rarest first, and the weight of those left aside."""
        order = np.argsort(-weights, kind="stable")
        left = weights.sum() - np.cumsum(weights[order])
        needed = int(np.searchsorted(-left, -self.near * weights.sum(), side="right")) + 1
        allowed = int(np.searchsorted(np.cumsum(counts[order]), MOST_POSTINGS, side="right"))
        taken = min(len(order), max(needed, allowed))
        return order[:taken], float(left[taken - 1]) if taken else 0.0

    def _matches(self, segment: Segment, order: Order, asked: "_Question", most: int) -> Iterator[Match]:
        """The best of one segment."""
        exact = _exact(segment, order.text)
        rows = np.union1d(exact, asked.candidates(segment, self.near)).astype(np.int64)
        rows = rows[segment.entries["key"][rows] != order.key]
        if not len(rows):
            return
        common = segment.overlap(rows, segment.places(asked.hashes), asked.weights)
        words = common / np.maximum(asked.total + segment.weights[rows] - common, 1e-9)
        same = np.isin(rows, exact)
        words = np.clip(np.where(same, 1.0, words), 0, 1)
        entries = segment.entries[rows]
        metres = _distance(entries, order)
        days = np.abs(entries["minute"] - order.at.timestamp() / 60) / 1440
        score = words * self._closeness(entries, order, metres) * (0.5 + 0.5 * np.exp(-days / self.days))
        ranked = np.lexsort((-entries["key"], -score, ~same))[:most]
        citizen = _citizen(order.citizen)
        for place in ranked[(words[ranked] >= LEAST)]:
            away = None if np.isnan(metres[place]) else float(metres[place])
            share, one = float(words[place]), entries[place]
            known = bool(order.citizen) and int(one["citizen"]) == citizen
            is_near = share >= self.near
            yield Match(
                int(one["key"]), float(score[place]), share, bool(same[place]), is_near, known, away, float(days[place])
            )

    def _closeness(self, entries: NDArray[np.void], order: Order, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """From 1 (here) to 0.5 (far away): by distance, else by how much of the area's code is common, else 0.75."""
        codes = list(self.areas_)
        areas, place = np.unique(entries["area"], return_inverse=True)
        by_area = 0.5 + 0.5 * np.array([_common(order.area, codes[area]) for area in areas])[place]
        return np.where(np.isnan(metres), by_area, 0.5 + 0.5 * np.exp(-metres / self.metres))

    def of_citizen(self, citizen: str, most: int = 20) -> list[int]:
        """The keys of a citizen's orders, newest first; [] for the key "". Raises NotFittedError."""
        segments = self._held()
        if not citizen:
            return []
        entries = [one.entries[one.where("citizen", _citizen(citizen))] for one in segments]
        found = np.concatenate([np.zeros(0, ENTRY), *entries])
        return [int(key) for key in found["key"][np.lexsort((-found["key"], -found["minute"]))][:most]]

    def to_bytes(self) -> bytes:
        """The index as npz without pickles; raises NotFittedError."""
        segments = self._held()
        head = {"what": "similar", "parameters": self.parameters(), "areas": list(self.areas_), "empty": not segments}
        if not segments:
            return pack(head)
        one = merge(segments)
        return pack(head, terms=one.terms, ends=one.ends, held=one.held, entries=one.entries)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The index that `to_bytes` wrote, as one segment; raises ValueError for anything else."""
        head, arrays = unpack(content, "similar")
        model = cls(**head["parameters"])
        model.areas_ = {area: place for place, area in enumerate(head["areas"])}
        model.segments_ = [] if head["empty"] else [Segment.of(**arrays)]
        model._weigh(model.segments_)
        return model


@dataclass(frozen=True, slots=True)
class _Question:
    """The terms asked for, their weights, which give candidates, and the weight of the others."""

    hashes: NDArray[np.uint32]
    weights: NDArray[np.float64]
    prefix: NDArray[np.int64]
    left: float

    @property
    def total(self) -> float:
        return float(self.weights.sum())

    def candidates(self, segment: Segment, near: float) -> NDArray[np.int64]:
        """The documents worth a closer look: those that may be near-duplicates, and the best of the others so far."""
        places = segment.places(self.hashes)
        sums = np.zeros(len(segment), np.float32)
        first_met = [np.zeros(0, np.int64)]
        for one in self.prefix[places[self.prefix] >= 0]:
            documents = segment.documents(int(places[one]))
            first_met.append(documents[sums[documents] == 0])
            sums[documents] += self.weights[one]
        rows = np.concatenate(first_met)
        if not len(rows):
            return rows
        reached = sums[rows]
        least = near * self.total - self.left - 1e-3
        hopeful = int((reached >= max(least, 1e-9)).sum())
        kept = min(len(rows), max(RESCORED, min(hopeful, MOST_RESCORED)))
        return rows[np.argpartition(-reached, kept - 1)[:kept]]


def _terms(reading: Reading) -> NDArray[np.uint32]:
    return (reading.word_hashes >> np.uint64(32)).astype(np.uint32)


def _citizen(key: str) -> int:
    """An opaque key as a number."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "little")


def _prints(text: str) -> tuple[int, int]:
    """The fingerprint as two numbers."""
    content = fingerprint(text)
    return int.from_bytes(content[:8], "little"), int.from_bytes(content[8:], "little")


def _exact(segment: Segment, text: str) -> NDArray[np.int64]:
    """The documents with the text's fingerprint."""
    first, second = _prints(text)
    rows = segment.where("print", first)
    return np.asarray(rows[segment.entries["check"][rows] == np.uint64(second)], np.int64)


def _distance(entries: NDArray[np.void], order: Order) -> NDArray[np.float64]:
    """Metres from an order's place (haversine); nan where either is unknown."""
    if order.longitude is None or order.latitude is None:
        return np.full(len(entries), np.nan)
    east, north = (
        np.radians(entries["longitude"].astype(np.float64)),
        np.radians(entries["latitude"].astype(np.float64)),
    )
    own_east, own_north = np.radians(order.longitude), np.radians(order.latitude)
    half = np.sin((north - own_north) / 2) ** 2 + np.cos(north) * np.cos(own_north) * np.sin((east - own_east) / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1))), np.float64)


def _common(one: str, other: str) -> float:
    """How much of the longer code the two begin with alike; 0.5 where one is unknown."""
    if not one or not other:
        return 0.5
    return len(commonprefix((one, other))) / max(len(one), len(other))  # noqa: RUF071 codes, no paths
