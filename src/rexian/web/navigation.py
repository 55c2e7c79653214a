# SPDX-License-Identifier: Apache-2.0
"""The rail: which pages each post has, in one table, the most used first; the very first is where it lands after signing in."""

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
    slug: str = ""


BOARD = "work:board"
NEW = ("desk:new", "", _("接听"), "phone")
DRAFTS = ("desk:drafts", "", _("草稿"), "file")
ALL = ("lists:index", "", _("全部工单"), "search")
TODAY = ("leader:today", "", _("今日"), "clock")
ALARMS = ("leader:alarms", "", _("预警"), "warn")
HOT = ("leader:hot", "", _("热点"), "flame")
ADMIN = ("admin:index", "", _("管理"), "sliders")
LIVE = ("evidence:index", "", _("指标实测"), "gauge")
REVIEW = ("steward:review", "", _("谁看了谁"), "eye")
KNOWLEDGE = ("knowledge:list", "", _("知识库"), "book")
ACCURACY = ("learning:accuracy", "", _("建议准确率"), "target")
SURVEYS = ("assessment:surveys", "", _("评估问卷"), "survey")
WHOLE = (ADMIN[0], BOARD, LIVE[0], SURVEYS[0])
"""Entries that stand for all pages below them."""
HOME = ("account:home", "", _("我的账号"), "person")


def _queue(slug: str, label: Promise, icon: str) -> tuple[str, str, Promise, str]:
    return ("work:list", slug, label, icon)


PAGES: dict[Post, tuple[tuple[str, str, str | Promise, str], ...]] = {
    Post.AGENT: (NEW, _queue("mine", _("我的工单"), "list"), DRAFTS, KNOWLEDGE, ALL),
    Post.DISPATCHER: (
        _queue("dispatch", _("待派"), "inbox"),
        _queue("disputes", _("退回与延期"), "redo"),
        _queue("reviews", _("待审核"), "file"),
        ALARMS,
        HOT,
        KNOWLEDGE,
        ACCURACY,
        ALL,
    ),
    Post.CLERK: (_queue("inbox", _("待办"), "inbox"), KNOWLEDGE, ALL),
    Post.HEAD: (_queue("inbox", _("待办"), "inbox"), (BOARD, "", _("本单位"), "chart"), KNOWLEDGE, ALL),
    Post.SUPERVISOR: (
        (BOARD, "", _("督办台"), "chart"),
        _queue("late", _("逾期"), "late"),
        _queue("disputes", _("退回与延期"), "redo"),
        _queue("reviews", _("待审核"), "file"),
        TODAY,
        ALARMS,
        HOT,
        KNOWLEDGE,
        ACCURACY,
        ALL,
    ),
    Post.VISITOR: (_queue("visits", _("待回访"), "phone"), KNOWLEDGE, ALL),
    Post.INSPECTOR: (ALL, KNOWLEDGE),
    Post.ANALYST: (TODAY, (BOARD, "", _("督办台"), "chart"), ALARMS, HOT, ACCURACY, LIVE, SURVEYS, ALL),
    Post.LEADER: (TODAY, ALARMS, HOT, _queue("late", _("逾期"), "late"), LIVE, SURVEYS, ALL),
    Post.EDITOR: (
        KNOWLEDGE,
        ("knowledge:queue", "reviewing", _("待审知识"), "file"),
        ("knowledge:queue", "expiring", _("快到期"), "warn"),
    ),
    Post.STEWARD: (ADMIN, REVIEW, ACCURACY, LIVE, SURVEYS),
    Post.ADMINISTRATOR: (
        ADMIN,
        REVIEW,
        ACCURACY,
        LIVE,
        SURVEYS,
        ("operations:jobs", "", _("后台任务"), "stack"),
    ),
}


def entries(role: Post | Outsider, path: str) -> list[Entry]:
    """The rail of a post, with the entry marked that the open page belongs to: the nearest, where one lies below another."""
    pages = PAGES.get(role, ()) if isinstance(role, Post) else ()
    urls = {(name, slug): reverse(name, args=[slug] if slug else []) for name, slug, _label, _icon in (*pages, HOME)}
    above = [url for (name, _slug), url in urls.items() if path == url or (name in WHOLE and path.startswith(url))]
    here = max(above, key=len, default="")
    return [
        Entry(urls[name, slug], label, icon, urls[name, slug] == here, slug)
        for name, slug, label, icon in (*pages, HOME)
    ]


def landing(role: Post) -> str:
    """Where a post lands after signing in."""
    return entries(role, "")[0].url
