# SPDX-License-Identifier: Apache-2.0
"""The only writes of warning: what rises, what is sensitive, and who took note."""

from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.directory.models import Area, Category
from rexian.directory.queries import working_calendar
from rexian.orders.chain import CUT_OFF
from rexian.orders.models import OrderEvent
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.warning.models import Alarm, Watched
from rexian.warning.queries import NOTERS, visible
from rexian_ml import sensitive
from rexian_ml.calendars import Kind
from rexian_ml.panels import Panel
from rexian_ml.warn import Alarm as Trend
from rexian_ml.warn import TrendWarner

PAST = timedelta(days=120)
"""How far back what is usual is learned from."""
FEWEST_EVER = 5
"""Series with fewer orders in all of that time are not watched: a single case is no trend."""
FRESH = timedelta(days=2)
"""Older orders than that, as they come in with a city's past, are no news."""
BATCH = 5_000
COUNTS = """
SELECT (o.received_at AT TIME ZONE 'Asia/Shanghai')::date, coalesce(c.code, o.proposal->'category'->>'label', ''),
       coalesce(left(a.stem, 6), ''), count(*)
FROM orders_workorder o LEFT JOIN directory_category c ON c.id = o.category_id LEFT JOIN directory_area a ON a.id = o.area_id
WHERE o.received_at >= %s AND o.received_at < %s GROUP BY 1, 2, 3
"""


def kind_of_day(day: date) -> Kind:
    """What the working calendar says of a day beyond its weekday."""
    worked = working_calendar().is_workday(day)
    if worked == (day.weekday() < 5):
        return Kind.ORDINARY
    return Kind.MADE_UP if worked else Kind.HOLIDAY


def counts(start: datetime, end: datetime) -> Panel:
    """Orders received by day and series: `category|district`, and `category|` for the whole city."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [start, end])
        rows = cursor.fetchall()
    found: dict[tuple[date, str], int] = {}
    totals: dict[str, int] = {}
    for day, category, district, n in rows:
        for series in {f"{category}|{district}", f"{category}|"} if category else ():
            found[day, series] = found.get((day, series), 0) + n
            totals[series] = totals.get(series, 0) + n
    names = tuple(sorted(series for series, n in totals.items() if n >= FEWEST_EVER))
    first, last = min((day for day, _ in found), default=clock.day_of(start)), clock.day_of(end)
    days = tuple(first + timedelta(n) for n in range((last - first).days + 1))
    table = np.zeros((len(days), len(names)), np.int32)
    for column, series in enumerate(names):
        table[:, column] = [found.get((day, series), 0) for day in days]
    return Panel(days, names, table)


def watch_trends(now: datetime) -> list[Alarm]:
    """Looks at today's counts so far beside what is usual, and keeps each alarm, once a day and series; returns today's."""
    panel = counts(now - PAST, now)
    if not panel.names:
        return []
    past = Panel(panel.days[:-1], panel.names, panel.counts[:-1])
    try:
        warner = TrendWarner(calendar=kind_of_day).fit(past)
    except ValueError:  # a hotline of a few weeks has no usual yet
        return []
    return _keep_trends(warner.look(panel.counts[-1]), now)


@transaction.atomic
def _keep_trends(trends: list[Trend], now: datetime) -> list[Alarm]:
    categories = {one.code: one for one in Category.objects.filter(code__in=[_parts(one)[0] for one in trends])}
    areas = {one.stem: one for one in Area.objects.filter(stem__in=[_parts(one)[1] for one in trends])}
    kept = []
    for one in trends:
        category, district = _parts(one)
        if category not in categories:
            continue
        values = {"window": one.window, "count": one.count, "expected": one.expected, "chance": one.chance}
        fixed = {"category": categories[category], "area": areas.get(district), "found_at": now}
        alarm, _made = Alarm.objects.update_or_create(
            day=one.day, sort=Alarm.Sort.TREND, series=one.series, defaults=values, create_defaults=values | fixed
        )
        kept.append(alarm)
    return kept


def _parts(trend: Trend) -> tuple[str, str]:
    category, _, district = trend.series.partition("|")
    return category, district


@transaction.atomic
def watch_matters() -> int:
    """Looks for sensitive words in the orders that came in since the last look; returns how many alarms it kept. Two at once share nothing.

    Keys are given out before their transactions commit, so the last moments are looked at again the next time.
    """
    Watched.objects.get_or_create(pk=1)
    watched = Watched.objects.select_for_update().get(pk=1)
    new = OrderEvent.objects.filter(pk__gt=watched.last_event, edge="submit").order_by("pk")
    rows = list(new.values_list("pk", "at", "order_id", "order__text", "order__received_at")[:BATCH])
    known = set(Alarm.objects.filter(order__in=[row[2] for row in rows]).values_list("series", flat=True))
    alarms = [
        Alarm(
            sort=Alarm.Sort.MATTER,
            day=clock.day_of(received),
            series=f"{hit.kind}|{order}",
            level=hit.level,
            order_id=order,
            word=hit.word,
            found_at=clock.now(),
        )
        for _pk, _at, order, text, received in rows
        for hit in (sensitive.find(text)[:1] if received >= clock.now() - FRESH else ())
        if f"{hit.kind}|{order}" not in known
    ]
    Alarm.objects.bulk_create(alarms, ignore_conflicts=True)
    if settled := [row[0] for row in rows if row[1] <= clock.now() - CUT_OFF]:
        Watched.objects.filter(pk=1).update(last_event=settled[-1])
    return len(alarms)


@transaction.atomic
def note_alarm(*, by: By, alarm: Alarm, note: str) -> Alarm:
    """Takes note of an alarm, with what is done about it; the first note stands."""
    if by.role not in NOTERS or not visible(by).filter(pk=alarm.pk).exists():
        raise Forbidden(_("预警由派单员、督办员和领导处置。"))
    if not note.strip():
        raise Refusal(_("请写明怎样处置。"), field="note")
    locked = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if locked.seen_at is not None:
        raise Forbidden(_("这条预警已经有人处置。"))
    locked.seen_by_id, locked.seen_at, locked.note = by.user_id, clock.now(), note.strip()[:200]
    locked.save(update_fields=["seen_by", "seen_at", "note"])
    return locked
