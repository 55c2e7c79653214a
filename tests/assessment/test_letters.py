# SPDX-License-Identifier: Apache-2.0
"""What surveys send out and give back: letters, reports, claims."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from rexian.assessment import actions, charts, queries, synthetic
from rexian.assessment import baseline as baselines
from rexian.assessment.fonts import NoChineseFontError
from rexian.assessment.models import Invitation, Letter, Report
from rexian.directory import clock
from rexian.security.errors import Refusal
from tests.assessment.surveys import FORM, HEAD, answered, filled, made, signed
from tests.factories import Town
from tests.smtp import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(town: Town) -> Invitation:
    return made(town, "甲市").invitations.get()


# Letters


@pytest.fixture
def server(settings: Any) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example", "hotline@example.org"


def waiting() -> list[int]:
    return list(Letter.objects.filter(tried_at=None).order_by("pk").values_list("pk", flat=True))


def test_letters_go_out_once_with_both_links(town: Town, server: None) -> None:
    survey = made(town, "甲市", "乙市")
    assert actions.send(by=town.by("steward"), survey=survey) == 2
    assert actions.send(by=town.by("steward"), survey=survey) == 0
    for pk in waiting() * 2:
        actions.deliver(pk=pk)
    assert [letter.to for letter in mail.outbox] == [["office0@example.org"], ["office1@example.org"]]
    one = survey.invitations.get(city="甲市")
    for token in (one.fill_token, one.sign_token):
        assert f"https://a.example/assessment/fill/{token}/" in mail.outbox[0].body
    assert Letter.objects.filter(sent_at__isnull=False).count() == 2


def test_a_title_cannot_break_a_letter(town: Town, server: None) -> None:
    survey = made(town, "甲市", title="评估\r\nBcc: x@example.org")
    actions.send(by=town.by("steward"), survey=survey)
    assert actions.deliver(pk=waiting()[0])
    assert (mail.outbox[0].bcc, mail.outbox[0].subject.splitlines()[1:]) == ([], [])


def test_reminders_are_due_once_each_and_not_for_who_signed(town: Town, server: None) -> None:
    survey = made(town, "甲市", "乙市", "丙市")
    actions.send(by=town.by("steward"), survey=survey)
    for pk in waiting()[:2]:
        actions.deliver(pk=pk)
    signed(survey.invitations.get(city="乙市"))
    left = survey.closes - clock.now()
    told = [actions.remind_due(clock.now() + left - timedelta(days=days)) for days in (8, 6, 5, 1.5, 1, -1)]
    assert told == [0, 1, 0, 1, 0, 0], "甲市 alone: 乙市 has signed, 丙市 was never written to"
    assert set(Letter.objects.exclude(sort="invite").values_list("invitation__city", "sort")) == {
        ("甲市", "week"),
        ("甲市", "days"),
    }


def test_a_refusing_mail_server_frees_the_letter(town: Town, server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = made(town, "甲市")
    actions.send(by=town.by("steward"), survey=survey)
    (pk,) = waiting()

    def refuse(_self: object) -> int:
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            actions.deliver(pk=pk)
    assert waiting() == [pk]
    assert actions.deliver(pk=pk)
    actions.revoke(by=town.by("steward"), invitation=survey.invitations.get())
    assert not actions.deliver(pk=pk)


def test_a_letter_goes_through_a_real_mail_server(town: Town, settings: Any) -> None:
    survey = made(town, "甲市", "乙市", title="二〇二六年评估")
    with mail_server() as mailer:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_SSL = "127.0.0.1", mailer.port, False
        settings.DEFAULT_FROM_EMAIL = "hotline@example.org"
        actions.send(by=town.by("steward"), survey=survey)
        first, second = waiting()
        assert actions.deliver(pk=first)
        mailer.refused = "office1@"
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            actions.deliver(pk=second)
    (letter,) = mailer.letters
    assert (letter["From"], letter["To"]) == ("hotline@example.org", "office0@example.org")
    assert "二〇二六年评估" in letter["Subject"]
    one = survey.invitations.get(city="甲市")
    assert f"https://a.example/assessment/fill/{one.fill_token}/" in letter.get_content()
    assert waiting() == [second], "it is tried again"


def test_without_a_mail_server_it_says_so(town: Town) -> None:
    survey = made(town, "甲市")
    with pytest.raises(Refusal, match="REXIAN_SMTP_HOST"):
        actions.send(by=town.by("steward"), survey=survey)
    assert actions.remind_due(survey.closes - timedelta(days=1)) == 0


# Reports and claims


@pytest.mark.slow
def test_scores_are_those_of_the_pure_core(town: Town) -> None:
    sheets = synthetic.make(baselines.load(), FORM)[:6]
    survey = made(town, *(str(sheet["city"]) for sheet in sheets))
    for sheet in sheets[:5]:
        filled(survey.invitations.get(city=sheet["city"]), sheet)
    answered(survey.invitations.get(city=sheets[5]["city"]))
    found = queries.reckoned(survey)
    assert list(found.sheets) == sorted(sheets[:5], key=lambda sheet: str(sheet["city"]))
    assert len(queries.reckoned(survey, everyone=True).sheets) == 6
    city = str(sheets[0]["city"])
    level = found.scores.indicators
    row = level.value[found.names.index(city)]
    assert queries.claims(city) == {
        one: pytest.approx(value) for one, value in zip(level.ids, row, strict=True) if value == value
    }
    assert queries.claims("没有这个市") == {}


def test_claims_follow_the_standing_signature(town: Town, one: Invitation) -> None:
    answered(one, channel_rules="yes")
    assert queries.claims("甲市") == {}
    actions.sign(by=HEAD, invitation=one, seen=queries.digest(one))
    assert queries.claims("甲市") == {"N1.2": 1.0}
    actions.reopen(by=town.by("steward"), invitation=one, reason="更正")
    assert queries.claims("甲市") == {}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_worker_writes_the_report(town: Town, one: Invitation, form: str) -> None:
    signed(one, channel_rules="yes")
    for invitation in (None, one):
        asked = actions.ask_report(by=town.by("leader"), survey=one.survey, form=form, invitation=invitation)
        actions.write_report(pk=asked.pk)
        asked.refresh_from_db()
        assert (asked.state, asked.why) == ("done", "")
        assert 0 < asked.done <= asked.expected
        content = actions.file_of(asked).read_bytes()
        assert content.startswith(b"%PDF" if form == "pdf" else b"PK")
    with clock.at(clock.now() + timedelta(days=31)):
        assert actions.discard_reports() == 2
    assert not actions.file_of(asked).exists()


def test_without_a_font_the_report_says_what_to_install(
    town: Town, one: Invitation, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(one)
    asked = actions.ask_report(by=town.by("analyst"), survey=one.survey, form="pdf")

    def none() -> dict[str, str]:
        raise NoChineseFontError("请安装 fonts-noto-cjk")

    monkeypatch.setattr(charts.fonts, "found", none)
    actions.write_report(pk=asked.pk)
    report = Report.objects.get()
    assert (report.state, report.why) == ("failed", "请安装 fonts-noto-cjk")


def test_judges_must_agree_with_themselves(town: Town) -> None:
    survey = made(town)
    for bad in ("x = ", "[[judge]]\ndimensions = [[1, 9, 0.1], [0.111, 1, 9], [9, 0.111, 1]]"):
        with pytest.raises(Refusal, match="权重文件不能用"):
            actions.keep_judges(by=town.by("steward"), survey=survey, text=bad)
    text = "[[judge]]\ndimensions = [[1, 2, 3], [0.5, 1, 2], [0.333, 0.5, 1]]"
    assert actions.keep_judges(by=town.by("steward"), survey=survey, text=text).judges == text
