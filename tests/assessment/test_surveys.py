# SPDX-License-Identifier: Apache-2.0
"""Surveys: links, answers of several people, sign-off, files."""

import json
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, close_old_connections, connection, transaction
from hypothesis import given

from rexian.assessment import access, actions, answers, filling, queries
from rexian.assessment.actions import Overwritten
from rexian.assessment.actions.surveying import Guest
from rexian.assessment.answers import RefusedError
from rexian.assessment.models import Answer, Evidence, Invitation, SignOff
from rexian.assessment.questionnaire import Sheet
from rexian.directory import clock
from rexian.security.errors import Forbidden, Refusal
from rexian.security.models import AccessRecord
from tests.assessment.strategies import sheets
from tests.assessment.surveys import FORM, HEAD, INDEX, LI, WANG, answered, made, signed
from tests.factories import Town, make_town
from tests.orders.test_attachments import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(town: Town) -> Invitation:
    return made(town, "甲市").invitations.get()


def ask(invitation: Invitation, question: str, value: Any, base: int = 0, by: Any = LI) -> Answer:
    return actions.answer(by=by, invitation=invitation, question=question, value=value, base=base)


# Links


def test_a_link_opens_its_own_city_and_nothing_else(town: Town) -> None:
    survey = made(town, "甲市", "乙市")
    first, second = survey.invitations.order_by("city")
    tokens = {first.fill_token, first.sign_token, second.fill_token, second.sign_token}
    assert len(tokens) == 4
    assert min(map(len, tokens)) >= 32
    found = access.held(first.fill_token)
    assert found is not None
    assert (found.invitation, found.signs) == (first, False)
    found = access.held(second.sign_token)
    assert found is not None
    assert (found.invitation, found.signs) == (second, True)
    assert access.held("") is None
    assert access.held(first.fill_token[:-1]) is None


