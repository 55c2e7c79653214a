# SPDX-License-Identifier: Apache-2.0
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rexian.directory.actions import save_day
from rexian.directory.calendar import FIXED, LAST_KNOWN, MOVING, WorkingCalendar, statutory
from rexian.directory.models import CalendarDay
from rexian.directory.queries import working_calendar
from rexian.security.identity import SYSTEM

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
PLAIN = WorkingCalendar()


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_statutory_days_are_those_of_the_notices(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    ours = {day for day in days if statutory(day)}
    assert len(ours) == 13
    assert all(day in chinese_calendar.constants.holidays for day in ours)
    names = chinese_calendar.constants.holidays
    assert {names[day] for day in ours} == {names[day] for day in days if day in names}


@pytest.mark.parametrize("year", sorted(MOVING))
def test_every_year_of_the_table_has_thirteen_days_but_where_two_fall_on_one(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366 if year % 4 == 0 else 365)]
    moving = {(month, day) for month, day in MOVING[year][1:]}
    assert sum(map(statutory, days)) == 13 - len(moving & FIXED)


@given(DAYS)
def test_a_year_that_the_library_knows_is_as_it_says(day: date) -> None:
    if 2004 <= day.year <= LAST_KNOWN:
        assert PLAIN.known(day.year)
        assert PLAIN.is_workday(day) == chinese_calendar.is_workday(day)
    else:
        assert not PLAIN.known(day.year)
        assert not (PLAIN.is_workday(day) and day.weekday() >= 5)


@given(DAYS, st.booleans())
def test_the_citys_own_word_goes_before_all(day: date, working: bool) -> None:
    assert WorkingCalendar({day: working}).is_workday(day) is working


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_workdays_add_up(first: date, some: int, more: int) -> None:
    middle, last = first + timedelta(days=some), first + timedelta(days=some + more)
    count = PLAIN.workdays_between
    assert count(first, middle) + count(middle, last) == count(first, last)
    assert 0 <= count(first, last) <= some + more


@pytest.mark.django_db
def test_an_imported_notice_makes_its_year_known() -> None:
    year = LAST_KNOWN + 1
    assert not working_calendar().known(year)
    save_day(by=SYSTEM, day=CalendarDay(day=date(year, 3, 1)), values={"working": False, "reason": "建城纪念日"})
    assert not working_calendar().known(year)
    save_day(
        by=SYSTEM,
        day=CalendarDay(day=date(year, 10, 4)),
        values={"working": False, "reason": "国庆节", "national": True},
    )
    assert working_calendar().known(year)
    assert not working_calendar().is_workday(date(year, 10, 4))
