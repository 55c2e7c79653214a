# SPDX-License-Identifier: Apache-2.0
"""Hot issues: open orders about one trouble in one street, found by rexian_ml.cluster, decided on by a person.

What is alike in the whole city is divided by street and branch, since a parent order has one place and one department: an outage in two streets is
two matters, and what rises everywhere is an early warning of its own (warning.actions).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.intake import readers
from rexian.orders import actions as orders
from rexian.orders.access import visible
from rexian.orders.models import WorkOrder
from rexian.orders.workflow import MERGEABLE, OPEN
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.posts import Post
from rexian.warning.models import HotIssue
from rexian_ml import places
from rexian_ml.cluster import HotIssues, Message, heat
from rexian_ml.headlines import headline

LOOKED = timedelta(days=14)
"""Orders of so many days are looked at."""
FEWEST = 3
"""So many orders make an issue; and as many new ones bring back one that was refused."""
ALIKE = 0.3
"""Average likeness within an issue: higher than the library's own 0.1, for what is merged is answered together."""
MOST = 20_000
DECIDERS = frozenset({Post.SUPERVISOR, Post.DISPATCHER})
State = HotIssue.State


@dataclass(frozen=True, slots=True)
class Group:
    """What was found: the orders of one street that are about one trouble, and which of them says it most typically."""

    orders: tuple[WorkOrder, ...]
    typical: WorkOrder

    @property
    def keys(self) -> frozenset[int]:
        return frozenset(one.pk for one in self.orders)


def groups(now: datetime) -> list[Group]:
    """The issues among the open orders of the last days; confidential ones are left out, for a parent tells of its repeats."""
    found = WorkOrder.objects.filter(
        state__in=MERGEABLE, parent=None, confidential=False, area__isnull=False, received_at__range=(now - LOOKED, now)
    )
    columns = ("title", "text", "received_at", "citizen", "area", "category__code", "proposal")
    rows = list(found.select_related("category").only(*columns).order_by("-received_at")[:MOST])
    told = [Message(str(one.pk), one.received_at, one.text, one.title, str(one.citizen_id or "")) for one in rows]
    by_key = {str(one.pk): one for one in rows}
    model = HotIssues(alike=ALIKE, fewest=FEWEST).fit(told)
    return [part for issue in model.issues() for part in _parts([by_key[key] for key in issue.messages])]


def _parts(members: Iterable[WorkOrder]) -> list[Group]:
    """The parts of one trouble by street and by branch of the categories, those with FEWEST orders and more: a parent has one place and one
    department, whatever phrases its repeats have in common with others."""
    branches = {info.code: info.path[-2:-1] or info.path for info in readers.infos()}
    parts: dict[tuple[object, ...], list[WorkOrder]] = defaultdict(list)
    for one in members:
        code = one.category.code if one.category else (one.proposal or {}).get("category", {}).get("label", "")
        parts[one.area_id, branches.get(code, (code,))].append(one)
    return [
        Group(tuple(part), min(part, key=lambda one: (len(one.title), one.pk)))
        for part in parts.values()
        if len(part) >= FEWEST
    ]


@transaction.atomic
def look(now: datetime) -> list[HotIssue]:
    """Looks again: open issues are brought up to date or have passed, new ones are kept. Returns those that are open now."""
    known = list(HotIssue.objects.select_for_update().filter(state=State.OPEN).prefetch_related("orders"))
    refused = [frozenset(keys) for keys in _refused(now)]
    left, kept = {one.pk: one for one in known}, list[HotIssue]()
    for group in groups(now):
        if any(len(group.keys - before) < FEWEST for before in refused if group.keys & before):
            continue
        same = next((one for one in left.values() if group.keys & {order.pk for order in one.orders.all()}), None)
        kept.append(_keep(left.pop(same.pk) if same else HotIssue(found_at=now), group, now))
    HotIssue.objects.filter(pk__in=left).update(state=State.PASSED)
    return kept


def _refused(now: datetime) -> Iterable[list[int]]:
    """The orders of each issue that was refused of late; one query."""
    found = HotIssue.objects.filter(state=State.REFUSED, decided_at__gte=now - 2 * LOOKED)
    return found.annotate(keys=ArrayAgg("orders")).values_list("keys", flat=True)


