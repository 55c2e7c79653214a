# SPDX-License-Identifier: Apache-2.0
"""On messages of our own: one trouble at one place is one issue, whoever writes and in whatever order."""

import random
from datetime import date, datetime, timedelta

import pytest

from rexian_ml import places
from rexian_ml.base import NotFittedError
from rexian_ml.cluster import HotIssues, Message, heat

pytestmark = pytest.mark.slow
ALIKE = 0.3
"""Messages as short as these share much by their form alone, so the bar is higher than for what citizens write at length."""
DAY = datetime(2024, 3, 1, 9)  # noqa: DTZ001 - local time
PLACES = ["青竹苑", "望江小区", "银杏路", "松涛花园", "东湖中学", "云溪镇"]
TROUBLES = {
    "噪音": [
        "夜间施工噪音扰民无法入睡",
        "工地通宵打桩，声音太大，整夜睡不着",
        "施工队半夜还在开工，噪音吵得人睡不着觉",
    ],
    "停水": ["连续几天停水，居民用水困难", "自来水经常停，水压也很低，没法做饭", "家里停水三天了，自来水公司没有说法"],
    "油烟": ["楼下餐馆油烟直排，气味刺鼻", "饭店没有烟道，油烟直接排进居民楼", "烧烤店油烟熏得不能开窗"],
}


def _messages(each: int = 4, seed: int = 0) -> list[Message]:
    """For each place and trouble `each` messages within two weeks, by different people; the id names both."""
    chance = random.Random(seed)
    rows = []
    for place in PLACES:
        for trouble, texts in TROUBLES.items():
            for number in range(each):
                when = DAY + timedelta(days=chance.randrange(14), minutes=chance.randrange(600))
                text = f"{place}{chance.choice(texts)}，{chance.choice(texts)}，希望尽快解决。"
                rows.append(
                    Message(
                        f"{place}/{trouble}/{number}", when, text, f"{place}{trouble}问题", f"p{place}{trouble}{number}"
                    )
                )
    return rows + _others(chance)


def _others(chance: random.Random) -> list[Message]:
    """What else a city writes about, each of something else: without it every word of so few messages would be common."""
    characters = [chr(code) for code in range(0x4E00, 0x4E00 + 4000)]
    texts = ["".join(chance.choices(characters, k=60)) for _ in range(600)]
    return [
        Message(f"other/{i}", DAY + timedelta(days=i % 14), text, text[:12], f"o{i}") for i, text in enumerate(texts)
    ]


def _groups(model: HotIssues) -> set[frozenset[str]]:
    return {frozenset(issue.messages) for issue in model.issues() if not issue.messages[0].startswith("other")}


def _right(found: set[frozenset[str]]) -> float:
    """The share of issues that are exactly one place's one trouble."""
    return sum(len({one.rsplit("/", 1)[0] for one in group}) == 1 for group in found) / len(found)


def test_one_trouble_at_one_place_is_one_issue() -> None:
    found = _groups(HotIssues(ALIKE).fit(_messages()))
    assert len(found) == len(PLACES) * len(TROUBLES)
    assert _right(found) == 1


def test_the_order_of_the_rows_changes_nothing() -> None:
    rows = _messages()
    shuffled = rows.copy()
    random.Random(1).shuffle(shuffled)
    assert HotIssues(ALIKE).fit(rows).to_bytes() == HotIssues(ALIKE).fit(shuffled).to_bytes()


def test_new_messages_join_their_issue_or_make_one() -> None:
    rows = _messages(each=6)
    old = [one for one in rows if one.id.startswith("other") or int(one.id[-1]) < 4]
    model = HotIssues(ALIKE).fit(old)
    before = _groups(model)
    later = [one for one in rows if int(one.id[-1]) >= 4 and one.id.startswith("青竹苑")]
    model.update([*later, *old[:3]])
    after = _groups(model)
    assert len(after) == len(before)
    assert sum(map(len, after)) == sum(map(len, before)) + len(later)
    assert _right(after) == 1
    assert {group for group in before if not next(iter(group)).startswith("青竹苑")} <= after


