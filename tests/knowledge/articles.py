# SPDX-License-Identifier: Apache-2.0
"""Articles for tests."""

from datetime import date
from typing import Any

from rexian.directory import clock
from rexian.knowledge import actions
from rexian.knowledge.actions import Content
from rexian.knowledge.models import Article
from tests.factories import Town


def content(town: Town, **values: Any) -> Content:
    told: dict[str, Any] = {"title": "水费怎么交", "body": "可以在营业厅交，也可以在网上交。\n\n- 带水费单\n- 不用排队"}
    told |= {"department": town.water, "valid_from": date(2026, 1, 1), "questions": ["哪里交水费", "水费能网上交吗"]}
    told |= {"categories": [town.policy], "kinds": ["consult"], "public": True, "basis": "榆城市供水条例第十二条"}
    return Content(**(told | values))


def written(town: Town, by: str = "editor", **values: Any) -> Article:
    return actions.write(by=town.by(by), content=content(town, **values))


def published(town: Town, by: str = "editor", **values: Any) -> Article:
    """An article that the supervisor approved, written today or, where its validity is over, while it held."""
    article = actions.submit(article=written(town, by, **values), by=town.by(by))
    return actions.approve(article=article, by=town.by("supervisor"))


def until(days: int) -> date:
    """The day so many days from today."""
    return date.fromordinal(clock.today().toordinal() + days)
