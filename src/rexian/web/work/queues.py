# SPDX-License-Identifier: Apache-2.0
"""The lists of work: for each, who sees it, what is in it, and by what it is sorted."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rexian.orders import clock, queries
from rexian.orders.access import VIEWERS, visible
from rexian.orders.models import WorkOrder
from rexian.orders.workflow import State
from rexian.security.identity import By
from rexian.security.posts import DEPARTMENT_POSTS, Post


@dataclass(frozen=True, slots=True)
class Queue:
    """A list of orders: `keys` are what it is sorted and paged by, `empty` what it says when there is nothing to do."""

    title: str | Promise
    posts: frozenset[Post]
    rows: Callable[[By], QuerySet[WorkOrder]]
    keys: tuple[str, ...]
    empty: str | Promise


DESK, REVIEW = frozenset({Post.DISPATCHER, Post.SUPERVISOR}), frozenset({Post.DISPATCHER, Post.SUPERVISOR})
QUEUES: dict[str, Queue] = {
    "dispatch": Queue(
        _("待派"), DESK, queries.to_dispatch, ("calm", "stage_due_at"), _("没有待派的工单。新的诉求会出现在这里。")
    ),
    "disputes": Queue(_("退回与延期"), REVIEW, queries.disputes, ("due_at",), _("没有待审的退回和延期。")),
    "reviews": Queue(
        _("待审核"), REVIEW, lambda by: queries.in_state(by, State.REVIEWING), ("replied_at",), _("没有待审核的答复。")
    ),
    "inbox": Queue(
        _("待办"),
        DEPARTMENT_POSTS,
        queries.inbox,
        ("due_at",),
        _("没有待办的工单。派给本单位的会按到期先后出现在这里。"),
    ),
    "visits": Queue(
        _("待回访"),
        frozenset({Post.VISITOR}),
        lambda by: queries.in_state(by, State.VISITING, State.CLOSING),
        ("stage_due_at",),
        _("没有待回访的工单。"),
    ),
    "late": Queue(
        _("逾期"),
        frozenset({Post.SUPERVISOR, Post.LEADER}),
        lambda by: queries.late(by, clock.now()),
        ("due_at",),
        _("没有逾期的工单。"),
    ),
    "mine": Queue(_("我的工单"), frozenset({Post.AGENT}), queries.taken_down, ("-begun",), _("您还没有记录过工单。")),
    "all": Queue(
        _("全部工单"), VIEWERS, lambda by: queries.listed(visible(by)), ("-received_at",), _("没有符合的工单。")
    ),
}
