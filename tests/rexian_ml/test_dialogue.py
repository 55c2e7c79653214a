# SPDX-License-Identifier: Apache-2.0
"""The dialogue with more than a hundred scripted citizens of our own: does it reach what each came for, and how."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rexian_ml.dialogue import ALL, Dialogue, Reply, State
from rexian_ml.evaluate.dialogue import measure
from rexian_ml.extract import Area, Gazetteer
from rexian_ml.extract.calendar import ZONE

NOW = datetime(2020, 11, 18, 10, tzinfo=ZONE)
NUMBER = "990100-20261124-003518-7"
PASSAGES = {
    "居住证": "办理居住证需要身份证和居住证明，在社区服务站办理。",
    "公积金": "提取公积金请带身份证和购房合同。",
    "生育津贴": "生育津贴由单位申报。",
}
PROMISE = re.compile("一定|保证|承诺|马上(?:解决|处理|修)|立刻(?:解决|处理)|尽快|肯定会|天内|小时内")
LONGEST = 12
"""Turns after which a citizen hangs up."""


def _retrieve(question: str) -> list[tuple[str, float]]:
    return [(passage, 0.9) for word, passage in PASSAGES.items() if word in question] or [("别的事", 0.1)]


def _lookup(number: str) -> str | None:
    return "承办单位正在办理" if number == NUMBER else None


HOTLINE = Dialogue(
    _retrieve, _lookup, Gazetteer([Area("990102", "河东区"), Area("990103", "河西区"), Area("990102001", "大王庄街道")])
)


@dataclass
class Citizen:
    """What a citizen came for (`goal`) and says: first, when asked for a slot, and `more` at a turn, to the summary or for a number."""

    goal: str
    opening: str
    facts: dict[str, str]
    more: str
    said: list[tuple[str, Reply]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def talk(self, hotline: Dialogue) -> None:
        """Speaks until the hotline ends it or the patience does; the state goes through JSON at every turn."""
        state, _ = hotline.start()
        words = self.opening
        while len(self.said) < LONGEST:
            state, reply = hotline.reply(state, words, NOW)
            assert State.from_json(state.to_json()) == state
            self.said.append((words, reply))
            self.asked.append(state.asked)
            if reply.action in ("human", "submit", "bye") or (reply.action, self.goal) == ("status", "status"):
                return
            words = self._next(state, reply)

    def _next(self, state: State, reply: Reply) -> str:
        turn = re.match(r"@(\d) (.*)", self.more)
        if turn and int(turn[1]) == len(self.said) + 1:
            return turn[2]
        if reply.action == "confirm":
            change, self.more = (self.more[2:], "") if self.more.startswith("改 ") else ("", self.more)
            return change or "对"
        if reply.action == "answer":
            return "谢谢"
        return self.more if state.stage == "number" else self.facts[state.asked]

    @property
    def outcome(self) -> str:
        """What it came to."""
        last = self.said[-1][1]
        if last.action == "bye" and any(reply.action == "answer" for _, reply in self.said):
            return "answer"
        return f"human:{last.reason}" if last.action == "human" else last.action


def _citizens() -> list[Citizen]:
    lines = (Path(__file__).with_name("marked") / "citizens.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [Citizen(row[0], row[1], dict(zip(ALL, row[2:6], strict=True)), row[6]) for row in rows]


@pytest.fixture(scope="module")
def citizens() -> list[Citizen]:
    """All of them, after their talk."""
    everybody = _citizens()
    for one in everybody:
        one.talk(HOTLINE)
    return everybody


def test_every_citizen_gets_what_they_came_for(citizens: list[Citizen]) -> None:
    assert len(citizens) >= 100
    assert [(one.opening, one.goal, one.outcome) for one in citizens if one.outcome != one.goal] == []


def test_it_takes_few_turns(citizens: list[Citizen]) -> None:
    turns = [len(one.said) for one in citizens if one.goal == "submit"]
    assert sum(turns) / len(turns) <= 5
    assert max(turns) <= 7


def test_a_human_comes_for_the_right_reason_and_only_then(citizens: list[Citizen]) -> None:
    for one in citizens:
        humans = [reply.reason for _, reply in one.said if reply.action == "human"]
        assert humans == [one.goal.removeprefix("human:")] * one.goal.startswith("human:")


def test_nothing_known_is_asked_for(citizens: list[Citizen]) -> None:
    for one in citizens:
        assert [slot for slot in one.asked if slot and one.facts.get(slot) == "-" and one.goal == "submit"] == [], (
            one.opening
        )


def test_one_question_at_a_time_and_no_promise(citizens: list[Citizen]) -> None:
    for one in citizens:
        for _, reply in one.said:
            own = re.sub("|".join(PASSAGES.values()), "", reply.text)
            if reply.action == "confirm":
                own = own[own.index("。以上") :]
            assert own.count("？") <= 1, reply.text
            assert not PROMISE.search(own), reply.text


def test_all_is_read_back_before_it_is_submitted(citizens: list[Citizen]) -> None:
    for one in citizens:
        if one.goal == "submit":
            (_, before), (_, last) = one.said[-2:]
            assert before.action == "confirm"
            assert all(value in before.text for slot, value in last.request.items() if slot != "kind")


def test_what_is_submitted_is_what_was_said(citizens: list[Citizen]) -> None:
    by_opening = {one.opening: one.said[-1][1].request for one in citizens}
    assert by_opening["昨晚八点幸福小区停水了，我电话13912345678"] == {
        "what": "昨晚八点幸福小区停水了",
        "where": "幸福小区",
        "when": "昨晚八点",
        "contact": "13912345678",
        "kind": "help",
    }
    assert by_opening["路灯坏了"]["contact"] == "13900139001"
    assert by_opening["停水了"]["when"] == "前天" or by_opening["停水了"]["where"] == "幸福小区"
    assert by_opening["我要举报"]["kind"] == "report"
    assert by_opening["表扬交警小哥帮我推车"] == {
        "what": "表扬交警小哥帮我推车",
        "where": "长江路",
        "contact": "匿名",
        "kind": "praise",
    }


def test_a_known_contact_is_not_asked_for() -> None:
    state, _ = HOTLINE.start(contact="13800138000")
    _, reply = HOTLINE.reply(state, "昨天解放路路灯不亮", NOW)
    assert reply.action == "confirm"


def test_an_emergency_is_told_where_to_call_even_when_all_is_being_confirmed() -> None:
    state = State({"what": "停水", "where": "解放路", "when": "昨天", "contact": "匿名", "kind": "help"}, "confirm")
    _, reply = HOTLINE.reply(state, "对，等一下，楼上着火了", NOW)
    assert (reply.action, reply.reason) == ("human", "danger")
    assert "119" in reply.text


def test_after_an_answer_that_does_not_help_the_question_is_taken_down() -> None:
    state, _ = HOTLINE.start()
    state, reply = HOTLINE.reply(state, "请问居住证怎么办理", NOW)
    assert reply.action == "answer"
    state, reply = HOTLINE.reply(state, "没解决", NOW)
    assert (reply.action, state.asked) == ("ask", "contact")


def test_after_one_matter_another_may_follow() -> None:
    state, _ = HOTLINE.start(contact="13800138000")
    state, reply = HOTLINE.reply(state, "昨天解放路路灯不亮", NOW)
    state, reply = HOTLINE.reply(state, "对", NOW)
    assert reply.action == "submit"
    state, reply = HOTLINE.reply(state, "今天上午新华路停水了", NOW)
    assert state.slots["where"] == "新华路"
    assert reply.action == "confirm"


_words = st.one_of(
    st.sampled_from([one.opening for one in _citizens()] + ["对", "不对", "匿名", "不清楚", "解放路", "昨天", NUMBER]),
    st.text(max_size=8),
)


@pytest.mark.slow
@given(st.lists(_words, max_size=8))
@settings(max_examples=60, deadline=None)
def test_the_same_words_give_the_same_talk_and_every_state_is_json(said: list[str]) -> None:
    def talk() -> list[tuple[State, Reply]]:
        state, _ = HOTLINE.start()
        turns = []
        for words in said:
            state, reply = HOTLINE.reply(State.from_json(state.to_json()), words, NOW)
            turns.append((state, reply))
        return turns

    assert talk() == talk()


@pytest.mark.slow
def test_real_messages_as_opening_words(tmp_path: Path) -> None:
    section = measure(Path(__file__).resolve().parents[2].parent / "shared" / "data")
    assert measure(tmp_path) is None
    if section is None:
        pytest.skip("the citizens' messages are not there: ../shared/data")
    figures = {one.name: one.value for one in section.figures}
    assert figures["human for failures"] <= 0.02
    assert figures["questions asked"] <= 4
