# SPDX-License-Identifier: Apache-2.0
"""The questionnaire's pages: links that open only their own city, answers kept one by one, the sign-off."""

import html
import io
import re
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rexian.assessment import actions, queries
from rexian.assessment.evidence.actions import measure
from rexian.assessment.models import Answer, Evidence, Invitation, Survey
from rexian.directory import clock
from rexian.security.access import all_routes
from rexian.security.identity import SYSTEM
from rexian.security.scrubbing import scrubbed
from tests.assessment.surveys import FORM, LI, answered, made
from tests.factories import Town
from tests.orders.test_attachments import photo
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def one(town: Town) -> Invitation:
    return made(town, "甲市", "乙市").invitations.get(city="甲市")


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def named(invitation: Invitation, name: str = "李四", token: str = "") -> Client:
    """A browser at a link that has said who fills in."""
    client = Client()
    answer = client.post(f"/assessment/fill/{token or invitation.fill_token}/", {"name": name})
    assert answer.status_code == 302
    return client


def sent(client: Client, one: Invitation, question: str, *values: str, base: int = 0) -> Any:
    url = reverse("assessment:answer", args=[one.fill_token, question])
    return client.post(url, {"value": values, "base": str(base)}, **HTMX)  # type: ignore[arg-type]


# Links


def of_links(token: str, pk: int) -> list[str]:
    """The address of every page that a link opens."""
    values = {"token": token, "slug": "N", "question": "channel_app", "indicator": "N1.1", "pk": str(pk)}
    routes = [route for route, _pattern in all_routes() if route.startswith("assessment/fill/")]
    return ["/" + re.sub(r"<\w+:(\w+)>", lambda found: values[found[1]], route) for route in routes]


def test_no_page_opens_without_a_link_that_holds(town: Town, one: Invitation) -> None:
    file = actions.attach(by=LI, invitation=one, indicator="N1.1", name="a.jpg", content=photo())
    other = one.survey.invitations.get(city="乙市")
    actions.revoke(by=town.by("steward"), invitation=other)
    assert len(of_links("x", 1)) == 9
    for token in ("x" * 32, other.fill_token, other.sign_token, one.fill_token.swapcase()):
        for url in of_links(token, file.pk):
            for method in ("get", "post"):
                answer = getattr(Client(REMOTE_ADDR=f"10.0.0.{hash(url) % 250}"), method)(url)
                assert answer.status_code in (404, 429), (url, method)
    for days in (-2, 11):
        with clock.at(clock.now() + timedelta(days=days)):
            assert Client().get(f"/assessment/fill/{one.fill_token}/").status_code == 404
    assert not Answer.objects.filter(question="channel_app").exists()


def test_a_link_does_not_reach_another_city(town: Town, one: Invitation) -> None:
    other = one.survey.invitations.get(city="乙市")
    file = actions.attach(by=LI, invitation=other, indicator="N1.1", name="a.jpg", content=photo())
    client = named(one)
    assert client.get(reverse("assessment:own_evidence", args=[one.fill_token, file.pk])).status_code == 404
    assert client.post(reverse("assessment:remove", args=[one.fill_token, file.pk])).status_code == 404
    assert "乙市" not in said(client.get(f"/assessment/fill/{one.fill_token}/"))


def test_links_leave_no_trace_and_cannot_be_tried_out(one: Invitation) -> None:
    answer = Client().get(f"/assessment/fill/{one.fill_token}/")
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    client = Client()
    statuses = [client.get(f"/assessment/fill/{'y' * 30}{n}/").status_code for n in range(25)]
    assert (statuses[0], statuses[-1]) == (404, 429)


def test_a_token_does_not_reach_the_log(one: Invitation) -> None:
    path = f"/assessment/fill/{one.fill_token}/part/N/"
    assert scrubbed(f"Not Found: {path}") == "Not Found: /assessment/fill/[链接]/part/N/"


