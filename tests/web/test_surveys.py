# SPDX-License-Identifier: Apache-2.0
"""The pages of those who run surveys, and the report."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rexian.assessment import actions, baseline, synthetic
from rexian.assessment.models import Invitation, Report, Survey
from rexian.directory import clock
from rexian.security.models import AccessRecord
from tests.assessment.surveys import FORM, answered, filled, made, signed
from tests.factories import Town
from tests.web.test_pages import signed_in
from tests.web.test_questionnaire import HEADING, HTMX, said, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(town: Town) -> Invitation:
    return made(town, "甲市", "乙市").invitations.get(city="甲市")


# Those who run it


def test_a_survey_is_made_sent_and_watched(town: Town) -> None:
    steward = signed_in("steward")
    assert steward.post("/assessment/", {"title": "", "opens": "x", "closes": ""}).status_code == 422
    steward.post("/assessment/", {"title": "评估", "opens": "2026-01-01T08:00", "closes": "2099-01-01T08:00"})
    survey = Survey.objects.get()
    page = f"/assessment/surveys/{survey.pk}/"
    bad = steward.post(page + "invite/", {"guests": "甲市，贵州省，a@b.cn\n乙市，火星"})
    assert (bad.status_code, "第 2 行看不懂" in said(bad)) == (422, True)
    assert "乙市，火星" in bad.content.decode(), "what was typed stays"
    answer = steward.post(page + "invite/", {"guests": "甲市，贵州省，a@b.cn\n\n乙市,c@d.cn\n丙市"}, follow=True)
    assert "已邀请 3 个城市" in said(answer)
    assert [(one.city, one.contact) for one in survey.invitations.order_by("pk")] == [
        ("甲市", "a@b.cn"),
        ("乙市", "c@d.cn"),
        ("丙市", ""),
    ]
    assert "REXIAN_SMTP_HOST" in said(steward.post(page + "send/", follow=True))
    with CaptureQueriesContext(connection) as few:
        steward.get(page + "table/")
    for n in range(8):
        actions.invite(by=town.by("steward"), survey=survey, guests=[actions.surveying.Guest(f"城{n}")])
    with CaptureQueriesContext(connection) as many:
        steward.get(page + "table/")
    assert len(many) == len(few), "as many queries for eleven cities as for three"
    late = steward.post(page + "closes/", {"closes": "2025-01-01T08:00"})
    assert "截止应晚于开始" in said(late)
    steward.post(page + "closes/", {"closes": "2098-01-01T08:00"})
    survey.refresh_from_db()
    assert clock.day_of(survey.closes).year == 2098


def test_links_as_csv_are_on_record(town: Town, one: Invitation) -> None:
    steward, url = signed_in("steward"), f"/assessment/surveys/{one.survey_id}/links/"
    assert "请写明查看的理由" in said(steward.post(url, {"reason": ""}, follow=True))
    answer = steward.post(url, {"reason": "微信群转发"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[2][0] == "甲市"
    assert rows[2][2] == f"https://a.example/assessment/fill/{one.fill_token}/"
    assert rows[2][3].endswith(f"/{one.sign_token}/")
    assert AccessRecord.objects.get(act="export_links").reason == "微信群转发"
    assert "只有这次调查的负责人" in said(signed_in("analyst").post(url, {"reason": "看看"}, follow=True))


def test_a_file_of_many_cities(town: Town, one: Invitation) -> None:
    steward, url = signed_in("steward"), f"/assessment/surveys/{one.survey_id}/file/"
    bad = upload(steward, url, HEADING, "甲市,贵州,地级市,130", "丙市,贵州,地级市,90")
    assert bad.status_code == 422
    assert "2 电话接通率（%） 130 不能大于 100" in said(bad)
    good = upload(steward, url, HEADING, "甲市,贵州,地级市,93", "乙市,贵州,地级市,90")
    assert "都已存好" in said(good)


def test_a_city_as_its_survey_sees_it(town: Town, one: Invitation) -> None:
    steward = signed_in("steward")
    signed(one, channel_app="yes")
    page = f"/assessment/cities/{one.pk}/"
    assert "回答与签发时一致" in said(steward.get(page))
    assert one.sign_token not in steward.get(page).content.decode(), "the head's link goes to the contact"
    analyst = signed_in("analyst").post(page + "reopen/", {"reason": "更正"}, follow=True)
    assert "只有这次调查的负责人" in said(analyst)
    assert "更正" in said(steward.post(page + "reopen/", {"reason": "更正"}, follow=True))
    old = one.fill_token
    steward.post(page + "renew/")
    assert Client().get(f"/assessment/fill/{old}/").status_code == 404
    steward.post(page + "revoke/")
    assert "链接已停用" in said(steward.get(f"/assessment/surveys/{one.survey_id}/"))
    assert steward.post(page + "nothing/").status_code == 404
    for name in ("leader", "agent", "clerk"):
        assert signed_in(name).get(page).status_code == 403


# The report


@pytest.fixture
def many(town: Town) -> Survey:
    """Six cities that signed."""
    sheets = synthetic.make(baseline.load(), FORM)[:6]
    survey = made(town, *(str(sheet["city"]) for sheet in sheets), "未签市")
    for sheet in sheets:
        filled(survey.invitations.get(city=sheet["city"]), sheet)
    answered(survey.invitations.get(city="未签市"))
    return survey


@pytest.mark.slow
def test_the_report_on_the_web(many: Survey) -> None:
    leader, page = signed_in("leader"), f"/assessment/surveys/{many.pk}/report/"
    assert "正在计算" in said(leader.get(page))
    answer = leader.get(page + "article/")
    content = answer.content.decode()
    assert content.count("data:image/svg+xml;base64,") >= 5
    assert "29 项指标为本项目依据其公布结果所作的重构" in said(answer)
    assert "合成" in said(answer)
    assert "名次随权重的变动" in said(answer)
    assert "6 个城市的问卷" in said(answer)
    for name in set(re.findall(rf'href="{page}([^"?]+\.csv)', content)):
        rows = list(csv.reader(io.StringIO(leader.get(page + name).content.decode("utf-8-sig"))))
        assert len(rows) >= 2, name
        assert {len(row) for row in rows} == {len(rows[0])}, name
    svg = leader.get(page + "heat.svg")
    assert svg["Content-Type"] == "image/svg+xml"
    assert "重构" in svg.content.decode()
    for missing in ("nothing.svg", "picture-nothing.csv", "table-nothing.csv", "x.csv"):
        assert leader.get(page + missing).status_code == 404
    assert "7 个城市的问卷" in said(leader.get(page + "article/?everyone=on"))
    assert "未签发的回答还没有经负责人确认" in said(leader.get(page + "?everyone=on"))
    assert "权重：熵权法" in said(leader.get(page + "article/?weighting=entropy"))
    assert "权重：各级等权" in said(leader.get(page + "article/?weighting=hierarchy")), "there are no judges"


@pytest.mark.slow
def test_few_cities_are_not_ranked(town: Town, one: Invitation) -> None:
    signed(one, channel_app="yes")
    answer = signed_in("leader").get(f"/assessment/surveys/{one.survey_id}/report/article/")
    assert "可计分的城市少于 5 个，不作排名" in said(answer)
    assert "名次随权重" not in said(answer)


@pytest.mark.slow
def test_a_file_is_asked_for_and_taken(town: Town, one: Invitation) -> None:
    signed(one, channel_app="yes")
    steward, survey = signed_in("steward"), one.survey_id
    url = f"/assessment/surveys/{survey}/reports/"
    assert "排队" in said(steward.post(url, {"as": "docx", "city": str(one.pk)}, **HTMX))
    report = Report.objects.get()
    assert steward.get(f"/assessment/reports/{report.pk}/file/").status_code == 404
    actions.write_report(pk=report.pk)
    assert "取文件" in said(steward.get(f"/assessment/reports/{report.pk}/"))
    got = steward.get(f"/assessment/reports/{report.pk}/file/")
    assert b"".join(got).startswith(b"PK")
    for stranger in ("leader", "analyst"):
        assert signed_in(stranger).get(f"/assessment/reports/{report.pk}/file/").status_code == 404
    assert steward.post(url, {"as": "exe"}).status_code == 422
    assert steward.post(url, {"as": "pdf", "city": "0"}).status_code == 404
    assert signed_in("leader").post(url, {"as": "pdf"})["Location"].endswith("/report/")
