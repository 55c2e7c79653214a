# SPDX-License-Identifier: Apache-2.0
"""The only writes of live evidence: measuring, and the plan of a quarter."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.assessment import diagnosis
from rexian.assessment.evidence import gathering, measures
from rexian.assessment.evidence.base import Evidence
from rexian.assessment.evidence.facts import Period
from rexian.assessment.evidence.models import Measurement, Milestone
from rexian.assessment.evidence.planning import months_after, quarter
from rexian.directory import clock
from rexian.jobs.actions import ask_once
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import SYSTEM, By
from rexian.security.posts import Outsider, Post

PERIOD = timedelta(days=90)
"""How far back a measurement looks: about a quarter."""
MEASURE = "rexian.assessment.evidence.tasks.measure"
"""The task that measures."""
ASKERS = frozenset({Post.LEADER, Post.STEWARD, Post.ADMINISTRATOR, Post.ANALYST})


def measure(*, by: By, period: timedelta = PERIOD) -> list[Measurement]:
    """Measures all indicators as of now and keeps what was found, in the order of the index; makes the quarter's plan where there is none."""
    if by.role not in ASKERS | {Outsider.SYSTEM}:
        raise Forbidden(_("实测由领导、数据管理员、分析员和管理员发起。"))
    now = clock.now()
    start = clock.start_of(clock.day_of(now - period))  # whole days, as lists of orders have them
    found = measures.evidence(gathering.gather(Period(start, now)))
    return _keep(found, now)


@transaction.atomic
def _keep(found: Mapping[str, Evidence], now: datetime) -> list[Measurement]:
    kept = Measurement.objects.bulk_create(_row(one, each, now) for one, each in found.items())
    _plan(found, clock.day_of(now))
    return kept


def _row(indicator: str, found: Evidence, now: datetime) -> Measurement:
    return Measurement(
        taken_at=now,
        indicator=indicator,
        version=measures.version(indicator),
        start=found.period.start,
        end=found.period.end,
        value=found.value,
        numerator=found.numerator,
        denominator=found.denominator,
        full=found.full,
        coverage=found.coverage,
        rows=[asdict(row) for row in found.rows],
        note="\n".join(found.lacks),
    )


def _plan(found: Mapping[str, Evidence], today: date) -> None:
    """The plan of a quarter is made once, from its first measurement: a measure for each gap, due when its phase ends."""
    if Milestone.objects.filter(quarter=quarter(today)).exists():
        return
    advice = diagnosis.diagnose(measures.scored([found]), 0, diagnosis.load()).advice
    Milestone.objects.bulk_create(
        (
            Milestone(
                quarter=quarter(today),
                indicator=one.indicator.id,
                version=measures.version(one.indicator.id),
                planned_on=today,
                due=months_after(today, one.phase.months),
                before=one.score,
                action=one.rule.action,
            )
            for one in advice
        ),
        ignore_conflicts=True,  # two that measure at once make one plan
    )


def measure_monthly() -> bool:
    """Measures where this month has no measurement yet; whether it did."""
    first = clock.start_of(clock.today().replace(day=1))
    if Measurement.objects.filter(taken_at__gte=first).exists():
        return False
    measure(by=SYSTEM)
    return True


@transaction.atomic
def ask_measuring(*, by: By) -> None:
    """Asks the worker to measure now. Raises Refusal where that is asked for already."""
    if by.role not in ASKERS:
        raise Forbidden(_("实测由领导、数据管理员、分析员和管理员发起。"))
    if not ask_once(task=MEASURE, lock="evidence.measure"):
        raise Refusal(_("已在排队，等它做完。"))
