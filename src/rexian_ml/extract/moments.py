# SPDX-License-Identifier: Apache-2.0
"""When: days and hours said loosely, as intervals of Chinese time relative to the moment of speaking."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rexian_ml.extract.calendar import ZONE, at
from rexian_ml.extract.dates import RULES
from rexian_ml.extract.numerals import small
from rexian_ml.fold import fold

_N = r"(?:\d{1,2}|[零一二三四五六七八九十两]{1,3})"
_PART = (
    r"凌晨|清晨|一大早|大清早|(?<![周期拜])一早|早上|早晨|早间|上午|中午|午间|午后|下午|傍晚|晚上|晚间|夜里|夜间|夜晚|半夜|深夜|后半夜|三更半夜"
    r"|(?<=[今昨前明日号天])[早晚晨夜]|[早晚](?=\d)"
)
PARTS = {
    "凌晨": (0, 6), "清晨": (5, 8), "早": (5, 9), "上午": (8, 12), "中午": (11, 14), "午间": (11, 14), "午后": (12, 18),
    "下午": (12, 18), "傍晚": (17, 20), "晚": (18, 24), "夜": (18, 30), "半夜": (22, 30), "深夜": (22, 30),
}  # fmt: skip
"""The hours of each part of the day; beyond 24 is the next morning."""
_CLOCK = re.compile(
    rf"(?P<p>{_PART})?(?:的)?(?P<h>{_N})(?:点?[-到至~](?P<h2>{_N}))?(?:点钟?|时(?![间候常段期代不有])|:(?=\d\d))"
    rf"(?P<m>半|[一三]刻|\d{{1,2}}分?|{_N}分)?(?P<o>多|左右|整|许)?|(?P<q>{_PART})"
)
_NOT_CLOCK = re.compile("[一二两三四五六七八九十几]点(?:[儿都也没不的建意要问诉希看疑想请]|以|用|就|好|$)")
_DEGREES = frozenset("有早快慢晚差多少第")
_JOIN = re.compile(r"[的 ]?")
_TO = re.compile(r" ?(?:到|至|-|~|直到)了? ?")
_SINCE = re.compile(r"(?:份|这天)?(?:开始|起(?!来|火|诉|码|重)|以来|至今|到现在|到目前|到今天)")
_AHEAD = re.compile("将|即将|打算|计划|准备|预计|要(?=停|开|搬|施|放|去|举|检)|下次|届时|之前(?:完成|解决|办)|什么时候")
_CLAUSE = re.compile("[,，。；;！!？?\n]")


@dataclass(frozen=True, slots=True)
class Moment:
    """text[place:stop] names the time from `start` (included) to `end` (not included), as exact as `precision` says.

    Precisions: year, season, month, week, days, day, part (of a day), hour, minute.
    """

    place: int
    stop: int
    text: str
    start: datetime
    end: datetime
    precision: str


def find(text: str, now: datetime) -> list[Moment]:
    """The times that a text names, in its order; `now` must have a time zone (ValueError)."""
    if now.tzinfo is None:
        raise ValueError("the moment of speaking needs a time zone")
    folded = fold(text, numerals=False)
    found = _ranges(list(_joined(folded.text, now.astimezone(ZONE))), folded.text, now.astimezone(ZONE))
    placed = ((one, *folded.span(one.place, one.stop)) for one in found)
    return [replace(one, place=start, stop=stop, text=text[start:stop]) for one, start, stop in placed]


def _dates(text: str, now: datetime) -> list[Moment]:
    """The days named, the longest of those that overlap."""
    found: list[Moment] = []
    for pattern, rule in RULES:
        for one in pattern.finditer(text):
            try:
                meaning = rule(one, now, _ahead(text, one.start(), one.end()))
            except ValueError:  # no such day or month: 13月, 31号 of a shorter month
                continue
            if meaning:
                (start, end), precision = meaning
                found.append(Moment(one.start(), one.end(), one[0], start, end, precision))
    kept: list[Moment] = []
    for moment in sorted(found, key=lambda one: (one.place - one.stop, one.place)):
        if all(moment.stop <= other.place or other.stop <= moment.place for other in kept):
            kept.append(moment)
    return sorted(kept, key=lambda one: one.place)


def _ahead(text: str, start: int, end: int) -> bool:
    """Whether the clause around a time looks ahead."""
    before, after = _CLAUSE.split(text[:start])[-1], _CLAUSE.split(text[end:])[0]
    return bool(
        _AHEAD.search(before[-8:])
        or _AHEAD.match(after[:8].lstrip("晚上早下午中夜间的在才就会"))
        or _AHEAD.search(after[:6])
    )


def _joined(text: str, now: datetime) -> Iterator[Moment]:
    """Days with the hours that follow them, and hours alone, which are today's."""
    dates = _dates(text, now)
    clocks = [
        one for one in _CLOCK.finditer(text) if not _taken(one, dates) and not _vague(one, text) and _possible(one)
    ]
    used: set[int] = set()
    for day in dates:
        after = next(
            (one for one in clocks if one.start() >= day.stop and _JOIN.fullmatch(text, day.stop, one.start())), None
        )
        if after and day.precision == "day":
            used.add(after.start())
            yield _timed(after, day.start, day.place)
        else:
            yield day
    for clock in clocks:
        if clock.start() not in used and clock["h"]:
            yield _timed(clock, at(now.date()), clock.start())


