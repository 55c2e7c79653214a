# SPDX-License-Identifier: Apache-2.0
"""Names of persons in folded text: by the words before, the title after, or the surname and given name alone.

Where a name ends is seen from what follows and from where the segmenter puts its words; so 张伟反映 is 张伟 and 张建国反映 is 张建国.
"""

import re
from collections.abc import Iterator

import rjieba

from rexian_ml.fold import BARRIER
from rexian_ml.redact.found import Found
from rexian_ml.redact.lexicon import Lexicon, lexicon

_CHINESE = re.compile(r"[一-鿿]")
_FULL = re.compile(r"(?P<value>[一-鿿]{2,4}|[一-鿿](?: [一-鿿]){1,3})(?![一-鿿])")
_NOT_NAMES = re.compile("[一不这那本我你他什无未暂同外匿保]|业主|居民|村民|市民|学生")
_LOOK = 12
"""How many characters after a surname the segmenter sees."""
_NEVER_IN = re.compile("[的了是在你我他她们这那不您]")
_SPACED = re.compile(r"[一-鿿] [一-鿿](?: [一-鿿])?(?![一-鿿])")
_LITTLE = re.compile("[小阿老](?!区|学|孩|时|路|店|车|板|师|人|家|伙|组|吃|卖|摊|公)[一-鿿]")
_PLACE = re.compile(
    "小区|小学|中学|大学|医院|公司|超市|饭店|大道|国际|胡同|花园|家园|公寓|新村|大厦|广场|集团|物业|幼儿|酒店|步行|市场|工业|机场|火车|高速|景区|公园"
)
_HANDS, _JOINS = frozenset("找给叫请问跟被"), frozenset("和与由向")
"""Words of one character after which a name stands, and surnames that before a title are words that join."""
_SMALL = frozenset({"p", "c", "uj", "ul", "ud", "uz", "r", "d", "m", "y", "f", "q"})
_DOING = frozenset({"v", "vn", "a", "ad", "t", "f"})
"""Parts of speech of words that a name does not consist of, and of those that it seldom does."""
Token = tuple[str, str, int]
"""A word, its part of speech and where it starts."""


def find(text: str) -> Iterator[Found]:
    """The names in a folded text (numerals left as they are)."""
    words, tokens = lexicon(), _tokens(text)
    starts = {start for _, _, start in tokens}
    yield from (_found(*one.span(), text, "外文或少数民族姓名，带间隔号") for one in words.foreign.finditer(text))
    yield from (_found(*one.span(), text, "已隐去一半的姓名") for one in words.covered.finditer(text))
    yield from (_found(*one.span("name"), text, "自报的姓") for one in words.told.finditer(text))
    for cue in words.sure.finditer(text):
        yield from _after(cue, text, words, sure=True)
    for cue in words.role.finditer(text):
        if {cue.start(), cue.end()} & starts and not _is_title(cue, words):
            yield from _after(cue, text, words, sure=False)
    yield from _titled(text, words, starts)
    yield from _bare(text, words, tokens)


def _found(start: int, end: int, text: str, reason: str) -> Found:
    return Found(start, end, "name", reason, text[start:end].replace(" ", ""))


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    for word, tag in rjieba.tag(text):
        tokens.append((word, tag, place))
        place += len(word)
    return tokens


def _after(cue: re.Match[str], text: str, words: Lexicon, *, sure: bool) -> Iterator[Found]:
    """A name right after a word that announces one."""
    start, reason = cue.end(), "前文「" + cue[0].rstrip(":： ") + "」"
    if end := _end(text, start, words, sure=sure):
        yield _found(start, end, text, reason)
    elif _LITTLE.match(text, start) and _closed(text, start + 2, words):
        yield _found(start, start + 2, text, reason)
    elif sure and cue[0][-1] in "叫:：名为" and (whole := _FULL.match(text, start)) and _unlike_words(whole["value"]):
        yield _found(*whole.span("value"), text, reason)


