# SPDX-License-Identifier: Apache-2.0
"""Who may see which alarms, and the orders behind them."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from rexian.directory import clock
from rexian.orders import access
from rexian.orders.models import WorkOrder
from rexian.security.identity import By
from rexian.security.posts import Post
from rexian.warning.models import Alarm

NOTERS = frozenset({Post.SUPERVISOR, Post.LEADER, Post.DISPATCHER})
VIEWERS = NOTERS | {Post.ANALYST}
NEWEST = 50


def visible(by: By) -> QuerySet[Alarm]:
    """The alarms that `by` may see: of the whole city, of an area in hand, and of orders that `by` may see."""
    if by.role not in VIEWERS:
        return Alarm.objects.none()
    found = Alarm.objects.select_related("category", "area", "order", "seen_by")
    if by.areas is None:
        return found
    return found.filter(access.inside(by.areas), Q(order=None) | Q(order__in=access.visible(by)))


def orders_of(alarm: Alarm, by: By) -> list[WorkOrder]:
    """The order of a matter, or the newest orders behind a trend, of those that `by` may see."""
    orders = access.visible(by).select_related("lead", "area")
    if alarm.order_id is not None:
        return list(orders.filter(pk=alarm.order_id))
    start = clock.start_of(alarm.day - timedelta(days=alarm.window - 1))
    orders = orders.filter(category=alarm.category, received_at__gte=start)
    if alarm.area is not None:
        orders = orders.filter(area__stem__startswith=alarm.area.stem)
    return list(orders.order_by("-received_at")[:NEWEST])
