# SPDX-License-Identifier: Apache-2.0
"""A conversation that takes down a request, answers from the knowledge base, tells an order's status, and gives way to a human.

Emergencies come first (`rexian_ml.danger`), then the wish for a human, then anger. One question at a time, never for what is known; what is
taken down is read back before it is submitted; nothing is promised. The same state and words give the same reply: nothing is learned or drawn.
"""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Self

from rexian_ml import danger
from rexian_ml.extract import Elements, Gazetteer, extract
from rexian_ml.redact import find as find_personal
from rexian_ml.text import normalise

RULES = Path(__file__).with_name("dialogue.toml")
NUMBER = re.compile(r"(?<!\d)\d{6}-?\d{8}-?\d{6}-?\d(?!\d)")
"""An order's number, with or without its dashes."""
MOST_FAILURES = 2
GREETINGS = 2
"""Turns in which words that say nothing (你好, 我要投诉) are no failure."""
BRIEF = 40
"""Characters of a text in which a word such as 人工 or 进度 is the matter itself and not a part of a longer story."""
UNKNOWN, ANONYMOUS = "不清楚", "匿名"
NEEDED = {
    "consult": ("what", "contact"),
    "suggestion": ("what", "where", "contact"),
    "praise": ("what", "where", "contact"),
}
ALL = ("what", "where", "when", "contact")
"""What a request must say, by kind; every other kind needs all."""
Retrieve = Callable[[str], Sequence[tuple[str, float]]]
Lookup = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands. `stage`: open, number (waits for an order's number), answered, confirm, done, human. JSON: `to_json`, `from_json`."""

    slots: dict[str, str] = field(default_factory=dict)
    stage: str = "open"
    asked: str = ""
    failures: int = 0
    turns: int = 0

    def to_json(self) -> str:
        """The state as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The state that `to_json` wrote; raises ValueError or TypeError for anything else."""
        content: dict[str, Any] = json.loads(text)
        return cls(**content)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said and what the caller has to do: ask, answer, status, confirm, submit (with `request`), human (with `reason`) or bye.

    Reasons for a human: danger, request, anger, failures.
    """

    text: str
    action: str
    reason: str = ""
    request: dict[str, str] = field(default_factory=dict)


@cache
def _phrases() -> dict[str, dict[str, str]]:
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_phrases()["hear"][name])


def _say(name: str, **values: str) -> str:
    return _phrases()["say"][name].format(**values)


def _hears(name: str, text: str) -> bool:
    return bool(_pattern(name).search(text.strip()))


@dataclass(frozen=True)
class Dialogue:
    """`retrieve`: a question → passages with scores, best first; `lookup`: an order's number → its status in words, or None.

    An answer is given from a score of `sure` on. `gazetteer` names the city's areas.
    """

    retrieve: Retrieve
    lookup: Lookup
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    sure: float = 0.5

    def start(self, **known: str) -> tuple[State, Reply]:
        """The beginning; `known` slots (such as `contact` from the caller's number) are not asked for."""
        return State(slots=dict(known)), Reply(_say("greet"), "ask")

    def reply(self, state: State, text: str, now: datetime) -> tuple[State, Reply]:
        """The next state and what to say to `text`, said at `now` (with a time zone)."""
        state = replace(state, turns=state.turns + 1)
        if human := self._first(state, text):
            return human
        for step in (self._confirming, self._answered, self._status):
            if said := step(state, text, now):
                return said
        return self._take_down(state, text, now)

    def _first(self, state: State, text: str) -> tuple[State, Reply] | None:
        """What comes before everything else: danger, the wish for a human, anger."""
        if found := danger.find(text):
            return _human(state, "danger", _say("emergency", hotline=found.hotline))
        if len(text) <= BRIEF and _hears("human", text):
            return _human(state, "request")
        return _human(state, "anger") if _hears("anger", text) else None

    def _confirming(self, state: State, text: str, now: datetime) -> tuple[State, Reply] | None:
        """The citizen's yes or correction to what was read back."""
        if state.stage != "confirm":
            return None
        if _hears("yes", text) and not _hears("change", text):
            return replace(state, stage="done", asked=""), Reply(_say("submitted"), "submit", request=dict(state.slots))
        changed = self._heard(replace(state, slots={}, asked=""), text, now, correcting=True)
        changed.pop("what", None)
        if changed:
            return _confirm(replace(state, slots=state.slots | changed, failures=0))
        return _failed(state, _say("change"))

    def _answered(self, state: State, text: str, now: datetime) -> tuple[State, Reply] | None:
        """What the citizen says to an answer: thanks, no, or something new."""
        if state.stage not in ("answered", "done"):
            return None
        if _hears("thanks", text) or (state.stage == "answered" and _hears("yes", text)):
            return replace(state, stage="done"), Reply(_say("bye"), "bye")
        if state.stage == "answered" and _hears("no", text):
            return self._next(replace(state, stage="open", failures=state.failures + 1), _say("unknown"))
        return self._take_down(State(turns=state.turns, slots=_contact(state.slots)), text, now)

    def _status(self, state: State, text: str, now: datetime) -> tuple[State, Reply] | None:
        """An order's status, by its number."""
        found = NUMBER.search(normalise(text))
        if not found:
            asks = (
                len(text) <= BRIEF
                and _hears("progress", text)
                and state.asked != "what"
                and not state.slots.get("what")
            )
            if state.stage == "number":
                return _failed(state, _say("number"))
            return (replace(state, stage="number"), Reply(_say("number"), "ask")) if asks else None
        number = _written(found[0])
        if status := self.lookup(number):
            return replace(state, stage="answered", failures=0), Reply(
                _say("status", number=number, status=status), "status"
            )
        return _failed(replace(state, stage="number"), _say("missing", number=number))

    def _take_down(self, state: State, text: str, now: datetime) -> tuple[State, Reply]:
        """The slots that the text fills; then an answer, the next question, or the reading back."""
        heard = self._heard(state, text, now)
        if not heard:
            state = replace(state, asked=state.asked or _missing(state) or "what")
            greets = _hears("vague", text) and state.turns <= GREETINGS
            return self._next(state, "") if greets else _failed(state, _say(state.asked))
        state = replace(state, slots=heard | state.slots, failures=0)
        if state.slots.get("kind") == "consult" and "what" in heard:
            return self._answer(state, text)
        return self._next(state, "")

    def _answer(self, state: State, text: str) -> tuple[State, Reply]:
        """The best passage if it is good enough, else the question is taken down."""
        passage, score = next(iter(self.retrieve(text)), ("", 0.0))
        if score >= self.sure:
            return replace(state, stage="answered"), Reply(_say("answer", passage=passage), "answer")
        return self._next(state, _say("unknown"))

    def _next(self, state: State, before: str) -> tuple[State, Reply]:
        """The next question, or the reading back when all is known."""
        if state.failures >= MOST_FAILURES:
            return _human(state, "failures")
        missing = _missing(state)
        if not missing:
            return _confirm(state)
        return replace(state, asked=missing), Reply(before + _say(missing), "ask")

    def _heard(self, state: State, text: str, now: datetime, *, correcting: bool = False) -> dict[str, str]:
        """What a text says that is not known yet; the answer to a question counts as it is, where it is one."""
        elements = extract(text, now, self.gazetteer)
        heard = {
            "contact": _telephone(text),
            "where": "、".join(one.text for one in elements.where),
            "when": "、".join(one.text for one in elements.when),
        }
        if state.asked in ALL and not heard.get(state.asked):
            heard[state.asked] = _answered_to(state.asked, text, elements)
        if "what" not in state.slots and state.asked not in ("where", "when", "contact"):
            heard["what"] = _matter(text, elements)
        told = {slot: value for slot, value in heard.items() if value and slot not in state.slots}
        kind = _kind(text)
        if "kind" not in state.slots and ("what" in told or correcting) and (kind or not correcting):
            told["kind"] = kind or "help"
        return told


def _missing(state: State) -> str:
    """The next slot to ask for, "" when nothing is missing."""
    needed = NEEDED.get(state.slots.get("kind", ""), ALL)
    return next((slot for slot in needed if not state.slots.get(slot)), "")


def _contact(slots: dict[str, str]) -> dict[str, str]:
    return {slot: value for slot, value in slots.items() if slot == "contact"}


def _matter(text: str, elements: Elements) -> str:
    """The description of the matter: the whole text without telephones, if it says anything of one."""
    if _hears("vague", text) or elements.what is None or len(re.findall("[一-鿿]", elements.what.text)) < 2:
        return ""
    for one in reversed(find_personal(text, ("phone",))):
        text = text[: one.start] + text[one.end :]
    return re.sub(r"[,，]?[^,，。；]{0,6}(?:电话|手机|联系方式)(?:号码?)?[是为:：]?(?=[,，。；]|$)", "", text).strip(
        " ,，。"
    )


def _answered_to(slot: str, text: str, elements: Elements) -> str:
    """The words of an answer as the slot's value, where they are an answer to it."""
    if slot == "contact":
        return ANONYMOUS if _hears("anonymous", text) else ""
    if slot == "when":
        return UNKNOWN if _hears("unknown", text) else text.strip(" ,，。") if _hears("habit", text) else ""
    if slot == "where":
        named = (
            len(re.findall("[一-鿿]", text)) >= 2
            and not _hears("unknown", text)
            and not _hears("here", text)
            and not _hears("vague", text)
        )
        return text.strip(" ,，。") if named else ""
    return _matter(text, elements)


def _telephone(text: str) -> str:
    return next((one.key for one in find_personal(text, ("phone",))), "")


def _kind(text: str) -> str:
    """The kind of request by its words; "" if none speaks for one. What is asked is told before what is complained about."""
    order = ("praise", "suggestion", "report", "complaint", "consult")
    stated = next((kind for kind in order if text.lstrip("我要想您好你，, ").startswith(_phrases()["kinds"][kind])), "")
    return stated or next((kind for kind in order if _hears(kind, text)), "")


def _written(number: str) -> str:
    digits = number.replace("-", "")
    return f"{digits[:6]}-{digits[6:14]}-{digits[14:20]}-{digits[20:]}"


def _confirm(state: State) -> tuple[State, Reply]:
    """Reads back what was taken down."""
    names, kinds = _phrases()["slots"], _phrases()["kinds"]
    shown = {slot: kinds.get(value, value) for slot, value in state.slots.items()}
    summary = "；".join(f"{name}：{shown[slot]}" for slot, name in names.items() if slot in shown)
    return replace(state, stage="confirm", asked=""), Reply(_say("confirm", summary=summary), "confirm")


def _failed(state: State, question: str) -> tuple[State, Reply]:
    """Not understood: asked once more, then a human."""
    state = replace(state, failures=state.failures + 1)
    if state.failures >= MOST_FAILURES:
        return _human(state, "failures")
    return state, Reply(_say("again") + question, "ask")


def _human(state: State, reason: str, text: str = "") -> tuple[State, Reply]:
    return replace(state, stage="human", asked=""), Reply(text or _say(reason), "human", reason, dict(state.slots))
