# SPDX-License-Identifier: Apache-2.0
"""Search, filters, and the articles for a text."""

from typing import Any

import pytest

from rexian.directory.models import Area, Category
from rexian.knowledge import actions, diff, queries
from rexian.knowledge.queries import Filter
from tests.factories import TEXT, Town
from tests.knowledge.articles import content, published, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(town: Town) -> Town:
    """An article on water rates, one on outages in one street, an internal one, and one of the other department."""
    published(town)
    published(
        town,
        title="停水了怎么办",
        body="先看停水公告。",
        questions=["家里没水"],
        categories=[town.outage],
        areas=[town.area],
    )
    published(
        town, title="停水话术", body="先安抚。", questions=["恢复供水时间"], categories=[town.outage], public=False
    )
    published(town, title="房屋漏雨找谁", body="找物业。", questions=[], categories=[], department=town.other)
    return town


def titles(found: Any) -> list[str]:
    return sorted(one.live.title for one in found)


def test_search_and_filters(shelf: Town) -> None:
    by, street = shelf.by("agent"), shelf.area
    assert titles(queries.search(by, Filter(words="停水"))) == ["停水了怎么办", "停水话术"]
    assert titles(queries.search(by, Filter(words="停水 安抚"))) == ["停水话术"]
    assert titles(queries.search(by, Filter(department=shelf.other))) == ["房屋漏雨找谁"]
    supply, life = Category.objects.get(code="Y0101"), Category.objects.get(code="Y01")
    assert titles(queries.search(by, Filter(category=supply))) == titles(queries.search(by, Filter(category=life)))
    assert titles(queries.search(by, Filter(category=shelf.policy))) == ["水费怎么交"]
    assert len(queries.search(by, Filter(area=street))) == 4
    elsewhere = Area.objects.create(code="990103", stem="990103", name="河西区", level=2, parent=street.parent.parent)
    assert "停水了怎么办" not in titles(queries.search(by, Filter(area=elsewhere)))
    assert queries.search(shelf.by("steward"), Filter()).count() == 0


def test_the_article_for_a_text(shelf: Town) -> None:
    found = queries.for_question(TEXT, shelf.area, shelf.outage)
    assert {one.version.title for one in found[:2]} == {"停水了怎么办", "停水话术"}
    assert all(0 < one.score <= 1 for one in found)
    told = queries.for_question(TEXT, None, shelf.outage, public=True)
    assert told[0].version.title == "停水了怎么办"
    assert "停水话术" not in {one.version.title for one in told}
    assert queries.for_question("想问一下水费怎么交", None, shelf.policy)[0].good
    assert queries.for_question("，。！") == []
    assert queries.for_question("小狗走失了") == []


def test_citizens_search_and_browse_what_is_public(shelf: Town) -> None:
    assert titles(queries.answers("停水")) == ["停水了怎么办"]
    assert [(one.name, count) for one, count in queries.branches()] == [("城乡建设", 2)]
    assert titles(queries.answers(branch=Category.objects.get(code="Y01"))) == ["停水了怎么办", "水费怎么交"]


def test_what_differs_between_versions(town: Town) -> None:
    article = written(town)
    older = article.latest
    newer = content(town, body=content(town).body.replace("不用排队", "要排队"), categories=[town.outage], public=False)
    newest = actions.write(article=article, by=town.by("editor"), content=newer).latest
    told = {str(one.label): [(piece.sort, piece.text) for piece in one.pieces] for one in diff.between(older, newest)}
    assert set(told) == {"正文", "分类", "向市民公开"}
    assert told["正文"][1:] == [("gone", "- 不用排队"), ("new", "- 要排队")]
    assert told["向市民公开"] == [("gone", "是"), ("new", "否")]
    assert diff.between(older, older) == []


def test_lists_take_few_queries(shelf: Town, django_assert_num_queries: Any) -> None:
    by = shelf.by("editor")
    with django_assert_num_queries(1):
        for one in queries.search(by, Filter(words="停水")):
            assert one.latest.department.name
    queries.for_question(TEXT, shelf.area, shelf.outage)  # how common each word is, and the index, are kept for a while
    with django_assert_num_queries(2):
        queries.for_question(TEXT, shelf.area, shelf.outage)
    with django_assert_num_queries(1):
        queries.waiting(by)
    article = queries.answers().get(live__title="停水了怎么办")
    with django_assert_num_queries(3):
        assert [diff.told(one, "areas") for one in queries.versions(article)] == ["春和街道"]
