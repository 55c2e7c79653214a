# SPDX-License-Identifier: Apache-2.0
"""What `names.toml` says, made ready for searching."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

RULES = Path(__file__).with_name("names.toml")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of characters, and patterns over words, longest first."""

    surnames: frozenset[str]
    compound: frozenset[str]
    plain: frozenset[str]
    ambiguous: frozenset[str]
    common: frozenset[str]
    given: frozenset[str]
    places: frozenset[str]
    never: frozenset[str]
    left: frozenset[str]
    follow: re.Pattern[str]
    title: re.Pattern[str]
    sure: re.Pattern[str]
    role: re.Pattern[str]
    foreign: re.Pattern[str]
    covered: re.Pattern[str]
    told: re.Pattern[str]

    def surname(self, text: str, start: int) -> int:
        """How many characters the surname at `start` has; 0 if there is none."""
        long = next((size for size in (4, 2) if text[start : start + size] in self.compound), 0)
        return long or (1 if text[start : start + 1] in self.surnames else 0)


@cache
def lexicon() -> Lexicon:
    """The rules of `names.toml`."""
    table: dict[str, str] = tomllib.loads(RULES.read_text(encoding="utf-8"))
    letters = {key: frozenset("".join(value.split())) for key, value in table.items()}
    surname = "(?:" + _any(table["compound"]) + "|[" + "".join(sorted(letters["surnames"])) + "])"
    long_titles = " " + " ".join(title for title in table["titles"].split() if len(title) > 1)
    given = "[" + "".join(sorted(letters["given"])) + "]"
    foreign = "[" + "".join(sorted(letters["foreign"])) + "]"
    follow = _any(table["follow"])
    named = r"(?:名字|名)?(?:是|为|叫)?[:： ]{0,2}"
    return Lexicon(
        surnames=letters["surnames"],
        compound=frozenset(table["compound"].split()),
        plain=letters["surnames"] - letters["ambiguous"],
        ambiguous=letters["ambiguous"],
        common=letters["common"],
        given=letters["given"],
        places=letters["place_after"],
        never=frozenset(table["never"].split()),
        left=letters["left"],
        follow=re.compile(follow),
        title=re.compile(_any(table["titles"])),
        sure=re.compile(f"{_any(table['sure'])}{named}"),
        role=re.compile(f"副?{_any(table['role'] + long_titles)}{named}"),
        foreign=re.compile(
            rf"{foreign}{{1,8}}(?:[·•‧・․‒∙●⋅]{foreign}{{1,9}}){{1,4}}(?:(?!{follow})[一-鿿]{{1,3}}(?={follow}|[^一-鿿]|$))?"
        ),
        covered=re.compile(
            rf"{surname}(?:某某|老[大二三四五六七八九](?![一-鿿])|老[大二三四五六七八九](?={follow})|某{given}(?={follow}|[^一-鿿]|$)|某|[*＊×○〇□_xX]{{1,2}}(?:(?!{follow})[一-鿿](?={follow}|[^一-鿿]|$)|(?![A-Za-z0-9]))|[一-鿿][*＊×○□]{{1,2}})"
        ),
        told=re.compile(rf"(?:我姓|免贵姓|我叫|[他她]姓|姓氏?[:：])(?P<name>{surname})(?![一-鿿])"),
    )


def _any(words: str) -> str:
    """A pattern for any of the words, the longest first; a look at the first character spares trying all of them at most places."""
    each = sorted(words.split(), key=lambda word: (-len(word), word))
    first = "".join(sorted({word[0] for word in each}))
    return f"(?:(?=[{re.escape(first)}])(?:" + "|".join(map(re.escape, each)) + "))"