def _taken(clock: re.Match[str], dates: list[Moment]) -> bool:
    return any(clock.start() < one.stop and one.place < clock.end() for one in dates)


def _vague(clock: re.Match[str], text: str) -> bool:
    """有一点, 三点建议 are no hours."""
    if not clock["h"] or clock["p"] or clock["m"] or clock["o"]:
        return False
    before = text[max(0, clock.start() - 1) : clock.start()]
    return bool(_NOT_CLOCK.match(text, clock.start()) or before in _DEGREES)


def _possible(clock: re.Match[str]) -> bool:
    return not clock["h"] or (small(clock["h"]) <= 24 and _minute(clock["m"]) < 60 and small(clock["h2"] or "0") <= 24)


def _timed(clock: re.Match[str], day: datetime, place: int) -> Moment:
    """A clock time or part of the day on a day; `place` is where the whole expression starts."""
    name = _part(clock["p"] or clock["q"] or "")
    if not clock["h"]:
        first, last = PARTS[name]
        return Moment(place, clock.end(), "", day + timedelta(hours=first), day + timedelta(hours=last), "part")
    hour, minute = _hour(small(clock["h"]), name), _minute(clock["m"])
    start = day + timedelta(hours=hour, minutes=minute)
    if clock["h2"]:
        return Moment(place, clock.end(), "", start, day + timedelta(hours=_hour(small(clock["h2"]), name)), "hour")
    size = timedelta(minutes=1) if clock["m"] else timedelta(hours=1)
    return Moment(place, clock.end(), "", start, start + size, "minute" if clock["m"] else "hour")


def _part(word: str) -> str:
    """The part of the day that a word means, as a key of PARTS."""
    if "半夜" in word or word == "深夜":
        return "半夜"
    return next((name for name in sorted(PARTS, key=len, reverse=True) if name in word), "")


def _hour(hour: int, part: str) -> int:
    """The hour of 24 that is meant: 下午三点 is 15, 晚上十二点 is 24, 昨晚两点 is 2 on the next day."""
    if part in ("中午", "午间"):
        return hour + 12 if hour < 11 else hour
    if part in ("下午", "午后", "傍晚"):
        return hour + 12 if hour < 12 else hour
    if part in ("晚", "夜", "半夜", "深夜") and hour <= 12:
        return 24 + hour % 12 if hour < 5 or hour == 12 else hour + 12
    return 0 if part == "凌晨" and hour == 12 else hour


def _minute(word: str | None) -> int:
    if not word:
        return 0
    return {"半": 30, "一刻": 15, "三刻": 45}.get(word) or small(word.removesuffix("分"))


def _ranges(found: list[Moment], text: str, now: datetime) -> list[Moment]:
    """Two times with 到 between them are one; a time with 以来 or 开始 behind it lasts until now."""
    kept: list[Moment] = []
    for one in sorted(found, key=lambda one: one.place):
        before = kept[-1] if kept else None
        if before and _TO.fullmatch(text, before.stop, one.place):
            kept[-1] = _span(before, one)
        else:
            kept.append(one)
    return [_since(one, text, now) for one in kept]


def _span(first: Moment, last: Moment) -> Moment:
    end = last.end if last.precision not in ("hour", "minute") else last.start
    if last.precision in ("hour", "minute") and first.precision in ("hour", "minute") and last.stop - last.place < 7:
        end = first.start.replace(
            hour=end.hour, minute=end.minute
        )  # the hour alone: the same day as the first, after it
        if end <= first.start:
            end += timedelta(hours=12)
    return replace(first, stop=last.stop, end=max(end, first.start), precision=last.precision)


def _since(one: Moment, text: str, now: datetime) -> Moment:
    after = _SINCE.match(text, one.stop)
    if not after or one.start > now:
        return one
    return replace(one, stop=after.end(), end=now)
