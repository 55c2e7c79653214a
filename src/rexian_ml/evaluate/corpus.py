# SPDX-License-Identifier: Apache-2.0
"""Texts without end for measuring speed: made-up words by Zipf's law, made-up places, nothing of anybody's.

Words are two syllables in Latin letters, so that the segmenter leaves them whole and the vocabulary has the size that was meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

WORDS, STREETS = 60_000, 5_000
STARTS = (
    "b",
    "p",
    "m",
    "f",
    "d",
    "t",
    "n",
    "l",
    "g",
    "k",
    "h",
    "j",
    "q",
    "x",
    "zh",
    "ch",
    "sh",
    "r",
    "z",
    "c",
    "s",
    "y",
    "w",
)
ENDS = (
    "a",
    "o",
    "e",
    "i",
    "u",
    "ai",
    "ei",
    "ao",
    "ou",
    "an",
    "en",
    "ang",
    "eng",
    "ong",
    "in",
    "ing",
    "ia",
    "ie",
    "uo",
    "ua",
)


@dataclass
class Corpus:
    """A made-up language: `texts` draws from it. The same seed gives the same texts."""

    seed: int = 0
    words: list[str] = field(init=False)
    streets: list[str] = field(init=False)

    def __post_init__(self) -> None:
        draw = np.random.default_rng(self.seed)
        syllables = [start + end for start in STARTS for end in ENDS]
        pairs = draw.choice(len(syllables) ** 2, WORDS + STREETS, replace=False).tolist()
        names = [syllables[pair // len(syllables)] + syllables[pair % len(syllables)] for pair in pairs]
        self.words, self.streets = names[:WORDS], [f"{name}lu" for name in names[WORDS:]]

    def texts(self, count: int, *, length: int = 30, seed: int = 0) -> Iterator[str]:
        """Texts of about `length` words, the r-th commonest word with a chance of 1/r; they begin with a place."""
        draw = np.random.default_rng([self.seed, seed])
        chances = 1 / np.arange(1, WORDS + 1)
        bounds = np.cumsum(chances / chances.sum())
        for _ in range(count):
            ranks = np.minimum(np.searchsorted(bounds, draw.random(max(5, int(draw.poisson(length))))), WORDS - 1)
            place = f"{self.streets[int(draw.integers(STREETS))]} {int(draw.integers(1, 400))}号"
            yield " ".join([place, *(self.words[rank] for rank in ranks)])