def _is_title(role: re.Match[str], words: Lexicon) -> bool:
    """Whether a role is the title of a name before it: 吴师傅修水管."""
    before = role.string[max(0, role.start() - 1) : role.start()]
    named = before == BARRIER or before in words.plain
    return named and bool(words.title.match(role.string, role.start()))


def _unlike_words(value: str) -> bool:
    """Not the beginning of what people say instead of a name: 姓名：不便透露."""
    return not _NOT_NAMES.match(value)


def _end(text: str, start: int, words: Lexicon, *, sure: bool) -> int:
    """Where the name that starts at `start` ends; 0 if none starts there."""
    if not (long := words.surname(text, start)):
        return 0
    if spaced := _SPACED.match(text, start):
        return spaced.end()
    doubtful = text[start] in words.ambiguous and long == 1
    common = (doubtful or (not sure and long == 1)) and _is_word(text, start)
    first = start + long
    if (common and not _ends_at(text, start + 3, words)) or not _given_begins(text, first, words):
        return 0
    end = first + 1 + _second(text, first + 1, words)
    if doubtful and not _closed(text, end, words):
        return 0
    return end if sure or _plausible(text, first, end, words) else 0


def _given_begins(text: str, place: int, words: Lexicon) -> bool:
    """Whether the character at `place` may begin a given name: neither a title nor what follows names, unless the name ends right after it."""
    if not _CHINESE.match(text, place) or words.title.match(text, place):
        return False
    return not words.follow.match(text, place) or _closed(text, place + 1, words) or _closed(text, place + 2, words)


def _second(text: str, place: int, words: Lexicon) -> int:
    """1 if the character at `place` still belongs to the name, else 0."""
    if not _CHINESE.match(text, place):
        return 0
    follows = words.follow.match(text, place)
    if _closed(text, place + 1, words) and (not follows or text[place] in words.given):
        return 1
    word = rjieba.cut(text[place : place + _LOOK])[0]
    return int(not follows and (len(word) == 1 or not rjieba.has_word(word)))


def _closed(text: str, place: int, words: Lexicon) -> bool:
    """Whether a name may end before `place`."""
    return not _CHINESE.match(text, place) or bool(words.follow.match(text, place))


def _ends_at(text: str, end: int, words: Lexicon) -> bool:
    """Whether a name may end at `end` whose last character begins no other word: 方舟祎家."""
    last = bool(_CHINESE.match(text, end - 1)) and not words.follow.match(text, end - 1)
    return last and _closed(text, end, words) and not rjieba.has_word(text[end - 1 : end + 1])


def _plausible(text: str, given: int, end: int, words: Lexicon) -> bool:
    """Whether text[given:end] is a given name: of known characters, or no common words and an end behind it."""
    if all(character in words.given for character in text[given:end]):
        return True
    word = end - given > 1 and rjieba.has_word(text[given:end])
    return _closed(text, end, words) and not _NEVER_IN.search(text, given, end) and not word


def _is_word(text: str, start: int) -> bool:
    """Whether a common word, not a name, starts at `start`. A noun before a full stop may well be a name: 业主方圆，"""
    word, tag = rjieba.tag(text[start : start + _LOOK])[0]
    noun = tag in ("n", "ns") and not _CHINESE.match(text, start + len(word))
    return (
        len(word) > 1
        and not noun
        and not tag.startswith("nr")
        and tag not in ("x", "nz")
        and bool(rjieba.has_word(word))
    )


def _titled(text: str, words: Lexicon, starts: set[int]) -> Iterator[Found]:
    """Surname, or whole name, before a title: 王女士, 李建国老师. The title stays."""
    for title in words.title.finditer(text):
        place = title.start()
        short = title[0] in ("总", "工", "姨", "婶", "嫂")
        for start in range(max(0, place - 4), place):
            long = words.surname(text, start)
            if long and start + long <= place and _titles(text, start, start + long, place, words, starts, short):
                yield _found(start, place, text, f"后文「{title[0]}」")
                break


