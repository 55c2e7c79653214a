# SPDX-License-Identifier: Apache-2.0
"""Two known detectors, to stand beside `warn`: each gives every series of a panel's last day a score, smaller where it is more alarming."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaincc

Numbers = NDArray[np.float64]
GUARD, ROUNDS = 3, 12
SMOOTH = 0.4


def ewma(counts: Numbers, kinds: NDArray[np.int64]) -> Numbers:
    """The exponentially weighted mean of standardised counts (S. W. Roberts 1959), each day against its weekday's mean; counts [days, series]."""
    past, same = counts[:-1], kinds[:-1, None] == kinds[None, :]
    usual = (same.T @ past + 2 * past.mean(0)) / (same.sum(0)[:, None] + 2)
    spread = np.maximum(((past - usual[:-1]) ** 2).sum(0) / (usual[:-1].sum(0) + 1e-9), 1)
    score = np.zeros(counts.shape[1])
    for z in (counts - usual) / np.sqrt(usual * spread + 0.1):
        score = SMOOTH * z + (1 - SMOOTH) * score
    return -score


def farrington(counts: Numbers, kinds: NDArray[np.int64]) -> Numbers:
    """The improved Farrington test (A. Noufaily et al., Statistics in Medicine 32, 2013), for days: quasi-Poisson regression on trend and
    weekday, Anscombe residuals above 2.58 weighed down, the last days left out as a guard, and the tail of the negative binomial with the
    fitted mean and dispersion. counts [days, series]."""
    design = _design(kinds)
    base, seen = design[: -1 - GUARD], counts[: -1 - GUARD]
    weights = np.ones_like(seen)
    for _ in range(2):
        beta = _regress(base, seen, weights)
        mean = np.exp(np.clip(base @ beta, -8, 12))
        free = max(1, len(seen) - base.shape[1])
        spread = np.maximum((weights * (seen - mean) ** 2 / mean).sum(0) / free, 1)
        residual = 1.5 * (seen ** (2 / 3) * mean ** (-1 / 6) - np.sqrt(mean)) / np.sqrt(spread)
        weights = np.where(residual > 2.58, np.maximum(residual, 1e-9) ** -2.0, 1)
        weights *= len(seen) / weights.sum(0)
    return _tail(counts[-1], np.exp(np.clip(design[-1] @ beta, -8, 12)), spread)


def _tail(counts: Numbers, mean: Numbers, spread: Numbers) -> Numbers:
    """P(count or more) with variance spread·mean; Poisson where spread is 1."""
    y = np.maximum(counts, 1)
    poisson = 1 - gammaincc(y, mean)
    size = mean / np.maximum(spread - 1, 1e-6)
    negative = betainc(y, size, mean / (size + mean))
    return np.where(counts > 0, np.where(spread > 1.001, negative, poisson), 1.0)


def _design(kinds: NDArray[np.int64]) -> Numbers:
    """Mean, trend and the weekdays seen (a holiday counts as the Sunday, a made-up workday as the Monday) [days, columns]."""
    weekday = np.select([kinds == 7, kinds == 8], [6, 0], kinds)
    dummies = (weekday[:, None] == np.arange(1, 7)).astype(float)
    return np.column_stack([np.ones(len(kinds)), np.linspace(-1, 1, len(kinds)), dummies])


def _regress(design: Numbers, counts: Numbers, weights: Numbers) -> Numbers:
    """Poisson regression of every series at once, by iterated least squares with a very small ridge [columns, series]."""
    columns = design.shape[1]
    beta = np.zeros((columns, counts.shape[1]))
    beta[0] = np.log(counts.mean(0) + 0.05)
    ridge = 0.1 * np.eye(columns)
    ridge[0, 0] = 0.001
    for _ in range(ROUNDS):
        mean = np.exp(np.clip(design @ beta, -8, 12))
        work = weights * mean
        target = design @ beta + (counts - mean) / mean
        left = np.einsum("dc,ds,de->sce", design, work, design) + ridge
        beta = np.linalg.solve(left, (design.T @ (work * target)).T[:, :, None])[:, :, 0].T
        beta = np.clip(beta, -12, 12)
    return beta
