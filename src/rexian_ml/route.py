# SPDX-License-Identifier: Apache-2.0
"""From category and area to the department that should handle a request: the catalogue first, history for how sure, and how likely it
comes back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Self

import numpy as np

from rexian_ml.base import Estimator, NotFittedError
from rexian_ml.rates import Chain, Rate, Rates, widening
from rexian_ml.storage import pack, unpack

RETURNED, WORTH = 0.1, 10.0
"""What a dispatch is taken for before any order followed it: one in ten returned, and that counts as much as ten orders."""
MOST = 3
DRAWN = 2.0
"""How many orders the wider area's shares count for in the narrower one."""
FEWEST_HERE = 5
REMEMBERED = 20_000
"""Answers that a router keeps: a city has hundreds of leaves and of streets, and requests come in where they came in before."""


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """A line of the dispatch catalogue: codes of category, area ("" for the whole city), lead and assisting departments."""

    number: int
    category: str
    area: str
    lead: str
    assisting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handled:
    """A past dispatch: which department had the order, and whether it gave it back."""

    category: str
    area: str
    department: str
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Risk:
    """How likely a dispatch comes back (0 to 1), and why: of `seen` orders of its like `returned` were; `like` says which:
    (), (department), (department, branch), (department, branch, category) and then areas. `then` would have it next ("": unknown).
    """

    value: float
    seen: int = 0
    returned: int = 0
    like: tuple[str, ...] = ()
    then: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A proposed department. `line` is the catalogue line behind it (0: history alone); `kept` of `seen` past orders stayed there;
    `category` is the one for which it is the department.
    """

    department: str
    confidence: float
    line: int = 0
    assisting: tuple[str, ...] = ()
    seen: int = 0
    kept: int = 0
    category: str = ""
    risk: Risk = Risk(RETURNED)


@dataclass
class Router(Estimator):
    """Departments for categories and areas. An area's code is looked up with those around it: street, district, city."""

    lines: Sequence[CatalogueLine] = ()
    paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts_: Counter[Handled] | None = field(default=None, init=False, repr=False)
    history_: dict[tuple[str, str], Counter[tuple[str, bool]]] = field(default_factory=dict, init=False, repr=False)
    table_: dict[tuple[str, str], CatalogueLine] = field(default_factory=dict, init=False, repr=False)
    rates_: Rates = field(default_factory=lambda: Rates(RETURNED, WORTH), init=False, repr=False)
    told_: dict[tuple[str, str], list[Route]] = field(default_factory=dict, init=False, repr=False)

    def fit(self, handled: Iterable[Handled]) -> Self:
        """Counts, for each category and area around, who kept and who returned; none at all is enough for a beginning."""
        self.counts_ = Counter()
        return self.update(handled)

    def update(self, handled: Iterable[Handled]) -> Self:
        """Takes in later dispatches without counting the earlier ones again; raises NotFittedError."""
        counts = self._counts()
        counts.update(handled)
        ordered = sorted(
            counts.items(), key=lambda pair: (pair[0].category, pair[0].area, pair[0].department, pair[0].returned)
        )
        self.told_ = {}
        self.history_ = _history(ordered)
        self.table_ = {(line.category, _stem(line.area)): line for line in self.lines}
        self.rates_ = Rates(RETURNED, WORTH)
        self.rates_.learn((self._chain(one.department, one.category, one.area), one.returned, n) for one, n in ordered)
        return self

    def with_catalogue(self, lines: Sequence[CatalogueLine], paths: Mapping[str, tuple[str, ...]]) -> "Router":
        """A router that has learned the same and goes by another catalogue."""
        return Router(lines, paths).fit(self._counts().elements())

    def _counts(self) -> Counter[Handled]:
        if self.counts_ is None:
            raise NotFittedError("Router: call fit first.")
        return self.counts_

    def _chain(self, department: str, category: str, area: str) -> Chain:
        path = self.paths.get(category, ())
        branch = path[-2] if len(path) > 1 else ""
        return widening(department, branch, category, *_within(area))

    def predict(self, category: str, area: str, sureness: float = 1.0) -> list[Route]:
        """The departments for a category in an area, best first; `sureness` is that of the category itself. Empty: nobody known."""
        told = self.told_.get((category, area))
        if told is None:
            told = self.predict_for({category: 1.0}, area)
            if len(self.told_) < REMEMBERED:
                self.told_[category, area] = told
        return [replace(route, confidence=route.confidence * sureness) for route in told]

    def predict_for(self, chances: Mapping[str, float], area: str) -> list[Route]:
        """The departments for a request that may be of several categories, each with its chance: what speaks for one adds up."""
        self._counts()
        found: dict[str, list[Route]] = defaultdict(list)
        for category, chance in sorted(chances.items(), key=lambda pair: (-pair[1], pair[0])):
            for route in self._routes(category, area, chance):
                found[route.department].append(route)
        merged = [replace(routes[0], confidence=sum(one.confidence for one in routes)) for routes in found.values()]
        ranked = sorted(merged, key=lambda route: (-route.confidence, route.department))[:MOST]
        return [self._with_risk(route, area, ranked) for route in ranked]

    def _routes(self, category: str, area: str, chance: float) -> Iterator[Route]:
        """The catalogue's department, then others that kept such orders."""
        line = self._line(category, area)
        if line is not None:
            rate = self.rates_.of(self._chain(line.lead, category, area)).value
            kept, seen = self._kept(category, area, line.lead)
            yield Route(line.lead, chance * (1 - rate), line.number, line.assisting, seen, kept, category)
        for route in self._by_history(category, area, chance):
            if line is None or route.department != line.lead:
                yield route

    def _line(self, category: str, area: str) -> CatalogueLine | None:
        """The catalogue's line for the narrowest category, then the narrowest area."""
        keys = ((code, place) for code in reversed(self.paths.get(category, (category,))) for place in _around(area))
        return next((self.table_[key] for key in keys if key in self.table_), None)

    def _kept(self, category: str, area: str, department: str) -> tuple[int, int]:
        """Kept and seen for a department, in the smallest area around with enough orders to tell."""
        for place in _around(area):
            counts = self.history_.get((category, place), Counter())
            kept, back = counts[department, False], counts[department, True]
            if kept + back >= FEWEST_HERE or not place:
                return kept, kept + back
        return 0, 0

    def _by_history(self, category: str, area: str, chance: float) -> Iterator[Route]:
        """Who kept such orders: the share here, drawn towards that around, and that towards nobody."""
        shares: dict[str, float] = {}
        for place in reversed(_around(area)):
            counts = self.history_.get((category, place), Counter())
            whole = counts.total() + DRAWN
            names = {department for department, back in counts if not back} | set(shares)
            shares = {name: (counts[name, False] + DRAWN * shares.get(name, 0.0)) / whole for name in names}
        for department, share in shares.items():
            kept, seen = self._kept(category, area, department)
            yield Route(department, chance * share, 0, (), seen, kept, category)

    def risk(self, department: str, category: str, area: str, then: str = "") -> Risk:
        """How likely a dispatch to a department comes back, whoever proposed it; raises NotFittedError."""
        self._counts()
        rate: Rate = self.rates_.of(self._chain(department, category, area))
        like = rate.group if isinstance(rate.group, tuple) else ()
        return Risk(rate.value, rate.seen, rate.hits, like, then)

    def _with_risk(self, route: Route, area: str, ranked: Sequence[Route]) -> Route:
        then = next((one.department for one in ranked if one.department != route.department), "")
        return replace(route, risk=self.risk(route.department, route.category, area, then))

    def to_bytes(self) -> bytes:
        """Parameters and what was counted, as npz without pickles; raises NotFittedError."""
        rows = sorted([one.category, one.area, one.department, one.returned, n] for one, n in self._counts().items())
        head = {
            "what": "router",
            "rows": rows,
            "lines": [asdict(line) for line in self.lines],
            "paths": dict(self.paths),
        }
        return pack(head, none=np.zeros(0))

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The router that `to_bytes` wrote; raises ValueError for anything else."""
        head, _ = unpack(content, "router")
        lines = [CatalogueLine(**{**line, "assisting": tuple(line["assisting"])}) for line in head["lines"]]
        model = cls(lines, {code: tuple(path) for code, path in head["paths"].items()})
        model.counts_ = Counter({Handled(*who): n for *who, n in head["rows"]})
        return model.update(())


def _history(counts: Iterable[tuple[Handled, int]]) -> dict[tuple[str, str], Counter[tuple[str, bool]]]:
    """For each category and area around: who kept (False) and who returned (True), how often."""
    history: dict[tuple[str, str], Counter[tuple[str, bool]]] = defaultdict(Counter)
    for one, n in counts:
        for area in _around(one.area):
            history[one.category, area][one.department, one.returned] += n
    return dict(history)


def _stem(area: str) -> str:
    """A code without its trailing pairs of zeros: 990100 → 9901."""
    if len(area) == 6:
        while area.endswith("00"):
            area = area[:-2]
    return area


def _around(area: str) -> list[str]:
    """The stems of an area and of those around it, smallest first; the last, "", is everywhere."""
    stem = _stem(area)
    return [stem[:length] for length in (9, 6, 4) if length <= len(stem)] + [""]


def _within(area: str) -> tuple[str, str, str]:
    """The same, widest first, always three: "" where the code is not that long."""
    stem = _stem(area)
    return (stem[:4] if len(stem) >= 4 else "", stem[:6] if len(stem) >= 6 else "", stem[:9] if len(stem) >= 9 else "")
