# SPDX-License-Identifier: Apache-2.0
"""What `rules.toml` says."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

RULES = Path(__file__).with_name("rules.toml")


@cache
def table(name: str) -> dict[str, tuple[str, ...]]:
    """The lists of words of one table."""
    tables = tomllib.loads(RULES.read_text(encoding="utf-8"))
    return {key: tuple(words.split()) for key, words in tables[name].items()}


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
