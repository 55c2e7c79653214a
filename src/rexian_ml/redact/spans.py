# SPDX-License-Identifier: Apache-2.0
"""Stretches of text that may be a person's name, and what can be seen of each: the weights of `weights.json` say how much each sight counts.

A candidate is a surname with none, one or two characters behind it, 小 or 阿 with one character, or a run of characters by which foreign names are
written. Each sight is a word such as `left=role`; a name is a candidate whose weights sum to more than 0 (a logistic regression, fitted by tools/names.py).
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from rexian_ml.fold import BARRIER
from rexian_ml.redact.lexicon import Lexicon, lexicon

Token = tuple[str, str, int]
"""A word, its part of speech and where it starts."""
CHINESE = re.compile(r"[一-鿿㐀-䶿]")
NEVER_IN = re.compile("[的了是在你我他她们这那不您]")
_RUN = re.compile(r"[一-鿿㐀-䶿]+")
_PLACE = re.compile(
    "小区|小学|中学|大学|医院|公司|超市|饭店|大道|国际|胡同|花园|家园|公寓|新村|大厦|广场|集团|物业|幼儿|酒店|步行|市场|工业|机场|火车|高速|景区|公园|社区|新区|大桥"
)
_TOLD = re.compile(r"[，,、（(：: ]{1,2}(?:男|女|[1-9一-九][0-9十]|身份证|电话|手机|现?住|家住|系|本人|我)")
"""What is told of a person right after the name."""
_HANDS, _JOINS = frozenset("找给叫请问跟被对向替帮让由与为姓"), frozenset("、和与跟及")
_AHEAD = 8
"""How many characters behind a candidate the segmenter sees."""
_OPENING = _HANDS | _JOINS
_USUAL = 4
"""From which step of `often` a word of two characters is taken as it stands."""
_CALLED = frozenset({"先生", "女士", "小姐"})
_LINKS = frozenset("和与由向于跟及")
"""Titles that only names have before them; surnames that before other titles are words that join."""
_LITTLE = frozenset("小阿老大")
_RARE, _OFTEN = 3.0, 13.0
"""Natural logarithms of word frequencies below and above which they are not told apart."""


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end] may be a name of this sort; its given name starts at `given`."""

    start: int
    given: int
    end: int
    sort: str


@dataclass(frozen=True, slots=True)
class View:
    """A text with its words: `begins` are where one begins, `word` is the one that covers a place, `cues` what announces a name that starts there."""

    text: str
    begins: frozenset[int]
    word: tuple[Token, ...]
    cues: Mapping[int, str]


def view(text: str) -> View:
    """`text` segmented once."""
    tokens: list[Token] = []
    place = 0
    for word, tag in rjieba.tag(text):
        tokens.append((word, tag, place))
        place += len(word)
    begins = frozenset(start for _, _, start in tokens)
    cues = {one.end(): one[1] for one in lexicon().cue.finditer(text) if {one.start(), one.end()} & begins}
    return View(text, begins, tuple(token for token in tokens for _ in token[0]), cues)


def spans(seen: View) -> Iterator[Span]:
    """The candidates of a text, by where they start."""
    words = lexicon()
    for first in words.begins.finditer(seen.text):
        start = first.start()
        if start in seen.cues or not _a_word(seen, start):
            found = _from(seen.text, start, words)
            yield from (one for one in found if start in seen.cues or not _no_name(one, seen.text, words))
            if start in seen.begins:
                yield from _foreign(seen, start, words)


def _a_word(seen: View, start: int) -> bool:
    """Whether a word of the dictionary that is no name runs across the place, or a usual one begins there."""
    word, tag, begin = seen.word[start]
    if tag[:2] == "nr" or not known(word):
        return False
    if begin < start:
        return not (begin == start - 1 and word[0] in _OPENING and often(word) < _USUAL)
    title = lexicon().title.match(seen.text, begin + len(word))
    return often(word) > _USUAL and not (title and title[0] in _CALLED)


