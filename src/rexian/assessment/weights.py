# SPDX-License-Identifier: Apache-2.0
"""Weights of the indicators: equal shares (the index's own), analytic hierarchy, entropy; and what a ranking owes to them.

Weights are global, shape (29,), sum 1, in the order of the index.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy  # its parts load when they are used
from numpy.typing import NDArray

from rexian.assessment.index import Index
from rexian.assessment.scores import Level, Scores
from rexian.assessment.translation import gettext as _

Array = NDArray[np.float64]
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""The mean consistency index of random matrices of size 1 to 10. Source: Saaty, The Analytic Hierarchy Process, 1980."""
ACCEPTED = 0.1
"""Saaty's limit of the consistency ratio."""
CONCENTRATION = 300.0
"""Of the Dirichlet draws around the weights: of a weight w the standard deviation is about sqrt(w / 300), for 1/29 a third of it."""
DRAWS = 500


class InconsistentError(ValueError):
    """A file of comparisons that cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Priorities:
    """The priorities of n things compared in pairs, sum 1, and the consistency ratio (accepted up to 0.1)."""

    values: Array
    ratio: float


def priorities(matrix: Array) -> Priorities:
    """Saaty's principal eigenvector of a positive reciprocal matrix, shape (n, n), n at most 10; raises InconsistentError for any other."""
    n = len(matrix)
    if matrix.shape != (n, n) or not 1 <= n <= len(RANDOM_INDEX):
        raise InconsistentError(_("比较矩阵应为 1 至 10 阶方阵，实为 %s") % (matrix.shape,))
    if not np.all(matrix > 0) or not np.allclose(matrix * matrix.T, 1, rtol=0.02):
        raise InconsistentError(_("比较矩阵的元素应为正数，对称位置互为倒数"))
    values, vectors = np.linalg.eig(matrix)
    place = int(np.argmax(values.real))
    vector = np.abs(vectors[:, place].real)
    index = (values[place].real - n) / (n - 1) if n > 1 else 0.0
    ratio = index / RANDOM_INDEX[n - 1] if n > 2 else 0.0
    return Priorities(vector / vector.sum(), max(0.0, float(ratio)))


def together(matrices: Sequence[Array]) -> Array:
    """Several judges' matrices as one: the geometric mean of each comparison. Source: Aczél, Saaty 1983."""
    return np.asarray(np.exp(np.mean([np.log(one) for one in matrices], axis=0)))


def hierarchy(index: Index, comparisons: Mapping[str, Sequence[Array]]) -> tuple[Array, dict[str, float]]:
    """Global weights from the judges' matrices for the children of each parent ("" for the dimensions), and the ratios.

    A parent that nobody compared keeps the index's own shares. Raises InconsistentError for a ratio above 0.1.
    """
    known = {"", *(one.id for one in (*index.dimensions, *index.subdimensions))}
    if unknown := set(comparisons) - known:
        raise InconsistentError(_("指标体系中没有：%s") % "、".join(sorted(unknown)))
    ratios: dict[str, float] = {}
    found = np.ones(len(index.indicators))
    for parent in known:
        members, local = _local(index, parent, comparisons.get(parent, ()), ratios)
        for child, weight in zip(members, local, strict=True):
            found[[_below(one.id, child) for one in index.indicators]] *= weight
    bad = {parent: round(ratio, 3) for parent, ratio in ratios.items() if ratio > ACCEPTED}
    if bad:
        raise InconsistentError(_("一致性比例超过 %(limit)s：%(bad)s") % {"limit": ACCEPTED, "bad": bad})
    return found / found.sum(), ratios


def _below(indicator: str, node: str) -> bool:
    return indicator == node or ("." not in node and indicator.startswith(node))


def children(index: Index, parent: str) -> list[str]:
    """The ids directly under a parent, in the order of the index."""
    if not parent:
        return [one.id for one in index.dimensions]
    level = index.subdimensions if len(parent) == 1 else index.indicators
    return [one.id for one in level if one.parent == parent]


