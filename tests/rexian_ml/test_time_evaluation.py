# SPDX-License-Identifier: Apache-2.0
"""The sections of the report on time, place and replies: they measure the public sources where these are, and say nothing where they are not."""

from pathlib import Path

import numpy as np
import pytest

from rexian_ml.calendars import Kind
from rexian_ml.evaluate import cluster, forecast, marks, reply_quality, rivals, sources, staffing, warn
from rexian_ml.evaluate.section import Section

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the public data sets are not at ../shared/data")


def _figures(section: Section | None) -> dict[str, float]:
    assert section is not None
    assert all(np.isfinite(one.value) for one in section.figures)
    assert all(one.low is None or one.low <= one.value <= (one.high or 0) for one in section.figures)
    return {one.name: one.value for one in section.figures}


@pytest.mark.parametrize("part", [warn, forecast, cluster, reply_quality])
def test_without_its_source_a_section_is_none(part: object, tmp_path: Path) -> None:
    assert part.measure(tmp_path) is None  # type: ignore[attr-defined]


def test_staffing_needs_no_data() -> None:
    assert _figures(staffing.measure())["largest difference: abandoned"] < 0.01


@needs_data
@pytest.mark.slow
def test_the_forecast_is_better_than_last_week_and_its_intervals_hold() -> None:
    found = _figures(forecast.measure(DATA))
    for series in ("Boston by hour", "messages by day"):
        assert found[f"{series}, ours: MASE"] < found[f"{series}, last week: MASE"]
        assert found[f"{series}, ours: pinball loss"] < found[f"{series}, last week: pinball loss"]
        assert 0.75 < found[f"{series}, ours: in the 80 % interval"] < 0.9
        assert 0.92 < found[f"{series}, ours: in the 95 % interval"] < 0.99


@needs_data
@pytest.mark.slow
def test_hot_issues_are_those_marked() -> None:
    found = _figures(cluster.measure(DATA))
    assert found["reported half: B-cubed F"] > 0.85
    assert found["hottest 5 with marks: precision"] > 0.85


@needs_data
@pytest.mark.slow
def test_grades_of_replies_agree_with_the_marks() -> None:
    found = _figures(reply_quality.measure(DATA))
    assert found["grade: quadratic weighted kappa"] > 0.6
    assert found["grounds: quadratic weighted kappa"] > 0.7


@needs_data
@pytest.mark.slow
def test_warning_on_a_small_part_of_boston(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole comparison takes minutes; here few series, shuffled cities and surges, so only its order is asked."""
    monkeypatch.setattr(warn, "CALM", 2)
    monkeypatch.setattr(warn, "REPEATS", 3)
    monkeypatch.setattr(warn, "FEWEST", 250)
    monkeypatch.setattr(warn, "_messages", lambda rows: None)
    held = warn._held
    monkeypatch.setattr(
        warn, "_held", lambda city, calendar, name: held(city, calendar, name) if city is not None else []
    )
    found = _figures(warn.measure(DATA))
    assert found["Boston: false alarms a week, days shuffled"] < 2
    sizes = [found[f"ours: found, one day, {size:g} sd"] for size in warn.SIZES]
    assert sizes[0] <= sizes[-1]
    assert found["ours: found, all surges"] > 0.3


def test_marks_are_ids_and_numbers_only() -> None:
    hot, replies = marks.read("hot_issues"), marks.read("reply_quality")
    assert len(replies) == 150
    assert len(hot) >= 200
    assert all(one.isdigit() for one in (*hot, *replies))
    assert {mark["overall"] for mark in replies.values()} == {1, 2, 3, 4}


@needs_data
def test_marks_are_of_messages_that_are_there() -> None:
    for name, source in (("hot_issues", "messages_dated_votes"), ("reply_quality", "messages_with_replies")):
        rows = sources.read(DATA, f"{source}.csv.gz")
        assert rows is not None
        assert set(marks.read(name)) <= {row["留言编号"] for row in rows}


def test_the_rivals_see_a_surge_and_farrington_keeps_its_level() -> None:
    random = np.random.default_rng(0)
    counts = random.poisson(5, (60, 400)).astype(float)
    kinds = np.arange(60) % 7
    assert (rivals.farrington(counts, kinds) < 0.05).mean() == pytest.approx(0.05, abs=0.05)
    counts[-1, 0] = 40
    assert rivals.farrington(counts, kinds).argmin() == 0
    assert rivals.ewma(counts, kinds).argmin() == 0


def test_the_boston_calendar_has_its_one_holiday() -> None:
    assert warn.american(warn.INDEPENDENCE_DAY) is Kind.HOLIDAY


def test_times_are_read_in_every_form_and_nothing_else_is() -> None:
    assert sources.moment("2019/2/28 11:25:05").hour == 11
    assert sources.moment("2018/4/24").day == 24
    with pytest.raises(ValueError, match="not a time"):
        sources.moment("yesterday")
