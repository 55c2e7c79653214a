# SPDX-License-Identifier: Apache-2.0
"""Sensitive words: matters that a leader wants to know of at once, found by rules (`sensitive.toml`), with what negates them."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rexian_ml.text import normalise

RULES = Path(__file__).with_name("sensitive.toml")
_CLAUSES = re.compile(r"[,，。！？；!?;\n]")
AROUND = 5
"""How many characters before or after a sign what negates it may stand."""


@dataclass(frozen=True, slots=True)
class Sensitive:
    """What a text touches: the kind of matter, its level (3 at once, 2 today, 1 watched), the word, and where it begins in the normalised text."""

    kind: str
    level: int
    word: str
    start: int


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    level: int
    signs: re.Pattern[str]
    company: tuple[str, ...]


@cache
def _rules(path: Path) -> tuple[tuple[_Rule, ...], dict[str, tuple[str, ...]]]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    rules = tuple(
        _Rule(one["kind"], one["level"], _any(one["signs"]), tuple(one.get("with", ()))) for one in table["rule"]
    )
    places = ("before", "after", "anywhere")
    return rules, {name: tuple(word for one in table["exception"] for word in one.get(name, ())) for name in places}


def _any(words: list[str]) -> re.Pattern[str]:
    """The longest of the words that stands at a place."""
    return re.compile("|".join(re.escape(normalise(word)) for word in sorted(words, key=len, reverse=True)))


def find(text: str, rules: Path = RULES) -> list[Sensitive]:
    """The sensitive words of a text, highest level first, each kind once; `rules` may be a city's own file of the same form."""
    table, exceptions = _rules(rules)
    found: dict[str, Sensitive] = {}
    start = 0
    plain = normalise(text)
    for clause in _CLAUSES.split(plain):
        if not any(word in clause for word in exceptions["anywhere"]):
            for rule in table:
                if rule.kind not in found and (place := _stands(rule, clause, exceptions)):
                    found[rule.kind] = Sensitive(rule.kind, rule.level, place.group(), start + place.start())
        start += len(clause) + 1
    return sorted(found.values(), key=lambda one: (-one.level, one.start))


def _stands(rule: _Rule, clause: str, exceptions: dict[str, tuple[str, ...]]) -> re.Match[str] | None:
    """The first sign of a rule in a clause that nothing around it takes back."""
    for place in rule.signs.finditer(clause):
        before = clause[max(0, place.start() - AROUND) : place.start()]
        after = clause[place.end() : place.end() + AROUND]
        taken = any(word in before for word in exceptions["before"]) or any(
            word in after for word in exceptions["after"]
        )
        if not taken and (not rule.company or any(word in clause for word in rule.company)):
            return place
    return None
