# SPDX-License-Identifier: Apache-2.0
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rexian_ml.shifts import Shift, cover, shift

DAY = [shift(f"from {start}", 8, start, 4, breaks=[2]) for start in range(0, 8, 2)]


def test_a_shift_goes_round_midnight_and_rests() -> None:
    night = shift("night", 24, 22, 8, breaks=[3])
    assert [place for place, on in enumerate(night.on) if on] == [0, 2, 3, 4, 5, 22, 23]
    assert night.cost == 8
    with pytest.raises(ValueError, match="breaks"):
        shift("x", 24, 0, 4, breaks=[4])


@given(st.lists(st.integers(0, 3), min_size=8, max_size=8))
@settings(max_examples=25, deadline=None)
def test_the_roster_is_the_cheapest_of_all(needs: list[int]) -> None:
    """Against every roster there is, counted out: fewest missing first, then cheapest."""

    def judge(counts: tuple[int, ...]) -> tuple[int, float]:
        duty = [sum(n * one.on[t] for n, one in zip(counts, DAY, strict=True)) for t in range(8)]
        return sum(max(0, need - on) for need, on in zip(needs, duty, strict=True)), sum(counts) * 4.0

    found = cover(needs, DAY)
    best = min(judge(counts) for counts in product(range(4), repeat=4))
    assert (sum(found.missing), found.cost) == best


def test_too_few_staff_leave_the_least_uncovered() -> None:
    halves = [Shift("morning", (True, True, False, False), 1), Shift("evening", (False, False, True, True), 5)]
    found = cover([2, 2, 1, 1], halves, staff=2)
    assert sum(found.agents.values()) == 2
    assert sum(found.missing) == 2
    assert found.agents == {"morning": 2}
    one = cover([2, 2, 1, 1], [Shift("morning", halves[0].on, 1, most=1), halves[1]])
    assert one.missing == (1, 1, 0, 0)
    assert one.on_duty == (1, 1, 1, 1)


def test_a_week_of_half_hours_is_covered_in_time() -> None:
    starts = [
        shift(f"d{day} {start}", 336, day * 48 + start, 17, breaks=[4, 8, 9, 13])
        for day in range(7)
        for start in range(0, 48, 2)
    ]
    needs = [3 if half % 48 < 16 else 30 if half // 48 % 7 < 5 else 15 for half in range(336)]
    found = cover(needs, starts)
    assert not sum(found.missing)
    assert all(on >= need for on, need in zip(found.on_duty, needs, strict=True))


def test_shifts_and_needs_must_fit() -> None:
    with pytest.raises(ValueError, match="as many intervals"):
        cover([1, 2], DAY)
