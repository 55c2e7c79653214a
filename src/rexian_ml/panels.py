# SPDX-License-Identifier: Apache-2.0
"""Counts by day and series, as `warn` watches them: of categories, areas, words, or whatever the caller names."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from rexian_ml.text import content_words


@dataclass(frozen=True, slots=True)
class Panel:
    """`counts` [days, series] of whole numbers; `days` run without a gap, `names` are sorted. Raises ValueError otherwise."""

    days: tuple[date, ...]
    names: tuple[str, ...]
    counts: NDArray[np.int32]

    def __post_init__(self) -> None:
        if self.counts.shape != (len(self.days), len(self.names)):
            raise ValueError("counts are [days, series]")
        if any(later - day != timedelta(1) for day, later in zip(self.days, self.days[1:], strict=False)):
            raise ValueError("days run without a gap")
        if list(self.names) != sorted(set(self.names)):
            raise ValueError("names are sorted and no name is there twice")


def panel(rows: Iterable[tuple[date, Iterable[str]]], *, fewest: int = 1, until: date | None = None) -> Panel:
    """Counts from messages, each with its day and the series it counts in (once each); series with less than `fewest` in all are left out.

    Days without a message count as 0; `until` is the last day where that had none.
    """
    found = Counter((day, name) for day, names in rows for name in set(names))
    totals: Counter[str] = Counter()
    for (_, name), n in found.items():
        totals[name] += n
    names = tuple(sorted(name for name, n in totals.items() if n >= fewest))
    seen = [day for day, _ in found]
    if not seen:
        return Panel((), (), np.zeros((0, 0), np.int32))
    first, last = min(seen), max([*seen, *([until] if until else [])])
    days = tuple(first + timedelta(step) for step in range((last - first).days + 1))
    counts = np.zeros((len(days), len(names)), np.int32)
    place = {name: column for column, name in enumerate(names)}
    for (day, name), n in found.items():
        if name in place:
            counts[(day - first).days, place[name]] = n
    return Panel(days, names, counts)


def words_of(text: str) -> set[str]:
    """The series of words that a text counts in: its content words of two characters or more, without numbers."""
    return {f"word:{word}" for word in content_words(text) if len(word) > 1 and not word[0].isdigit()}
