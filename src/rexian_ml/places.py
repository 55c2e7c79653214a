# SPDX-License-Identifier: Apache-2.0
"""Places that a text names, by the words that Chinese place names end in; no gazetteer is needed, and none is as complete as what citizens write."""

import re
from collections import Counter
from collections.abc import Iterable
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix

ENDINGS = (
    *(
        "小区",
        "新城",
        "花园",
        "家园",
        "公寓",
        "社区",
        "广场",
        "大厦",
        "大道",
        "街道",
        "中学",
        "小学",
        "学校",
        "学院",
        "大学",
        "幼儿园",
    ),
    *("医院", "市场", "公园", "车站", *"苑园城府湾庭路街镇乡村桥院"),
)
GENERIC = frozenset(
    word
    for words in (
        (
            "我们",
            "你们",
            "他们",
            "这个",
            "那个",
            "整个",
            "一个",
            "各个",
            "每个",
            "本小",
            "该小",
            "居民",
            "周边",
            "附近",
            "邻近",
            "旁边",
        ),
        (
            "其他",
            "很多",
            "所有",
            "全部",
            "这条",
            "那条",
            "一条",
            "配套",
            "安置",
            "商业",
            "市政",
            "区政",
            "县政",
            "镇政",
            "请政",
            "望政",
        ),
        (
            "求政",
            "民政",
            "在政",
            "是政",
            "的政",
            "的道",
            "的家",
            "现在",
            "进入",
            "导致",
            "过马",
            "人民",
            "文明",
            "十字",
            "实验",
            "中心",
        ),
        ("幼儿", "公立", "私立", "民办", "老旧", "高档", "农村", "新农", "乡村"),
    )
    for word in words
)
"""What stands before an ending without naming anything (the last of 市政府 is an ending too)."""
WIDTH = 1 << 20
_ENDED = re.compile(f"(?=([㐀-鿿]{{2}})(?:{'|'.join(ENDINGS)}))")
_PLACE = re.compile(f"[㐀-鿿A-Za-z0-9]{{0,4}}(?:{'|'.join(ENDINGS)})")
_NAMED = re.compile(f"(?=([㐀-鿿A-Za-z0-9]{{2,6}}?(?:{'|'.join(ENDINGS)})(?![㐀-鿿]{{0,1}}(?:{'|'.join(ENDINGS)}))))")


def keys(text: str) -> set[str]:
    """What tells the places of a text apart: the two characters before each ending. Wherever the name begins, these are the same."""
    return set(_ENDED.findall(text)) - GENERIC


def without(text: str) -> str:
    """A text with a comma for each place: an ending and up to four characters before it, which may be a verb or two more than the name."""
    return _PLACE.sub("，", text)


def matrix(named: Iterable[set[str]]) -> csr_matrix:
    """Keys by text as ones [texts, WIDTH], each in the column of its checksum."""
    rows = [sorted({crc32(key.encode()) % WIDTH for key in one}) for one in named]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.array([column for row in rows for column in row], np.int64)
    return csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(rows), WIDTH))


def names(text: str) -> set[str]:
    """Everything in a text that may be a place's name: two to six characters and an ending, at each beginning."""
    return {name for name in _NAMED.findall(text) if name[:2] not in GENERIC}


def common(named: Iterable[Iterable[str]]) -> str:
    """The name that most texts share: the longest of those in at least two thirds as many texts as the most frequent; "" without any twice."""
    seen = Counter(name for one in named for name in set(one))
    most = max(seen.values(), default=0)
    if most < 2:
        return ""
    return max((name for name, n in seen.items() if n >= most * 2 / 3), key=lambda name: (len(name), seen[name], name))
