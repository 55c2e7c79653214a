# SPDX-License-Identifier: Apache-2.0
"""Chinese text as the rest of the library sees it: one written form, words, search words, a fingerprint."""

import hashlib
import re
import time
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import rjieba

LONGEST_WORD = 64
"""Characters; no word is longer, and an index of words takes no more than so many bytes (PostgreSQL: 2,046)."""
RECENT = 64
"""Texts that are remembered as they were read last: one that comes in is classified, searched by and compared, and is read once for all."""
_WORD = re.compile(r"[\w㐀-鿿]")
_NO_WORD = re.compile(r"[^\w㐀-鿿]+")
STOP_WORDS = frozenset(
    [
        "的",
        "了",
        "是",
        "在",
        "我",
        "你",
        "您",
        "他",
        "她",
        "它",
        "们",
        "我们",
        "你们",
        "他们",
        "和",
        "与",
        "及",
        "或",
        "也",
        "都",
        "就",
        "还",
        "又",
        "很",
        "太",
        "被",
        "把",
        "让",
        "给",
        "对",
        "从",
        "到",
        "向",
        "于",
        "以",
        "为",
        "因",
        "而",
        "但",
        "但是",
        "并",
        "并且",
        "这",
        "那",
        "这个",
        "那个",
        "这里",
        "那里",
        "什么",
        "怎么",
        "一个",
        "一些",
        "有",
        "没",
        "没有",
        "不",
        "要",
        "会",
        "能",
        "可以",
        "请",
        "请问",
        "吗",
        "呢",
        "吧",
        "啊",
        "呀",
        "地",
        "得",
        "着",
        "过",
        "来",
        "去",
        "上",
        "下",
        "里",
        "中",
        "等",
        "之",
        "其",
        "该",
        "此",
        "来电人",
        "反映",
        "诉求人",
        "表示",
        "希望",
        "相关",
        "部门",
        "情况",
        "问题",
        "领导",
        "你好",
        "您好",
        "谢谢",
    ]
)
"""Words that say nothing of what a request is about."""


@lru_cache(maxsize=RECENT)
def normalise(text: str) -> str:
    """NFKC, lower case, white space folded: full-width and half-width writing become one; halves of surrogate pairs are dropped."""
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    return " ".join(unicodedata.normalize("NFKC", whole).split()).lower()


@lru_cache(maxsize=RECENT)
def _cut(plain: str) -> tuple[str, ...]:
    """A text that is normalised, cut into words."""
    return tuple(rjieba.cut(plain))


TRIES = 5_000
"""Milliseconds that a word waits for the segmenter."""
_taught: dict[str, tuple[str, ...]] = {}
"""Words that were added, each as it was cut before."""


def add_words(words: Iterable[str]) -> None:
    """Teaches the segmenter a city's own words (places, departments, companies), for the whole process.

    A word that is taught adds and hides nothing: what it was cut into before counts beside it, so that texts which were indexed, and models
    which were trained, before it was taught still find what they know.
    """
    for word in map(normalise, words):
        if len(word) > 1 and word not in _taught:
            before = rjieba.cut(word)
            _add(word)
            _taught[word] = tuple(part for one in before for part in _taught.get(one, (one,)))


def _add(word: str) -> None:
    """Adds a word between two texts: while another thread cuts one, the segmenter refuses."""
    for _ in range(TRIES):
        try:
            rjieba.add_word(word, None, None)
            _cut.cache_clear()
            return
        except RuntimeError:
            time.sleep(0.001)
    raise RuntimeError(f"the segmenter was never free to learn {word!r}")


def _parts(word: str) -> tuple[str, ...]:
    """What a word consists of if it was taught; otherwise the word."""
    return _taught.get(word, (word,))


def words(text: str) -> list[str]:
    """The words of a text in order, without punctuation; what runs on without a break is cut at LONGEST_WORD."""
    return [word[:LONGEST_WORD] for word in _cut(normalise(text)) if _WORD.match(word)]


def content_words(text: str) -> list[str]:
    """The words that say what a text is about."""
    return content_of(normalise(text))


def content_of(plain: str) -> list[str]:
    """The content words of a text that is normalised already; of a word that was taught, its parts too."""
    found: list[str] = []
    for word in _cut(plain):
        found += dict.fromkeys((word, *_taught[word])) if word in _taught else (word,)
    return [word for word in found if word not in STOP_WORDS and (word[0].isalnum() or word[0] == "_")]


def search_words(text: str) -> list[str]:
    """What a text is found by: its words and, of longer Chinese words, also each pair of characters.

    So a two-letter word inside a longer one is found as well: 自来水公司 by 来水, 水公, 公司.
    """
    return _search_words(words(text))


def _search_words(told: Iterable[str]) -> list[str]:
    found: list[str] = []
    for word in (part for one in told for part in _parts(one)):
        found.append(word)
        if len(word) > 2 and not word.isascii():
            found += (word[start : start + 2] for start in range(len(word) - 1))
    return found


def index_words(text: str) -> list[str]:
    """What a text is entered under in an index of words: its search words, the words that were taught, and each single character of its Chinese
    words."""
    told = words(text)
    own = [word for word in told if word in _taught]
    return _search_words(told) + own + [one for word in told if len(word) > 1 and not word.isascii() for one in word]


def fingerprint(text: str) -> bytes:
    """The same for texts that differ only in spacing, width, case and punctuation; 16 bytes."""
    plain = _NO_WORD.sub("", normalise(text))
    return hashlib.sha256(plain.encode()).digest()[:16]
