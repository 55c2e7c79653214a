# SPDX-License-Identifier: Apache-2.0
"""Articles found by what their body says: kept current, never held out as sure, and nothing where nothing fits."""

import pytest

from rexian.directory import queries as directory
from rexian.directory.models import Area
from rexian.directory.words import teach
from rexian.knowledge import actions, queries, retrieving
from rexian_ml.text import words
from tests.factories import Town
from tests.knowledge.articles import published
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
ASKED = "老家属院更换智能电表要不要居民出钱"
BODY = "老旧家属院统一更换智能电表，费用由供电企业承担，居民不出钱。"


def titles(asked: str = ASKED, **values: object) -> list[str]:
    directory.forget()
    return [one.version.title for one in queries.for_question(asked, **values)]  # type: ignore[arg-type]


def test_what_the_body_says_is_found_and_is_current(town: Town) -> None:
    published(town)
    assert titles() == []
    article = published(town, title="用电服务说明", body=BODY, questions=[], categories=[])
    assert titles() == ["用电服务说明"]
    found = queries.for_question(ASKED)
    assert not found[0].good, "it may be read, it is not held out as the answer"
    actions.withdraw(article=article, by=town.by("editor"), reason="有新政策")
    assert [one.version.title for one in queries.for_question(ASKED)] == [], "at once, whatever the index says"
    assert titles() == []


def test_the_public_finds_no_internal_article_and_areas_narrow(town: Town) -> None:
    published(town, title="用电话术", body=BODY, questions=[], categories=[], public=False)
    assert titles() == ["用电话术"]
    assert titles(public=True) == []
    other = Area.objects.create(code="990103", stem="990103", name="河西区", level=2, parent=town.area.parent)
    published(town, title="河西用电", body=BODY, questions=[], categories=[], areas=[other])
    assert titles(area=town.area) == ["用电话术"]


def test_what_is_not_there_is_not_known(town: Town) -> None:
    published(town, title="用电服务说明", body=BODY, questions=[], categories=[])
    assert titles("量子纠缠的实验在哪一年完成") == []
    page = signed_in("agent").post("/desk/assist/", {"text": ASKED}).content.decode()
    assert "没有把握大的" in page
    assert "用电服务说明" in page


def test_titles_questions_and_bodies_make_one_index(town: Town) -> None:
    one = published(town)
    directory.forget()
    told = retrieving.found("水费单带到营业厅")
    assert list(told) == [one.pk]
    assert 0 < told[one.pk] <= 1


def test_the_citys_words_reach_the_segmenter(town: Town) -> None:
    Area.objects.create(code="990102009", stem="990102009", name="栖霞坞镇", level=3, parent=town.area.parent)
    directory.forget()
    teach()
    assert "栖霞坞镇" in words("栖霞坞镇停水了")
