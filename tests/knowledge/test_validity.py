# SPDX-License-Identifier: Apache-2.0
"""Reminders and the end of validity, also after the worker was down."""

from datetime import timedelta

import pytest

from rexian.directory import clock
from rexian.knowledge import actions, queries, validity
from rexian.knowledge.access import published as for_citizens
from rexian.knowledge.access import visible
from rexian.knowledge.models import Article
from tests.factories import Town
from tests.knowledge.articles import content, published, until, written

pytestmark = pytest.mark.django_db


def run(days: int) -> int:
    with clock.at(clock.now() + timedelta(days=days)):
        return validity.run_due(clock.today())


def reminders(article: Article) -> list[str]:
    return list(article.events.filter(edge="remind").order_by("id").values_list("reason", flat=True))


def test_each_reminder_comes_once(town: Town) -> None:
    article = published(town, valid_until=until(60))
    assert [run(day) for day in (0, 29, 30, 30, 31, 45, 53, 53, 60)] == [0, 0, 1, 0, 0, 0, 1, 0, 0]
    assert reminders(article) == ["30", "7"]
    assert run(61) == 1
    article.refresh_from_db()
    assert (article.state, article.live, article.reminded) == ("expired", None, None)
    assert run(62) == 0


def test_after_a_long_pause_only_what_still_says_something(town: Town) -> None:
    article = published(town, valid_until=until(60))
    assert (run(58), run(58)) == (1, 0)
    assert reminders(article) == ["7"]
    other = published(town, valid_until=until(60))
    assert run(90) == 2
    assert reminders(other) == []


def test_a_new_version_is_reminded_of_anew(town: Town) -> None:
    article = published(town, valid_until=until(20))
    run(0)
    actions.write(article=article, by=town.by("editor"), content=content(town, valid_until=until(25)))
    actions.submit(article=article, by=town.by("editor"))
    actions.approve(article=article, by=town.by("supervisor"))
    run(0)
    assert reminders(article) == ["30", "30"]


def test_an_old_version_ends_while_the_new_one_is_written(town: Town) -> None:
    article = published(town, valid_until=until(5))
    article = actions.write(article=article, by=town.by("editor"), content=content(town, body="新写的。"))
    assert run(6) == 1
    article.refresh_from_db()
    assert (article.state, article.live) == ("draft", None)
    assert article.events.latest("id").edge == "lapse"


def test_readers_see_nothing_out_of_force_even_while_the_worker_is_down(town: Town) -> None:
    published(town, valid_until=until(5))
    published(town, valid_from=until(3))
    assert visible(town.by("agent")).count() == for_citizens().count() == 1
    with clock.at(clock.now() + timedelta(days=6)):
        assert [one.expires for one in visible(town.by("agent"))] == [None]
        assert len(queries.for_question("水费怎么交")) == 1


def test_the_queue_shows_what_ends_soon_and_what_waits(town: Town) -> None:
    soon = published(town, valid_until=until(30))
    published(town, valid_until=until(31))
    actions.submit(article=written(town), by=town.by("editor"))
    assert queries.waiting(town.by("supervisor")) == {"reviewing": 1, "expiring": 1}
    assert queries.waiting(town.by("editor")) == {"reviewing": 0, "expiring": 1}
    assert [*queries.search(town.by("editor"), queries.Filter(state="expiring"))] == [soon]
