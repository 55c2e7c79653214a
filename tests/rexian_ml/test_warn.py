# SPDX-License-Identifier: Apache-2.0
"""On cities of known law: the rate of false alarms is held, surges are found, a quiet series stays quiet."""

import time
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from rexian_ml.base import NotFittedError
from rexian_ml.calendars import Kind, columns, ordinary, profile
from rexian_ml.panels import Panel, panel, words_of
from rexian_ml.warn import TrendWarner

START = date(2024, 1, 1)
WEEK = np.array([1.2, 1.1, 1.1, 1.0, 1.0, 0.5, 0.4])


def _city(series: int, days: int, seed: int = 0, dispersion: float = 0.1) -> Panel:
    """Series of 0.05 to 20 a day with a week, drifting levels and more spread than Poisson."""
    random = np.random.default_rng(seed)
    level = np.exp(random.uniform(np.log(0.05), np.log(20), series)) * np.exp(
        np.cumsum(random.normal(0, 0.01, (days, series)), 0)
    )
    mean = level * WEEK[np.arange(days) % 7][:, None] * random.gamma(1 / dispersion, dispersion, (days, series))
    return _panel(random.poisson(mean))


def _panel(counts: NDArray[np.int64]) -> Panel:
    names = tuple(f"s{place:06d}" for place in range(counts.shape[1]))
    return Panel(tuple(START + timedelta(day) for day in range(len(counts))), names, counts.astype(np.int32))


def _part(city: Panel, start: int, end: int) -> Panel:
    return Panel(city.days[start:end], city.names, city.counts[start:end])


@pytest.mark.slow
@pytest.mark.parametrize("dispersion", [0.02, 0.15])
def test_false_alarms_are_held_over_all_series_together(dispersion: float) -> None:
    """At one a day over 300 series, 30 days: around that, and never far above."""
    city = _city(300, 100, seed=1, dispersion=dispersion)
    alarms = [len(TrendWarner(rate=1).fit(_part(city, day - 60, day)).look(city.counts[day])) for day in range(70, 100)]
    assert 0.3 <= np.mean(alarms) <= 1.4


@pytest.mark.slow
def test_the_threshold_follows_from_the_number_of_series() -> None:
    """The same surge in the same series: told among few, held back among very many."""
    city = _city(4000, 60, seed=2)
    few = Panel(city.days, city.names[:40], city.counts[:, :40])

    def needed(one: Panel) -> int:
        model, today = TrendWarner(rate=0.02).fit(_part(one, 0, 59)), one.counts[-1].copy()
        while one.names[7] not in [alarm.series for alarm in model.look(today)]:
            today[7] += 1
        return int(today[7])

    assert needed(few) < needed(city)


def test_a_surge_is_found_and_a_slow_one_by_a_longer_window() -> None:
    city = _city(50, 80, seed=3)
    quiet = int(np.argmin(abs(city.counts.mean(0) - 2)))
    sudden = city.counts[-1].copy()
    sudden[quiet] = 30
    first = TrendWarner().fit(_part(city, 0, 79)).look(sudden)[0]
    assert (first.series, first.count, first.window) == (city.names[quiet], 30, 1)
    assert first.expected < 6
    assert first.day == city.days[-1]
    slow = city.counts.copy()
    slow[-7:, quiet] += 6
    found = TrendWarner().fit(Panel(city.days[:-1], city.names, slow[:-1])).look(slow[-1])
    assert [(one.series, one.window > 1) for one in found] == [(city.names[quiet], True)]


def test_a_surge_that_has_ended_is_no_alarm() -> None:
    city = _city(50, 80, seed=4)
    counts = city.counts.copy()
    counts[-4:-1, 3] += 60
    counts[-1, 3] = 0
    assert not TrendWarner().fit(Panel(city.days[:-1], city.names, counts[:-1])).look(counts[-1])


def test_few_messages_are_never_an_alarm() -> None:
    city = _panel(np.zeros((60, 5), np.int64))
    today = np.array([2, 0, 0, 0, 0], np.int32)
    assert not TrendWarner().fit(city).look(today)
    assert TrendWarner(fewest=2).fit(city).look(today)


