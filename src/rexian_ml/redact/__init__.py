# SPDX-License-Identifier: Apache-2.0
"""Personal data in a text: found with its place and a reason, and replaced in kind, the same value by the same placeholder."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from rexian_ml.fold import BARRIER, DIGIT, HIDDEN, SEPARATORS, fold
from rexian_ml.redact import doors, marks, names, numbers
from rexian_ml.redact.found import LABELS, STRUCTURED, Found, disjoint

__all__ = ["LABELS", "STRUCTURED", "Found", "Redacted", "Redactor", "find", "redact"]

_KIND_OF = {label: kind for kind, label in LABELS.items()}
_PLACEHOLDER = re.compile(f"【({'|'.join(LABELS.values())})([0-9]+)】")
_D, _S = f"[{DIGIT}]", f"[{re.escape(SEPARATORS)}{HIDDEN}OoIl洞拐勾]"
_WIDE = "".join(chr(ord(letter) + 0xFEE0) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_HINT = re.compile(
    rf"[{DIGIT}@＠﹫室户房单门号栋幢座#＃牌信QqＱｑ扣抠企生艾aAWwVvＷｗＶｖ使{marks.PROVINCES}](?:"
    rf"(?<={_D})(?:{_S}{{0,3}}{_D}){{4,}}"
    rf"|(?<={_D})(?:{_D}{{0,2}}[-—－#＃–号栋]{_S}?{_D}{{3}}|{_D}?[-—－#＃–]{_D}{{1,2}}[-—－–])"
    r"|(?<=[@＠﹫])"
    rf"|(?<=[{DIGIT}十百A-Za-z甲乙丙丁东西南北中左右{HIDDEN} ][室户房单门号栋幢座#＃])"
    r"|(?<=车牌)|(?<=号牌)|(?<=牌)照"
    rf"|(?<=信)(?=[号:：是为同叫名A-Za-z{_WIDE}ID{HIDDEN} ])"
    r"|(?<=[QqＱｑ])[ ]?[QqＱｑ]|(?<=扣)扣|(?<=抠)抠|(?<=企)鹅"
    r"|(?<=出生)|(?<=生)[日于辰]|(?<=[年月日号]生)"
    r"|(?<=艾)特|(?<=[\[(（ ][aA])[tT]|(?<=[WwVvＷｗＶｖ])[xXｘＸeE]|(?<=加我[VvＶｖ])|(?<=加[VvＶｖ])"
    rf"|(?<=[{marks.PROVINCES}使])[{HIDDEN} ·•・.\-]{{0,3}}[A-Za-z{_WIDE}{DIGIT}]"
    ")"
)
"""Where anything structured may stand: one pass over the text, so that clean text costs nothing more."""
MOST_PASSES = 100
"""Searches of one text: real ones need two or three; a text made to need more (a surname a thousand times) must not hold up the others."""
_NEAR = 48
"""Characters around a hint that the exact rules see."""


def find(text: str, kinds: Collection[str] = tuple(LABELS)) -> list[Found]:
    """The personal data of these kinds in a text, in its order, without overlap; places are those of `text` itself.

    What is found is taken out and the rest searched again until nothing more is found. So a redacted text, searched again, holds nothing.
    """
    view, places = _view(text)
    found: list[Found] = []
    for _ in range(MOST_PASSES):
        new = [one for one in disjoint(_search(view, kinds)) if one.kind in kinds]
        if not new:
            break
        found += (replace(one, start=places[one.start], end=places[one.end]) for one in new)
        view, places = _take_out(view, places, new)
    return sorted(found, key=lambda one: one.start)


def _view(text: str) -> tuple[str, list[int]]:
    """The text with each placeholder as one barrier; the place of each character, and at the end the length of `text`."""
    places = list(range(len(text) + 1))
    if "【" not in text:
        return text, places
    held = [Found(*one.span(), "", "", "") for one in _PLACEHOLDER.finditer(text)]
    return _take_out(text, places, held)


def _take_out(view: str, places: list[int], found: Iterable[Found]) -> tuple[str, list[int]]:
    """The view with a barrier in the place of each find; they do not overlap."""
    parts, kept, end = list[str](), list[int](), 0
    for one in sorted(found, key=lambda one: one.start):
        parts += (view[end : one.start], BARRIER)
        kept += places[end : one.start + 1]
        end = one.end
    return "".join((*parts, view[end:])), kept + places[end:]


def _search(view: str, kinds: Collection[str]) -> Iterator[Found]:
    if any(kind in kinds for kind in STRUCTURED):
        for start, end in _windows(view):
            yield from _apply(marks.plates, view[start:end], start, numerals=False)
            for rules in (numbers.find, marks.find, doors.find):
                yield from _apply(rules, view[start:end], start)
    if "name" in kinds:
        yield from _apply(names.find, view, 0, numerals=False)


def _apply(rules: Callable[[str], Iterator[Found]], part: str, start: int, *, numerals: bool = True) -> Iterator[Found]:
    folded = fold(part, numerals=numerals)
    for one in rules(folded.text):
        first, last = folded.span(one.start, one.end)
        yield replace(one, start=start + first, end=start + last)


def _windows(view: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text that hold hints, with their neighbourhood, joined where they touch."""
    start = end = -1
    for hint in _HINT.finditer(view):
        if start < 0 or hint.start() - _NEAR > end:
            if start >= 0:
                yield start, end
            start = max(0, hint.start() - _NEAR)
        end = hint.end() + _NEAR
    if start >= 0:
        yield start, end


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text without personal data, and what stood where in the text before."""

    text: str
    found: tuple[Found, ...]


@dataclass(slots=True)
class Redactor:
    """Placeholders for the texts of one order: the same value is the same placeholder in all of them."""

    kinds: Collection[str] = tuple(LABELS)
    known: dict[tuple[str, str], int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)

    def redact(self, text: str) -> Redacted:
        """`text` with a placeholder such as 【电话1】 for each find; what already is a placeholder stays, and its number is not given again."""
        for one in _PLACEHOLDER.finditer(text):
            kind = _KIND_OF[one[1]]
            self.used[kind] = max(self.used.get(kind, 0), int(one[2]))
        found = find(text, self.kinds)
        parts, place = list[str](), 0
        for item in found:
            parts += (text[place : item.start], self._placeholder(item))
            place = item.end
        return Redacted("".join((*parts, text[place:])), tuple(found))

    def _placeholder(self, one: Found) -> str:
        number = self.known.get((one.kind, one.key))
        if number is None:
            number = self.used[one.kind] = self.used.get(one.kind, 0) + 1
            self.known[one.kind, one.key] = number
        return f"【{LABELS[one.kind]}{number}】"


def redact(text: str, kinds: Collection[str] = tuple(LABELS)) -> Redacted:
    """One text alone, redacted."""
    return Redactor(kinds).redact(text)
