# SPDX-License-Identifier: Apache-2.0
"""Danger to life, found by rules before any statistics: what is missed here may cost a life, what is found wrongly a minute."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rexian_ml.text import normalise

RULES = Path(__file__).with_name("danger.toml")
_CLAUSES = re.compile(r"[。！？；!?;\n]")
BEFORE = 4
"""How many characters before a sign a negation may stand."""


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger: its kind, the words that show it, and the emergency hotline that it belongs to."""

    kind: str
    word: str
    hotline: str


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...]
    any_sign: re.Pattern[str]
    negations: tuple[str, ...]
    elsewhere: tuple[str, ...]


@cache
def _rules() -> _Rules:
    table = tomllib.loads(RULES.read_text(encoding="utf-8"))
    exceptions = table["exception"]
    return _Rules(
        tuple((r["kind"], r["hotline"], tuple(r["signs"]), tuple(r.get("with", ()))) for r in table["rule"]),
        re.compile("|".join(re.escape(sign) for rule in table["rule"] for sign in rule["signs"])),
        tuple(word for exception in exceptions for word in exception.get("before", ())),
        tuple(word for exception in exceptions for word in exception.get("anywhere", ())),
    )


def find(text: str) -> Danger | None:
    """The first danger that a text tells of, or None."""
    rules = _rules()
    plain = normalise(text)
    if not rules.any_sign.search(plain):  # most texts tell of none, and thousands a second are read
        return None
    for clause in _CLAUSES.split(plain):
        if any(word in clause for word in rules.elsewhere):
            continue
        for kind, hotline, signs, company in rules.rules:
            sign = next((sign for sign in signs if _stands(sign, clause, rules.negations)), None)
            if sign and (not company or any(word in clause for word in company)):
                return Danger(kind, sign, hotline)
    return None


def _stands(sign: str, clause: str, negations: tuple[str, ...]) -> bool:
    start = clause.find(sign)
    while start >= 0:
        before = clause[max(0, start - BEFORE) : start]
        if not any(word in before for word in negations):
            return True
        start = clause.find(sign, start + 1)
    return False
