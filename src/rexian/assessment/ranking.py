# SPDX-License-Identifier: Apache-2.0
"""How ranks move when the weights are another: the same answers under equal shares, entropy and the judges' hierarchy."""

from collections.abc import Iterator, Sequence

import numpy as np

from rexian.assessment import charts, wording
from rexian.assessment.document import Block, Heading, Paragraph, Picture, Table
from rexian.assessment.scores import Matrix
from rexian.assessment.survey import Survey
from rexian.assessment.translation import gettext as _

SHOWN = 30
"""Cities in the picture and on paper; the table as CSV holds all."""


def weighting_names() -> dict[str, str]:
    """The weightings as people call them."""
    return {"equal": _("各级等权"), "entropy": _("熵权法"), "hierarchy": _("层次分析法")}


def moves(surveys: Sequence[Survey]) -> Iterator[Block]:
    """The ranks of the same cities under each weighting, largest move first; nothing where there are too few to rank, or one weighting."""
    if len(surveys) < 2 or not all(one.rankable for one in surveys):
        return
    names = weighting_names()
    labels = [names[one.weighting] for one in surveys]
    table = np.column_stack([one.ranks.rank for one in surveys])
    order = _order(table)
    spread = np.ptp(table, axis=1)
    yield Heading(1, _("名次随权重的变动"))
    yield Paragraph(_told(surveys, labels, spread[order]))
    cities = [surveys[0].names[place] for place in order]
    ranks = table[order].tolist()
    yield Picture(charts.dots("moves", _("不同权重下的名次"), cities, labels, ranks, _("名次"), shown=SHOWN))
    rows = tuple(
        (surveys[0].names[place], *(_rank(one, place) for one in surveys), wording.rank(spread[place]))
        for place in order
    )
    heading = (_("城市"), *labels, _("最多相差"))
    widths = (1.6, *(1.8 for _one in labels), 1)
    yield Table("moves", _("不同权重下的名次与权重变动时的区间"), heading, rows, widths, SHOWN)


def _order(table: Matrix) -> list[int]:
    """Places of the ranked cities, those that move most first."""
    ranked = np.flatnonzero(~np.isnan(table).any(axis=1))
    return sorted((int(one) for one in ranked), key=lambda one: (-np.ptp(table[one]), table[one, 0], one))


def _rank(survey: Survey, place: int) -> str:
    ranks = survey.ranks
    low, high = (f"{value:.0f}" for value in (ranks.low[place], ranks.high[place]))
    return _("%(rank)s（%(span)s）") % {"rank": wording.rank(ranks.rank[place]), "span": wording.span(low, high)}


def _told(surveys: Sequence[Survey], labels: Sequence[str], spread: Matrix) -> str:
    """How alike the rankings are: Spearman's correlation with the first, and how many cities move by more than three places."""
    first = surveys[0].ranks.rank
    known = ~np.isnan(first)
    alike = [
        _("与%(label)s的秩相关为 %(value)s")
        % {"label": label, "value": wording.points(_alike(first, one.ranks.rank, known))}
        for one, label in zip(surveys[1:], labels[1:], strict=True)
    ]
    told = {"label": labels[0], "alike": "，".join(alike), "n": int((spread > 3).sum()), "of": len(spread)}
    return _("%(label)s的名次%(alike)s；%(of)d 个城市中有 %(n)d 个的名次相差超过 3 位，这些名次不宜单独引用。") % told


def _alike(one: Matrix, other: Matrix, known: Matrix) -> float:
    if np.ptp(one[known]) == 0 or np.ptp(other[known]) == 0:
        return float("nan")
    return float(np.corrcoef(one[known], other[known])[0, 1])
