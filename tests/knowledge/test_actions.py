# SPDX-License-Identifier: Apache-2.0
"""The way of an article: versions, four eyes, who may what, and what the database itself refuses."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from rexian.directory import clock
from rexian.knowledge import actions
from rexian.knowledge.access import get_article, visible
from rexian.knowledge.models import Article, ArticleEvent, Version, Vote
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import CITIZEN
from tests.factories import Town
from tests.knowledge.articles import content, published, until, written

pytestmark = pytest.mark.django_db


def test_an_article_is_written_reviewed_and_published(town: Town) -> None:
    article = written(town)
    assert (article.state, article.live) == ("draft", None)
    assert not visible(town.by("agent")).exists()
    article = actions.approve(article=actions.submit(article=article, by=town.by("editor")), by=town.by("supervisor"))
    assert (article.state, article.live, article.expires) == ("published", article.latest, None)
    assert visible(town.by("agent")).get() == article
    assert [event.edge for event in article.events.order_by("id")] == ["write", "submit", "approve"]
    assert article.events.get(edge="approve").author == town.users["editor"]


def test_readers_keep_the_old_version_until_the_new_one_is_approved(town: Town) -> None:
    article = published(town)
    first = article.live
    article = actions.write(
        article=article, by=town.by("editor"), content=content(town, body="全部改为网上交。"), base=1
    )
    assert (article.state, article.live, article.latest.number) == ("draft", first, 2)
    actions.submit(article=article, by=town.by("editor"))
    assert get_article(article.pk, town.by("agent")).live.body.startswith("可以在营业厅交")
    article = actions.approve(article=article, by=town.by("supervisor"))
    assert article.live.body == "全部改为网上交。"
    assert Version.objects.count() == 2


def test_the_same_again_is_no_new_version(town: Town) -> None:
    article = written(town)
    assert actions.write(article=article, by=town.by("editor"), content=content(town)).latest == article.latest
    assert ArticleEvent.objects.count() == 1


def test_nobody_approves_what_is_their_own(town: Town) -> None:
    article = actions.submit(article=written(town), by=town.by("editor"))
    with pytest.raises(Forbidden, match="另一人"):
        actions.approve(article=article, by=town.by("editor"))
    again = actions.submit(article=written(town, by="clerk"), by=town.by("editor"))
    with pytest.raises(Forbidden, match="另一人"):
        actions.approve(article=again, by=town.by("editor"))
    event, editor = article.events.get(edge="submit"), town.users["editor"]
    values = {"at": event.at, "target": "published", "role": "editor", "user": editor, "author": editor}
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        ArticleEvent.objects.create(article=article, version=event.version, edge="approve", **values)


@pytest.mark.parametrize("post", ["agent", "dispatcher", "visitor", "leader", "steward", "supervisor", "inspector"])
def test_other_posts_do_not_write(town: Town, post: str) -> None:
    with pytest.raises(Forbidden, match="您的岗位不能保存"):
        written(town, by=post)
    assert Article.objects.count() == 0


def test_departments_write_their_own_and_see_no_drafts_of_others(town: Town) -> None:
    article = written(town, by="clerk")
    assert visible(town.by("head")).get() == article
    assert not visible(town.by("stranger")).exists()
    with pytest.raises(Refusal, match="自己单位") as refused:
        written(town, by="stranger")
    assert refused.value.field == "department"
    with pytest.raises(Forbidden, match="不是您单位"):
        actions.write(article=article, by=town.by("stranger"), content=content(town))
    with pytest.raises(Forbidden, match="您的岗位不能审核通过"):
        actions.approve(article=actions.submit(article=article, by=town.by("head")), by=town.by("clerk"))


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"title": "  "}, "title", "请填写标题"),
        ({"title": "长" * 101}, "title", "最多 100 字，现在 101 字"),
        ({"body": ""}, "body", "请填写正文"),
        ({"body": "长" * 20_001}, "body", "最多 20000 字"),
        ({"questions": ["问" * 101]}, "questions", "每个不超过 100 字"),
        ({"questions": [f"问法{n}" for n in range(31)]}, "questions", "最多 30 个"),
        ({"valid_until": date(2025, 12, 31)}, "valid_until", "不能早于生效日期"),
        ({"valid_until": date(2026, 1, 2)}, "valid_until", "已满"),
        ({"kinds": ["gossip"]}, "kinds", "请选择性质"),
    ],
)
def test_refusals_say_what_is_wrong_at_its_field(town: Town, values: dict, field: str, says: str) -> None:
    with pytest.raises(Refusal, match=says) as refused:
        written(town, **values)
    assert refused.value.field == field
    assert (Article.objects.count(), Version.objects.count()) == (0, 0)


def test_two_who_write_at_once_do_not_overwrite_each_other(town: Town) -> None:
    article = written(town)
    actions.write(article=article, by=town.by("head"), content=content(town, body="负责人改的。"), base=1)
    with pytest.raises(Refusal, match=r"张clerk|张head.*第 2 版"):
        actions.write(article=article, by=town.by("editor"), content=content(town, body="编辑改的。"), base=1)
    assert Article.objects.get().latest.body == "负责人改的。"


def test_sent_back_recalled_and_withdrawn_leave_their_reason(town: Town) -> None:
    article = actions.submit(article=written(town), by=town.by("editor"))
    with pytest.raises(Refusal, match="请填写理由") as refused:
        actions.send_back(article=article, by=town.by("supervisor"), reason="  ")
    assert refused.value.field == "reason"
    with pytest.raises(Forbidden, match="现在是“待审核”，不能保存"):
        actions.write(article=article, by=town.by("editor"), content=content(town, title="换一个"))
    article = actions.send_back(article=article, by=town.by("supervisor"), reason="没有依据")
    assert article.events.latest("id").reason == "没有依据"
    article = actions.recall(article=actions.submit(article=article, by=town.by("editor")), by=town.by("editor"))
    assert article.state == "draft"
    article = actions.withdraw(article=published(town), by=town.by("supervisor"), reason="政策已变")
    assert (article.state, article.live) == ("withdrawn", None)
    assert not visible(town.by("agent")).exists()


def test_the_database_refuses_to_change_what_was_written(town: Town) -> None:
    article = published(town)
    for change in (
        lambda: Version.objects.update(body="别的"),
        lambda: Version.objects.all().delete(),
        lambda: ArticleEvent.objects.update(reason="别的"),
        lambda: article.live.categories.clear(),
        lambda: Article.objects.update(state="withdrawn"),
        lambda: Article.objects.update(live=None, expires=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_validity_that_is_over_is_neither_submitted_nor_approved(town: Town) -> None:
    article = written(town, valid_until=until(3))
    with clock.at(clock.now() + timedelta(days=4)), pytest.raises(Refusal, match="已满"):
        actions.submit(article=article, by=town.by("editor"))
    article = actions.submit(article=article, by=town.by("editor"))
    with clock.at(clock.now() + timedelta(days=4)), pytest.raises(Refusal, match="已满"):
        actions.approve(article=article, by=town.by("supervisor"))


def test_one_vote_a_person_and_version(town: Town) -> None:
    article = published(town)
    actions.vote(version=article.live, by=town.by("agent"), useful=True)
    actions.vote(version=article.live, by=town.by("agent"), useful=False, why="没写营业厅地址")
    actions.vote(version=article.live, by=CITIZEN, visitor=b"1" * 16, useful=True, why="不该留下")
    actions.vote(version=article.live, by=CITIZEN, visitor=b"2" * 16, useful=True)
    assert sorted(Vote.objects.values_list("useful", "why")) == [(False, "没写营业厅地址"), (True, ""), (True, "")]
    with pytest.raises(Refusal, match="最多 200 字") as refused:
        actions.vote(version=article.live, by=town.by("agent"), useful=False, why="长" * 201)
    assert refused.value.field == "why"