def _titles(text: str, start: int, given: int, end: int, words: Lexicon, starts: set[int], short: bool) -> bool:
    """Whether text[start:end], whose given name starts at `given`, is a name before a title."""
    if end - given > 2 or not (start in starts or (start and text[start - 1] in _HANDS)):
        return False
    if given == end and text[start] in _JOINS:
        return False
    if short and (given != end or text[start] in words.ambiguous or not {end, end + 1} <= starts):
        return False
    if given - start == 1 and text[start] in words.ambiguous and not _open(text, start, words):
        return False
    if given == end:
        return True
    known = all(character in words.given for character in text[given:end]) or not rjieba.has_word(text[start:end])
    return known and not (given - start == 1 and _is_word(text, start))


def _bare(text: str, words: Lexicon, tokens: list[Token]) -> Iterator[Found]:
    """Whole names without any sign around them: the segmenter has no other word for them."""
    for place, (word, tag, start) in enumerate(tokens):
        if word[0] in _HANDS and tag == "nr":
            word, start = word[1:], start + 1
        long = words.surname(text, start) if word else 0
        if not long or (long == 1 and text[start] in words.ambiguous and not _open(text, start, words)):
            continue
        for end in _ends(word, tag, start, long, tokens[place + 1 : place + 3]):
            if _spelt(text, start, long, end, len(word), words) and _alone(text, start, end, words):
                yield _found(start, end, text, "姓氏与名字用字")
                break


def _spelt(text: str, start: int, long: int, end: int, size: int, words: Lexicon) -> bool:
    """Whether text[start:end] is written like a name, its first `size` characters being one word of the segmenter's."""
    closed = _closed(text, end, words)
    if end == start + size + 1 and size > long and not closed:
        return False
    if all(character in words.given for character in text[start + long : end]):
        return True
    if long > 1:  # a surname of two characters is no other word
        return closed and all(map(_CHINESE.match, text[start + long : end]))
    whole = end == start + size == start + 3 and closed
    return whole and not rjieba.has_word(text[start : start + 2]) and not rjieba.has_word(text[start + 1 : end])


def _open(text: str, start: int, words: Lexicon) -> bool:
    return not start or not _CHINESE.match(text[start - 1]) or text[start - 1] in words.left


def _ends(word: str, tag: str, start: int, long: int, after: list[Token]) -> Iterator[int]:
    """Where a name that begins with this token may end, the likelier first."""
    lengths, tags = [len(one[0]) for one in after], [one[1] for one in after]
    small = [one in _SMALL for one in tags]
    if len(word) == long:
        if lengths[:1] == [2] and not small[0] and (long > 1 or tag == "nr" or tags[0] not in _DOING):
            yield start + long + 2
        if lengths == [1, 1] and not small[1]:
            yield start + long + 2
        if lengths[:1] == [1] and not small[0] and (long > 1 or tag == "nr"):
            yield start + long + 1
    elif len(word) - long <= 2:
        if len(word) == 2 and lengths[:1] == [1]:
            yield start + 3
        if tag.startswith("nr"):
            yield start + len(word)


def _alone(text: str, start: int, end: int, words: Lexicon) -> bool:
    """Whether this may be a person: two characters need a common surname or an end; no title inside, no place's name."""
    if _NEVER_IN.search(text, start, end):
        return False
    common = text[start] in words.ambiguous and end - start == 3 and _is_word(text[: start + 2], start)
    if common or text[start : start + 2] in words.never or text[end - 1] in words.places:
        return False
    if text[start] not in words.common and not _closed(text, end, words):
        return False
    if end - start == 2 and (text[end - 1] in "家小大" or not (_open(text, start, words) or _closed(text, end, words))):
        return False
    if any(words.title.match(text, place) for place in range(start + 1, end)):
        return False
    return text[end : end + 1] not in words.places and not _PLACE.match(text, end)
