# SPDX-License-Identifier: Apache-2.0
"""The knowledge base of the synthetic city: articles of our own, through the real actions, at the times when they would have been written."""

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from rexian.directory import clock
from rexian.directory.models import Area, Category, Department
from rexian.directory.queries import by_of
from rexian.knowledge import actions, validity
from rexian.knowledge.actions import Content
from rexian.knowledge.models import Article
from rexian.orders.deadlines import ZONE
from rexian.security.identity import CITIZEN, By
from rexian.security.models import User
from rexian.security.posts import Post

ARTICLES = Path(__file__).with_name("articles.toml")
WHY = ("没写电话", "太长了", "和窗口说的不一样", "没说多久办好", "不是我想问的", "看不懂")
READERS = (Post.AGENT, Post.DISPATCHER, Post.VISITOR)
LONG_AGO = ("published", "expired")
"""States of articles that were published months ago; the others are of the last days."""


@cache
def told() -> list[dict[str, Any]]:
    """The articles as articles.toml has them."""
    found: list[dict[str, Any]] = tomllib.loads(ARTICLES.read_text(encoding="utf-8"))["article"]
    return found


@dataclass(frozen=True, slots=True)
class Cast:
    """Who writes, reviews and reads: editors and supervisors, one clerk a department, and those who vote."""

    editors: list[By]
    supervisors: list[By]
    clerks: dict[int, By]
    readers: list[By]

    @classmethod
    def read(cls) -> "Cast":
        people = [by_of(user) for user in User.objects.filter(is_active=True).order_by("pk")]
        of = {post: [by for by in people if by.role == post] for post in Post}
        clerks = {by.department_id: by for post in (Post.HEAD, Post.CLERK) for by in of[post] if by.department_id}
        return cls(of[Post.EDITOR], of[Post.SUPERVISOR], clerks, [by for post in READERS for by in of[post]])


def shelve(*, seed: int, end: datetime | None = None, say: Callable[[str], None] = lambda _: None) -> int:
    """Writes the articles over the year up to `end` (now), most of them reviewed and published; returns how many, 0 where the shelf is not empty."""
    if Article.objects.exists():
        return 0
    end, rng, cast = end or clock.now(), random.Random(seed), Cast.read()  # noqa: S311  nothing secret
    for one in told():
        with transaction.atomic():
            _tell(rng, cast, one, end)
    with clock.at(end):
        validity.run_due(clock.today())
    say(f"知识 {len(told())} 篇")
    return len(told())


def _tell(rng: random.Random, cast: Cast, one: dict[str, Any], end: datetime) -> None:
    """One article from its first version to the state in which it is now."""
    state, article = one.get("state", "published"), None
    days = rng.randint(60, 300) if state in LONG_AGO else rng.randint(1, 9)
    at = (end.astimezone(ZONE) - timedelta(days=days)).replace(hour=rng.randint(9, 15), minute=rng.randrange(60))
    content = _content(one, at, end)
    author = cast.clerks.get(content.department.pk) if rng.random() < 0.6 else None
    author = author or rng.choice(cast.editors)
    for version in _versions(rng, content) if state in LONG_AGO else [content]:
        article = _written(author, version, at, article)
        if state != "draft":
            article = _reviewed(rng.choice(cast.supervisors), author, article, at, state)
        at += timedelta(days=rng.randint(5, 15))
    if article is not None and article.live is not None:
        _voted(rng, cast, article, at, end)


def _content(one: dict[str, Any], at: datetime, end: datetime) -> Content:
    """What articles.toml says, with the directory's rows for its codes, and days for its spans."""
    ends = one.get("ends_in")
    return Content(
        title=one["title"],
        body=one["body"],
        questions=one["questions"],
        basis=one.get("basis", ""),
        department=Department.objects.get(code=one["department"]),
        categories=list(Category.objects.filter(code__in=one.get("categories", ()))),
        areas=list(Area.objects.filter(code__in=one.get("areas", ()))),
        kinds=one["kinds"],
        public=not one.get("internal", False),
        valid_from=at.date(),
        valid_until=None if ends is None else (end.astimezone(ZONE) + timedelta(days=ends)).date(),
    )


def _versions(rng: random.Random, content: Content) -> list[Content]:
    """Three in ten were published before without their last line."""
    before = content.body.rpartition("\n")[0].strip()
    return [replace(content, body=before), content] if before and rng.random() < 0.3 else [content]


def _written(author: By, content: Content, at: datetime, article: Article | None) -> Article:
    with clock.at(at):
        return actions.write(by=author, content=content, article=article)


def _reviewed(reviewer: By, author: By, article: Article, at: datetime, state: str) -> Article:
    """Submitted and, but where it still waits, decided within two hours."""
    with clock.at(at + timedelta(minutes=20)):
        article = actions.submit(article=article, by=author)
    with clock.at(at + timedelta(minutes=115)):
        if state in LONG_AGO:
            return actions.approve(article=article, by=reviewer)
        if state == "withdrawn":
            return actions.withdraw(article=article, by=reviewer, reason="流程已改，等新稿。")
    return article


def _voted(rng: random.Random, cast: Cast, article: Article, at: datetime, end: datetime) -> None:
    """Staff and citizens who found it useful or not, most of them useful."""
    voters: list[tuple[By, bytes | None]] = [
        (by, None) for by in rng.sample(cast.readers, rng.randint(0, min(4, len(cast.readers))))
    ]
    voters += (
        [(CITIZEN, rng.randbytes(16)) for _ in range(rng.randint(0, 6))] if article.live and article.live.public else []
    )
    for by, visitor in voters:
        useful = rng.random() < 0.82
        with clock.at(at + (end - at) * rng.random()):
            why = "" if useful or rng.random() < 0.4 else rng.choice(WHY)
            if article.live is not None:
                actions.vote(version=article.live, by=by, visitor=visitor, useful=useful, why=why)
