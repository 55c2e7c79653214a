# SPDX-License-Identifier: Apache-2.0
"""How often the machines' proposals were what people chose: by week, by confidence, by model.

Truth is what the order bears now: the category it was last dispatched with, and the department that leads it. It may change while an order is disputed,
so the last weeks are counted anew every hour.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, QuerySet, Sum

from rexian.directory import clock
from rexian.intake.models import Judged, LearnedModel, ModelSwitch
from rexian.orders.models import Correction
from rexian_ml.shares import Share, wilson

FIELDS = ("category", "department")
UNSETTLED = 8
"""Weeks that are counted anew; older ones stand."""
UNKNOWN = -1
"""The percent of a proposal that said nothing of how sure it was."""
BINS = 10
COUNT = """
INSERT INTO intake_judged (week, model, field, percent, count, hits)
SELECT date_trunc('week', o.received_at AT TIME ZONE 'Asia/Shanghai')::date, split_part(coalesce(o.proposal->>'model', ''), '+', 1), f.field,
       coalesce(floor((o.proposal->f.field->>'confidence')::float8 * 100 + 1e-6)::int, -1), count(*),
       count(*) FILTER (WHERE o.proposal->f.field->>'label' = CASE f.field WHEN 'category' THEN c.code ELSE d.code END)
FROM orders_workorder o
JOIN directory_category c ON c.id = o.category_id
JOIN directory_department d ON d.id = o.lead_id
CROSS JOIN (VALUES ('category'), ('department')) AS f(field)
WHERE o.received_at >= %s AND o.dispatches > 0 AND o.proposal->f.field->>'label' <> ''
GROUP BY 1, 2, 3, 4
"""


@transaction.atomic
def judge() -> int:
    """Counts the last UNSETTLED weeks anew, and all of them where none was counted before; returns how many rows stand for them."""
    start = monday(clock.today()) - timedelta(weeks=UNSETTLED - 1)
    if not Judged.objects.filter(week__lt=start).exists():
        start = date(2000, 1, 3)
    Judged.objects.filter(week__gte=start).delete()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [clock.start_of(start)])
        return int(cursor.rowcount)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


# Reads -------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Week:
    """One field in one week: how often it was right, and what the sure ones among them came to (`None` where no threshold is asked)."""

    week: date
    field: str
    all: Share
    sure: Share
    models: tuple[str, ...]

    @property
    def coverage(self) -> float | None:
        """The share that is at or above the threshold."""
        return self.sure.of / self.all.of if self.all.of else None


@dataclass(frozen=True, slots=True)
class Bin:
    """Proposals of one span of confidence: what they said of themselves on average, and how often they were right."""

    low: int
    high: int
    said: float
    right: Share


def weeks(field: str, threshold: float, newest: int = 26) -> list[Week]:
    """The newest weeks of a field, the newest first; `threshold` (0 to 1) is the confidence from which on proposals count as sure."""
    least, since = round(threshold * 100), monday(clock.today()) - timedelta(weeks=newest - 1)
    rows: dict[date, list[Judged]] = {}
    for one in Judged.objects.filter(field=field, week__gte=since).order_by("-week", "model"):
        rows.setdefault(one.week, []).append(one)
    return [
        Week(
            week,
            field,
            _share(held),
            _share(one for one in held if one.percent >= least),
            tuple(dict.fromkeys(one.model for one in held)),
        )
        for week, held in rows.items()
    ]


def calibration(field: str, model: str, newest: int = 26) -> list[Bin]:
    """Confidence against truth for the proposals of one model, in BINS spans of equal width; spans without any are left out."""
    since = monday(clock.today()) - timedelta(weeks=newest - 1)
    told = Judged.objects.filter(field=field, model=model, week__gte=since, percent__gt=UNKNOWN)
    found: dict[int, list[Judged]] = {}
    for one in told:
        found.setdefault(min(one.percent * BINS // 100, BINS - 1), []).append(one)
    width = 100 // BINS
    return [Bin(place * width, (place + 1) * width, _said(rows), _share(rows)) for place, rows in sorted(found.items())]


def _said(rows: list[Judged]) -> float:
    """The mean confidence, each taken for the middle of its percent."""
    whole = sum(one.count for one in rows)
    return min(1.0, sum(one.count * (one.percent + 0.5) for one in rows) / whole / 100)


def calibration_error(bins: Iterable[Bin]) -> float | None:
    """The expected calibration error: the mean distance of what was said from how often it was right (Naeini et al. 2015)."""
    held = list(bins)
    whole = sum(one.right.of for one in held)
    return sum(abs(one.said - (one.right.value or 0)) * one.right.of for one in held) / whole if whole else None


def _share(rows: Iterable[Judged]) -> Share:
    held = list(rows)
    return wilson(sum(one.hits for one in held), sum(one.count for one in held))


def models() -> list[tuple[str, int]]:
    """The models that proposed in the newest weeks, the newest first, each with for how many orders."""
    found = Judged.objects.filter(field="category").values_list("model").annotate(week=Max("week"), n=Sum("count"))
    return [(model, n) for model, _week, n in found.order_by("-week", "-n")]


def versions() -> list[LearnedModel]:
    """Every version on record (its classifier), the newest first."""
    return list(LearnedModel.objects.filter(sort=LearnedModel.Sort.CLASSIFIER).defer("content").order_by("-version"))


def switches() -> QuerySet[ModelSwitch]:
    """Which version went live when, the newest first."""
    return ModelSwitch.objects.select_related("by").order_by("-at", "-pk")


def corrected(field: str, since: date) -> QuerySet[Correction, Any]:
    """What was proposed and what was chosen instead, the most frequent first: `proposed`, `chosen`, `count`, `last`."""
    found = Correction.objects.filter(field=field, at__gte=clock.start_of(since))
    pairs = found.values("proposed", "chosen").annotate(count=Count("pk"), last=Max("at"))
    return pairs.order_by("-count", "-last")
