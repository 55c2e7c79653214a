# SPDX-License-Identifier: Apache-2.0
"""Reads of live evidence: the newest measurement, how an indicator went, the plans with what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from rexian.assessment.evidence.base import Evidence, Row
from rexian.assessment.evidence.facts import Period
from rexian.assessment.evidence.models import Measurement, Milestone
from rexian.directory import clock

POINTS = 24
"""Measurements of a trend: two years of months."""


def newest() -> datetime | None:
    """When was last measured."""
    at: datetime | None = Measurement.objects.aggregate(at=Max("taken_at"))["at"]
    return at


def latest() -> dict[str, Measurement]:
    """The newest measurement of each indicator, in the order of the index; empty where nothing was measured."""
    taken = newest()
    return {one.indicator: one for one in Measurement.objects.filter(taken_at=taken).order_by("id")} if taken else {}


def earlier(now: Mapping[str, Measurement]) -> dict[str, Measurement]:
    """Of each indicator the measurement before the newest, where it is of the same version."""
    taken = next((one.taken_at for one in now.values()), None)
    before = Measurement.objects.filter(taken_at__lt=taken).aggregate(at=Max("taken_at"))["at"] if taken else None
    found = {one.indicator: one for one in Measurement.objects.filter(taken_at=before)} if before else {}
    return {key: one for key, one in found.items() if key in now and one.version == now[key].version}


def trend(measurement: Measurement) -> list[Measurement]:
    """The measurements of its indicator and version up to it, the newest first."""
    same = Measurement.objects.filter(
        indicator=measurement.indicator, version=measurement.version, taken_at__lte=measurement.taken_at
    )
    return list(same.order_by("-taken_at")[:POINTS])


def evidence_of(one: Measurement) -> Evidence:
    """What was measured, as it was found."""
    rows = tuple(
        Row(**{**row, "channels": tuple(row["channels"]), "examples": tuple(row["examples"])}) for row in one.rows
    )
    lacks = tuple(one.note.splitlines())
    return Evidence(Period(one.start, one.end), rows, one.coverage, one.full, lacks)


@dataclass(frozen=True, slots=True)
class Progress:
    """A milestone with the newest value of its indicator (None: not measured since, or by another version), as of a day."""

    milestone: Milestone
    value: float | None
    today: date

    @property
    def change(self) -> float | None:
        return None if self.value is None else self.value - self.milestone.before

    @property
    def late(self) -> bool:
        """Whether its time is over without the value having risen."""
        return self.milestone.due < self.today and not (self.change or 0) > 0


def progress(now: Mapping[str, Measurement], quarters: int = 4) -> list[Progress]:
    """The milestones of the newest quarters, each beside what was measured since it was planned."""
    names = Milestone.objects.order_by("-quarter").values_list("quarter", flat=True).distinct()[:quarters]
    rows = Milestone.objects.filter(quarter__in=list(names)).order_by("-quarter", "due", "id")
    return [Progress(one, _since(one, now.get(one.indicator)), clock.today()) for one in rows]


def _since(one: Milestone, measured: Measurement | None) -> float | None:
    return measured.value if measured is not None and measured.version == one.version else None
