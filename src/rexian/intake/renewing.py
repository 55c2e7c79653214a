# SPDX-License-Identifier: Apache-2.0
"""Proposals of orders that wait, made anew by the live version: what an older one said of them would only mislead."""

from django.db.models import Q

from rexian.intake import proposals, readers
from rexian.orders import actions
from rexian.orders.models import WorkOrder
from rexian.orders.workflow import State
from rexian.security.identity import By

BATCH = 500


def renew(*, by: By) -> int:
    """Proposes anew for orders that nobody has dispatched yet and for which another version proposed; returns for how many.

    Before any training there is nothing to renew with.
    """
    reader = readers.live()
    if not reader.measured:
        return 0
    own = Q(proposal__model__startswith=reader.name.partition("+")[0])
    waiting = WorkOrder.objects.filter(state__in=(State.SUBMITTED, State.ACCEPTED), dispatches=0)
    keys = list(waiting.filter(~own | Q(proposal=None)).order_by("pk").values_list("pk", flat=True))
    return sum(_renew(keys[start : start + BATCH], by) for start in range(0, len(keys), BATCH))


def _renew(keys: list[int], by: By) -> int:
    orders = list(WorkOrder.objects.filter(pk__in=keys).select_related("area", "category"))
    made = proposals.propose_many([(one.text, one.area, one.category) for one in orders])
    told = {order.pk: one.record for order, one in zip(orders, made, strict=True)}
    return actions.propose_again(by=by, proposals=told)
