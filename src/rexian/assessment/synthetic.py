# SPDX-License-Identifier: Apache-2.0
"""Synthetic answers of 79 cities that give every published figure of the baseline within its rounding. Not any city's answers.

Method, with a seed:

1. For each group of shares the largest n that can stand behind all of them (`consistency`), at most the cities that were asked; a group
   that no n gives is split into the largest subset that one n gives and the rest.
2. Each city has a latent maturity z ~ N(0, 1). Who answers a group is drawn at random. Of those, the k with the largest
   r z + sqrt(1 - r^2) e, e ~ N(0, 1), r = 0.6, get the published answer: the counts are exact, and questions hang together.
3. Where only the share of good grades is published, good is 4 and the rest 3: the least extreme answers that fit.
4. Numbers a city are its size (volumes, lognormal) or a bounded draw (reports, adoptions), scaled to the published mean in whole numbers.
5. Questions about which nothing was published stay unanswered, except city, province and level, which the comparison needs.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from rexian.assessment.baseline import Baseline, Figure, find
from rexian.assessment.questionnaire import Question, Questionnaire, Sheet, Value

PREFIX = "合成城市"
"""By this beginning of its name a synthetic city is known everywhere."""
DEPENDENCE = 0.6
LEVELS = ("subprovincial", "capital", "prefecture")
LEVEL_SHARES = (0.1, 0.15, 0.75)


@dataclass
class _Draft:
    """The sheets being made, with what all steps share."""

    questionnaire: Questionnaire
    random: np.random.Generator
    maturity: NDArray[np.float64]
    sheets: list[dict[str, Value]] = field(default_factory=list)

    def leaning(self) -> NDArray[np.float64]:
        """A fresh draw that leans on the maturity, shape (cities,), standard normal."""
        noise = self.random.standard_normal(len(self.maturity))
        return np.asarray(DEPENDENCE * self.maturity + np.sqrt(1 - DEPENDENCE**2) * noise)

    def asked(self, question: str) -> list[int]:
        """Places of the cities that have to answer."""
        one = self.questionnaire.by_id[question]
        return [place for place, sheet in enumerate(self.sheets) if one.asked(sheet)]


def make(baseline: Baseline, questionnaire: Questionnaire, seed: int = 2020) -> tuple[Sheet, ...]:
    """The synthetic sheets, the same for the same seed."""
    random = np.random.default_rng(seed)
    draft = _Draft(questionnaire, random, random.standard_normal(baseline.cities))
    draft.sheets = [_profile(place, baseline, random) for place in range(baseline.cities)]
    for group, figures in baseline.groups.items():
        _shares(draft, group, figures)
    _volumes(draft, baseline)
    for figure in baseline.figures:
        if figure.statistic == "mean" and not figure.question.startswith("volume_"):
            _numbers(draft, figure)
    return tuple(draft.sheets)


def _profile(place: int, baseline: Baseline, random: np.random.Generator) -> dict[str, Value]:
    return {
        "city": f"{PREFIX}{place + 1:02d}",
        "province": baseline.provinces[place % len(baseline.provinces)],
        "level": str(random.choice(LEVELS, p=LEVEL_SHARES)),
    }


def _shares(draft: _Draft, group: str, figures: tuple[Figure, ...]) -> None:
    """Step 1 and 2 for one group; what no common n gives is taken again by itself."""
    asked = draft.asked(figures[0].question)
    finding = find(group, figures, len(asked))
    if not finding.fits:
        raise ValueError(f"{group}: no number of cities gives these shares")
    fit = finding.fits[-1]
    answering = np.sort(draft.random.permutation(asked)[: fit.n])
    counts = dict(zip(finding.figures, fit.counts, strict=True))
    for question in dict.fromkeys(one.question for one in finding.figures):
        own = {one: count for one, count in counts.items() if one.question == question}
        _answer(draft, draft.questionnaire.by_id[question], answering, own)
    if finding.left:
        _shares(draft, group, finding.left)


def _answer(draft: _Draft, question: Question, answering: NDArray[np.int64], counts: dict[Figure, int]) -> None:
    if question.kind == "several":
        _several(draft, question, answering, counts)
        return
    order = answering[np.argsort(-draft.leaning()[answering], kind="stable")]
    codes = [code for figure, count in counts.items() for code in [_mildest(figure.options)] * count]
    codes += [_rest(question)] * (len(order) - len(codes))
    for place, code in zip(order, codes, strict=True):
        draft.sheets[place][question.id] = float(code) if question.kind == "five" else code


def _mildest(options: tuple[str, ...]) -> str:
    return min(options)


def _rest(question: Question) -> str:
    return "3" if question.kind == "five" else "no"


def _several(draft: _Draft, question: Question, answering: NDArray[np.int64], counts: dict[Figure, int]) -> None:
    """Each option to its number of cities; a figure with several options says how many chose any of them."""
    whole = next((count for figure, count in counts.items() if len(figure.options) > 1), None)
    able = answering if whole is None else answering[np.argsort(-draft.leaning()[answering], kind="stable")][:whole]
    chosen: dict[int, set[str]] = {int(place): set() for place in answering}
    for figure, count in counts.items():
        if len(figure.options) == 1:
            for place in able[np.argsort(-draft.leaning()[able], kind="stable")][:count]:
                chosen[int(place)].add(figure.options[0])
    if whole is not None:
        _cover(chosen, [int(place) for place in able])
    for place, codes in chosen.items():
        draft.sheets[place][question.id] = frozenset(codes or {"none"})


def _cover(chosen: dict[int, set[str]], able: list[int]) -> None:
    """Moves options from cities with several to those with none, so that all of `able` have one and no option's count changes."""
    for empty in [place for place in able if not chosen[place]]:
        rich = max(able, key=lambda place: (len(chosen[place]), -place))
        usual = Counter(code for codes in chosen.values() for code in codes)
        code = max(chosen[rich], key=lambda one: (usual[one], one))
        chosen[rich].discard(code)
        chosen[empty].add(code)