def test_tokens_do_not_lie_in_the_database(one: Invitation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT fill_token, sign_token, contact, fill_link FROM assessment_invitation")
        row = b"".join(bytes(value) for value in cursor.fetchone())
    assert one.fill_token.encode() not in row
    assert one.contact.encode() not in row


def test_revoked_renewed_early_and_over(town: Town, one: Invitation) -> None:
    steward, old = town.by("steward"), one.fill_token
    actions.revoke(by=steward, invitation=one)
    assert access.held(old) is None
    with pytest.raises(Forbidden, match="没有开放"):
        ask(one, "channel_app", "yes")
    actions.renew(by=steward, invitation=one)
    assert access.held(old) is None
    assert access.held(one.fill_token) is not None
    for day in (-2, 11):
        with clock.at(clock.now() + timedelta(days=day)):
            assert access.held(one.fill_token) is None
            with pytest.raises(Forbidden, match="截止"):
                ask(one, "channel_app", "yes")
    assert set(AccessRecord.objects.values_list("act", flat=True)) == {"revoke_links", "renew_links"}


@pytest.mark.parametrize("name", ["agent", "leader", "clerk", "editor"])
def test_who_runs_surveys(town: Town, name: str) -> None:
    values = {"title": "a", "opens": clock.now(), "closes": clock.now() + timedelta(1), "address": ""}
    with pytest.raises(Forbidden):
        actions.create_survey(by=town.by(name), **values)
    survey = made(town, "甲市")
    with pytest.raises(Forbidden):
        actions.invite(by=town.by(name), survey=survey, guests=[Guest("丙市")])
    with pytest.raises(Forbidden, match="负责人"):
        actions.revoke(by=town.by("analyst"), invitation=survey.invitations.get())
    actions.postpone(by=town.by("administrator"), survey=survey, closes=survey.closes + timedelta(1))


@pytest.mark.parametrize(
    ("guests", "says"),
    [
        ([], "至少写一个"),
        ([Guest("甲市")], "甲市"),
        ([Guest("丙市"), Guest("丙市")], "丙市"),
        ([Guest("丙市", "", "not an address")], "不是邮箱"),
    ],
)
def test_a_bad_list_of_guests_invites_nobody(town: Town, guests: list[Guest], says: str) -> None:
    survey = made(town, "甲市")
    with pytest.raises(Refusal, match=says):
        actions.invite(by=town.by("steward"), survey=survey, guests=guests)
    assert survey.invitations.count() == 1


# Answers


def test_answers_are_appended_and_the_last_holds(one: Invitation) -> None:
    first = ask(one, "channel_app", "yes")
    assert ask(one, "channel_app", "yes", base=0, by=WANG) == first, "the same again is nothing new"
    ask(one, "channel_app", "no", base=1, by=WANG)
    ask(one, "population", 120.0)
    ask(one, "channel_more", frozenset({"weibo", "email"}))
    assert Answer.objects.filter(question="channel_app").count() == 2
    sheet = queries.sheet_of(one)
    assert sheet == {
        "city": "甲市",
        "province": "贵州",
        "channel_app": "no",
        "population": 120.0,
        "channel_more": frozenset({"weibo", "email"}),
    }
    one.refresh_from_db()
    assert one.state == "started"
    ask(one, "population", None, base=1)
    assert "population" not in queries.sheet_of(one)
    with pytest.raises(DatabaseError), transaction.atomic():
        Answer.objects.filter(pk=first.pk).update(value="no")


def test_two_do_not_overwrite_each_other_unseen(one: Invitation) -> None:
    ask(one, "population", 100.0, by=LI)
    with pytest.raises(Overwritten, match="李四") as met:
        ask(one, "population", 200.0, base=0, by=WANG)
    assert met.value.latest.value == 100.0
    assert queries.sheet_of(one)["population"] == 100.0
    ask(one, "population", 200.0, base=1, by=WANG)
    ask(one, "population", 300.0, base=0, by=WANG)  # his own, whose answer got lost on the way back
    assert queries.sheet_of(one)["population"] == 300.0


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment() -> None:
    one = made(make_town(), "甲市").invitations.get()
    barrier, met = Barrier(2), []

    def write(by: Any, value: float) -> None:
        barrier.wait()
        try:
            ask(one, "population", value, by=by)
        except Overwritten as error:
            met.append(error.latest.value)
        finally:
            close_old_connections()
            connection.close()

    threads = [Thread(target=write, args=pair) for pair in ((LI, 1.0), (WANG, 2.0))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Answer.objects.filter(question="population").count() == 1
    assert met == [queries.sheet_of(one)["population"]]


def test_what_a_rule_skips_is_kept_and_not_used(one: Invitation) -> None:
    ask(one, "quality", "yes")
    rule = filling.depending(FORM, "quality")[0]
    ask(one, rule.id, frozenset({"cleaning"}))
    ask(one, "quality", "no", base=1)
    assert rule.id not in queries.sheet_of(one)
    ask(one, "quality", "yes", base=2)
    assert queries.sheet_of(one)[rule.id] == frozenset({"cleaning"})


def test_answers_to_another_version_s_question_do_not_count(one: Invitation) -> None:
    for question, value in (("level", "village"), ("channel_more", ["fax"]), ("population", "many"), ("gone", "yes")):
        Answer.objects.create(invitation=one, question=question, number=1, value=value, name="李四", at=clock.now())
    assert queries.sheet_of(one) == {"city": "甲市", "province": "贵州"}


@given(sheet=sheets())
def test_every_answer_comes_back_as_it_was(sheet: Sheet) -> None:
    for question, value in sheet.items():
        back = filling.value_of(json.loads(json.dumps(filling.stored(value))))
        assert back == value
        assert filling.belongs(FORM.by_id[question], value)


def test_progress_counts_what_is_asked(one: Invitation) -> None:
    def found() -> filling.Progress:
        return filling.progress(FORM, INDEX, queries.sheet_of(one))

    before = found()
    assert [part.id for part in before.parts] == ["about", "N", "D", "I"]
    assert (before.answered, before.parts[0].of) == (1, 3)
    assert [question.id for question, _why in before.findings] == ["level"]
    ask(one, "quality", "yes")
    assert found().of == before.of + len(filling.depending(FORM, "quality"))
    ask(one, "quality", "no", base=1)
    assert (found().of, found().answered) == (before.of, before.answered + 1)


def test_every_question_stands_on_one_page() -> None:
    pages = [group for part in filling.names(INDEX) for group in filling.groups(FORM, INDEX, part)]
    shown = [question.id for group in pages for question in group.questions]
    assert sorted(shown) == sorted(question.id for question in FORM.questions if question.id != "city")
    assert [group.indicator for group in pages if group.indicator] == list(INDEX.indicators)
    assert all(group.questions[-1].evidence for group in pages if group.indicator)


# Sign-off


def test_only_what_fits_is_signed_and_then_nothing_changes(town: Town, one: Invitation) -> None:
    with pytest.raises(Refusal, match="城市层级：必填"):
        actions.sign(by=HEAD, invitation=one, seen=queries.digest(one))
    answered(one, volume_total=100.0, volume_phone=90.0, volume_wechat=20.0)
    with pytest.raises(Refusal, match="1 处不对"):
        actions.sign(by=HEAD, invitation=one, seen=queries.digest(one))
    seen = queries.digest(one)
    ask(one, "volume_wechat", 10.0, base=1)
    with pytest.raises(Refusal, match="又有人改了"):
        actions.sign(by=HEAD, invitation=one, seen=seen)
    signoff = actions.sign(by=HEAD, invitation=one, seen=queries.digest(one))
    assert (signoff.head, queries.unchanged(signoff)) == ("赵主任", True)
    for act in (
        lambda: ask(one, "channel_app", "yes"),
        lambda: actions.attach(by=LI, invitation=one, indicator="N1.1", name="a.jpg", content=photo()),
        lambda: actions.sign(by=HEAD, invitation=one, seen=queries.digest(one)),
    ):
        with pytest.raises(Forbidden, match="已经签发"):
            act()
    with pytest.raises(Forbidden, match="负责人"):
        actions.reopen(by=town.by("analyst"), invitation=one, reason="更正")
    with pytest.raises(Refusal, match="为什么"):
        actions.reopen(by=town.by("steward"), invitation=one, reason=" ")
    actions.reopen(by=town.by("steward"), invitation=one, reason="更正")
    ask(one, "channel_app", "yes")
    again = actions.sign(by=HEAD, invitation=one, seen=queries.digest(one))
    assert again.digest != signoff.digest
    assert list(SignOff.objects.order_by("pk").values_list("reason", flat=True)) == ["更正", ""]


def test_a_changed_answer_is_found(one: Invitation) -> None:
    signoff = signed(one, channel_app="yes")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE assessment_answer DISABLE TRIGGER USER")
        cursor.execute("""UPDATE assessment_answer SET value = '"no"' WHERE question = 'channel_app'""")
        cursor.execute("ALTER TABLE assessment_answer ENABLE TRIGGER USER")
    assert not queries.unchanged(signoff)


def test_evidence_is_judged_by_content_and_kept_once(one: Invitation) -> None:
    kept = actions.attach(by=LI, invitation=one, indicator="N1.1", name="规则.exe", content=photo())
    assert kept.media_type == "image/jpeg"
    assert actions.attach(by=WANG, invitation=one, indicator="N1.1", name="b.jpg", content=photo()) == kept
    with pytest.raises(Refusal, match="不是照片"):
        actions.attach(by=LI, invitation=one, indicator="N1.1", name="a.jpg", content=b"MZ\x90\x00")
    before = queries.digest(one)
    actions.remove_evidence(by=WANG, invitation=one, evidence=kept)
    assert queries.digest(one) != before
    kept.refresh_from_db()
    assert (kept.removed_by, queries.evidence(one).count()) == ("王五", 0)
    assert actions.attach(by=LI, invitation=one, indicator="N1.1", name="a.jpg", content=photo()) != kept
    assert Evidence.objects.count() == 2


# Files


def table(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "a.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


HEADING = "城市 [city],省份 [province],城市层级 [level],电话接通率（%） [connected_share]"


def test_a_file_fills_the_invited_cities(town: Town, tmp_path: Path) -> None:
    survey = made(town, "甲市", "乙市")
    file = table(tmp_path, HEADING, "乙市,贵州,地级市,96.5", "甲,贵州,地级市,")
    assert actions.import_file(by=town.by("steward"), survey=survey, file=file) == 2
    found = {one.city: queries.sheet_of(one) for one in survey.invitations.all()}
    assert found["乙市"]["connected_share"] == 96.5
    assert found["甲市"] == {"city": "甲市", "province": "贵州", "level": "prefecture"}
    actions.import_file(by=town.by("steward"), survey=survey, file=file)
    assert Answer.objects.filter(question="connected_share").count() == 1, "the same again is nothing new"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((HEADING, "甲市,贵州,地级市,130"), (2, "电话接通率（%）", "130", "不能大于 100")),
        ((HEADING, "丙市,贵州,地级市,90"), (2, "城市 [city]", "丙市", "这个城市不在受邀名单上")),
        ((HEADING + ",没有 [nothing]", "甲市,贵州,地级市,90,1"), (1, "没有 [nothing]", "", "问卷中没有这一题")),
        ((HEADING, "甲市,贵州,地级市,90", "甲,贵州,地级市,91"), (3, "城市 [city]", "", "同一个城市有两行")),
    ],
)
def test_a_bad_file_stores_nothing(
    town: Town, tmp_path: Path, lines: tuple[str, ...], fault: tuple[int, str, str, str]
) -> None:
    survey = made(town, "甲市")
    with pytest.raises(RefusedError) as refused:
        actions.import_file(by=town.by("steward"), survey=survey, file=table(tmp_path, *lines))
    assert refused.value.faults == (answers.Fault(*fault),)
    assert set(Answer.objects.values_list("question", flat=True)) == {"province"}


def test_mixed_encodings_store_nothing(town: Town, tmp_path: Path) -> None:
    survey, file = made(town, "甲市"), tmp_path / "a.csv"
    file.write_bytes(HEADING.encode() + b"\n" + "甲市,贵州,地级市,90".encode("gb18030") + b"\n\xff\xff")
    with pytest.raises(RefusedError, match="1 faults") as refused:
        actions.import_file(by=town.by("steward"), survey=survey, file=file)
    assert refused.value.faults[0].line == 1
    assert Answer.objects.exclude(question="province").count() == 0


def test_a_link_holder_fills_only_his_city(town: Town, tmp_path: Path) -> None:
    survey = made(town, "甲市", "乙市")
    own, file = survey.invitations.get(city="甲市"), table(tmp_path, HEADING, "乙市,贵州,地级市,90")
    with pytest.raises(RefusedError) as refused:
        actions.import_file(by=LI, survey=survey, file=file, only=own)
    assert refused.value.faults[0].reason == "应为“甲市”"
    with pytest.raises(Forbidden):
        actions.import_file(by=LI, survey=survey, file=file)