def _no_name(span: Span, text: str, words: Lexicon) -> bool:
    """Whether a candidate begins like a word that is no name (鲁政), or is two characters that are frequent words both (车能)."""
    if span.sort not in ("1+1", "1+2"):
        return False
    frequent = text[span.start] in words.ambiguous and words.giving(text[span.given]) == "4"
    return text[span.start : span.start + 2] in words.never or (span.sort == "1+1" and frequent)


def _from(text: str, start: int, words: Lexicon) -> Iterator[Span]:
    """Surnames at a place, with what may be a given name."""
    run = _RUN.match(text, start, start + 6)
    stop = run.end() if run else start
    for long in (4, 2, 1):
        if start + long <= stop and (text[start : start + long] in (words.compound if long > 1 else words.surnames)):
            given = start + long
            for end in range(given, min(given + 2, stop) + 1):
                if not NEVER_IN.search(text, given, end) and (end > given or _alone(text, start, end, words)):
                    yield Span(start, given, end, f"{min(long, 2)}+{end - given}")
    if text[start] in _LITTLE and start + 1 < stop and _may_be_little(text[start : start + 2], words):
        yield Span(start, start + 1, start + 2, "little")


def _may_be_little(called: str, words: Lexicon) -> bool:
    """Whether 小陈 or 阿珍 may be what somebody is called: no title (老汉), no word unless it ends in a common surname."""
    free = not known(called) or part(called) == "nr" or called[1] in words.common
    return free and not NEVER_IN.search(called) and not words.title.match(called)


def _alone(text: str, start: int, end: int, words: Lexicon) -> bool:
    """Whether a surname may stand alone: before a title, 姓 or 某, after 姓, or in a list of such."""
    if title := words.title.match(text, end):
        return text[start] not in _LINKS or title[0] in _CALLED
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return (
        before == "姓" or (after != "" and after in "姓某氏、家") or text[max(0, start - 2) : start] == BARRIER + "、"
    )


def _foreign(seen: View, start: int, words: Lexicon) -> Iterator[Span]:
    """Runs of characters that write foreign names, from the beginning of a word to the end of another, without usual words."""
    run = words.run.match(seen.text, start)
    place = start
    while run and place < run.end():
        word, tag, begin = seen.word[place]
        if tag[:2] not in ("nr", "ns", "nz") and (known(word) or often(word) > _USUAL + 2):
            return
        place = min(begin + len(word), run.end())
        if place > start + 1 and (
            place in seen.begins or place == len(seen.text) or words.follow.match(seen.text, place)
        ):
            yield Span(start, start, place, "foreign")


@lru_cache(1 << 16)
def known(word: str) -> bool:
    """Whether the segmenter's dictionary has a word of two characters or more."""
    return len(word) > 1 and bool(rjieba.has_word(word))


@lru_cache(1 << 16)
def often(word: str) -> int:
    """How frequent a word is, in steps of a factor e; 0 if the dictionary does not have it."""
    if not rjieba.has_word(word):
        return 0
    return round(min(max(math.log(rjieba.suggest_freq(word)), _RARE), _OFTEN)) - 2


@lru_cache(1 << 16)
def part(word: str) -> str:
    """The part of speech of a word of the dictionary; "-" for what is none."""
    return rjieba.tag(word)[0][1][:2] if known(word) else "-"


@lru_cache(1 << 16)
def first_word(text: str) -> tuple[str, str]:
    """The first word of a text and its part of speech."""
    word: tuple[str, str] = rjieba.tag(text)[0]
    return word


def sights(seen: View, span: Span) -> list[str]:
    """All that is seen of a candidate, each as one word."""
    words = lexicon()
    left, right = _left(seen, span, words), _right(seen, span, words)
    inner, edge = _spelling(seen.text, span, words), _edges(seen, span)
    sort, word, given, kind, plain, lies = span.sort, inner[0], inner[2], inner[3], inner[-1], edge[0]
    pairs = (
        (left, right),
        (left, sort),
        (right, sort),
        (word, left),
        (word, right),
        (word, kind),
        (lies, left),
        (lies, right),
    )
    more = (plain, left), (plain, right), (plain, lies), (given, right), *((one, sort) for one in (*inner, *edge))
    return [sort, left, right, *inner, *edge, *map(" ".join, (*pairs, *more))]


