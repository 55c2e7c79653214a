# SPDX-License-Identifier: Apache-2.0
"""One written form for what people write in many: digits of every kind become 0-9, hidden characters go, and every place is remembered."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

BARRIER = "\ue000"
"""Stands for what is already taken out; no rule reaches across it (a private-use character: no text means anything by it)."""
NUMERALS = dict(zip("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖貳參陸两", "0012345678911234567892362", strict=True))
DASHES = "-‐‑‒–—―−－﹣ー~～_＿"
SEPARATORS = DASHES + " \t\u3000\u00a0.．·•・,，、/／\\*|()（）:："
HIDDEN = "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20e3\ufe00-\ufe0f\ufeff"
DIGIT = r"\d①-⑨⓪❶-❾" + "".join(NUMERALS)
"""A character class: what may be meant as a digit. Letters that look like digits are read only among digits (`_unmask`)."""
_LETTERS = "OoIl"
_AS_DIGITS = str.maketrans("OoIl", "0011")
_BETWEEN = f"[{re.escape(SEPARATORS)}]"
_MASKED = re.compile(rf"(?<![A-Za-z])[\d{_LETTERS}](?:{_BETWEEN}?[\d{_LETTERS}]){{8,}}(?![A-Za-z])")
SPOKEN = "洞拐勾"
_SPOKEN = re.compile(rf"[\d{SPOKEN}](?:{_BETWEEN}?[\d{SPOKEN}]){{6,}}")
_AS_SPOKEN = str.maketrans(SPOKEN, "079")


def _table() -> dict[int, str]:
    """Code → the folded character, "" for hidden ones; only what differs."""
    compatible = [chr(code) for code in (*range(0x80, 0x3000), *range(0xFF00, 0xFFF0))]
    table = {one: plain for one in compatible if len(plain := unicodedata.normalize("NFKC", one)) == 1 and plain != one}
    table |= {one: str(unicodedata.digit(one)) for one in map(chr, range(0x80, 0x1F000)) if one.isdecimal()}
    table |= {chr(0x2776 + value): str(value + 1) for value in range(9)}
    table |= dict.fromkeys(DASHES, "-") | {"\u3000": " ", "\u00a0": " ", "＃": "#"}
    hidden = re.compile(f"[{HIDDEN}]")
    table |= {one: "" for one in map(chr, range(0xAD, 0xFF00)) if hidden.match(one)}
    return {ord(one): plain for one, plain in table.items()}


_PLAIN = _table()
_TABLE = _PLAIN | {ord(one): digit for one, digit in NUMERALS.items()}


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `places[i]` is where its i-th character stood in the text it came from, as a slice from `places[i]` to `places[i] + 1`."""

    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the original for a half-open, not empty span of the folded text."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str, *, numerals: bool = True) -> Folded:
    """`text` folded; without `numerals` Chinese numerals stay what they are."""
    table = _TABLE if numerals else _PLAIN
    folded = text.translate(table)
    places: Sequence[int] = range(len(text))
    if len(folded) < len(text):
        places = [place for place, character in enumerate(text) if table.get(ord(character)) != ""]
    return Folded(_unmask(folded) if numerals else folded, places)


def _unmask(text: str) -> str:
    """Letters in the place of digits inside a long number, and the radio operators' words for digits."""
    text = _SPOKEN.sub(
        lambda found: found[0].translate(_AS_SPOKEN) if sum(map(str.isdigit, found[0])) >= 4 else found[0], text
    )
    return _MASKED.sub(
        lambda found: found[0].translate(_AS_DIGITS) if sum(map(str.isdigit, found[0])) >= 7 else found[0], text
    )
