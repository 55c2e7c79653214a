# SPDX-License-Identifier: Apache-2.0
"""On counts of known law: the mean is learned, the intervals hold what they say, holidays are the calendar's."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from rexian_ml.base import NotFittedError
from rexian_ml.calendars import Kind
from rexian_ml.evaluate.forecast import chinese
from rexian_ml.forecast import Forecaster

MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001 - local time
HOUR = np.exp(np.sin((np.arange(24) - 6) / 24 * 2 * np.pi))
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 1.0, 0.4, 0.3])


def _mean(hours: int, level: float = 20) -> NDArray[np.float64]:
    steps = np.arange(hours)
    return level * HOUR[steps % 24] * WEEK[steps // 24 % 7]


def test_the_mean_is_learned_by_the_hour() -> None:
    mean = _mean(63 * 24)
    counts = np.random.default_rng(0).poisson(mean)
    told = Forecaster().fit(MONDAY, counts[: 56 * 24]).predict(168)
    assert told.start == MONDAY + timedelta(days=56)
    assert np.abs(told.mean - mean[-168:]).mean() / mean[-168:].mean() < 0.06


@pytest.mark.slow
@pytest.mark.parametrize("dispersion", [0.0, 0.1])
def test_the_intervals_hold_their_share(dispersion: float) -> None:
    random = np.random.default_rng(1)
    inside: dict[float, list[float]] = {0.8: [], 0.95: []}
    mean = _mean(49 * 24)
    for _ in range(12):
        spread = random.gamma(1 / dispersion, dispersion, len(mean)) if dispersion else 1.0
        counts = random.poisson(mean * spread)
        told = Forecaster().fit(MONDAY, counts[: 42 * 24]).predict(168)
        for share, found in inside.items():
            low, high = told.band(share)
            found.append(float(((counts[-168:] >= low) & (counts[-168:] <= high)).mean()))
    assert np.mean(inside[0.8]) == pytest.approx(0.83, abs=0.06)
    assert np.mean(inside[0.95]) == pytest.approx(0.96, abs=0.03)


def test_a_new_level_is_followed_and_an_old_one_forgotten() -> None:
    random = np.random.default_rng(2)
    mean = np.r_[_mean(42 * 24, 10), _mean(42 * 24, 25)]
    model = Forecaster().fit(MONDAY, random.poisson(mean))
    told = model.predict(168)
    assert told.mean.sum() == pytest.approx(_mean(168, 25).sum(), rel=0.07)


def test_intervals_widen_with_the_days_ahead_where_the_level_drifts() -> None:
    random = np.random.default_rng(3)
    drift = np.exp(np.cumsum(random.normal(0, 0.12, 180)))
    counts = random.poisson(400 * WEEK[np.arange(180) % 7] * drift / drift.mean())
    model = Forecaster(hours=24).fit(MONDAY, counts)
    low, high = model.predict(14).band(0.8)
    width = (high - low) / model.predict(14).mean
    assert width[13] > 1.2 * width[0]


def test_holidays_and_made_up_workdays_are_the_calendars() -> None:
    """A holiday on a Wednesday is quiet and a Saturday that is worked is busy, once the calendar says so."""
    holidays = {MONDAY.date() + timedelta(days=7 * week + 2) for week in (2, 5, 8, 12)}
    worked = {MONDAY.date() + timedelta(days=7 * week + 5) for week in (2, 5, 8, 12)}

    def calendar(day: date) -> Kind:
        return Kind.HOLIDAY if day in holidays else Kind.MADE_UP if day in worked else Kind.ORDINARY

    days = [MONDAY.date() + timedelta(days=step) for step in range(84)]
    rest = [calendar(day) is Kind.HOLIDAY or (day.weekday() > 4 and calendar(day) is not Kind.MADE_UP) for day in days]
    counts = np.random.default_rng(4).poisson(np.where(rest, 100, 500))
    told = Forecaster(hours=24, calendar=calendar).fit(MONDAY, counts).predict(7)
    assert told.mean[2] == pytest.approx(100, rel=0.2)
    assert told.mean[5] == pytest.approx(500, rel=0.1)
    assert told.mean[6] == pytest.approx(100, rel=0.1)


def test_one_outbreak_does_not_come_again_next_week() -> None:
    counts = np.random.default_rng(5).poisson(100, 35)
    counts[33] = 900
    told = Forecaster(hours=24).fit(MONDAY, counts).predict(7)
    assert told.mean.max() < 150


def test_a_year_is_a_wave_once_it_was_seen() -> None:
    days = np.arange(900)
    mean = 300 * (1 + 0.5 * np.sin(2 * np.pi * days / 365.25))
    counts = np.random.default_rng(6).poisson(mean)
    told = Forecaster(hours=24).fit(MONDAY, counts[:870]).predict(30)
    assert np.abs(told.mean - mean[870:]).mean() / mean[870:].mean() < 0.06


def test_kept_and_read_again_it_says_the_same() -> None:
    model = Forecaster(hours=24).fit(MONDAY, np.random.default_rng(7).poisson(50, 40))
    again = Forecaster.from_bytes(model.to_bytes())
    assert again.parameters() == model.parameters()
    assert np.array_equal(again.predict(9).quantiles, model.predict(9).quantiles)


def test_asked_too_early_or_wrongly_it_says_so() -> None:
    with pytest.raises(NotFittedError):
        Forecaster().predict(3)
    with pytest.raises(NotFittedError):
        Forecaster().to_bytes()
    with pytest.raises(ValueError, match="three weeks"):
        Forecaster(hours=24).fit(MONDAY, [1] * 20)
    told = Forecaster(hours=24).fit(MONDAY, [5, 6, 7] * 10).predict(3, levels=(0.1, 0.9))
    assert told.quantiles.shape == (3, 2)
    with pytest.raises(ValueError, match="95%"):
        told.band(0.95)


def test_no_requests_at_all_are_a_forecast_too() -> None:
    told = Forecaster(hours=24).fit(MONDAY, [0] * 30).predict(7)
    assert np.isfinite(told.quantiles).all()
    assert told.quantiles.max() <= 1


def test_the_chinese_calendar_of_the_evaluation() -> None:
    assert chinese(date(2019, 10, 1)) is Kind.HOLIDAY
    assert chinese(date(2019, 9, 29)) is Kind.MADE_UP  # a Sunday worked before the National Day
    assert chinese(date(2019, 9, 28)) is Kind.ORDINARY
