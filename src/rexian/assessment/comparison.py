# SPDX-License-Identifier: Apache-2.0
"""Many cities side by side: what each question was answered, what goes with region and level, which indicators go together, what is missing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from rexian.assessment import statistics
from rexian.assessment.questionnaire import Question, Questionnaire, Sheet
from rexian.assessment.scores import Scores
from rexian.assessment.statistics import Interval, Test

CHOICES = ("single", "several", "yesno", "five")
FEWEST = 5
"""Cities: a smaller group is shown with its numbers but not ranked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who a question concerns: `answered` is the true denominator; `missing` had to answer and did not; `skipped` by rule; `open`: the
    deciding question itself was not answered."""

    answered: int
    missing: int
    skipped: int
    open: int


@dataclass(frozen=True, slots=True)
class OptionShare:
    """One option: how many of `n` that answered the question chose it, with Wilson's interval. Shares of several answers need not sum to 1."""

    question: Question
    code: str
    text: str
    count: int
    n: int
    share: Interval


@dataclass(frozen=True, slots=True)
class NumberSummary:
    """A number question: mean with t interval, quartiles, over `n` answers."""

    question: Question
    n: int
    mean: Interval
    quartiles: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class CrossTest:
    """Whether the answers to an option depend on the cities' group; `adjusted` is Holm's p over all tests of the same grouping."""

    question: Question
    code: str
    groups: tuple[str, ...]
    counts: tuple[int, ...]
    sizes: tuple[int, ...]
    test: Test
    adjusted: float


@dataclass(frozen=True, slots=True)
class Association:
    """Kendall's tau of two indicators over the `n` cities that have both; `adjusted` by Benjamini and Hochberg."""

    one: str
    other: str
    tau: Interval
    n: int
    p: float
    adjusted: float


@dataclass(frozen=True, slots=True)
class Gap:
    """The mean difference of two dimensions (first minus second) over `n` cities; `adjusted` is Holm's p of Wilcoxon's test."""

    one: str
    other: str
    difference: Interval
    n: int
    adjusted: float


def asked(question: Question, sheets: Sequence[Sheet]) -> Asked:
    """Counts who answered, who should have, and who need not."""
    states = Counter(
        "answered" if question.id in sheet else {True: "missing", False: "skipped", None: "open"}[question.asked(sheet)]
        for sheet in sheets
    )
    return Asked(states["answered"], states["missing"], states["skipped"], states["open"])


def describe(questionnaire: Questionnaire, sheets: Sequence[Sheet]) -> Iterator[OptionShare]:
    """Every option of every choice question that anyone answered."""
    for question in questionnaire.questions:
        if question.kind in CHOICES:
            chosen, n = _counts(question, sheets)
            for option in question.options if n else ():
                count = chosen[option.code]
                yield OptionShare(question, option.code, option.text, count, n, statistics.wilson(count, n))


def _counts(question: Question, sheets: Sequence[Sheet]) -> tuple[Counter[str], int]:
    answers = [sheet[question.id] for sheet in sheets if question.id in sheet]
    return Counter(code for answer in answers for code in _codes(answer)), len(answers)


def _codes(answer: object) -> frozenset[str]:
    if isinstance(answer, frozenset):
        return answer
    return frozenset({f"{answer:g}" if isinstance(answer, float) else str(answer)})


def numbers(questionnaire: Questionnaire, sheets: Sequence[Sheet]) -> Iterator[NumberSummary]:
    """Every number question that anyone answered."""
    for question in questionnaire.questions:
        values = np.array([value for sheet in sheets if isinstance(value := sheet.get(question.id), float)])
        if question.kind == "number" and len(values):
            low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
            mean, n = statistics.mean_interval(values)
            yield NumberSummary(question, n, mean, (float(low), float(middle), float(high)))


def grouping(questionnaire: Questionnaire, sheets: Sequence[Sheet], by: str) -> list[str]:
    """Each city's group, by `region` or `level`; empty where unknown."""
    if by == "region":
        return [questionnaire.group("province", sheet) for sheet in sheets]
    question = questionnaire.by_id[by]
    return [question.text(sheet[by]) if by in sheet else "" for sheet in sheets]


def cross(
    questionnaire: Questionnaire, sheets: Sequence[Sheet], groups: Sequence[str], seed: int = 0
) -> list[CrossTest]:
    """Each option (yes/no: only yes) against the groups: chosen or not, among those that answered; Holm over all of them."""
    names = tuple(sorted(set(groups) - {""}))
    found = []
    for question in questionnaire.questions:
        if question.indicator and question.kind in CHOICES:
            found += list(_cross_question(question, sheets, groups, names, seed))
    adjusted = statistics.holm([one.test.p for one in found])
    return [
        CrossTest(one.question, one.code, one.groups, one.counts, one.sizes, one.test, float(p))
        for one, p in zip(found, adjusted, strict=True)
    ]


def _cross_question(
    question: Question, sheets: Sequence[Sheet], groups: Sequence[str], names: tuple[str, ...], seed: int
) -> Iterator[CrossTest]:
    answers = [
        (group, _codes(sheet[question.id])) for sheet, group in zip(sheets, groups, strict=True) if question.id in sheet
    ]
    sizes = Counter(group for group, _ in answers)
    pairs = Counter((group, code) for group, codes in answers for code in codes)
    for option in question.options:
        if question.kind == "yesno" and option.code == "no":
            continue  # the same test again
        counts = tuple(pairs[group, option.code] for group in names)
        table = np.array([[count, sizes[group] - count] for count, group in zip(counts, names, strict=True)])
        test = statistics.independence(table.reshape(-1, 2), seed)
        yield CrossTest(question, option.code, names, counts, tuple(sizes[group] for group in names), test, np.nan)


def associations(scores: Scores) -> list[Association]:
    """All pairs of indicators, strongest first; pairs without enough cities or without any difference last."""
    level = scores.indicators
    found = [
        (one, other, *statistics.kendall(level.column(one), level.column(other)))
        for one, other in combinations(level.ids, 2)
    ]
    adjusted = statistics.benjamini_hochberg([p for *_, p, _n in found])
    table = [
        Association(one, other, tau, n, p, float(q)) for (one, other, tau, p, n), q in zip(found, adjusted, strict=True)
    ]
    return sorted(table, key=lambda one: (np.isnan(one.tau.value), -abs(one.tau.value), one.one, one.other))


def gaps(scores: Scores) -> list[Gap]:
    """The differences between the dimensions."""
    level = scores.dimensions
    found = [
        (one, other, *statistics.paired(level.column(one), level.column(other)))
        for one, other in combinations(level.ids, 2)
    ]
    adjusted = statistics.holm([p for *_, p, _n in found])
    return [
        Gap(one, other, interval, n, float(p)) for (one, other, interval, _p, n), p in zip(found, adjusted, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class GroupMean:
    """A group's mean overall score; `rank` among groups with at least FEWEST scored cities, else None."""

    group: str
    n: int
    mean: Interval
    rank: int | None


def group_means(values: NDArray[np.float64], groups: Sequence[str]) -> list[GroupMean]:
    """The groups, best first; small ones after, without a rank."""
    labels = np.asarray(groups, object)
    found = [(name, *statistics.mean_interval(values[labels == name])) for name in sorted(set(groups) - {""})]
    found.sort(key=lambda one: (one[2] < FEWEST, -np.nan_to_num(one[1].value)))
    return [
        GroupMean(name, n, mean, place if n >= FEWEST else None) for place, (name, mean, n) in enumerate(found, start=1)
    ]
