# SPDX-License-Identifier: Apache-2.0
"""The 29 measures in the order of the index, and their scores beside those of a questionnaire. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np

from rexian.assessment import index as indexes
from rexian.assessment import questionnaire, scores
from rexian.assessment.evidence import applied, governed, intelligent, networked
from rexian.assessment.evidence.base import Evidence, Measure
from rexian.assessment.evidence.facts import Facts
from rexian.assessment.questionnaire import Sheet
from rexian.assessment.scores import Level, Scores

Claims = Mapping[str, float | None]
"""What the city says of itself: an indicator's score 0..1 by its id; absent or None where it did not answer."""
MEASURES: tuple[Measure, ...] = (
    *networked.MEASURES,
    *governed.MEASURES,
    *applied.MEASURES,
    *intelligent.MEASURES,
)
BY_INDICATOR: Mapping[str, Measure] = {one.indicator: one for one in MEASURES}


def evidence(facts: Facts) -> dict[str, Evidence]:
    """Every indicator's evidence by its id, in the order of the index."""
    return {one.id: BY_INDICATOR[one.id](facts) for one in indexes.load().indicators}


def version(indicator: str) -> str:
    """`1.1.1`: the index's version, the indicator's and its measure's; values of different versions are not compared."""
    index = indexes.load()
    own = next(one.version for one in index.indicators if one.id == indicator)
    return f"{index.version}.{own}.{BY_INDICATOR[indicator].version}"


def scored(rows: Sequence[Mapping[str, Evidence]]) -> Scores:
    """The evidence of one or more measurements as scores of shape (len(rows), 29), so that all that holds for answers holds for it."""
    index = indexes.load()
    ids = tuple(one.id for one in index.indicators)
    table = [[row[one] for one in ids] for row in rows]
    value = np.array([[np.nan if (v := one.value) is None else v for one in row] for row in table], np.float64)
    low = np.array([[one.low for one in row] for row in table], np.float64)
    high = np.array([[one.high for one in row] for row in table], np.float64)
    return Scores(index, Level(ids, value, low, high), index.weights)


def claimed(claims: Claims) -> Scores:
    """What the city says of itself as scores of shape (1, 29)."""
    index = indexes.load()
    ids = tuple(one.id for one in index.indicators)
    value = np.array([[np.nan if (v := claims.get(one)) is None else v for one in ids]], np.float64)
    level = Level(ids, value, np.nan_to_num(value, nan=0.0), np.nan_to_num(value, nan=1.0))
    return Scores(index, level, index.weights)


def claims_of(sheet: Sheet) -> dict[str, float | None]:
    """What a filled-in questionnaire claims: its score for each indicator."""
    level = scores.score([sheet], indexes.load(), questionnaire.load()).indicators
    return {
        one: None if np.isnan(value) else float(value) for one, value in zip(level.ids, level.value[0], strict=True)
    }
