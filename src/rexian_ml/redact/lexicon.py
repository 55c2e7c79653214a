# SPDX-License-Identifier: Apache-2.0
"""What `names.toml` says, made ready for searching."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rjieba

FREQUENT = 5000
"""From how many occurrences in the segmenter's dictionary a character is a frequent word."""
USUAL = 150
"""How many characters, from the beginning of the list, are very common in given names."""
TABLE: dict[str, str] = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of characters, and patterns over words, longest first."""

    surnames: frozenset[str]
    compound: frozenset[str]
    ambiguous: frozenset[str]
    common: frozenset[str]
    given: frozenset[str]
    usual: frozenset[str]
    ranks: dict[str, int]
    places: frozenset[str]
    never: frozenset[str]
    announcing: dict[str, str]
    follow: re.Pattern[str]
    title: re.Pattern[str]
    sure: re.Pattern[str]
    cue: re.Pattern[str]
    begins: re.Pattern[str]
    run: re.Pattern[str]
    foreign: re.Pattern[str]
    covered: re.Pattern[str]
    told: re.Pattern[str]

    def rank(self, surname: str) -> str:
        """How common a surname is, from 0 (most) to 4, or c for one of two characters; with ? if it is a common word too."""
        if surname in self.compound:
            return "c?" if rjieba.suggest_freq(surname) > FREQUENT // 10 else "c"
        place = self.ranks.get(surname, 0)
        return f"{sum(place >= size for size in (20, 50, 100, 200))}{'?' if surname in self.ambiguous else ''}"

    def giving(self, character: str) -> str:
        """How common a character is in given names: 1 very, 2 fairly, 3 not; 4 if it is a frequent word besides."""
        if character in self.given:
            return "1" if character in self.usual else "2"
        return "4" if rjieba.suggest_freq(character) > FREQUENT else "3"


@cache
def lexicon() -> Lexicon:
    """The words of `names.toml`."""
    letters = {key: frozenset("".join(value.split())) for key, value in TABLE.items()}
    order = "".join(TABLE["surnames"].split())
    role = TABLE["role"] + " ".join(title for title in TABLE["titles"].split() if len(title) > 1)
    return Lexicon(
        surnames=letters["surnames"],
        compound=frozenset(TABLE["compound"].split()),
        ambiguous=letters["ambiguous"],
        common=letters["common"],
        given=letters["given"],
        usual=frozenset("".join(TABLE["given"].split())[:USUAL]),
        ranks={one: place for place, one in reversed(list(enumerate(order)))},
        places=letters["place_after"],
        never=frozenset(TABLE["never"].split()),
        announcing=dict.fromkeys(role.split(), "role") | dict.fromkeys(TABLE["sure"].split(), "sure"),
        **_patterns(letters, role),
    )


def _patterns(letters: Mapping[str, frozenset[str]], role: str) -> dict[str, re.Pattern[str]]:
    """The patterns of a lexicon, by their names."""
    compound, follow, sure = (_any(TABLE[key]) for key in ("compound", "follow", "sure"))
    surname = f"(?:{compound}|{_set(letters['surnames'])})"
    given, foreign = _set(letters["given"]), _set(letters["foreign"])
    beginning = (
        letters["surnames"] | letters["foreign"] | {one[0] for one in TABLE["compound"].split()} | set("小阿老大")
    )
    named = "(?:名字|名)?(?:是|为|叫)?"
    return {
        "follow": re.compile(follow),
        "title": re.compile(_any(TABLE["titles"])),
        "sure": re.compile(f"{sure}{named}[:： ]{{0,2}}"),
        "cue": re.compile(f'副?({_any(role + " " + TABLE["sure"])}){named}[:： “"（(]{{0,2}}'),
        "begins": re.compile(_set(beginning)),
        "run": re.compile(f"{foreign}{{2,9}}"),
        "foreign": re.compile(
            rf"{foreign}{{1,8}}(?:[·•‧・․‒∙●⋅]{foreign}{{1,9}}){{1,4}}(?:(?!{follow})[一-鿿]{{1,3}}(?={follow}|[^一-鿿]|$))?"
        ),
        "covered": re.compile(
            rf"{surname}(?:某某|老[大二三四五六七八九](?![一-鿿])|老[大二三四五六七八九](?={follow})|某{given}(?={follow}|[^一-鿿]|$)|某|[*＊×○〇□_xX]{{1,2}}(?:(?!{follow})[一-鿿](?={follow}|[^一-鿿]|$)|(?![A-Za-z0-9]))|[一-鿿][*＊×○□]{{1,2}})"
        ),
        "told": re.compile(rf"(?:我姓|免贵姓|我叫|[他她]姓|姓氏?[:：])(?P<name>{surname})(?![一-鿿])"),
    }


def _set(characters: Iterable[str]) -> str:
    """A pattern for any of the characters."""
    return "[" + "".join(sorted(characters)) + "]"


def _any(words: str) -> str:
    """A pattern for any of the words, the longest first; a look at the first character spares trying all of them at most places."""
    each = sorted(words.split(), key=lambda word: (-len(word), word))
    first = "".join(sorted({word[0] for word in each}))
    return f"(?:(?=[{re.escape(first)}])(?:" + "|".join(map(re.escape, each)) + "))"