def _keep(issue: HotIssue, group: Group, now: datetime) -> HotIssue:
    times = [one.received_at for one in group.orders]
    issue.area_id = group.typical.area_id  # type: ignore[assignment]
    # without the area's own name, of which a place's name would take the end along
    issue.place = places.common(places.names(one.text.replace(issue.area.name, "，")) for one in group.orders)[:32]
    issue.title = headline(group.typical.title, issue.place)
    issue.first, issue.last = min(times), max(times)
    issue.people = len({one.citizen_id or -one.pk for one in group.orders})
    quiet, span = (now - issue.last).total_seconds() / 86_400, (issue.last - issue.first).total_seconds() / 86_400
    issue.heat = heat(issue.people, len(group.orders), 0, 0, quiet, span)
    issue.save()
    issue.orders.set(group.keys)
    return issue


def _begin(issue: HotIssue, by: By) -> HotIssue:
    if by.role not in DECIDERS:
        raise Forbidden(_("热点由派单员和督办员决定。"))
    locked = HotIssue.objects.select_for_update().get(pk=issue.pk)
    if locked.state != State.OPEN:
        raise Forbidden(_("这个热点现在是“%(state)s”。") % {"state": locked.get_state_display()})
    return locked


def _decide(issue: HotIssue, by: By, state: str, reason: str) -> HotIssue:
    issue.state, issue.decided_by_id, issue.decided_at = state, by.user_id, clock.now()
    issue.reason = reason.strip()[:200]
    issue.save()
    return issue


@transaction.atomic
def merge(*, by: By, issue: HotIssue, parent: WorkOrder, repeats: Iterable[WorkOrder]) -> int:
    """Makes the chosen orders of an issue repeats of one of them; all or nothing. Returns how many were merged.

    Each merge is the order's own (orders.actions.merge), with its event, and can be taken back there. Raises Refusal.
    """
    locked = _begin(issue, by)
    members = set(locked.orders.values_list("pk", flat=True))
    chosen = [one for one in repeats if one.pk != parent.pk]
    if parent.pk not in members or not {one.pk for one in chosen} <= members:
        raise Refusal(_("只能选这个热点里的工单。"))
    if not chosen:
        raise Refusal(_("请先选中要并入的工单。"))
    for one in sorted(chosen, key=lambda order: order.pk):
        orders.merge(order=one, by=by, parent=parent)
    locked.parent = parent
    _decide(locked, by, State.MERGED, "")
    return len(chosen)


@transaction.atomic
def refuse(*, by: By, issue: HotIssue, reason: str) -> HotIssue:
    """Says that it is not one matter; it is not proposed again until FEWEST new orders have come."""
    locked = _begin(issue, by)
    if len(reason.strip()) < 2:
        raise Refusal(_("请写明理由。"), field="reason")
    return _decide(locked, by, State.REFUSED, reason)


# Reads -------------------------------------------------------------------------------------------------------------------------------------


def waiting(by: By, most: int = 50) -> list[HotIssue]:
    """The open issues of the areas that `by` sees, the hottest first."""
    found = HotIssue.objects.filter(state=State.OPEN).select_related("area").prefetch_related("orders")
    return [one for one in found.order_by("-heat", "pk")[: most * 4] if _sees(one, by)][:most]


def decided(by: By, most: int = 20) -> list[HotIssue]:
    """The last decisions, the newest first."""
    found = HotIssue.objects.filter(decided_at__isnull=False).select_related("area", "parent", "decided_by")
    return [one for one in found.order_by("-decided_at")[: most * 4] if _sees(one, by)][:most]


def _sees(issue: HotIssue, by: By) -> bool:
    return by.areas is None or any(issue.area.stem.startswith(stem) for stem in by.areas)


def members(issue: HotIssue, by: By) -> list[WorkOrder]:
    """The orders of an issue that `by` may see, the oldest first."""
    found = visible(by).filter(pk__in=issue.orders.values("pk")).select_related("area", "category", "lead")
    return list(found.defer("search", "proposal", "last_hash").order_by("received_at", "pk"))


def likely_parent(found: Iterable[WorkOrder]) -> WorkOrder | None:
    """The one that a department has already, else the oldest."""
    still = [one for one in found if one.state in OPEN]
    return min(still, key=lambda one: (one.lead_id is None, one.received_at, one.pk), default=None)
