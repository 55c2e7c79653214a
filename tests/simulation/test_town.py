# SPDX-License-Identifier: Apache-2.0
"""When and about what the people of the synthetic city turn to the hotline."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from rexian.directory.calendar import WorkingCalendar
from rexian.orders.deadlines import ZONE
from rexian.simulation import grammar, town
from rexian.simulation.people import People
from rexian.simulation.town import Call, Day, Map

END = datetime(2026, 11, 20, 15, 30, tzinfo=ZONE)
PLACE = Map(tuple(sorted(grammar.troubles())), tuple(f"99010{n}001" for n in range(1, 9)))


def _plan(orders: int = 40_000, days: int = 365) -> list[Day]:
    return town.plan(7, PLACE, orders=orders, days=days, end=END, calendar=WorkingCalendar())


@pytest.fixture(scope="module")
def year() -> list[Call]:
    return [call for day in _plan() for call in town.calls(7, PLACE, day)]


def test_there_are_as_many_as_asked_for_in_order_of_time_and_before_the_end(year: list[Call]) -> None:
    assert len(year) == 40_000
    assert [call.at for call in year] == sorted(call.at for call in year)
    assert year[0].at >= END - timedelta(days=365)
    assert year[-1].at < END


@pytest.mark.parametrize(("orders", "days"), [(1, 1), (7, 3), (500, 2), (0, 5)])
def test_small_cities_have_exactly_their_orders(orders: int, days: int) -> None:
    plan = _plan(orders, days)
    assert [len(town.calls(7, PLACE, day)) for day in plan] == [day.orders for day in plan]
    assert sum(day.orders for day in plan) == orders


def test_the_last_day_may_have_just_begun() -> None:
    end = datetime(2026, 11, 20, 0, 0, 3, tzinfo=ZONE)
    plan = town.plan(7, PLACE, orders=400, days=1, end=end, calendar=WorkingCalendar())
    assert all(call.at < end for call in town.calls(7, PLACE, plan[0]))


def test_channels_are_mixed_as_the_study_found(year: list[Call]) -> None:
    share = Counter(call.channel for call in year)
    for channel, expected in town.CHANNELS:
        assert share[channel] / len(year) == pytest.approx(expected, abs=0.01)


def test_holidays_are_quieter_and_mondays_busier() -> None:
    calendar = WorkingCalendar()
    orders = {day.day: day.orders for day in _plan()[:-1]}
    mondays = [n for day, n in orders.items() if calendar.is_workday(day) and day.weekday() == 0]
    others = [n for day, n in orders.items() if calendar.is_workday(day) and day.weekday() > 0]
    holidays = [n for day, n in orders.items() if not calendar.is_workday(day)]
    assert sum(mondays) / len(mondays) > 1.1 * sum(others) / len(others)
    assert sum(holidays) / len(holidays) < 0.7 * sum(others) / len(others)
    assert orders[date(2026, 10, 1)] < orders[date(2026, 10, 9)]


def test_heat_is_a_matter_of_winter_and_drains_of_summer(year: list[Call]) -> None:
    def share(stem: str, months: tuple[int, ...]) -> float:
        of_months = [call for call in year if call.at.month in months]
        return sum(call.category.startswith(stem) for call in of_months) / len(of_months)

    assert share("Y0104", (12, 1, 2)) > 10 * share("Y0104", (5, 6, 7, 8, 9))
    assert share("Y0203", (6, 7, 8)) > 2 * share("Y0203", (1, 2, 3, 4, 10))


def test_the_morning_is_busy_and_the_night_is_not(year: list[Call]) -> None:
    hours = Counter(call.at.hour for call in year)
    assert hours[9] > 8 * hours[3] > 0


def test_some_tell_what_others_have_told(year: list[Call]) -> None:
    matters = Counter((call.at.date(), call.matter) for call in year)
    repeated = sum(count - 1 for count in matters.values()) / len(year)
    assert 0.03 < repeated < 0.15
    surges = [count for (_, matter), count in matters.items() if matter < 0]
    assert max(surges) >= 30


def test_the_same_seed_tells_the_same_and_another_does_not() -> None:
    day = _plan()[100]
    assert town.calls(7, PLACE, day) == town.calls(7, PLACE, day)
    assert town.calls(8, PLACE, day) != town.calls(7, PLACE, day)
    assert _plan() == _plan()


def test_departments_are_good_slow_and_quarrelsome() -> None:
    ways = [town.manner(f"D{n:03d}") for n in range(300)]
    assert 0.05 < sum(one.pace > 0.8 for one in ways) / 300 < 0.3
    assert 0.1 < sum(one.quarrels > 0.1 for one in ways) / 300 < 0.4
    assert town.manner("D001") is town.manner("D001")


def test_people_are_the_same_whoever_asks_and_have_numbers_of_their_own() -> None:
    people = People(7, 100, 5000)
    assert people[17] == People(7, 100, 5000)[17]
    assert len({people[n].telephone for n in range(5000)}) == 5000
    assert len({people[n].name for n in range(5000)}) > 1000
    assert people[17].pk == 117
    with pytest.raises(IndexError):
        people[5000]
