# SPDX-License-Identifier: Apache-2.0
"""Numbers as people write them: 15, 十五, 一百二十, 3.5万, 一万二, 两千多, 二零一九."""

import re

_DIGITS = dict(zip("零〇一二三四五六七八九两俩仨", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2, 3), strict=True))
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
CHINESE = "零〇一二三四五六七八九两十百千万亿半廿"
NUMBER = rf"(?:\d[\d,，]{{0,15}}(?:\.\d{{1,6}})?|[{CHINESE}])[{CHINESE}]{{0,15}}(?:\d[百十千])?"
"""A pattern of anything that `value` reads."""


def small(text: str) -> int:
    """A day, month, hour or count: 15, 十五, 廿五, 二十; raises ValueError."""
    return int(value(text.replace("廿", "二十")))


def value(text: str) -> float:
    """The number that a text writes; raises ValueError where it writes none."""
    if text == "半":
        return 0.5
    if _between(text):
        return (value(text[0] + text[2:]) + value(text[1:])) / 2
    if re.fullmatch(r"[零〇一二三四五六七八九]{2,}", text):
        return float("".join(str(_DIGITS[one]) for one in text))
    match = re.fullmatch(r"(\d[\d,，]*(?:\.\d+)?)([万千百亿]*)(.*)", text)
    if not match:
        return _spoken(text)
    number = float(re.sub("[,，]", "", match[1]))
    for unit in match[2]:
        number *= _TENS[unit]
    return number + (_tail(match[3], _TENS.get(match[2][-1:], 10)) if match[3] else 0)


def _between(text: str) -> bool:
    """二三十, 五六: two neighbouring digits together are either."""
    first, second = _DIGITS.get(text[:1]), _DIGITS.get(text[1:2])
    return bool(first and second and second - first == 1 and text[2:3] not in _DIGITS)


def _spoken(text: str) -> float:
    """三千五百, 一万二, 十五. A digit after a unit without one of its own is a tenth of that unit: 一万二 is 12,000."""
    total = section = 0.0
    digit, unit = None, 1
    for one in text:
        if one in _DIGITS:
            digit, unit = _DIGITS[one], 10 if one in "零〇" else unit
        elif one in "万亿":
            total, section, digit, unit = (total + section + (digit or 0)) * _TENS[one], 0.0, None, _TENS[one]
        elif one in _TENS:
            section, digit, unit = section + (1 if digit is None else digit) * _TENS[one], None, _TENS[one]
        else:
            raise ValueError(text)
    if not text:
        raise ValueError(text)
    return total + section + (digit or 0) * max(1, unit // 10)


def _tail(text: str, unit: int) -> float:
    """What follows a number with its unit: 3万5千, 1千8."""
    if re.fullmatch(r"\d", text):
        return int(text) * unit / 10
    return value(text)