def test_a_holiday_is_not_a_fall_nor_a_made_up_workday_a_rise() -> None:
    """A Saturday worked to make up for a holiday is busy like a workday, and nobody is warned."""
    random = np.random.default_rng(5)
    counts = random.poisson(np.r_[[200] * 5, [20] * 2][np.arange(70) % 7][:, None], (70, 3))
    city = _panel(counts)
    saturday = next(day for day in (START + timedelta(70 + step) for step in range(7)) if day.weekday() == 5)
    city = _panel(np.vstack([counts, random.poisson(np.r_[[200] * 5, [20] * 2][np.arange(5) % 7][:, None], (5, 3))]))
    assert city.days[-1] + timedelta(1) == saturday
    worked = np.array([200, 190, 210], np.int32)
    assert len(TrendWarner().fit(city).look(worked)) == 3
    assert (
        not TrendWarner(calendar=lambda day: Kind.MADE_UP if day == saturday else Kind.ORDINARY).fit(city).look(worked)
    )


def test_kept_and_read_again_it_says_the_same() -> None:
    city = _city(30, 60, seed=6)
    model = TrendWarner(rate=1).fit(_part(city, 0, 59))
    today = city.counts[-1] + np.int32(9)
    again = TrendWarner.from_bytes(model.to_bytes())
    assert again.parameters() == model.parameters()
    assert again.look(today) == model.look(today)
    with pytest.raises(ValueError, match="not a model"):
        TrendWarner.from_bytes(b"x")


def test_asked_too_early_or_wrongly_it_says_so() -> None:
    with pytest.raises(NotFittedError):
        TrendWarner().look(np.zeros(0, np.int32))
    with pytest.raises(NotFittedError):
        TrendWarner().to_bytes()
    with pytest.raises(ValueError, match="days"):
        TrendWarner().fit(_city(3, 20))
    with pytest.raises(ValueError, match="series"):
        TrendWarner().fit(_panel(np.zeros((60, 0), np.int64)))
    with pytest.raises(ValueError, match="one count"):
        TrendWarner().fit(_city(3, 60)).look(np.zeros(2, np.int32))


@pytest.mark.slow
def test_fifty_thousand_series_are_looked_at_in_under_a_minute() -> None:
    city = _city(50_000, 61, seed=7)
    start = time.process_time()
    alarms = TrendWarner().fit(_part(city, 0, 60)).look(city.counts[60])
    assert time.process_time() - start < 60
    assert len(alarms) < 10


def test_a_panel_counts_each_message_once_a_series_and_fills_the_gaps() -> None:
    day = START
    rows = [(day, ["a", "a", "b"]), (day + timedelta(2), ["a"]), (day + timedelta(2), ["c"])]
    found = panel(rows, fewest=1, until=day + timedelta(3))
    assert found.names == ("a", "b", "c")
    assert found.counts.tolist() == [[1, 1, 0], [0, 0, 0], [1, 0, 1], [0, 0, 0]]
    assert panel(reversed(rows), fewest=2).names == ("a",)
    assert panel([]).counts.shape == (0, 0)
    with pytest.raises(ValueError, match="gap"):
        Panel((day, day + timedelta(2)), ("a",), np.zeros((2, 1), np.int32))


def test_words_count_without_numbers_and_single_characters() -> None:
    assert words_of("小区停水2天，停水") == {"word:小区", "word:停水"}


def test_a_profile_shrinks_what_was_hardly_seen() -> None:
    days = [START + timedelta(step) for step in range(70)]
    kinds = columns(days, ordinary)
    factors = profile(np.where(kinds < 5, 100.0, 10.0), kinds)
    assert factors[0] == pytest.approx(factors[8], rel=0.02)
    assert factors[6] < factors[7] < 0.3 < factors[8]
    assert factors[kinds].mean() == pytest.approx(1, abs=0.02)