def _local(index: Index, parent: str, matrices: Sequence[Array], ratios: dict[str, float]) -> tuple[list[str], Array]:
    members = children(index, parent)
    if not matrices:
        return members, np.array([index.by_id[one].weight for one in members]) / sum(
            index.by_id[one].weight for one in members
        )
    if any(one.shape != (len(members), len(members)) for one in matrices):
        known = {"parent": parent or _("三个维度"), "n": len(members), "members": "、".join(members)}
        raise InconsistentError(_("%(parent)s的比较矩阵应为 %(n)d 阶，依次为 %(members)s") % known)
    found = priorities(together(matrices))
    ratios[parent] = found.ratio
    return members, found.values


def read_hierarchy(file: Path) -> dict[str, list[Array]]:
    """Comparisons from a TOML file, as `parse_hierarchy` reads them. Raises InconsistentError."""
    try:
        return parse_hierarchy(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise _no_comparisons(file.name, error) from error


def parse_hierarchy(text: str, name: str = "") -> dict[str, list[Array]]:
    """Comparisons from TOML: `[[judge]]` tables with one matrix a parent, `dimensions` for the top. Raises InconsistentError."""
    try:
        found: dict[str, list[Array]] = {}
        for judge in tomllib.loads(text)["judge"]:
            for parent, rows in judge.items():
                found.setdefault("" if parent == "dimensions" else parent, []).append(np.array(rows, np.float64))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _no_comparisons(name, error) from error
    return found


def _no_comparisons(name: str, error: Exception) -> InconsistentError:
    return InconsistentError(_("%(file)s 不是两两比较的 TOML 文件（%(error)s）") % {"file": name, "error": error})


def entropy(level: Level) -> Array:
    """Weights by how much the cities differ. Source: the entropy method, Zeleny 1982, on columns scaled to their sum.

    Missing values do not count; an indicator in which all cities are alike, or with fewer than two values, gets 0. When all are alike: equal.
    """
    found = np.array([_diversity(column[~np.isnan(column)]) for column in level.value.T])
    return found / found.sum() if found.sum() > 0 else np.full(len(found), 1 / len(found))


def _diversity(values: Array) -> float:
    if len(values) < 2 or np.ptp(values) < 1e-12:
        return 0.0
    shares = values / values.sum()
    positive = shares[shares > 0]
    return float(1 + (positive * np.log(positive)).sum() / np.log(len(values)))


@dataclass(frozen=True)
class Ranks:
    """`rank` (1 the best, ties share the mean, NaN for cities not scored) with the 95 % interval that the choice of weights leaves open;
    `agreement` is Spearman's correlation of each draw's ranks with `rank`, mean over the draws."""

    rank: Array
    low: Array
    high: Array
    agreement: float


def ranks(scores: Scores, seed: int = 0) -> Ranks:
    """The ranks of the cities by the whole score, and how they move under Dirichlet draws around the weights."""
    random = np.random.default_rng(seed)
    used = np.maximum(scores.weights, 1e-9)
    draws = random.dirichlet(used * CONCENTRATION, DRAWS)
    place = np.flatnonzero(~np.isnan(scores.overall))
    own = scipy.stats.rankdata(-scores.overall[place])
    moved = (
        np.stack([scipy.stats.rankdata(-_overall(scores, place, weights)) for weights in draws])
        if len(place)
        else np.empty((0, 0))
    )
    return _ranks(len(scores.overall), place, own, moved)


def _overall(scores: Scores, place: NDArray[np.int64], weights: Array) -> Array:
    """The whole scores under other weights; low and high are linear in the weights, so the levels between need not be made."""
    low, high = scores.indicators.low[place] @ weights, scores.indicators.high[place] @ weights
    return np.asarray(low / np.maximum(1 - (high - low), 1e-9))


def _ranks(count: int, place: NDArray[np.int64], own: Array, moved: Array) -> Ranks:
    rank, low, high = (np.full(count, np.nan) for _ in range(3))
    if len(place) < 2:
        rank[place] = low[place] = high[place] = own
        return Ranks(rank, low, high, 1.0)
    rank[place] = own
    low[place], high[place] = np.quantile(moved, [0.025, 0.975], axis=0)
    alike = [float(np.corrcoef(own, one)[0, 1]) for one in moved] if np.ptp(own) > 0 else [1.0]
    return Ranks(rank, low, high, float(np.mean(alike)))