def test_what_is_done_with_a_link_is_limited(one: Invitation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rexian.intake.limiting.LINK_ACTS", 3)
    client = named(one)
    statuses = [sent(client, one, "channel_app", "yes").status_code for _n in range(4)]
    assert statuses[-1] == 429


# Filling in


def test_a_name_first(one: Invitation) -> None:
    client = Client()
    page = f"/assessment/fill/{one.fill_token}/"
    assert client.get(page + "part/N/")["Location"] == page
    assert "先写您的姓名" in said(sent(client, one, "channel_app", "yes"))
    assert client.post(page, {"name": " "}).status_code == 422
    assert named(one).get(page + "part/N/").status_code == 200


def test_an_answer_is_kept_and_told(one: Invitation) -> None:
    client = named(one)
    answer = sent(client, one, "channel_app", "yes")
    assert answer.status_code == 200
    assert "✓ 李四" in said(answer)
    assert 'name="base" value="1"' in answer.content.decode()
    assert "网络化 1/" in said(answer)
    page = client.get(f"/assessment/fill/{one.fill_token}/part/N/").content.decode()
    form = page[page.index('id="q-channel_app"') : page.index('id="q-channel_wechat"')]
    assert re.search(r'value="yes"\s+checked', form)
    sent(client, one, "channel_more", "weibo", "email", base=0)
    assert queries.sheet_of(one)["channel_more"] == frozenset({"weibo", "email"})
    sent(client, one, "channel_app", "", base=1)
    assert "channel_app" not in queries.sheet_of(one)


@pytest.mark.parametrize(
    ("question", "typed", "says"),
    [
        ("connected_share", "130", "不能大于 100"),
        ("connected_share", "很高", "不是数字"),
        ("volume_total", "1.5", "应为整数"),
        ("province", "某省", "不在选项之中"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_not_kept(
    one: Invitation, question: str, typed: str, says: str
) -> None:
    before = Answer.objects.filter(question=question).count()
    answer = sent(named(one), one, question, typed)
    assert answer.status_code == 422
    assert says in said(answer)
    assert Answer.objects.filter(question=question).count() == before


def test_volumes_that_do_not_add_up_are_told_while_filling(one: Invitation) -> None:
    client = named(one)
    sent(client, one, "volume_total", "100")
    answer = sent(client, one, "volume_phone", "150")
    reason = next(check.text for check in FORM.checks if check.kind == "parts_at_most")
    assert answer.status_code == 200
    assert re.search(r'id="state-volume_total"[^>]*hx-swap-oob', answer.content.decode())
    assert reason in said(answer)
    assert reason not in said(sent(client, one, "volume_phone", "90", base=1))


def test_skip_rules_show_and_hide_at_once(one: Invitation) -> None:
    client = named(one)
    shown = sent(client, one, "recording_rules", "yes").content.decode()
    form = re.search(r'<form[^>]*id="q-recording_items"[^>]*>', shown)
    assert form is not None
    assert " hidden" not in form[0]
    hidden = sent(client, one, "recording_rules", "no", base=1).content.decode()
    form = re.search(r'<form[^>]*id="q-recording_items"[^>]*>', hidden)
    assert form is not None
    assert " hidden" in form[0]


def test_the_second_of_two_is_told_and_his_words_stay(one: Invitation) -> None:
    li, wang = named(one), named(one, "王五")
    sent(li, one, "population", "100")
    answer = sent(wang, one, "population", "200")
    assert answer.status_code == 422
    assert "李四 刚才改过这一题，您的没有存" in said(answer)
    assert "现在存着的是：100" in said(answer)
    assert sent(wang, one, "population", "200", base=1).status_code == 200
    assert queries.sheet_of(one)["population"] == 200.0


def test_without_scripts_it_works_too(one: Invitation) -> None:
    client = named(one)
    url = reverse("assessment:answer", args=[one.fill_token, "connected_share"])
    assert client.post(url, {"value": "95"})["Location"].endswith("/part/N/#q-connected_share")
    answer = client.post(url, {"value": "130", "base": "1"}, follow=True)
    assert "电话接通率（%）：不能大于 100" in said(answer)


@pytest.mark.parametrize("question", ["city", "nothing"])
def test_what_is_no_question(one: Invitation, question: str) -> None:
    assert sent(named(one), one, question, "x").status_code == 404


def test_evidence_comes_and_goes(one: Invitation) -> None:
    client = named(one)
    url = reverse("assessment:attach", args=[one.fill_token, "N1.1"])
    answer = client.post(url, {"file": SimpleUploadedFile("规则.jpg", photo())}, **HTMX)
    assert "规则.jpg" in said(answer)
    bad = client.post(url, {"file": SimpleUploadedFile("a.jpg", b"MZ\x90\x00")}, **HTMX)
    assert bad.status_code == 422
    assert "不是照片" in said(bad)
    file = Evidence.objects.get()
    got = client.get(reverse("assessment:own_evidence", args=[one.fill_token, file.pk]))
    assert got["Content-Disposition"].startswith("attachment")
    assert b"Secret" not in b"".join(got)
    steward = signed_in("steward")
    got = steward.get(f"/assessment/evidence/{file.pk}/")
    assert b"".join(got).startswith(b"\xff\xd8")
    gone = client.post(reverse("assessment:remove", args=[one.fill_token, file.pk]), **HTMX)
    assert "规则.jpg" not in said(gone)
    assert steward.get(f"/assessment/evidence/{file.pk}/").status_code == 404
    assert client.post(reverse("assessment:attach", args=[one.fill_token, "X9.9"])).status_code == 404


def upload(client: Client, url: str, *lines: str) -> Any:
    content = "\n".join(lines).encode()
    return client.post(url, {"file": SimpleUploadedFile("a.csv", content)}, follow=True)


HEADING = "城市 [city],省份 [province],城市层级 [level],电话接通率（%） [connected_share]"


def test_a_bad_file_is_told_line_by_line_and_the_form_stays(one: Invitation) -> None:
    client, url = named(one), reverse("assessment:upload", args=[one.fill_token])
    answer = upload(client, url, HEADING, "乙市,贵州,地级市,96")
    assert answer.status_code == 422
    assert "文件有 1 处不对，什么都没有存" in said(answer)
    assert "2 城市 [city] 乙市 应为“甲市”" in said(answer)
    assert 'type="file"' in answer.content.decode()
    assert "请选择文件" in said(client.post(url))
    assert "都已存好" in said(upload(client, url, HEADING, "甲市,贵州,地级市,96"))
    assert queries.sheet_of(one)["connected_share"] == 96.0


def test_the_blank_form_comes_back_filled(one: Invitation) -> None:
    client = named(one)
    blank = client.get(reverse("assessment:blank", args=[one.fill_token, "xlsx"]))
    book = openpyxl.load_workbook(io.BytesIO(blank.content))
    book.active.append(["甲市", "贵州", "地级市"])
    kept = io.BytesIO()
    book.save(kept)
    url = reverse("assessment:upload", args=[one.fill_token])
    answer = client.post(url, {"file": SimpleUploadedFile("a.xlsx", kept.getvalue())}, follow=True)
    assert "都已存好" in said(answer)
    assert queries.sheet_of(one)["level"] == "prefecture"
    assert client.get(reverse("assessment:blank", args=[one.fill_token, "exe"])).status_code == 404


def test_a_survey_of_another_version_is_read_only(town: Town, one: Invitation) -> None:
    Survey.objects.update(questionnaire_version="0")
    answer = sent(named(one), one, "channel_app", "yes")
    assert (answer.status_code, "另一版问卷" in said(answer)) == (422, True)
    assert "另一版问卷" in said(signed_in("steward").get(f"/assessment/surveys/{one.survey_id}/"))


def test_it_speaks_english_too(town: Town, one: Invitation) -> None:
    client = named(one)
    client.cookies["django_language"] = "en"
    for path in ("", "part/N/", "check/"):
        answer = client.get(f"/assessment/fill/{one.fill_token}/{path}")
        assert "Filled in as “李四”" in said(answer)
    steward = signed_in("steward")
    steward.cookies["django_language"] = "en"
    assert "Not begun" in said(steward.get(f"/assessment/surveys/{one.survey_id}/"))


# Sign-off


def test_only_the_head_s_link_signs(one: Invitation) -> None:
    answered(one, channel_app="yes")
    seen = queries.digest(one)
    url = reverse("assessment:check", args=[one.fill_token])
    page = named(one).get(url)
    assert 'name="seen"' not in page.content.decode()
    assert one.sign_token not in page.content.decode()
    assert named(one).post(url, {"name": "赵主任", "seen": seen}).status_code == 422
    assert queries.standing_signoff(one) is None
    head = named(one, "赵主任", one.sign_token)
    url = reverse("assessment:check", args=[one.sign_token])
    assert seen in head.get(url).content.decode()
    answer = head.post(url, {"name": "赵主任", "seen": seen}, follow=True)
    assert "✓ 已签发 赵主任" in said(answer)
    late = sent(named(one), one, "channel_app", "no", base=1)
    assert late.status_code == 422
    assert "已经签发" in said(late)
    assert "disabled" in named(one).get(f"/assessment/fill/{one.fill_token}/part/N/").content.decode()


def test_signing_waits_for_what_is_wrong(one: Invitation) -> None:
    head = named(one, "赵主任", one.sign_token)
    url = reverse("assessment:check", args=[one.sign_token])
    assert "城市层级 ：必填项未填" in said(head.get(url))
    answer = head.post(url, {"name": "赵主任", "seen": queries.digest(one)})
    assert answer.status_code == 422
    assert "不能签发" in said(answer)


def test_this_city_s_leader_fills_in_and_signs(town: Town) -> None:
    steward, leader = signed_in("steward"), signed_in("leader")
    now = clock.now()
    times = {
        "opens": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "closes": f"{now + timedelta(days=9):%Y-%m-%dT%H:%M}",
    }
    steward.post("/assessment/", {"title": "2026 年评估", "own": "on", **times})
    survey = Survey.objects.get()
    own = survey.invitations.get(own=True)
    assert (own.city, survey.address) == ("榆城市", "http://testserver/assessment/fill/")
    page = leader.post(f"/assessment/surveys/{survey.pk}/own/", follow=True)
    assert "以“张leader”的名义填写" in said(page)
    for question, value in (("province", "贵州"), ("level", "prefecture"), ("channel_rules", "yes")):
        assert sent(leader, own, question, value).status_code == 200
    page = leader.post(f"/assessment/surveys/{survey.pk}/own/", {"sign": "1"}, follow=True)
    seen = re.search(r'name="seen" value="([^"]+)"', page.content.decode())
    assert seen is not None
    refused = named(own, "别人", own.sign_token).post(page.request["PATH_INFO"], {"name": "别人", "seen": seen[1]})
    assert "由领导或管理员登录后签发" in said(refused)
    leader.post(page.request["PATH_INFO"], {"name": "别人", "seen": seen[1]})
    signoff = queries.standing_signoff(own)
    assert signoff is not None
    assert (signoff.head, signoff.user) == ("张leader", town.users["leader"])
    assert queries.claims("榆城市")["N1.2"] == 1.0
    measure(by=SYSTEM)
    assert "还没有填好的问卷" not in said(leader.get("/assessment/live/")), "it stands beside what is measured"
