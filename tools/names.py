# SPDX-License-Identifier: Apache-2.0
"""The weights by which names are told from words, learned from sentences of our own.

    python tools/names.py    writes src/rexian_ml/redact/weights.json

Learned from: sentences made of the contexts in names.toml and names drawn by how common their characters are; words of the segmenter's dictionary and
places that begin like a name, in such contexts; words in any order; what the pages say (it names nobody); the marked sentences of the tests, but for
names-held.txt, whose figure is reported.
"""

import itertools
import json
import random
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import rjieba
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from rexian_ml.evaluate.personal import Case, parse, read
from rexian_ml.fold import BARRIER
from rexian_ml.redact.lexicon import TABLE, lexicon
from rexian_ml.redact.spans import CHINESE, sights, spans, view

NUMERALS = "一二三四五六七八九十百千万年月日有得来开元多"
LEAST, BY_HAND = 4, 5.0
"""In how many candidates a sight must stand to get a weight, and how much a sentence written by hand counts."""
ROOT = Path(__file__).resolve().parents[1]
CONTEXTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
WEIGHTS = ROOT / "src/rexian_ml/redact/weights.json"
PROSE = (
    "rexian/simulation/articles.toml",
    "rexian/simulation/troubles.toml",
    "rexian/assessment/questions.toml",
    "rexian/assessment/advice.toml",
    "rexian/assessment/index.toml",
    "rexian_ml/dialogue.toml",
    "rexian_ml/reply_quality.toml",
)
"""Texts of ours that name nobody."""
MARKED = ROOT / "tests/rexian_ml/marked"
SEEN = ("redact.txt", "redact-held.txt", "redact-held-2.txt", "redact-held-3.txt", "names.txt", "names-2.txt")


class Names:
    """Draws names: half of the surnames as common as in life, half alike; given names of common, of fairly common and of any characters."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.surnames = "".join(TABLE["surnames"].split())
        self.alike = [0.25 if one in lexicon().ambiguous else 1.0 for one in self.surnames]
        self.common = [1 / (place + 5) for place in range(len(self.surnames))]
        self.compound = TABLE["compound"].split()
        self.given = "".join(TABLE["given"].split())
        self.any = sorted(set(self.surnames + self.given))
        self.worded = [one + two for one in self.surnames for two in self.given[:300] if rjieba.has_word(one + two)]
        self.words = [
            one for one in map("".join, itertools.product(self.given[:450], repeat=2)) if rjieba.has_word(one)
        ]

    def surname(self) -> str:
        """One surname, of two characters once in twelve times."""
        if self.dice.random() < 0.08:
            return self.dice.choice(self.compound)
        return self.dice.choices(self.surnames, self.alike if self.dice.random() < 0.5 else self.common)[0]

    def character(self) -> str:
        kind = self.dice.random()
        pool = self.given[:200] if kind < 0.6 else self.given if kind < 0.84 else self.any if kind < 0.96 else NUMERALS
        return self.dice.choice(pool)

    def full(self) -> str:
        """Surname and given name; one in three given names has one character."""
        kind = self.dice.random()
        if kind < 0.08:
            return self.dice.choice(self.worded) if kind < 0.02 else self.foreign()
        return self.surname() + self.given_name()

    def foreign(self) -> str:
        """A name of one of the peoples that have no surnames, written without a dot."""
        first, second = (part.split() for part in self.dice.choice(CONTEXTS["foreign"]))
        return self.dice.choice(first) + self.dice.choice(second)

    def given_name(self) -> str:
        """One character in a third of the cases; of two, a quarter is a word (建国, 志强) and some are the same one twice."""
        kind = self.dice.random()
        if kind < 0.25:
            return self.dice.choice(self.words)
        if kind < 0.3:
            return self.character() * 2
        return "".join(self.character() for _ in range(self.dice.choice((1, 1, 2, 2, 2))))


def _sentence(before: str, middle: str, after: str) -> Case:
    return parse(before.replace("^", "") + middle + after.replace("$", ""))


def named(dice: random.Random, count: int) -> Iterator[Case]:
    """Sentences with a name, a surname before a title, or 小 and 老 with one."""
    names = Names(dice)
    full, title, little = (
        {key: value.split() for key, value in CONTEXTS[part].items() if isinstance(value, str)}
        for part in ("name", "title", "little")
    )
    for _ in range(count):
        before = dice.choice(full["before"])
        after = dice.choice(CONTEXTS["name"]["closing"]) if dice.random() < 0.3 else dice.choice(full["after"])
        name = f"{{name:{names.full()}}}"
        if dice.random() < 0.1:
            name += dice.choice("、和与") + f"{{name:{names.full()}}}"
        yield _sentence(before, name, after)
        if dice.random() < 0.1:
            yield _sentence(
                dice.choice((before, "^")), BARRIER + dice.choice("、、、和与") + f"{{name:{names.full()}}}", after
            )
        if dice.random() < 0.4:
            surname = f"{{name:{names.surname() if dice.random() < 0.7 else names.full()}}}"
            yield _sentence(
                dice.choice(title["before"]), surname + dice.choice(title["after"]), dice.choice(full["after"])
            )
        if dice.random() < 0.1:
            one = dice.choice("小小老老阿大") + (names.surname()[:1] if dice.random() < 0.6 else names.character())
            yield _sentence(dice.choice(little["before"]), f"{{name:{one}}}", dice.choice(little["after"]))
        if dice.random() < 0.05:
            told = dice.choice(CONTEXTS["title"]["told"]).split("{s}")
            surnames = [f"{{name:{names.surname()}}}" for _ in told[1:]]
            yield parse("".join(map("".join, zip(told, [*surnames, ""], strict=True))) + dice.choice(("，", "。", "")))


def traps(dice: random.Random, count: int) -> Iterator[Case]:
    """Sentences with words and places that begin like names."""
    words = lexicon()
    plain = {key: value.split() for key, value in CONTEXTS["plain"].items() if isinstance(value, str)}
    names = Names(dice)
    each = sorted(words.never) + [
        one + two
        for one in sorted(words.surnames) + list("小老阿大")
        for two in names.any + list("了的是一不有家人们上下里地子")
        if _is_word(one + two)
    ]
    often = [rjieba.suggest_freq(one) ** 0.5 for one in each]
    for word in dice.choices(each, often, k=count):
        yield _sentence(dice.choice(plain["before"]), word, dice.choice(plain["after"]))
    for _ in range(count // 4):
        place = names.surname() + (names.character() if dice.random() < 0.5 else "") + dice.choice(plain["places"])
        yield _sentence(dice.choice(plain["before"]), place, dice.choice(plain["after"]))


class Prose:
    """Draws sentences without sense: words of the segmenter's dictionary of one and two characters, as often as they occur, that are no names."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        characters = [
            bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)
        ]
        pairs = map("".join, itertools.product(characters, repeat=2))
        self.words = [one for one in itertools.chain(characters, pairs) if one and _is_word(one)]
        self.reached = list(itertools.accumulate(rjieba.suggest_freq(one) ** 0.8 for one in self.words))

    def __call__(self, size: int) -> str:
        """`size` words, with a sign after one in eight."""
        words = self.dice.choices(self.words, cum_weights=self.reached, k=size)
        return "".join(word + (self.dice.choice("，，，。、") if self.dice.random() < 0.12 else "") for word in words)


