# SPDX-License-Identifier: Apache-2.0
"""Where: areas of a gazetteer with their codes, and the road, house, estate and building that follow them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import rjieba

from rexian_ml.extract.rules import any_of, table
from rexian_ml.fold import fold

SUFFIXES = ("自治县", "街道办事处", "街道", "新区", "区", "县", "市", "镇", "乡", "社区", "居委会", "村委会", "村")
"""What a name may be said without: 河东 for 河东区, if two characters remain."""
_RULES = table("places")
_KINDS = dict.fromkeys(_RULES["roads"], "road") | dict.fromkeys(_RULES["sites"], "site")
_SUFFIX = re.compile("(?:" + any_of(_KINDS) + ")$")
_GENERIC, _NEVER, _STOP = (frozenset(_RULES[key]) for key in ("generic", "never", "stop"))
_TOWNS = ("街道", "镇", "乡")
"""Suffixes of areas, by which they are found where the gazetteer does not know them."""
_STOP_TAGS = ("p", "c", "u", "r", "v", "d", "w", "y", "zg", "q")
_N = r"[\d一二三四五六七八九十百]{1,5}"
_TAIL = re.compile(
    rf"(?:{_N} ?(?:号楼|号院|号(?![线楼])|栋|幢|座|单元|室|楼|层|弄|组)|{_N}-{_N}(?:-{_N})?(?:室)?|[A-Za-z] ?[座栋区]"
    r"|(?<=[楼元层])\d{3,4}|[东西南北]区|[一二三四五]期)+"
)
_WITH = re.compile(r"(?:与|和|跟|、)(?=[一-鿿]{1,6}(?:路|街|大道|巷)(?:的)?(?:交叉口|路口|交汇|交界|十字路口))")
_SPOT = re.compile(
    r"(?:的)?(?:交叉口|交汇处|交界处|十字路口|路口|门口|大门口?|[东西南北]门|附近|对面|旁边?|[东西南北]侧|路段|沿线|沿街|楼下|楼顶|楼道"
    r"|地下车库|地下室|停车场|电梯间?|院内|院里|里面|周边|一带|桥下|公交站|地铁站|[一-鿿]口(?=[,，。的]))+"
)


@dataclass(frozen=True, slots=True)
class Area:
    """An area of the city's gazetteer; codes nest as those of GB/T 2260 do (a street's code begins with its district's stem)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """text[start:end] names a place: `code` of the smallest area known ("" if none), the areas' names, and what follows them."""

    start: int
    end: int
    text: str
    code: str = ""
    areas: tuple[str, ...] = ()
    road: str = ""
    site: str = ""
    door: str = ""


@dataclass
class Gazetteer:
    """Names of areas to codes; a name that several areas bear is told apart by the area around it."""

    areas: Sequence[Area] = ()
    names_: dict[str, list[Area]] = field(default_factory=dict, init=False, repr=False)
    longest_: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        for area in self.areas:
            for name in {area.name, _short(area.name)}:
                self.names_.setdefault(name, []).append(area)
        self.longest_ = max(map(len, self.names_), default=0)

    def find(self, text: str) -> list[tuple[int, int, Area]]:
        """The areas named, longest names first, each inside the one named right before it where both fit."""
        found: list[tuple[int, int, Area]] = []
        place = 0
        while place < len(text):
            sizes = range(min(self.longest_, len(text) - place), 1, -1)
            end = next((place + size for size in sizes if text[place : place + size] in self.names_), 0)
            if end and not _swallowed(text, place, end):
                around = found[-1][2] if found else None
                found.append((place, end, _inside(self.names_[text[place:end]], around)))
            place = end or place + 1
        return found


def _short(name: str) -> str:
    """A name as people say it: without its suffix, where two characters remain."""
    stem = next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), name)
    return stem if len(stem) >= 2 else name


def _swallowed(text: str, start: int, end: int) -> bool:
    """Whether a short name is only the beginning of a road's or a site's: 河东路."""
    return (
        text[end : end + 1] in ("路", "街", "巷", "桥")
        and not text[start:end].endswith(SUFFIXES)
        and not text.startswith("街道", end)
    )


def stem(code: str) -> str:
    """A code without its trailing pairs of zeros: 120102000000 and 120102 → 120102, 120000 → 12."""
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def _inside(areas: Sequence[Area], around: Area | None) -> Area:
    """The area that lies in `around`, else the one of the shortest code: the largest."""
    inside = [one for one in areas if around and stem(one.code).startswith(stem(around.code))]
    return min(inside or areas, key=lambda one: (len(stem(one.code)), one.code))


def find(text: str, gazetteer: Gazetteer) -> list[Place]:
    """The places that a text names, in its order."""
    folded = fold(text, numerals=False)
    areas = list(_areas(folded.text, gazetteer))
    named = [
        one
        for one in _named(folded.text)
        if not (one.site.endswith(_TOWNS) and any(one.start < area.end <= one.end for area in areas))
    ]
    pieces = sorted([*areas, *named], key=lambda one: (one.start, -one.end))
    joined = [_extended(one, folded.text) for one in _joined(pieces, folded.text)]
    return [
        replace(one, start=start, end=end, text=text[start:end])
        for one in joined
        for start, end in (folded.span(one.start, one.end),)
    ]


def _areas(text: str, gazetteer: Gazetteer) -> Iterator[Place]:
    for start, end, area in gazetteer.find(text):
        yield Place(start, end, "", area.code, (area.name,))


def _named(text: str) -> Iterator[Place]:
    """Roads and sites: a word that ends like one, with the words before it that belong to its name."""
    tokens: list[tuple[str, str, int]] = []
    place = 0
    for word, tag in rjieba.tag(text):
        tokens.append((word, tag, place))
        place += len(word)
    for index, (word, _, start) in enumerate(tokens):
        if word not in _NEVER and (suffix := _SUFFIX.search(word)):
            first = _beginning(tokens, index, short=word in _GENERIC or len(word) <= 2 or suffix.start() == 0)
            name = text[first : start + len(word)]
            if name not in _GENERIC and len(name) > 1:
                kind = _KINDS[suffix[0]]
                yield Place(
                    first,
                    start + len(word),
                    "",
                    road=name if kind == "road" else "",
                    site=name if kind == "site" else "",
                )


def _beginning(tokens: list[tuple[str, str, int]], index: int, *, short: bool) -> int:
    """Where the name that ends with this token begins: a mere suffix takes up to three words before it."""
    start = tokens[index][2]
    if not short:
        return start
    for word, tag, place in reversed(tokens[max(0, index - 3) : index]):
        if not _belongs(word, tag):
            break
        start = place
    return start


def _belongs(word: str, tag: str) -> bool:
    """Whether a word may be part of the name that a suffix ends: no verb, no number of a house, no area of its own."""
    if (
        word in _STOP
        or re.fullmatch(r"\d+|[号栋幢楼室]", word)
        or not re.match(r"[一-鿿\w]", word)
        or re.search("[天日月晚早午周]$", word)
    ):
        return False
    if tag.startswith(_STOP_TAGS) and tag not in ("vn", "tg", "ug", "vg"):
        return False
    return word in ("市", "区", "县", "省") or not word.endswith(SUFFIXES)


def _joined(pieces: Sequence[Place], text: str) -> Iterator[Place]:
    """Pieces that follow each other are one place; those inside another are dropped."""
    current: Place | None = None
    for piece in pieces:
        if current and piece.start < current.end:
            current = _merge(current, piece)
            continue
        if current and _touch(text, current, piece.start):
            current = _merge(_with_door(current, text), piece)
            continue
        if current:
            yield current
        current = piece
    if current:
        yield current


def _touch(text: str, one: Place, start: int) -> bool:
    """Whether the next piece belongs to the same place: right behind it, behind its number, or the road that it crosses."""
    tail = _TAIL.match(text, one.end)
    gap = text[tail.end() if tail else one.end : start]
    return gap in ("", " ", "的") or bool(_WITH.match(text, start - 1) and gap == text[start - 1])


def _with_door(one: Place, text: str) -> Place:
    tail = _TAIL.match(text, one.end)
    return replace(one, end=tail.end(), door=one.door + tail[0]) if tail else one


def _merge(one: Place, other: Place) -> Place:
    return Place(
        one.start,
        max(one.end, other.end),
        "",
        other.code or one.code,
        (*one.areas, *other.areas),
        one.road or other.road,
        other.site or one.site,
        one.door + other.door,
    )


def _extended(one: Place, text: str) -> Place:
    """With its number and the spot near it: 门口, 交叉口."""
    one = _with_door(one, text)
    spot = _SPOT.match(text, one.end)
    return replace(one, end=spot.end()) if spot else one
