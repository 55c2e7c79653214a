# SPDX-License-Identifier: Apache-2.0
"""Rule packs and the deadlines that follow."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rexian.directory.calendar import WorkingCalendar
from rexian.orders import deadlines
from rexian.orders.deadlines import ZONE, Case, deadline, extended, load, parse, shipped, warning

CALENDAR = WorkingCalendar()
MONDAY = datetime(2026, 11, 23, 10, 31, tzinfo=ZONE)
BOUNDS = datetime(2020, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001  Hypothesis wants them naive
MOMENTS = st.datetimes(*BOUNDS, timezones=st.just(ZONE))
CASES = st.builds(
    Case,
    kind=st.sampled_from(["consult", "help", "complaint", "report", "suggestion", "praise"]),
    urgency=st.sampled_from(["normal", "urgent", "danger"]),
    service=st.sampled_from(["", "utility"]),
    complex=st.booleans(),
)


def test_every_clause_names_its_source_and_every_pack_rules_on_every_phase() -> None:
    packs = {pack.id: pack for pack in shipped()}
    assert {"guangdong-2022", "beijing-2021", "shandong-2020", "tianjin-2025"} <= packs.keys()
    for pack in packs.values():
        assert pack.source
        assert all(clause.source and clause.text for clause in pack.clauses)
        assert len({clause.id for clause in pack.clauses}) == len(pack.clauses)


@pytest.mark.parametrize(
    ("pack", "phase", "case", "time"),
    [
        ("guangdong-2022", "handle", Case("consult"), "2 个工作日"),
        ("guangdong-2022", "handle", Case("help"), "10 个工作日"),
        ("guangdong-2022", "handle", Case("suggestion"), "10 个工作日"),
        ("guangdong-2022", "handle", Case("complaint"), "15 个工作日"),
        ("guangdong-2022", "handle", Case("report"), "15 个工作日"),
        ("beijing-2021", "handle", Case("help", "danger"), "2 小时"),
        ("beijing-2021", "handle", Case("help", service="utility"), "24 小时"),
        ("beijing-2021", "handle", Case("help"), "7 天"),
        ("beijing-2021", "handle", Case("help", complex=True), "15 天"),
        ("beijing-2021", "accept", Case("help"), "2 小时"),
        ("shandong-2020", "handle", Case("help"), "5 个工作日"),
        ("shandong-2020", "extension", Case("help"), "10 个工作日"),
        ("shandong-2020", "return", Case("help"), "2 个工作日"),
        ("tianjin-2025", "accept", Case("help", "danger"), "15 分钟"),
        ("tianjin-2025", "accept", Case("help", service="utility"), "30 分钟"),
    ],
)
def test_the_packs_say_what_the_rules_say(pack: str, phase: str, case: Case, time: str) -> None:
    assert load(pack).clause(phase, case).time == time


def test_working_days_pass_over_holidays_and_say_so() -> None:
    eve = datetime(2026, 9, 30, 16, 0, tzinfo=ZONE)
    found = deadline(load("shandong-2020"), "handle", Case("help"), eve, CALENDAR)
    assert found.due == datetime(2026, 10, 13, 18, 0, tzinfo=ZONE)
    assert "10月1日" in found.steps[2]
    assert "10月10日" not in found.steps[2], "a Saturday worked for the holiday counts"


def test_a_categorys_own_limit_goes_first() -> None:
    found = deadline(load("beijing-2021"), "handle", Case("help", "danger", limit=(3, "hour")), MONDAY, CALENDAR)
    assert (found.clause.id, found.due) == ("category", MONDAY + timedelta(hours=3))


@given(MOMENTS, CASES, st.sampled_from(shipped()), st.sampled_from(deadlines.PHASES))
def test_a_deadline_lies_after_its_start_and_is_explained(
    start: datetime, case: Case, pack: deadlines.RulePack, phase: str
) -> None:
    found = deadline(pack, phase, case, start, CALENDAR)
    assert found.due > start
    assert found.clause.time in found.steps[0]
    assert len(found.steps) >= 3
    if found.clause.unit == "workday":
        assert CALENDAR.is_workday(found.due.astimezone(ZONE).date())
        assert CALENDAR.workdays_between(start.date(), found.due.astimezone(ZONE).date()) == found.clause.amount


@given(MOMENTS, CASES, st.sampled_from(shipped()))
def test_the_yellow_card_comes_between_start_and_limit(start: datetime, case: Case, pack: deadlines.RulePack) -> None:
    due = deadline(pack, "handle", case, start, CALENDAR).due
    assert start < warning(start, due, CALENDAR) < due


@given(MOMENTS, st.integers(1, 30))
def test_an_extension_is_counted_in_working_days(due: datetime, days: int) -> None:
    pack = load("shandong-2020")
    later = extended(pack, due, days, CALENDAR)
    assert CALENDAR.workdays_between(due.date(), later.date()) == days


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('id="x"\nversion=1\ntitle="x"\nsource="x"\n', "no clause for every case of accept"),
        (
            'id="x"\nversion=1\ntitle="x"\nsource="x"\nbased_on="common"\n[[clause]]\nid="a"\nphase="handle"\namount=0\nunit="hour"\ntext="t"\nsource="s"\n',
            "no time, in a",
        ),
    ],
)
def test_a_pack_with_a_gap_is_refused(content: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(content, load)


def test_a_working_day_is_what_the_city_says() -> None:
    local = WorkingCalendar({date(2026, 11, 24): False})
    found = deadline(load("shandong-2020"), "handle", Case("help"), MONDAY, local)
    assert found.due.date() == date(2026, 12, 1)