def _volumes(draft: _Draft, baseline: Baseline) -> None:
    """Step 4 for volumes: the mean of all requests is the WeChat mean over its share; what is left over is other channels."""
    published = [one for one in baseline.figures if one.group == "volumes"]
    means = {one.question: float(one.value) for one in published if one.statistic == "mean"}
    shares = {one.question: float(one.value) / 100 for one in published if one.statistic == "of_total"}
    total = means["volume_wechat"] / shares["volume_wechat"]
    means["volume_phone"] = total * shares["volume_phone"]
    means["volume_other"] = total - sum(means.values())
    size = np.exp(0.8 * draft.random.standard_normal(len(draft.sheets)))
    for channel, mean in means.items():
        online = 1.0 if channel in ("volume_phone", "volume_other") else np.exp(0.4 * draft.leaning())
        for sheet, number in zip(draft.sheets, whole_numbers(size * online, mean), strict=True):
            sheet[channel] = number
    for sheet in draft.sheets:
        sheet["volume_total"] = float(sum(_float(sheet[channel]) for channel in means))


def _float(value: Value) -> float:
    assert isinstance(value, float)  # noqa: S101  written so above
    return value


def _numbers(draft: _Draft, figure: Figure) -> None:
    """Step 4 for reports and adoptions: between 0 and twice the mean."""
    for sheet, number in zip(draft.sheets, whole_numbers(ndtr(draft.leaning()), float(figure.value)), strict=True):
        sheet[figure.question] = number


def whole_numbers(sizes: NDArray[np.float64], mean: float) -> list[float]:
    """Whole numbers in proportion to the sizes whose mean is `mean` to within half a unit of the sum (largest remainders)."""
    exact = sizes / sizes.sum() * mean * len(sizes)
    low = np.floor(exact)
    missing = round(mean * len(sizes)) - int(low.sum())
    low[np.argsort(low - exact, kind="stable")[:missing]] += 1
    return [float(number) for number in low]
