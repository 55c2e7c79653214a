# SPDX-License-Identifier: Apache-2.0
"""Scores: within 0..1, monotone, open about what is missing, blind to the order of the rows."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rexian.assessment import index, questionnaire, scores, scoring
from rexian.assessment.index import Part
from rexian.assessment.questionnaire import Question, Sheet, Value
from tests.assessment.strategies import SCORED, sheets

INDEX = index.load()
FORM = questionnaire.load()
USUAL = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ROLES = {name: part for one in INDEX.indicators for part in one.parts for name in part.questions}


def score(*rows: Sheet) -> scores.Scores:
    return scores.score(rows, INDEX, FORM)


def levels(found: scores.Scores) -> Iterator[scores.Level]:
    return (found.level(depth) for depth in range(4))


def better(question: Question, value: Value) -> Value:
    """A strictly better answer where there is one, else the same."""
    if isinstance(value, frozenset):
        more = [option.code for option in question.options if option.code not in value and not option.alone]
        return (value - {"none"}) | frozenset(more[:1])
    if question.kind == "five" and isinstance(value, float):
        return min(5.0, value + 1)
    if isinstance(value, float):
        return value + 1
    return "yes"


@pytest.mark.slow
@USUAL
@given(st.lists(sheets(), min_size=1, max_size=5))
def test_all_levels_lie_within_their_bounds(rows: list[Sheet]) -> None:
    for level in levels(score(*rows)):
        assert np.all((level.low >= -1e-9) & (level.low <= level.high + 1e-9) & (level.high <= 1 + 1e-9))
        scored = ~np.isnan(level.value)
        assert np.all(level.value[scored] >= level.low[scored] - 1e-9)
        assert np.all(level.value[scored] <= level.high[scored] + 1e-9)
        assert np.all((level.high - level.low)[~scored] > 0.5 - 1e-9)


@pytest.mark.slow
@USUAL
@given(sheets(), st.sampled_from(sorted(ROLES)), st.data())
def test_a_better_answer_never_lowers_anything(sheet: Sheet, name: str, data: st.DataObject) -> None:
    value: Value = data.draw(SCORED[name])  # type: ignore[assignment]
    before, after = score({**sheet, name: value}), score({**sheet, name: better(FORM.by_id[name], value)})
    for one, other in zip(levels(before), levels(after), strict=True):
        assert np.all(other.low >= one.low - 1e-9)
        both = ~np.isnan(one.value) & ~np.isnan(other.value)
        assert np.all(other.value[both] >= one.value[both] - 1e-9)


@pytest.mark.slow
@USUAL
@given(st.lists(sheets(), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(rows: list[Sheet], random: object) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    straight, mixed = score(*rows), score(*[rows[place] for place in order])
    for one, other in zip(levels(straight), levels(mixed), strict=True):
        np.testing.assert_array_equal(one.value[order], other.value)


def test_missing_is_not_zero() -> None:
    found = score({"share_out": "yes"}, {"share_out": "yes", "share_in": "no"}, {})
    level = found.indicators
    place = level.ids.index("D3.1")
    assert level.value[:2, place].tolist() == [1.0, 0.5]
    assert np.isnan(level.value[2, place])
    assert [(level.low[row, place], level.high[row, place]) for row in range(3)] == [(0.5, 1), (0.5, 0.5), (0, 1)]
    assert np.isnan(found.overall).all()


def test_a_part_skipped_because_the_thing_is_absent_is_known_to_be_zero() -> None:
    level = score({"open_data": "no"}, {"open_data": "yes"}).indicators
    place = level.ids.index("D3.4")
    assert (level.value[0, place], level.high[0, place]) == (0.0, 0.0)
    assert (level.low[1, place], level.high[1, place]) == (0.5, 1.0)


def test_a_perfect_city_has_one_and_an_empty_handed_city_zero() -> None:
    numbers = {one.id: one.most or 1e6 for one in FORM.questions if one.kind == "number"}
    best: dict[str, Value] = {**numbers, "volume_total": 4e6, "population": 100.0}
    worst: dict[str, Value] = {**dict.fromkeys(numbers, 0.0), "volume_total": 100.0, "population": 100.0}
    for one in FORM.questions:
        if one.kind == "yesno":
            best[one.id], worst[one.id] = "yes", "no"
        if one.kind == "five":
            best[one.id], worst[one.id] = 5.0, 1.0
        if one.kind == "several":
            best[one.id] = frozenset(option.code for option in one.options if not option.alone)
            worst[one.id] = frozenset({"none"})
    assert score(best, worst).overall.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("part", "sheet", "points"),
    [
        (Part("ratio", ("a", "b"), ("t",), full=0.5), {"a": 10.0, "b": 10.0, "t": 100.0}, 0.4),
        (Part("ratio", ("a", "b"), ("t",), full=0.5), {"a": 10.0, "t": 100.0}, None),
        (Part("ratio", ("a",), ("t",)), {"a": 0.0, "t": 0.0}, None),
        (Part("carrying", ("a", "b"), ("t",), floor=0.1), {"a": 10.0, "b": 9.0, "t": 100.0}, 0.5),
        (Part("chosen", ("a",), full=2, options=("x", "y")), {"a": frozenset({"x", "z"})}, 0.5),
        (Part("any", ("a",)), {"a": frozenset({"none"})}, 0.0),
        (Part("amount", ("a",), full=12), {"a": 24.0}, 1.0),
        (Part("grade", ("a",)), {"a": 2.0}, 0.25),
    ],
)
def test_functions(part: Part, sheet: Sheet, points: float | None) -> None:
    assert scoring.FUNCTIONS[part.function](part, sheet) == points


def test_points_without_evidence_are_named() -> None:
    sheet: Sheet = {"metadata": "yes", "master_data": "yes", "team": "no", "evidence_D2.4": "数据字典第三版"}
    assert [one.id for one in scores.unproven(score(sheet), 0, sheet)] == ["D2.3"]