def _left(seen: View, span: Span, words: Lexicon) -> str:
    """What stands before a candidate."""
    text, start = seen.text, span.start
    if found := seen.cues.get(start):
        return "left=" + words.announcing[found]
    if start and text[start - 1].isascii() and text[start - 1].isalnum():
        return "left=digit"
    if not start or not CHINESE.match(text, start - 1):
        joined = start > 1 and text[start - 1] == "、"
        return "left=list" if joined and text[start - 2] == BARRIER else f"left={'、' if joined else 'open'}"
    before, tag, begin = seen.word[start - 1]
    if text[start - 1] in _JOINS and text[start - 2 : start - 1] == BARRIER:
        return "left=list"
    if text[start - 1] in _HANDS:
        return "left=hand"
    if begin + len(before) > start:
        return "left=cut"
    return f"left={tag[:1]}{min(len(before), 2)}"


def _right(seen: View, span: Span, words: Lexicon) -> str:
    """What stands behind a candidate."""
    text, end = seen.text, span.end
    if _TOLD.match(text, end):
        return "right=told"
    if end == len(text) or not CHINESE.match(text, end):
        return (
            "right=list"
            if text[end : end + 2] == "、" + BARRIER
            else f"right={'、' if text[end : end + 1] == '、' else 'closed'}"
        )
    far = end + (text[end] == "家")
    if text[far : far + 1] in words.places or _PLACE.match(text, end):
        return "right=place"
    if title := words.title.match(text, end):
        stop = title.end()
        whole = "".join(str(int(place in seen.begins or place == len(text))) for place in (end, stop))
        return f"right={title[0] if title[0] in _CALLED else 'title'}{len(title[0]) > 1:d}{whole}"
    if text[end] in "姓某":
        return "right=" + text[end]
    if words.follow.match(text, end):
        return "right=follow"
    word, tag = first_word(text[end : end + _AHEAD])
    return f"right={tag[:1]}{min(len(word), 2)}" if known(word) or len(word) == 1 else "right=other"


def _spelling(text: str, span: Span, words: Lexicon) -> list[str]:
    """How like a name the characters are: surname, given name, and whether they are words."""
    whole, given = text[span.start : span.end], text[span.given : span.end]
    surname = f"surname={words.rank(text[span.start : span.given])}"
    kinds = "".join(sorted(words.giving(one) for one in given))
    out = [f"word={often(whole)}", surname, f"given={kinds if span.sort != 'foreign' else ''}", f"part={part(whole)}"]
    if len(given) == 2:
        twin = "twin" if given[0] == given[1] else ""
        out += [f"pair={part(given)}{often(given)}{twin}", f"head={often(text[span.start : span.given + 1])}"]
    if span.sort == "foreign":
        out.append(f"long={len(whole)}")
    if whole[-1] in words.places:
        out.append(f"tail={whole[-1]}")
    out.append(f"plain={span.sort[0]}{often(text[span.start]) if span.start < span.given else ''}")
    return out


def _edges(seen: View, span: Span) -> list[str]:
    """How a candidate lies among the segmenter's words, and whether a word runs across its end."""
    text, start, end = seen.text, span.start, span.end
    word, tag, begin = seen.word[start]
    inside = sum(place in seen.begins for place in range(start + 1, end))
    last = end in seen.begins or end == len(text)
    lies = f"{int(start in seen.begins)}{inside}{int(last)}"
    over = max(
        (
            often(text[end - back : end + on])
            for back in (1, 2)
            for on in (1, 2)
            if end - back >= start and end + on <= len(text)
        ),
        default=0,
    )
    out = [f"lies={lies}{tag[:2] if start in seen.begins and begin + len(word) == end else ''}", f"over={over}"]
    if not last:
        cut = seen.word[end]
        out.append(f"cut={cut[1][:2]}{int(known(cut[0]))}")
    if begin == start and known(word) and begin + len(word) != end:
        out.append(f"first={tag[:2]}{often(word)}")
    if begin < start and known(word):
        out.append(f"inside={often(word)}")
    if start:
        out.append(f"before={often(text[start - 1 : start + 1])}")
    return out
