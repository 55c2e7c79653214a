# SPDX-License-Identifier: Apache-2.0
"""Departments by catalogue and history; the risk of a return as a number that holds."""

import numpy as np
import pytest

from rexian_ml.evaluate.route import dispatches
from rexian_ml.evaluate.tables import calibration_error
from rexian_ml.rates import Rates, widening
from rexian_ml.route import CatalogueLine, Handled, Router

LINES = [
    CatalogueLine(1, "A", "", "城管"),
    CatalogueLine(2, "A1", "", "水务", ("住建",)),
    CatalogueLine(3, "A1", "990200", "东区水务"),
]
PATHS = {"A1": ("A", "A1"), "A2": ("A", "A2"), "B1": ("B", "B1")}


def test_the_narrowest_line_wins() -> None:
    router = Router(LINES, PATHS).fit([])
    assert [(one.department, one.line) for one in router.predict("A1", "990101")] == [("水务", 2)]
    assert router.predict("A1", "990201")[0].department == "东区水务"
    assert router.predict("A1", "990201005")[0].line == 3
    assert router.predict("A2", "")[0].department == "城管"
    assert router.predict("A1", "")[0].assisting == ("住建",)
    assert router.predict("B1", "") == []


def test_history_answers_where_the_catalogue_does_not() -> None:
    kept = [Handled("B1", "990101", "交通")] * 8 + [Handled("B1", "990101", "公安")] * 2
    routes = Router(LINES, PATHS).fit(kept).predict("B1", "990101")
    assert [one.department for one in routes] == ["交通", "公安"]
    assert (routes[0].seen, routes[0].kept, routes[0].line) == (8, 8, 0)
    assert sum(one.confidence for one in routes) < 1


def test_returns_lower_the_catalogue_and_name_who_is_next() -> None:
    past = [Handled("A1", "", "水务", True)] * 30 + [Handled("A1", "", "住建")] * 30
    first, second = Router(LINES, PATHS).fit(past).predict("A1", "")
    assert (first.department, second.department) == ("住建", "水务")
    assert second.risk.value > 0.7
    assert (second.risk.seen, second.risk.returned) == (30, 30)
    assert second.risk.like == ("水务", "A", "A1")
    assert second.risk.then == "住建"
    assert first.risk.value < 0.1


def test_several_categories_add_up_for_one_department() -> None:
    lines = [CatalogueLine(1, "A1", "", "水务"), CatalogueLine(2, "A2", "", "住建"), CatalogueLine(3, "B1", "", "住建")]
    routes = Router(lines).fit([]).predict_for({"A1": 0.4, "A2": 0.3, "B1": 0.3}, "")
    assert [one.department for one in routes] == ["住建", "水务"]
    assert routes[0].confidence == pytest.approx(0.54)
    assert routes[0].category == "A2"


def test_later_dispatches_are_taken_in() -> None:
    early, late = [Handled("A1", "", "水务")] * 20, [Handled("A1", "990101", "水务", True)] * 9
    step = Router(LINES, PATHS).fit(early).update(late)
    whole = Router(LINES, PATHS).fit([*late, *early])
    assert step.predict("A1", "990101") == whole.predict("A1", "990101")
    assert step.predict("A1", "990101") != Router(LINES, PATHS).fit(early).predict("A1", "990101")


def test_another_catalogue_keeps_what_was_learned() -> None:
    learned = Router().fit([Handled("A1", "", "水务", True)] * 10)
    router = learned.with_catalogue(LINES, PATHS)
    assert router.predict("A1", "")[0].line == 2
    assert router.predict("A1", "")[0].risk.returned == 10


@pytest.mark.slow
def test_the_risk_of_return_is_calibrated() -> None:
    """On dispatches it has not seen: calibration error over bins of equal mass, and most of what can be known is known."""
    past, _ = dispatches(20_000, 1)
    new, truth = dispatches(20_000, 2)
    router = Router().fit(past)
    told = np.array([router.risk(one.department, one.category, one.area).value for one in new])
    assert calibration_error(told, np.array([one.returned for one in new])) < 0.015
    flat = np.mean([one.returned for one in past])
    assert np.mean((told - truth) ** 2) < 0.5 * np.mean((flat - truth) ** 2)


def test_small_groups_are_drawn_to_their_like() -> None:
    rates = Rates(0.1, 10)
    rows = [(widening("D", f"c{n % 50}"), n % 10 == 0, 1) for n in range(2000)]
    rates.learn([*rows, (widening("D", "rare"), True, 1)])
    assert rates.of(widening("D", "rare")).value < 0.9
    assert rates.of(widening("D", "never")).group == ("D",)
    assert rates.of(widening("E", "never")).value == pytest.approx(0.1, abs=0.02)
    assert rates.of(widening("D", "rare")).seen == 1


def test_the_same_rows_are_not_counted_twice() -> None:
    """A city of one department and one category: however long the chain, the evidence is that of its rows."""
    rates = Rates(0.1, 10)
    rates.learn([(widening("D", "branch", "leaf", "9901"), False, 12)])
    assert rates.of(widening("D", "branch", "leaf", "9901")).value == pytest.approx(1 / 22)


def test_rates_before_any_row() -> None:
    assert Rates(0.1, 10).of(widening("D")).value == 0.1
