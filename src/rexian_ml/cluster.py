# SPDX-License-Identifier: Apache-2.0
"""Hot issues: messages about one trouble at one place, however many people write them and whatever they call it.

Messages are TF-IDF vectors of words and character pairs, in which the title and what is not a place weigh more. Two are alike by the cosine, less the
further apart in time, more where a place is common to both, less where both name places and none is. Each is joined with its nearest
neighbours; what hangs together is then divided by average linkage (R. R. Sokal and C. D. Michener 1958), so that one bridge does not
make two troubles one. The heat is our own measure (`heat`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix, diags, vstack
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from rexian_ml import places
from rexian_ml.base import Estimator, NotFittedError
from rexian_ml.headlines import gist, headline
from rexian_ml.lexicon import Lexicon, terms
from rexian_ml.storage import pack, unpack

Places = NDArray[np.int64]
SPARSE = ("vectors", "places", "links")
HEAD = 240
"""Characters of a message's text that are looked at; what it is about stands at the beginning."""
COMMON, AT_LEAST, MOST_TERMS = 0.005, 300, 300_000
"""A term in more than this share of messages, and in more than so many, tells no two troubles apart."""
SHARED, ELSEWHERE = 1.5, 0.15
"""What a place in common, or none in common though both name some, makes of a likeness."""
BLOCK, LARGEST, STEP = 250, 3000, 1.25
"""Rows compared at once; messages that are divided by linkage at once (a larger heap is first cut at a
likeness higher by STEP)."""


@dataclass(frozen=True, slots=True)
class Message:
    """One request: `person` is any mark that is the same for the same person; `up` and `down` are the votes of others."""

    id: str
    when: datetime
    text: str
    title: str = ""
    person: str = ""
    up: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True)
class Issue:
    """A trouble that several messages are about: the most typical title, the place most of them name (or ""), from when to when, and how hot."""

    title: str
    place: str
    first: datetime
    last: datetime
    people: int
    up: int
    down: int
    heat: float
    messages: tuple[str, ...]


def heat(people: int, messages: int, up: int, down: int, quiet: float, span: float) -> float:
    """How hot an issue is; the formula is ours.

    [log₂(1+people) + ½log₂(1+messages) + ½log₂(1+up) − ¼log₂(1+down)] · (½ + ½·2^(−quiet/30)) · (1 + ¼·min(1, span/90)):
    people count most and each doubling alike, so a thousand votes on one message do not drown fifty who wrote; an issue that has
    been quiet for a month is a quarter cooler and never below half; one that has lasted a season is up to a quarter hotter. `quiet` and `span` in days.
    """
    mass = np.log2(1 + people) + (np.log2(1 + messages) + np.log2(1 + up)) / 2 - np.log2(1 + down) / 4
    return float(max(0.0, mass) * (0.5 + 0.5 * 2 ** (-max(0.0, quiet) / 30)) * (1 + min(1.0, span / 90) / 4))


