# SPDX-License-Identifier: Apache-2.0
"""The knowledge base's pages: writing, reviewing, reading, the desk, and the portal."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from rexian.intake.models import Draft
from rexian.knowledge import actions, validity
from rexian.knowledge.models import Article, Vote
from tests.factories import TEXT, Town
from tests.knowledge.articles import content, published, until, written
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def form(**values: Any) -> dict[str, Any]:
    told = {
        "title": "水费怎么交",
        "body": "可以网上交。",
        "questions": "哪里交水费\n水费能网上交吗\n",
        "valid_from": "2026-01-01",
    }
    return (
        told
        | {"department": "市自来水公司", "categories": "城乡建设 › 供水 › 水费", "kinds": ["consult"], "public": "on"}
        | values
    )


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_an_article_goes_its_whole_way(town: Town) -> None:
    editor, supervisor, agent = signed_in("editor"), signed_in("supervisor"), signed_in("agent")
    assert editor.get("/work/", follow=True).redirect_chain[-1][0] == "/knowledge/"
    answer = editor.post("/knowledge/new/", form(then="submit"), follow=True)
    article = Article.objects.get()
    assert (article.state, article.latest.questions) == ("reviewing", ["哪里交水费", "水费能网上交吗"])
    assert "已交审核" in said(answer)
    assert "审核通过，发布" not in said(answer), "not one's own"
    assert agent.get(f"/knowledge/{article.pk}/").status_code == 404
    assert "水费怎么交" in said(supervisor.get("/knowledge/reviewing/"))
    assert "已记录" in said(supervisor.post(f"/knowledge/{article.pk}/approve/", follow=True))
    assert "可以网上交" in said(agent.get(f"/knowledge/{article.pk}/"))
    assert "水费怎么交" in said(agent.get("/knowledge/?q=水费能网上交吗"))
    assert "可以网上交" in said(Client().get(f"/answers/{article.pk}/"))
    base = str(article.latest.number)
    editor.post(f"/knowledge/{article.pk}/edit/", form(body="可以网上交，也可以到营业厅交。", base=base))
    page = said(editor.get(f"/knowledge/{article.pk}/"))
    assert "读者现在看到的还是第 1 版" in page
    assert "可以网上交，也可以到营业厅交。" in said(editor.get(f"/knowledge/{article.pk}/versions/"))
    assert "营业厅" not in said(agent.get(f"/knowledge/{article.pk}/"))
    assert "营业厅" not in said(Client().get(f"/answers/{article.pk}/"))


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"title": ""}, "title", "这个字段是必填项"),
        ({"department": "市气象台"}, "department", "没有“市气象台”"),
        ({"categories": "停水、天上掉馅饼"}, "categories", "没有“天上掉馅饼”"),
        ({"valid_until": "2025-12-31"}, "valid_until", "不能早于生效日期"),
        ({"valid_until": "2026-02-30"}, "valid_until", "输入一个有效的日期"),
        ({"questions": "问" * 101}, "questions", "每个不超过 100 字"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    town: Town, values: dict[str, str], field: str, says: str
) -> None:
    answer = signed_in("editor").post("/knowledge/new/", form(**values))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in html.unescape(re.search(rf'id="id_{field}_error">(.*?)</p>', page)[1])
    assert "可以网上交。" in page
    assert re.search(r'value="consult"[^>]*checked', page)
    assert Article.objects.count() == 0


def test_what_is_typed_is_kept_and_can_be_thrown_away(town: Town) -> None:
    editor = signed_in("editor")
    editor.post("/knowledge/keep/", form(body="写到一半", base=""))
    page = editor.get("/knowledge/new/").content.decode()
    assert "写到一半" in page
    assert "接着上次没存的内容写" in page
    assert re.search(r'value="consult"[^>]*checked', page)
    assert "写到一半" not in signed_in("clerk").get("/knowledge/new/").content.decode()
    editor.post("/knowledge/keep/", {"discard": "1"})
    assert "写到一半" not in editor.get("/knowledge/new/").content.decode()
    editor.post("/knowledge/keep/", form(body="再写"))
    editor.post("/knowledge/new/", form())
    assert (Draft.objects.count(), Article.objects.count()) == (0, 1)


def test_a_version_saved_meanwhile_is_not_overwritten(town: Town) -> None:
    article = written(town)
    signed_in("head").post(f"/knowledge/{article.pk}/edit/", form(body="负责人改的。", base="1"))
    answer = signed_in("editor").post(f"/knowledge/{article.pk}/edit/", form(body="编辑改的。", base="1"))
    assert "张head" in said(answer) or "张clerk" in said(answer)
    assert "编辑改的。" in said(answer)
    assert Article.objects.get().latest.body == "负责人改的。"


def test_reasons_are_asked_for_where_they_are_missing(town: Town) -> None:
    article = actions.submit(article=written(town), by=town.by("editor"))
    supervisor = signed_in("supervisor")
    answer = supervisor.post(f"/knowledge/{article.pk}/send_back/", {"reason": ""})
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in answer.content.decode()
    supervisor.post(f"/knowledge/{article.pk}/send_back/", {"reason": "没有文号"})
    assert "没有文号" in said(signed_in("editor").get(f"/knowledge/{article.pk}/"))
    refused = signed_in("clerk").post(f"/knowledge/{article.pk}/withdraw/", {"reason": "想撤"}, follow=True)
    assert "您的岗位不能撤下" in said(refused)
    assert signed_in("clerk").post(f"/knowledge/{article.pk}/write/", {}).status_code == 404


def test_strangers_learn_nothing(town: Town) -> None:
    draft, internal = written(town, by="clerk"), published(town, public=False)
    stranger, clerk = signed_in("stranger"), signed_in("clerk")
    for page in ("", "edit/", "versions/"):
        assert stranger.get(f"/knowledge/{draft.pk}/{page}").status_code == 404
    assert clerk.get(f"/knowledge/{draft.pk}/edit/").status_code == 200
    assert stranger.get(f"/knowledge/{internal.pk}/").status_code == 200
    assert stranger.get(f"/knowledge/{internal.pk}/edit/").status_code == 404
    assert "可以在营业厅交" not in said(Client().get("/answers/"))
    assert Client().get(f"/answers/{internal.pk}/").status_code == 404
    assert signed_in("agent").get("/knowledge/reviewing/").status_code == 404


def test_nothing_of_anothers_draft_shows_in_a_list(town: Town) -> None:
    article = published(town)
    actions.write(article=article, by=town.by("clerk"), content=content(town, title="水费要涨价了"))
    for name in ("stranger", "agent"):
        page = said(signed_in(name).get("/knowledge/"))
        assert "水费怎么交" in page
        assert "✓ 已发布" in page
        assert "涨价" not in page
        assert "水费" not in said(signed_in(name).get("/knowledge/?q=涨价"))
    assert "水费" not in said(signed_in("stranger").get("/knowledge/draft/"))
    assert "水费要涨价了" in said(signed_in("clerk").get("/knowledge/?q=涨价"))
    assert "水费要涨价了" in said(signed_in("head").get("/knowledge/draft/"))


@pytest.mark.parametrize("after", ["x", "W10", "WyJhYmMiLCAxXQ", "W3siZCI6IDF9LCAxXQ", "W1sxXSwgMV0"])
def test_a_strange_address_shows_the_first_page(town: Town, after: str) -> None:
    published(town)
    assert "水费怎么交" in said(Client().get(f"/answers/?after={after}"))
    assert Client().get("/answers/?category=%00&q=%00").status_code == 200
    assert signed_in("agent").get(f"/knowledge/?after={after}&q=%00&area=%00").status_code == 200


def test_what_expires_stands_in_the_editors_list(town: Town) -> None:
    article = published(town, valid_until=until(6))
    validity.run_due(until(0))
    page = said(signed_in("editor").get("/knowledge/expiring/"))
    assert "还有 6 天到期" in page
    assert "快到期 1" in page
    assert "到期提醒（7 天）" in said(signed_in("editor").get(f"/knowledge/{article.pk}/"))


def test_the_list_is_narrowed_and_says_what_it_does_not_know(town: Town) -> None:
    published(town)
    published(town, title="房屋漏雨找谁", body="找物业。", questions=[], categories=[], department=town.other)
    agent = signed_in("agent")
    page = said(agent.get("/knowledge/?department=市住建局"))
    assert "房屋漏雨找谁" in page
    assert "水费怎么交" not in page
    assert "没有“火星”" in said(agent.get("/knowledge/?area=火星"))
    assert "意思相近的" in said(agent.get("/knowledge/?q=水费为什么这么贵"))


def test_the_list_is_paged_by_key(town: Town) -> None:
    for number in range(33):
        published(town, title=f"水费问题{number:02d}", valid_until=until(20))
    editor = signed_in("editor")
    for url in ("/knowledge/?q=水费", "/knowledge/expiring/"):
        first = editor.get(url).content.decode()
        after = html.unescape(re.search(r'href="(\?after=[^"]+)"', first)[1])
        second = editor.get(url.split("?")[0] + after).content.decode()
        titles = re.findall(r"水费问题\d\d", first) + re.findall(r"水费问题\d\d", second)
        assert (len(titles), len(set(titles))) == (33, 33)


def test_the_desk_says_how_to_answer(town: Town) -> None:
    published(
        town,
        title="停水了怎么办",
        body="## 先看公告\n- **拨打** 96116",
        questions=["家里没水"],
        categories=[town.outage],
    )
    published(town, title="停水话术", body="先安抚。", questions=["停水多久"], categories=[town.outage], public=False)
    agent = signed_in("agent")
    page = agent.post("/desk/assist/", {"text": TEXT, "area": "春和街道"}).content.decode()
    assert "可以这样答" in page
    assert page.count('data-key="ctrl+4"') == page.count('data-adopt="reply_citizen"') == 1
    assert (
        html.unescape(re.search(r'data-adopt="reply_citizen" data-value="([^"]*)"', page)[1])
        == "先看公告\n- 拨打 96116"
    )
    assert "停水话术" in page
    article = Article.objects.get(live__title="停水了怎么办")
    told = agent.post(f"/knowledge/{article.pk}/vote/", {"useful": "no"}, headers={"HX-Request": "true"})
    assert "哪里没用" in told.content.decode()
    agent.post(f"/knowledge/{article.pk}/vote/", {"useful": "no", "why": "没写抢修电话"})
    assert "没写抢修电话" in said(signed_in("editor").get("/knowledge/useless/")) + said(
        signed_in("editor").get(f"/knowledge/{article.pk}/")
    )
    assert Vote.objects.count() == 1


def test_citizens_find_read_and_vote_without_a_script(town: Town) -> None:
    article = published(town, valid_until=until(90))
    citizen = Client()
    assert "水费怎么交" in said(citizen.get("/answers/?q=水费"))
    assert "水费怎么交" in said(citizen.get("/answers/?category=Y01"))
    assert "这些意思相近" in said(citizen.get("/answers/?q=水费太贵了怎么回事"))
    assert "没有找到" in said(citizen.get("/answers/?q=小狗"))
    assert "没有记下" in said(citizen.post(f"/answers/{article.pk}/vote/", {"useful": "yes"}, follow=True))
    assert "已记下" in said(citizen.post(f"/answers/{article.pk}/vote/", {"useful": "yes"}, follow=True))
    citizen.post(f"/answers/{article.pk}/vote/", {"useful": "no", "why": "太长"})
    assert list(Vote.objects.values_list("useful", "why")) == [(False, "太长")]
    answers = [citizen.post(f"/answers/{article.pk}/vote/", {"useful": "yes"}, follow=True) for _ in range(20)]
    assert "评价太频繁" in said(answers[-1])


def test_what_probably_answers_is_shown_before_it_is_sent(town: Town) -> None:
    published(town, questions=["水费怎么交", "网上交水费"])
    told = Client().post("/nearby/", {"text": "请问水费怎么交，网上能交水费吗"})
    assert "也许这个能回答您" in said(told)
    assert said(Client().post("/nearby/", {"text": "楼下的狗天天叫"})).strip() == ""


def test_pages_take_few_queries(town: Town, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        published(town, title=f"水费问题{number}")
    article = published(town)
    editor = signed_in("editor")
    actions.write(article=article, by=town.by("editor"), content=content(town, body="新的。"))
    for client, url, most in (
        (editor, "/knowledge/?q=水费", 10),
        (editor, f"/knowledge/{article.pk}/", 15),
        (editor, f"/knowledge/{article.pk}/versions/", 8),
        (Client(), "/answers/?q=水费", 3),
        (Client(), f"/answers/{article.pk}/", 4),
    ):
        client.get(url)
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200
