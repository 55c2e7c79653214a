# SPDX-License-Identifier: Apache-2.0
"""What an indicator's measurement is: a share with its numerator, denominator and the rows that make them up. Pure.

Texts are kept as written (Chinese) and translated when they are shown.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rexian.assessment.evidence.facts import Facts, Period, Tally
from rexian.assessment.scores import LEAST_ANSWERED
from rexian.assessment.translation import gettext_noop

NOTHING_YET = gettext_noop("数目和总数都是 0 的各行：统计期内没有发生，无从计数")


@dataclass(frozen=True, slots=True)
class Row:
    """One row behind a value: its share of numerator (`hits`) and denominator (`of`), the raw counts, the channels whose orders they are
    (empty: not a list of orders), and examples of what is lacking. `total` None: `count` is not a share of anything."""

    name: str
    hits: float
    of: float
    count: int
    total: int | None = None
    channels: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """`value` = min(1, numerator / denominator / full), 0..1; None where nothing or too little (`coverage` below half) can be measured.

    `numerator` and `denominator` are the sums over `rows`; `coverage` is the share of the indicator's weight that the platform can
    measure; `lacks` says what is missing and what would make it, never empty where the value is None or the coverage below 1.
    """

    period: Period
    rows: tuple[Row, ...] = ()
    coverage: float = 1.0
    full: float = 1.0
    lacks: tuple[str, ...] = ()

    @property
    def numerator(self) -> float:
        return sum(row.hits for row in self.rows)

    @property
    def denominator(self) -> float:
        return sum(row.of for row in self.rows)

    @property
    def points(self) -> float | None:
        """The share over what was measured, however little that is; None where nothing was."""
        return min(1.0, self.numerator / self.denominator / self.full) if self.denominator > 0 else None

    @property
    def value(self) -> float | None:
        return self.points if self.coverage >= LEAST_ANSWERED - 1e-9 else None

    @property
    def low(self) -> float:
        """What it would be were all that is not measured worthless."""
        return (self.points or 0.0) * self.coverage

    @property
    def high(self) -> float:
        """What it would be were all that is not measured perfect."""
        return self.low + (1 - self.coverage)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an indicator: `count` of `base`, or, with a `target`, `count` towards it where there is a `base` at all.

    With `lacks` it cannot be measured, and that says what would make it.
    """

    name: str
    count: int = 0
    base: int = 0
    target: float | None = None
    lacks: str = ""
    channels: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def points(self) -> float | None:
        """0..1, None where it cannot be told."""
        if self.lacks or self.base <= 0:
            return None
        return min(1.0, self.count / (self.base if self.target is None else self.target))


def share(name: str, tally: Tally) -> Part:
    """A part that is a share."""
    return Part(name, tally.count, tally.total, examples=tally.examples)


def used(name: str, count: int, base: int, target: float = 1.0) -> Part:
    """A part that asks whether (or how often, up to `target`) something happened, where there was an occasion for it (`base`)."""
    return Part(name, count, base, target)


def unseen(lacks: str) -> Part:
    """A part that the platform holds no table of; it has no row, so no name."""
    return Part("", lacks=lacks)


def averaged(period: Period, parts: Iterable[Part]) -> Evidence:
    """The mean of parts of equal weight: each measured one adds its points to the numerator and 1 to the denominator."""
    parts = tuple(parts)
    rows = tuple(_row(one) for one in parts if not one.lacks)
    lacks = tuple(dict.fromkeys(one.lacks or NOTHING_YET for one in parts if one.points is None))
    return Evidence(period, rows, sum(row.of for row in rows) / len(parts), lacks=lacks)


def _row(one: Part) -> Row:
    points = one.points
    of = 0.0 if points is None else 1.0
    total = one.base if one.target is None else None
    return Row(one.name, points or 0.0, of, one.count, total, one.channels, one.examples)


def pooled(
    period: Period, rows: Sequence[Row], *, full: float = 1.0, coverage: float = 1.0, lacks: str = ""
) -> Evidence:
    """The share over all rows together: larger rows weigh more."""
    found = Evidence(period, tuple(rows), coverage, full, (lacks,) if lacks else ())
    return found if found.denominator else replace(found, coverage=0.0, lacks=(NOTHING_YET, *found.lacks))


def counted(period: Period, name: str, tally: Tally) -> Evidence:
    """An indicator that is one share."""
    return pooled(period, [Row(name, tally.count, tally.total, tally.count, tally.total, examples=tally.examples)])


def none(period: Period, *lacks: str) -> Evidence:
    """No evidence: the platform holds no table from which it could come."""
    return Evidence(period, (), 0.0, lacks=lacks)


@dataclass(frozen=True, slots=True)
class Measure:
    """How an indicator is measured: in words, and as a function of the facts. `version` rises when the function changes what it counts."""

    indicator: str
    how: str
    function: Callable[[Facts], Evidence]
    version: int = 1

    def __call__(self, facts: Facts) -> Evidence:
        """The evidence that the facts give."""
        return self.function(facts)


def measure(indicator: str, how: str, version: int = 1) -> Callable[[Callable[[Facts], Evidence]], Measure]:
    """Makes a function of the facts the measure of an indicator."""
    return lambda function: Measure(indicator, how, function, version)
