# SPDX-License-Identifier: Apache-2.0
"""From category and area to the department that should handle a request: the catalogue first, history for how sure."""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

PRIOR = (9.0, 1.0)
"""What a catalogue line is worth before any order followed it: as nine kept and one returned."""


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
class Route:
    """A proposed department. `line` is the catalogue line behind it (0: history alone); `kept` of `seen` past orders stayed there."""

    department: str
    confidence: float
    line: int = 0
    assisting: tuple[str, ...] = ()
    seen: int = 0
    kept: int = 0


@dataclass
class Router:
    """Departments for categories and areas. An area's code is looked up with those around it: street, district, city."""

    lines: Sequence[CatalogueLine] = ()
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    history_: dict[tuple[str, str], Counter[tuple[str, bool]]] = field(default_factory=dict, init=False, repr=False)
    table_: dict[tuple[str, str], CatalogueLine] | None = field(default=None, init=False, repr=False)

    def fit(self, handled: Sequence[Handled]) -> Self:
        """Counts, for each category and area around, who kept and who returned."""
        history: dict[tuple[str, str], Counter[tuple[str, bool]]] = defaultdict(Counter)
        for one in handled:
            for area in _around(one.area):
                history[one.category, area][one.department, one.returned] += 1
        self.history_ = dict(history)
        return self

    def predict(self, category: str, area: str, sureness: float = 1.0) -> list[Route]:
        """The departments for a category in an area, best first; `sureness` is that of the category itself. Empty: nobody known."""
        found = self._by_catalogue(category, area, sureness)
        known = {route.department for route in found}
        found += [route for route in self._by_history(category, area, sureness) if route.department not in known]
        return sorted(found, key=lambda route: -route.confidence)[:3]

    def _by_catalogue(self, category: str, area: str, sureness: float) -> list[Route]:
        if self.table_ is None:
            self.table_ = {(line.category, _stem(line.area)): line for line in self.lines}
        for code in reversed(self.paths.get(category, (category,))):
            for place in _around(area):
                if line := self.table_.get((code, place)):
                    kept, seen = self._counts(category, area, line.lead)
                    share = (kept + PRIOR[0]) / (seen + sum(PRIOR))
                    return [Route(line.lead, sureness * share, line.number, line.assisting, seen, kept)]
        return []

    def _counts(self, category: str, area: str, department: str) -> tuple[int, int]:
        """Kept and seen for a department, in the smallest area around with at least five orders."""
        for place in _around(area):
            counts = self.history_.get((category, place), Counter())
            kept, back = counts[department, False], counts[department, True]
            if kept + back >= 5 or not place:
                return kept, kept + back
        return 0, 0

    def _by_history(self, category: str, area: str, sureness: float) -> list[Route]:
        for place in _around(area):
            counts = self.history_.get((category, place))
            if counts:
                total = counts.total()
                kept = {department: n for (department, back), n in counts.items() if not back}
                return [
                    Route(department, sureness * n / (total + 2), 0, (), n + counts[department, True], n)
                    for department, n in kept.items()
                ]
        return []

    def to_bytes(self) -> bytes:
        """What was learned, as npz without pickles; lines and paths are the city's and come anew."""
        rows = [[*key, *who, n] for key, counts in sorted(self.history_.items()) for who, n in sorted(counts.items())]
        out = io.BytesIO()
        np.savez_compressed(out, rows=np.frombuffer(json.dumps(rows).encode(), np.uint8))
        return out.getvalue()

    def load(self, content: bytes) -> Self:
        """Takes up what `to_bytes` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            rows = json.loads(arrays["rows"].tobytes())
        history: dict[tuple[str, str], Counter[tuple[str, bool]]] = defaultdict(Counter)
        for category, area, department, returned, n in rows:
            history[category, area][department, returned] = n
        self.history_ = dict(history)
        return self


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
