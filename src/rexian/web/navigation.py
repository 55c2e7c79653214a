# SPDX-License-Identifier: Apache-2.0
"""The rail: which pages each post has, in one table; the first is where it lands after signing in."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rexian.security.posts import Outsider, Post


@dataclass(frozen=True, slots=True)
class Entry:
    url: str
    label: str | Promise
    icon: str
    current: bool = False


BOARD = "work:board"
NEW = ("desk:new", "", _("接听"), "phone")
DRAFTS = ("desk:drafts", "", _("草稿"), "file")
ALL = ("lists:index", "", _("全部工单"), "search")
TODAY = ("leader:today", "", _("今日"), "clock")
ALARMS = ("leader:alarms", "", _("预警"), "warn")
ADMIN = ("admin:index", "", _("管理"), "book")
REVIEW = ("steward:review", "", _("谁看了谁"), "eye")
KNOWLEDGE = ("knowledge:list", "", _("知识库"), "book")
HOME = ("account:home", "", _("我的账号"), "person")
WITH_PAGES_BELOW = (ADMIN[0], BOARD)
"""Entries that stay marked on the pages below theirs."""


def _queue(slug: str, label: Promise, icon: str) -> tuple[str, str, Promise, str]:
    return ("work:list", slug, label, icon)


PAGES: dict[Post, tuple[tuple[str, str, str | Promise, str], ...]] = {
    Post.AGENT: (NEW, _queue("mine", _("我的工单"), "list"), DRAFTS, KNOWLEDGE, ALL),
    Post.DISPATCHER: (
        _queue("dispatch", _("待派"), "inbox"),
        _queue("disputes", _("退回与延期"), "redo"),
        _queue("reviews", _("待审核"), "file"),
        ALARMS,
        KNOWLEDGE,
        ALL,
    ),
    Post.CLERK: (_queue("inbox", _("待办"), "inbox"), KNOWLEDGE, ALL),
    Post.HEAD: (_queue("inbox", _("待办"), "inbox"), (BOARD, "", _("本单位"), "chart"), KNOWLEDGE, ALL),
    Post.SUPERVISOR: (
        (BOARD, "", _("督办台"), "chart"),
        TODAY,
        ALARMS,
        _queue("late", _("逾期"), "late"),
        _queue("disputes", _("退回与延期"), "redo"),
        _queue("reviews", _("待审核"), "file"),
        KNOWLEDGE,
        ALL,
    ),
    Post.VISITOR: (_queue("visits", _("待回访"), "phone"), KNOWLEDGE, ALL),
    Post.INSPECTOR: (ALL, KNOWLEDGE),
    Post.ANALYST: (TODAY, (BOARD, "", _("督办台"), "inbox"), ALARMS, ALL),
    Post.LEADER: (TODAY, ALARMS, _queue("late", _("逾期"), "late"), ALL),
    Post.EDITOR: (
        KNOWLEDGE,
        ("knowledge:queue", "reviewing", _("待审知识"), "file"),
        ("knowledge:queue", "expiring", _("快到期"), "warn"),
    ),
    Post.STEWARD: (ADMIN, REVIEW),
    Post.ADMINISTRATOR: (
        ADMIN,
        REVIEW,
        ("operations:jobs", "", _("后台任务"), "list"),
    ),
}


def entries(role: Post | Outsider, path: str) -> list[Entry]:
    """The rail of a post, with the page that is open marked."""
    pages = PAGES.get(role, ()) if isinstance(role, Post) else ()
    found = []
    for name, slug, label, icon in (*pages, HOME):
        url = reverse(name, args=[slug] if slug else [])
        found.append(
            Entry(url, label, icon, current=path == url or (name in WITH_PAGES_BELOW and path.startswith(url)))
        )
    return found


def landing(role: Post) -> str:
    """Where a post lands after signing in."""
    return entries(role, "")[0].url