@dataclass
class HotIssues(Estimator):
    """Groups messages. `alike` is the average likeness (0 to 1) within an issue; `half` the days apart at which likeness counts half;
    `neighbours` how many each message is joined with; `fewest` messages make an issue.

    `fit` learns from all messages there are; `update` adds new ones with the same lexicon and divides anew only what they touch.
    The model holds ids, titles, places and vectors, not the texts.
    """

    alike: float = 0.1
    half: float = 365.0
    neighbours: int = 20
    fewest: int = 2
    learned_: bool = field(default=False, init=False, repr=False)
    lexicon_: Lexicon = field(default_factory=Lexicon, init=False, repr=False)
    known_: list[dict[str, Any]] = field(default_factory=list, init=False, repr=False)
    vectors_: csr_matrix = field(default_factory=lambda: csr_matrix((0, 0)), init=False, repr=False)
    places_: csr_matrix = field(default_factory=lambda: csr_matrix((0, 0)), init=False, repr=False)
    days_: Places = field(default_factory=lambda: np.zeros(0, np.int64), init=False, repr=False)
    links_: csr_matrix = field(default_factory=lambda: csr_matrix((0, 0)), init=False, repr=False)
    groups_: Places = field(default_factory=lambda: np.zeros(0, np.int64), init=False, repr=False)

    def fit(self, messages: Iterable[Message]) -> Self:
        """Learns the lexicon of `messages` and groups them."""
        rows = sorted(messages, key=lambda one: (one.when, one.id))
        documents = [_terms(one) for one in rows]
        self.lexicon_ = _lexicon(documents)
        self.known_, self.groups_, self.learned_ = [], np.zeros(0, np.int64), True
        self.vectors_ = csr_matrix((0, len(self.lexicon_.places)), dtype=np.float32)
        self.places_ = csr_matrix((0, places.WIDTH), dtype=np.float32)
        self.links_ = csr_matrix((0, 0), dtype=np.float32)
        return self._add(rows, documents)

    def update(self, messages: Iterable[Message]) -> Self:
        """Adds messages that are not known yet (by id); raises NotFittedError."""
        self._learned()
        known = {one["id"] for one in self.known_}
        rows = sorted((one for one in messages if one.id not in known), key=lambda one: (one.when, one.id))
        return self._add(rows, [_terms(one) for one in rows])

    def _add(self, rows: Sequence[Message], documents: Sequence[list[str]]) -> Self:
        old = len(self.known_)
        self.known_ += [_keep(one) for one in rows]
        self.days_ = _days(self.known_)
        self.vectors_ = vstack([self.vectors_, self.lexicon_.matrix(documents)], "csr")
        named = places.matrix(places.keys(f"{one.title},{one.text[:HEAD]}") for one in rows)
        self.places_ = vstack([self.places_, named], "csr")
        self._link(old)
        self._group(old)
        return self

    def _link(self, old: int) -> None:
        """Joins the messages from `old` on with their nearest neighbours."""
        count = len(self.known_)
        kept = [self._nearest(np.arange(start, min(start + BLOCK, count))) for start in range(old, count, BLOCK)]
        self.links_.resize((old, count))
        self.links_ = vstack([self.links_, *kept], "csr")

    def _nearest(self, rows: Places) -> csr_matrix:
        """The links [rows, messages] of some messages with their nearest."""
        found = self._likeness(rows, np.arange(len(self.known_))).tocoo()
        near = (found.data >= self.alike) & (rows[found.row] != found.col)
        row, column, value = found.row[near], found.col[near], found.data[near]
        order = np.lexsort((column, -value, row))
        row, column, value = row[order], column[order], value[order]
        first = np.arange(len(row)) - np.searchsorted(row, row) < self.neighbours
        return csr_matrix((value[first], (row[first], column[first])), shape=found.shape, dtype=np.float32)

    def _likeness(self, rows: Places, columns: Places) -> csr_matrix:
        """The likeness of two sets of messages, where it may count: cosine by places in common and days apart."""
        found = csr_matrix(self.vectors_[rows] @ self.vectors_[columns].T)
        found.data[found.data < self.alike / SHARED] = 0
        found.eliminate_zeros()
        named, others = self.places_[rows], self.places_[columns]
        shared = found.multiply((named @ others.T) > 0)
        both = (
            diags(np.sign(named.getnnz(1)).astype(np.float32))
            @ found
            @ diags(np.sign(others.getnnz(1)).astype(np.float32))
        )
        found = (found - (1 - ELSEWHERE) * both + (SHARED - ELSEWHERE) * shared).tocoo()
        apart = np.abs(self.days_[rows[found.row]] - self.days_[columns[found.col]])
        found.data = found.data * 0.5 ** (apart / self.half)
        return found.tocsr()

    def _group(self, old: int) -> None:
        """Divides anew what hangs together with a message from `old` on; the others keep their groups."""
        count = len(self.known_)
        self.groups_ = np.concatenate([self.groups_, np.full(count - old, -1)])
        graph = csr_matrix((self.links_.data, self.links_.indices, self.links_.indptr), shape=(count, count))
        following = int(self.groups_.max(initial=-1)) + 1
        for heap in _heaps(graph, np.arange(count), self.alike):
            if heap[-1] >= old:
                labels = self._divide(heap)
                self.groups_[heap] = following + labels
                following += int(labels.max()) + 1

    def _divide(self, heap: Places) -> Places:
        """The groups within a heap, from 0 on: average linkage down to a likeness of `alike`."""
        if len(heap) == 1:
            return np.zeros(1, np.int64)
        far = 1 - np.minimum(self._likeness(heap, heap).toarray(), 1)
        far = (far + far.T) / 2
        np.fill_diagonal(far, 0)
        labels = fcluster(linkage(squareform(far, checks=False), "average"), 1 - self.alike, "distance")
        return np.asarray(labels - 1, np.int64)

    def issues(self, on: date | None = None) -> list[Issue]:
        """The issues as they stood at the end of a day (the last message's, if none is given), hottest first; raises NotFittedError."""
        self._learned()
        days = self.days_.tolist()
        last = max(days, default=0) if on is None else on.toordinal()
        members: dict[int, list[int]] = defaultdict(list)
        for place, group in enumerate(self.groups_.tolist()):
            if days[place] <= last:
                members[group].append(place)
        found = [self._issue(places, last) for places in members.values() if len(places) >= self.fewest]
        return sorted(found, key=lambda one: (-one.heat, one.messages))

    def _issue(self, members: list[int], on: int) -> Issue:
        rows = [self.known_[place] for place in members]
        vectors = self.vectors_[members]
        typical = int(np.argmax(vectors @ np.asarray(vectors.mean(0)).ravel()))
        times = [datetime.fromisoformat(one["when"]) for one in rows]
        people = len({one["person"] or one["id"] for one in rows})
        up, down = sum(one["up"] for one in rows), sum(one["down"] for one in rows)
        quiet, span = on - max(one["day"] for one in rows), (max(times) - min(times)).days
        hot = heat(people, len(rows), up, down, quiet, span)
        place = places.common(one["named"] for one in rows)
        title = headline(rows[typical]["title"], place)
        ids = tuple(one["id"] for one in rows)
        return Issue(title, place, min(times), max(times), people, up, down, hot, ids)

    def _learned(self) -> None:
        if not self.learned_:
            raise NotFittedError("HotIssues: call fit first.")

    def to_bytes(self) -> bytes:
        """What was learned, titles included: keep it like the orders themselves."""
        self._learned()
        head = {
            "what": "hot issues",
            "own": [self.alike, self.half, self.neighbours, self.fewest],
            "terms": list(self.lexicon_.places),
            "known": self.known_,
        }
        parts = {name: getattr(self, f"{name}_") for name in SPARSE}
        arrays = {
            f"{name}_{part}": getattr(table, part)
            for name, table in parts.items()
            for part in ("data", "indices", "indptr")
        }
        return pack(head, idf=self.lexicon_.idf, groups=self.groups_, **arrays)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The model that `to_bytes` wrote."""
        head, arrays = unpack(content, "hot issues")
        model = cls(*head["own"])
        model.learned_ = True
        model.lexicon_ = Lexicon({term: place for place, term in enumerate(head["terms"])}, arrays["idf"])
        model.known_, model.groups_ = head["known"], arrays["groups"]
        model.days_ = _days(model.known_)
        widths = dict(zip(SPARSE, (len(head["terms"]), places.WIDTH, len(model.known_)), strict=True))
        for name, width in widths.items():
            parts = tuple(arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
            setattr(model, f"{name}_", csr_matrix(parts, shape=(len(model.known_), width)))
        return model


def _terms(message: Message) -> list[str]:
    """The title, the beginning of the text, and both again (the title three times) without the places: what is wrong weighs more than where."""
    title, head = gist(message.title), gist(message.text[:HEAD])
    trouble = terms(places.without(title)) * 3 + terms(places.without(head))
    return terms(title) + terms(head) + trouble


def _days(known: Sequence[dict[str, Any]]) -> Places:
    return np.array([one["day"] for one in known], np.int64)


def _lexicon(documents: Sequence[list[str]]) -> Lexicon:
    """Terms of two messages or more, without those that too many share."""
    seen = Counter(term for document in documents for term in set(document))
    most = max(AT_LEAST, COMMON * len(documents))
    told = [[term for term in document if seen[term] <= most] for document in documents]
    return Lexicon.learn(told, fewest=min(2, max(1, len(documents) - 1)), most=MOST_TERMS)


def _keep(message: Message) -> dict[str, Any]:
    """What is held of a message."""
    title = message.title or message.text[:40]
    named = places.names(title) or places.names(message.text[:HEAD])
    when = {"when": message.when.isoformat(), "day": message.when.toordinal()}
    return {
        "id": message.id,
        "title": title,
        "person": message.person,
        "up": message.up,
        "down": message.down,
        "named": sorted(named),
        **when,
    }


def _heaps(graph: csr_matrix, members: Places, level: float) -> Iterator[Places]:
    """What hangs together by links of `level` and above, in pieces of LARGEST at most: a larger one is cut at a higher level."""
    part = csr_matrix(graph[members][:, members])
    part.data[part.data < level] = 0
    part.eliminate_zeros()
    if not len(members):
        return
    count, labels = connected_components(part, directed=False)
    order = np.argsort(labels, kind="stable")
    for heap in np.split(members[order], np.cumsum(np.bincount(labels, minlength=count))[:-1]):
        if len(heap) > LARGEST:
            yield from _heaps(graph, heap, level * STEP)
        else:
            yield heap
