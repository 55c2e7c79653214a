# SPDX-License-Identifier: Apache-2.0
"""One city's strengths and gaps, and from rules (advice.toml) what to do in which order, with milestones."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from rexian.assessment.index import Index, Indicator
from rexian.assessment.scores import Scores

FILE = Path(__file__).with_name("advice.toml")


@dataclass(frozen=True, slots=True)
class Rule:
    """What to do about an indicator; see advice.toml."""

    indicator: str
    action: str
    effect: int
    cost: int
    support: bool = False
    model: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the plan: measures of this cost begin in it, done `months` after the start."""

    cost: int
    name: str
    months: int


@dataclass(frozen=True)
class Rules:
    """The rules in the order of the index; `below` is a gap, `strong` a strength."""

    below: float
    strong: float
    support: str
    phases: tuple[Phase, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def by_indicator(self) -> Mapping[str, Rule]:
        """Rules by their indicator."""
        return {one.indicator: one for one in self.rules}


@dataclass(frozen=True, slots=True)
class Advice:
    """One measure. `gain` is what the whole score wins when the indicator is full; `priority` = gain x effect / cost; `phase` its place
    in the plan, never before what it builds on."""

    rule: Rule
    indicator: Indicator
    loop: str
    score: float
    gain: float
    priority: float
    phase: Phase


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A city: indicators by id with scores; `unknown` were not answered enough to be scored; `advice` in order of priority."""

    strengths: tuple[tuple[Indicator, float], ...]
    gaps: tuple[tuple[Indicator, float], ...]
    unknown: tuple[Indicator, ...]
    advice: tuple[Advice, ...]

    def milestones(self) -> list[tuple[Phase, tuple[Advice, ...]]]:
        """The plan: each phase that has something to do, earliest first, with its measures in order of priority."""
        phases = sorted({one.phase for one in self.advice}, key=lambda phase: phase.months)
        return [(phase, tuple(one for one in self.advice if one.phase == phase)) for phase in phases]


@cache
def load(file: Path = FILE) -> Rules:
    """The rules of a file of the form of advice.toml."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    rules = tuple(Rule(**{**one, "after": tuple(one.get("after", ()))}) for one in table["rule"])
    phases = tuple(Phase(**one) for one in table["phases"])
    return Rules(table["below"], table["strong"], table["support"], phases, rules)


def diagnose(scores: Scores, row: int, rules: Rules) -> Diagnosis:
    """The diagnosis of the city in a row of the scores."""
    values = dict(zip(scores.indicators.ids, scores.indicators.value[row], strict=True))
    known = [(one, float(values[one.id])) for one in scores.index.indicators if not np.isnan(values[one.id])]
    gaps = sorted((one for one in known if one[1] < rules.below), key=lambda one: one[1])
    due = {one.id for one, _ in gaps}
    weights = dict(zip(scores.indicators.ids, scores.weights, strict=True))
    advice = [_advice(scores.index, one, value, float(weights[one.id]), rules, due) for one, value in gaps]
    return Diagnosis(
        strengths=tuple(sorted((one for one in known if one[1] >= rules.strong), key=lambda one: -one[1])),
        gaps=tuple(gaps),
        unknown=tuple(one for one in scores.index.indicators if np.isnan(values[one.id])),
        advice=tuple(sorted(advice, key=lambda one: (-one.priority, one.indicator.id))),
    )


def _advice(index: Index, indicator: Indicator, score: float, weight: float, rules: Rules, due: set[str]) -> Advice:
    rule = rules.by_indicator[indicator.id]
    gain = weight * (1 - score)
    dimension = next(one for one in index.dimensions if indicator.id.startswith(one.id))
    return Advice(
        rule=rule,
        indicator=indicator,
        loop=rules.support if rule.support else dimension.loop,
        score=score,
        gain=gain,
        priority=gain * rule.effect / rule.cost,
        phase=_phase(rule, rules, due),
    )


def _phase(rule: Rule, rules: Rules, due: set[str]) -> Phase:
    """The phase of its cost, or a later one in which something it builds on is due."""
    own = next(phase for phase in rules.phases if phase.cost == rule.cost)
    before = [_phase(rules.by_indicator[one], rules, due) for one in rule.after if one in due]
    return max([own, *before], key=lambda phase: phase.months)
