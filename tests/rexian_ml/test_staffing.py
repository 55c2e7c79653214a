# SPDX-License-Identifier: Apache-2.0
"""The formulas against published figures, against identities, and against the line simulated call by call."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from rexian_ml.evaluate import staffing as evaluation
from rexian_ml.staffing import Demand, blocking, delay, fewest, needs, service


@pytest.mark.parametrize(
    ("erlangs", "agents", "chance"),
    # Erlang B tables, e.g. ITU-D "Teletraffic Engineering Handbook": the load that gives 1 % loss on n lines.
    [
        (0.0101, 1, 0.01),
        (1.3608, 5, 0.01),
        (4.4612, 10, 0.01),
        (12.031, 20, 0.01),
        (37.901, 50, 0.01),
        (84.064, 100, 0.01),
    ],
)
def test_erlang_b_is_the_published_table(erlangs: float, agents: int, chance: float) -> None:
    assert blocking(erlangs, agents) == pytest.approx(chance, rel=1e-3)


def test_erlang_c_is_the_textbook_example() -> None:
    """100 calls in half an hour of 180 s: with 14 agents 17.4 % wait, 88.8 % are answered in 20 s, the mean wait is 7.8 s."""
    found = service(Demand(100, 180, 1800), 14, within=20)
    assert found.delayed == pytest.approx(0.174, abs=5e-4)
    assert found.answered == pytest.approx(0.888, abs=5e-4)
    assert found.wait == pytest.approx(7.8, abs=0.05)
    assert found.occupancy == pytest.approx(10 / 14)


@given(st.floats(0.5, 300), st.integers(0, 30))
@settings(max_examples=40, deadline=None)
def test_with_patience_like_the_handling_time_the_line_is_poisson(erlangs: float, more: int) -> None:
    """Then every caller leaves at the same rate, waiting or not (M/M/∞): P(wait) = P(Poisson(a) ≥ n)."""
    agents = math.ceil(erlangs * 0.8) + more
    found = service(Demand(erlangs * 20, 180, 3600, 180), agents)
    assert found.delayed == pytest.approx(float(poisson.sf(agents - 1, erlangs)), rel=1e-6, abs=1e-12)


@given(st.floats(1, 60), st.integers(1, 10))
@settings(max_examples=30, deadline=None)
def test_endless_patience_is_erlang_c(erlangs: float, more: int) -> None:
    agents = math.ceil(erlangs) + more
    endless = service(Demand(erlangs * 20, 180, 3600, 1e8), agents)
    plain = service(Demand(erlangs * 20, 180, 3600), agents)
    assert endless.answered == pytest.approx(plain.answered, abs=1e-4)
    assert endless.delayed == pytest.approx(plain.delayed, abs=1e-4)
    assert plain.delayed == pytest.approx(delay(erlangs, agents))


@pytest.mark.parametrize(("agents", "patience"), [(3, 40.0), (12, 90.0), (20, 300.0)])
def test_erlang_a_is_its_birth_and_death_process(agents: int, patience: float) -> None:
    """The stationary distribution, state by state, by the balance of each pair of neighbours."""
    demand = Demand(200, 200, 3600, patience)
    states = np.arange(1, 2000)
    leave = np.minimum(states, agents) / demand.handle + np.maximum(states - agents, 0) / patience
    weights = np.exp(np.r_[0, np.cumsum(np.log(demand.calls / demand.interval / leave))])
    chances = weights / weights.sum()
    waiting = chances @ np.maximum(np.arange(2000) - agents, 0)
    found = service(demand, agents)
    assert found.delayed == pytest.approx(chances[agents:].sum())
    assert found.abandoned == pytest.approx(waiting / patience / (demand.calls / demand.interval))
    assert service(demand, agents, within=1e6).answered == pytest.approx(1 - found.abandoned)


@pytest.mark.slow
def test_the_formulas_are_the_simulated_line() -> None:
    section = evaluation.measure()
    assert all(figure.value < 0.02 for figure in section.figures if figure.unit == "share")


@given(st.floats(1, 4000), st.sampled_from([None, 30.0, 120.0]), st.sampled_from([0.5, 0.8, 0.95]))
@settings(max_examples=40, deadline=None)
def test_the_fewest_agents_are_enough_and_one_less_is_not(calls: float, patience: float | None, aim: float) -> None:
    demand = Demand(calls, 240, 3600, patience)
    agents = fewest(demand, answered=aim, busiest=1.0)
    assert service(demand, agents).answered >= aim
    assert service(demand, agents - 1).answered < aim


def test_thousands_of_erlangs_are_counted_in_time_and_finite() -> None:
    for patience in (None, 120.0, 3600.0):
        demand = Demand(60_000, 300, 3600, patience)  # 5,000 erlangs
        agents = fewest(demand, answered=0.95, busiest=1.0)
        assert 4500 < agents < 5200
        assert all(math.isfinite(service(demand, n).occupancy) for n in (1, 4000, agents, 9000))


def test_no_calls_need_nobody_and_each_aim_binds() -> None:
    assert fewest(Demand(0, 300)) == 0
    calm = Demand(100, 300, 3600, 60)
    assert fewest(calm, answered=0, lost=0.02, busiest=1) > fewest(calm, answered=0, lost=0.2, busiest=1)
    assert service(calm, fewest(calm, answered=0, busiest=0.7)).occupancy <= 0.7
    assert needs(np.array([0.0, 100.0]), 300, 3600) == [0, fewest(Demand(100, 300))]


def test_what_cannot_be_is_refused() -> None:
    for wrong in ((-1, 300, 3600, None), (1, 0, 3600, None), (1, 300, 3600, -5)):
        with pytest.raises(ValueError, match="above 0"):
            Demand(*wrong)
    with pytest.raises(ValueError, match="answered"):
        fewest(Demand(10, 300), answered=1)
    assert service(Demand(100, 300, 3600, 60), 0).abandoned == 1
