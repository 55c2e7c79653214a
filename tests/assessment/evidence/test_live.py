# SPDX-License-Identifier: Apache-2.0
"""Measuring, what is kept of it, the plan of a quarter, `rexian assess live`, and the report."""

import csv
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from rexian.assessment import answers, questionnaire
from rexian.assessment import index as indexes
from rexian.assessment.evidence import actions, claims, measures, queries, tasks
from rexian.assessment.evidence.facts import Facts, Period
from rexian.assessment.evidence.models import Measurement, Milestone
from rexian.assessment.evidence.planning import months_after, quarter
from rexian.config import cli
from rexian.directory import clock
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import SYSTEM
from tests.factories import Town, closed, dispatched

pytestmark = pytest.mark.django_db
FORM = questionnaire.load()


def test_a_measurement_is_kept_whole_and_never_edited(town: Town) -> None:
    closed(town)
    kept = actions.measure(by=town.by("steward"))
    assert [one.indicator for one in kept] == [one.id for one in indexes.load().indicators]
    latest = queries.latest()
    for one in latest.values():
        found = queries.evidence_of(one)
        assert (found.value, found.numerator, found.denominator) == (one.value, one.numerator, one.denominator)
        assert (one.value is None) <= bool(one.note)
        assert one.version == "1.1.1"
    start = latest["N1.1"].start
    assert start == clock.start_of(clock.day_of(kept[0].end - actions.PERIOD))
    assert latest["D2.1"].start is None, "the state, not a period"
    for change in (lambda: Measurement.objects.update(value=1), lambda: Measurement.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_only_those_who_answer_for_it_measure(town: Town) -> None:
    for name in ("agent", "clerk", "dispatcher"):
        with pytest.raises(Forbidden):
            actions.measure(by=town.by(name))
        with pytest.raises(Forbidden):
            actions.ask_measuring(by=town.by(name))
    assert not Measurement.objects.exists()


def test_each_month_is_measured_once_by_itself(town: Town) -> None:
    with clock.at(clock.start_of(date(2026, 11, 30))):
        assert actions.measure_monthly()
        assert not actions.measure_monthly()
    with clock.at(clock.start_of(date(2026, 12, 1)) + timedelta(minutes=1)):
        tasks.measure_monthly(timestamp=0)
        assert len(queries.trend(queries.latest()["N1.1"])) == 2
    turn = app.periodic_registry.periodic_tasks[("rexian.assessment.evidence.tasks.measure_monthly", "")]
    assert turn.cron == "17 19 * * *"


def test_a_second_request_waits_for_the_first(town: Town, queue: None) -> None:
    actions.ask_measuring(by=town.by("leader"))
    with pytest.raises(Refusal, match="排队"):
        actions.ask_measuring(by=town.by("analyst"))
    assert ProcrastinateJob.objects.filter(task_name=tasks.measure.name, status="todo").count() == 1
    tasks.measure()
    assert queries.newest() is not None


def day(month: int, number: int) -> AbstractContextManager[None]:
    """Within the block it is the noon of that day of 2026."""
    return clock.at(clock.start_of(date(2026, month, number)) + timedelta(hours=12))


def test_a_quarter_has_one_plan_and_what_came_of_it_stands_beside(town: Town) -> None:
    with day(5, 6):
        dispatched(town, channel="telephone")
    with day(5, 7):
        actions.measure(by=SYSTEM)
        plan = {one.indicator: one for one in Milestone.objects.all()}
        low = {key for key, one in queries.latest().items() if one.value is not None and one.value < 0.6}
    assert plan.keys() == low
    assert {one.quarter for one in plan.values()} == {"2026Q2"}
    relief = plan["N2.2"]
    assert (relief.before, relief.planned_on, relief.due) == (0.0, date(2026, 5, 7), date(2026, 11, 7))
    with day(6, 1):
        dispatched(town, channel="web")
    with day(6, 2):
        actions.measure(by=SYSTEM)
        assert Milestone.objects.count() == len(plan)
        now = came_of(relief)
        assert (now.value, now.change, now.late) == (1.0, 1.0, False)
    with day(12, 1):
        actions.measure(by=SYSTEM)
        quarters = [one.milestone.quarter for one in queries.progress(queries.latest())]
        assert quarters == sorted(quarters, reverse=True)
        assert set(quarters) == {"2026Q4", "2026Q2"}
        then = came_of(relief)
        assert then.value is None, "no order came in that period, so nothing is said"
        assert then.late


def came_of(milestone: Milestone) -> queries.Progress:
    (found,) = [one for one in queries.progress(queries.latest()) if one.milestone == milestone]
    return found


def test_values_of_another_version_are_not_compared(town: Town) -> None:
    dispatched(town)
    actions.measure(by=SYSTEM)
    rows = list(queries.latest().values())
    for one in rows:
        one.pk, one.version, one.taken_at = None, "1.1.2", one.taken_at + timedelta(days=1)
    Measurement.objects.bulk_create(rows)
    now = queries.latest()
    assert queries.earlier(now) == {}
    assert len(queries.trend(now["N1.1"])) == 1
    assert all(one.value is None for one in queries.progress(now))


def test_dates_of_a_plan() -> None:
    assert [quarter(date(2026, month, 1)) for month in (1, 3, 4, 12)] == ["2026Q1", "2026Q1", "2026Q2", "2026Q4"]
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 31), 12) == date(2027, 12, 31)
    assert months_after(date(2026, 1, 15), 1) == date(2026, 2, 15)


