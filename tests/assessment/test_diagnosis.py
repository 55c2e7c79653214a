# SPDX-License-Identifier: Apache-2.0
"""Advice follows from the scores and the rules."""

import pytest

from rexian.assessment import baseline, diagnosis, index, questionnaire, scores, synthetic

INDEX = index.load()
FORM = questionnaire.load()
RULES = diagnosis.load()
SCORES = scores.score(synthetic.make(baseline.load(), FORM), INDEX, FORM)


def test_every_indicator_has_one_rule() -> None:
    assert [one.indicator for one in RULES.rules] == [one.id for one in INDEX.indicators]
    known = set(RULES.by_indicator)
    assert all(set(one.after) <= known and 1 <= one.effect <= 3 and 1 <= one.cost <= 3 for one in RULES.rules)


def test_the_models_are_the_cities_that_the_study_names() -> None:
    named = {one.indicator: one.model for one in RULES.rules if one.model}
    assert named["N1.3"] == "南宁"
    assert named["D1.1"] == "晋城"
    assert named["D5.1"] == "东莞"
    assert named["D5.2"] == "珠海"
    assert "日照" in named["I1.1"]
    assert "安阳" in named["I2.2"]


def test_gaps_and_strengths_are_apart() -> None:
    for row in range(len(SCORES.overall)):
        found = diagnosis.diagnose(SCORES, row, RULES)
        assert all(value >= RULES.strong for _, value in found.strengths)
        assert all(value < RULES.below for _, value in found.gaps)
        assert {one.indicator.id for one in found.advice} == {one.id for one, _ in found.gaps}
        priorities = [one.priority for one in found.advice]
        assert priorities == sorted(priorities, reverse=True)


def empty_handed() -> scores.Scores:
    """A city that says no to everything and gives every grade 1."""
    no = {one.id: "no" for one in FORM.questions if one.kind == "yesno"}
    worst = {one.id: 1.0 for one in FORM.questions if one.kind == "five" and one.only_if is None}
    return scores.score([{**no, **worst}], INDEX, FORM)


def test_nothing_comes_before_what_it_builds_on() -> None:
    found = diagnosis.diagnose(empty_handed(), 0, RULES)
    months = {one.indicator.id: one.phase.months for one in found.advice}
    for one in found.advice:
        assert all(months[before] <= months[one.indicator.id] for before in one.rule.after if before in months)
    assert (RULES.by_indicator["I3.1"].cost, months["I1.1"], months["I3.1"]) == (1, 12, 12)
    assert sum(len(advice) for _, advice in found.milestones()) == len(found.advice)
    assert [phase.months for phase, _ in found.milestones()] == [3, 6, 12]


def test_the_order_is_by_gain_effect_and_cost() -> None:
    weights = dict(zip((one.id for one in INDEX.indicators), INDEX.weights, strict=True))
    for one in diagnosis.diagnose(empty_handed(), 0, RULES).advice:
        assert one.gain == pytest.approx(weights[one.indicator.id] * (1 - one.score))
        assert one.priority == pytest.approx(one.gain * one.rule.effect / one.rule.cost)


def test_what_is_not_answered_is_unknown_and_gets_no_advice() -> None:
    found = diagnosis.diagnose(scores.score([{"metadata": "no"}], INDEX, FORM), 0, RULES)
    assert [one.indicator.id for one in found.advice] == ["D2.4"]
    assert len(found.unknown) == 28


def test_loops_and_support_are_named() -> None:
    loops = {one.indicator.id: one.loop for one in diagnosis.diagnose(empty_handed(), 0, RULES).advice}
    assert loops["N1.2"] == "融合性政务服务闭环"
    assert loops["D2.4"] == "智慧化数据治理闭环"
    assert loops["I1.1"] == "智能化管理运行闭环"
    assert loops["I1.2"] == RULES.support