def test_an_issue_says_who_where_when_and_how_hot() -> None:
    rows = _messages()
    voted = [
        Message(one.id, one.when, one.text, one.title, "same", 3, 1) if one.id.startswith("银杏路/停水") else one
        for one in rows
    ]
    issue = next(one for one in HotIssues(ALIKE).fit(voted).issues() if one.messages[0].startswith("银杏路/停水"))
    assert issue.title == "银杏路停水问题"
    assert issue.place == "银杏路"
    assert (issue.people, issue.up, issue.down) == (1, 12, 4)
    times = [one.when for one in voted if one.id in issue.messages]
    assert (issue.first, issue.last) == (min(times), max(times))


def test_an_issue_stands_as_it_stood_on_a_day() -> None:
    model = HotIssues(ALIKE).fit(_messages())
    early = model.issues(on=date(2024, 3, 5))
    assert all(issue.last.date() <= date(2024, 3, 5) for issue in early)
    assert sum(len(issue.messages) for issue in early) < sum(len(issue.messages) for issue in model.issues())
    assert model.issues(on=date(2024, 12, 1))[0].heat < model.issues()[0].heat


def test_heat_rises_with_people_and_votes_and_falls_with_silence() -> None:
    base = heat(10, 12, 5, 0, 0, 10)
    assert heat(20, 24, 5, 0, 0, 10) > base
    assert heat(10, 12, 50, 0, 0, 10) > base > heat(10, 12, 5, 40, 0, 10)
    assert base > heat(10, 12, 5, 0, 30, 10) > heat(10, 12, 5, 0, 300, 10) >= base / 2
    assert heat(10, 12, 5, 0, 0, 90) == pytest.approx(base * 1.25 / (1 + 10 / 90 / 4))
    assert heat(50, 50, 0, 0, 0, 30) > heat(1, 1, 1000, 0, 0, 0)


def test_kept_and_read_again_it_goes_on() -> None:
    rows = _messages(each=5)
    model = HotIssues(ALIKE).fit([one for one in rows if not one.id.endswith("4")])
    again = HotIssues.from_bytes(model.to_bytes())
    assert again.parameters() == model.parameters()
    assert again.issues() == model.issues()
    assert _groups(again.update(rows)) == _groups(model.update(rows))


def test_no_message_and_a_lone_one_are_no_issue() -> None:
    model = HotIssues().fit([])
    assert model.issues() == []
    one = Message("1", DAY, "青竹苑停水三天", "青竹苑停水")
    assert HotIssues().fit([one]).issues() == []
    assert HotIssues.from_bytes(model.to_bytes()).update([one]).issues() == []


def test_asked_before_it_learned_it_says_so() -> None:
    for ask in (lambda: HotIssues().issues(), lambda: HotIssues(ALIKE).update([]), lambda: HotIssues(ALIKE).to_bytes()):
        with pytest.raises(NotFittedError):
            ask()


def test_a_large_heap_is_cut_and_each_piece_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rexian_ml.cluster.LARGEST", 20)
    found = _groups(HotIssues(ALIKE).fit(_messages(each=12)))
    assert _right(found) == 1
    assert max(map(len, found)) <= 20


def test_places_are_known_by_their_endings() -> None:
    assert places.keys("位于青竹苑东门，望江小区旁") == {"青竹", "望江"}
    assert places.keys("我们小区附近的市政府") == set()
    assert "停水" in places.without("青竹苑停水")
    assert "青竹" not in places.without("青竹苑停水")
    assert places.common([{"青竹苑", "位于青竹苑"}, {"青竹苑"}, {"银杏路"}]) == "青竹苑"
    assert places.common([{"青竹苑"}, {"银杏路"}]) == ""