def sheet(file: Path, *cities: str, **told: Any) -> Path:
    rows = [{"city": city, "province": "广东", "level": "prefecture", **told} for city in cities]
    answers.write(file, FORM, rows)
    return file


def test_claims_of_a_file(tmp_path: Path) -> None:
    assert claims.read(sheet(tmp_path / "a.csv", "榆城市", metadata="no"))["D2.4"] == 0
    with pytest.raises(answers.RefusedError):
        claims.read(sheet(tmp_path / "b.csv", "榆城市", "柳城市"))


@pytest.mark.slow
def test_the_command_measures_shows_and_writes_the_report(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed(town)
    dispatched(town, channel="telephone")
    file = sheet(tmp_path / "own.csv", "榆城市", metadata="no", security="yes", funds="yes", team="yes")
    call_command("assess_live", claims=file, report=tmp_path / "out")
    out = capsys.readouterr().out
    assert indexes.load().notice in out
    assert "D2.4 元数据管理" in out
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"report.pdf", "report.docx", "pictures", "tables"}
    tables = {path.stem: rows(path) for path in (tmp_path / "out" / "tables").glob("*.csv")}
    assert len(tables["indicators"]) == len(tables["published"]) == len(tables["how"]) == 29
    told = {row["指标"]: row for row in tables["indicators"]}
    latest = queries.latest()
    for key, one in latest.items():
        row = next(row for name, row in told.items() if name.startswith(f"{key} "))
        assert row["实测"] == ("—" if one.value is None else f"{one.value:.2f}")
    assert next(row for row in tables["apart"] if row["指标"].startswith("D2.4"))["自述"] == "0.00"
    assert {row["季度"] for row in tables["plan"]} == {quarter(clock.today())}
    assert any(row["指标"].startswith("I1.2") for row in tables["lacks"])
    text = "\n".join(one.text for one in docx.Document(str(tmp_path / "out" / "report.docx")).paragraphs)
    assert "自述有分而平台没有证据的：D5.1 数据安全机制、I1.2 资源支持" in text
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_bad_file_or_period_measures_nothing(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("city,province,level\n甲,火星,地级市\n", encoding="utf-8")
    with pytest.raises(CommandError, match="火星"):
        call_command("assess_live", claims=file)
    with pytest.raises(CommandError, match="统计期"):
        call_command("assess_live", days=0)
    assert not Measurement.objects.exists()


def test_rexian_assess_live_is_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(cli, "_manage", seen.append)
    cli.main(["assess", "live", "--days", "30"])
    assert seen == [["assess_live", "--days", "30"]]


def test_what_is_kept_is_what_was_measured(town: Town) -> None:
    found = measures.evidence(Facts(Period(clock.now() - timedelta(days=1), clock.now())))
    actions._keep(found, clock.now())
    assert {key: queries.evidence_of(one) for key, one in queries.latest().items()} == found
    assert not Milestone.objects.exists(), "nothing known, nothing planned"
