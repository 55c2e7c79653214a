# SPDX-License-Identifier: Apache-2.0
"""Scores of many cities: indicators, sub-dimensions, dimensions and the whole, each with the bounds that missing answers leave open."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rexian.assessment import scoring
from rexian.assessment.index import Index, Indicator, Part
from rexian.assessment.questionnaire import Questionnaire, Sheet

Matrix = NDArray[np.float64]
LEAST_ANSWERED = 0.5
"""Share of the weight that must be answered, at every level, before a value is given at all."""


@dataclass(frozen=True)
class Level:
    """One level of the index for all cities: `value`, `low` and `high` of shape (cities, nodes), 0..1.

    `value` is the mean of what was answered, NaN where less than half of the weight was; `low` and `high` are what it would be were
    all missing answers the worst or the best, so `high - low` is the missing share of the weight.
    """

    ids: tuple[str, ...]
    value: Matrix
    low: Matrix
    high: Matrix

    def column(self, node: str) -> Matrix:
        """The values of one node, shape (cities,)."""
        return np.asarray(self.value[:, self.ids.index(node)])


def mean(low: Matrix, high: Matrix) -> Matrix:
    """The value between the bounds: answered points over answered weight, NaN where too little was answered."""
    answered = 1 - (high - low)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(answered >= LEAST_ANSWERED - 1e-9, np.clip(low / answered, 0, 1), np.nan)


@dataclass(frozen=True)
class Scores:
    """All levels of the index for the cities in the order of their sheets. `weights` are global, shape (29,), sum 1."""

    index: Index
    indicators: Level
    weights: Matrix

    def level(self, depth: int) -> Level:
        """Depth 0: the whole (id ""), 1: dimensions, 2: sub-dimensions, 3: indicators."""
        if depth == 3:
            return self.indicators
        ids = (
            ("",)
            if depth == 0
            else tuple(one.id for one in (self.index.dimensions, self.index.subdimensions)[depth - 1])
        )
        below = self.level(depth + 1)
        share = _membership(ids, below.ids, self._sums(below.ids))
        low, high = below.low @ share, below.high @ share
        return Level(ids, mean(low, high), low, high)

    def _sums(self, ids: tuple[str, ...]) -> Matrix:
        """The weight of each node: the sum of its indicators'."""
        return np.array(
            [self.weights[[one.id.startswith(node) for one in self.index.indicators]].sum() for node in ids]
        )

    @cached_property
    def whole(self) -> Level:
        """The whole index."""
        return self.level(0)

    @cached_property
    def dimensions(self) -> Level:
        """The 3 dimensions."""
        return self.level(1)

    @cached_property
    def subdimensions(self) -> Level:
        """The 10 sub-dimensions."""
        return self.level(2)

    @property
    def overall(self) -> Matrix:
        """The score of the whole, shape (cities,), NaN where not scored."""
        return np.asarray(self.whole.value[:, 0])


def _membership(parents: tuple[str, ...], children: tuple[str, ...], weights: Matrix) -> Matrix:
    """Shape (children, parents): each child's share of its parent's weight."""
    inside = np.array([[child.startswith(parent) for parent in parents] for child in children], np.float64)
    table = inside * weights[:, None]
    total = table.sum(axis=0)
    return np.asarray(np.divide(table, total, out=np.zeros_like(table), where=total > 0))


def score(sheets: Sequence[Sheet], index: Index, questionnaire: Questionnaire, weights: Matrix | None = None) -> Scores:
    """The scores of the cities under the index's own or the given global weights."""
    shape = (len(sheets), len(index.indicators))
    low, missing = np.zeros(shape), np.zeros(shape)
    for column, indicator in enumerate(index.indicators):
        total = sum(part.weight for part in indicator.parts)
        for part in indicator.parts:
            points = _column(part, sheets, questionnaire)
            unknown = np.isnan(points)
            low[:, column] += np.where(unknown, 0, points) * part.weight / total
            missing[:, column] += unknown * part.weight / total
    ids = tuple(one.id for one in index.indicators)
    level = Level(ids, mean(low, low + missing), low, low + missing)
    return Scores(index, level, index.weights if weights is None else weights)


def _column(part: Part, sheets: Sequence[Sheet], questionnaire: Questionnaire) -> Matrix:
    """Points of all cities, NaN where missing. A part skipped because the thing does not exist is known to be 0, not missing."""
    function = scoring.FUNCTIONS[part.function]
    question = questionnaire.by_id[part.questions[0]]
    found = np.array([np.nan if (points := function(part, sheet)) is None else points for sheet in sheets], np.float64)
    if question.only_if:
        found[[question.asked(sheet) is False for sheet in sheets]] = 0.0
    return found


def unproven(scores: Scores, row: int, sheet: Sheet) -> list[Indicator]:
    """The indicators for which a city has points without having named any evidence."""
    pairs = zip(scores.index.indicators, scores.indicators.low[row], strict=True)
    return [one for one, points in pairs if points > 0 and f"evidence_{one.id}" not in sheet]