def senseless(dice: random.Random, count: int) -> Iterator[Case]:
    """Words in any order, one sentence in five with a name in it."""
    prose, names = Prose(dice), Names(dice)
    for place in range(count):
        middle = f"{{name:{names.full()}}}" if place % 5 == 0 else ""
        yield parse(prose(dice.randint(2, 7)) + middle + prose(dice.randint(2, 7)))


def _is_word(word: str) -> bool:
    return bool(rjieba.has_word(word)) and not rjieba.tag(word)[0][1].startswith("nr")


def pages() -> Iterator[Case]:
    """What the pages of Rexian and its articles say, a message or a sentence a case."""
    text = (ROOT / "src/rexian/locale/en/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    parts = re.findall(r'^msgid "(.+)"$', text, re.M)
    for name in PROSE:
        parts += re.findall(r"[^。！？\n\"=]+[。！？]?", (ROOT / "src" / name).read_text(encoding="utf-8"))
    yield from (Case(one, ()) for one in parts if CHINESE.search(one))


def written(names: Iterable[str] = SEEN) -> Iterator[Case]:
    for name in names:
        yield from read(MARKED / name)


def rows(cases: Iterable[Case]) -> tuple[list[list[str]], list[bool]]:
    """What is seen of each candidate, and whether it is a name."""
    seen, right = list[list[str]](), list[bool]()
    for case in cases:
        marks = {(start, end) for kind, start, end in case.marks if kind == "name"}
        looked = view(case.text)
        for span in spans(looked):
            seen.append(sights(looked, span))
            right.append((span.start, span.end) in marks)
    return seen, right


def learn(seed: int = 3) -> dict[str, float]:
    """The weight of each sight that at least four candidates show; "" is the constant."""
    dice = random.Random(seed)  # noqa: S311 - examples, not secrets
    composed = [
        *named(dice, 8000),
        *traps(dice, 8000),
        *senseless(dice, 8000),
        *pages(),
        *map(parse, CONTEXTS["plain"]["texts"]),
    ]
    made_up, hand = rows(composed), rows(written())
    vectors = DictVectorizer()
    table = vectors.fit_transform([dict.fromkeys(one, 1.0) for one in made_up[0] + hand[0]])
    kept = np.flatnonzero(np.asarray((table > 0).sum(axis=0)).ravel() >= LEAST)
    model = LogisticRegression(C=0.1, max_iter=500)
    model.fit(
        table[:, kept],
        made_up[1] + hand[1],
        sample_weight=np.repeat([1.0, BY_HAND], [len(made_up[1]), len(hand[1])]),
    )
    names = np.asarray(vectors.get_feature_names_out())[kept]
    weights = {str(name): round(float(weight), 2) for name, weight in zip(names, model.coef_[0], strict=True)}
    return {"": round(float(model.intercept_[0]), 2)} | {name: weight for name, weight in weights.items() if weight}


def main() -> None:
    weights = learn()
    WEIGHTS.write_text(json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(weights)} weights")


if __name__ == "__main__":
    main()
