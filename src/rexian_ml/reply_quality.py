# SPDX-License-Identifier: Apache-2.0
"""How good a reply to a citizen is: six aspects from 0 to 1, each with its reasons, the evasions found, and a grade of four.

Nothing here is a black box: a sentence is a receipt, a courtesy, a handing-on, a stock phrase or information (`reply_quality.toml`; a sentence that
many replies share is a stock phrase too), and the scores are counts of these. The aspects follow what GB/T 33358-2016 and 国办发〔2020〕53号 ask of
a reply; the formulas and weights are ours.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np

from rexian_ml.base import Estimator, NotFittedError
from rexian_ml.lexicon import Lexicon
from rexian_ml.storage import pack, unpack
from rexian_ml.text import content_words, fingerprint, normalise

RULES = Path(__file__).with_name("reply_quality.toml")
WEIGHTS = {
    "completeness": 0.45,
    "relevance": 0.25,
    "grounds": 0.12,
    "plainness": 0.08,
    "politeness": 0.05,
    "timeliness": 0.05,
}
GRADES = (0.25, 0.45, 0.65)
"""Overall scores from which a reply is weak (2), fair (3) and good (4); below the first, and with an evasion, it is no answer (1 or 2)."""
ENOUGH, STOCK = 90, 3
"""Characters of information at which completeness is 1 − 1/e; replies that share a sentence which is then a stock phrase."""
TERMS = 15
"""The weightiest terms of a request that its reply is expected to take up."""
_SENTENCES = re.compile(r"[。;；!！?？\n]")
_OPENING = re.compile(r"((?:如下|您好|你好)) ?[:,]")
"""What ends an opening without a full stop: the answer begins after it."""
_QUOTES = re.compile(r"[“\"'‘「][^”\"'’」]{2,60}[”\"'’」]")
_DATE = re.compile(r"[0-9]{4}[年.\-/][0-9]{1,2}[月.\-/][0-9]{1,2}日?$")
_ASKED = re.compile(r"[?？]+|(?<![0-9])[1-9一二三四五六七八九][、.．](?![0-9])|第[一二三四五六七八九],?")


class Evasion(StrEnum):
    """What takes the place of an answer."""

    RECEIPT = "receipt"
    HANDED_ON = "handed_on"
    STOCK = "stock"
    PUSHED_AWAY = "pushed_away"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its reply, with the times where they are known; `limit` is how many days the reply may take."""

    request: str
    reply: str
    title: str = ""
    asked: datetime | None = None
    replied: datetime | None = None
    limit: float = 15.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an aspect is what it is: `says` names it (a page translates it), `evidence` are words or figures of the reply."""

    aspect: str
    says: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """The judgement of one reply; `timeliness` is left out of `scores` (and of `overall`) where the times are not known."""

    scores: dict[str, float]
    evasions: tuple[Evasion, ...]
    reasons: tuple[Reason, ...]
    overall: float
    grade: int


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    kind: str
    """handed_on, receipt, courtesy, stock, fact or other."""


@cache
def _rules() -> dict[str, dict[str, re.Pattern[str]]]:
    table = tomllib.loads(RULES.read_text(encoding="utf-8"))
    return {part: {name: re.compile("|".join(signs)) for name, signs in rules.items()} for part, rules in table.items()}


@dataclass
class ReplyScorer(Estimator):
    """Learns from past exchanges which words tell requests apart and which sentences every reply has; then judges replies."""

    terms: int = TERMS
    stock: int = STOCK
    lexicon_: Lexicon = field(default_factory=Lexicon, init=False, repr=False)
    stock_: frozenset[str] = field(default=frozenset(), init=False, repr=False)

    def fit(self, exchanges: Iterable[Exchange]) -> Self:
        """Learns; the order of the rows does not matter."""
        rows = list(exchanges)
        self.lexicon_ = Lexicon.learn([_told(one) for one in rows], fewest=1, most=200_000)
        seen = Counter(mark for one in rows for mark in {_mark(part) for part in _parts(one.reply)})
        self.stock_ = frozenset(mark for mark, n in seen.items() if n >= self.stock)
        return self

    def judge(self, exchange: Exchange) -> Quality:
        """The quality of one reply; raises NotFittedError."""
        if not self.lexicon_.places:
            raise NotFittedError("ReplyScorer: call fit first.")
        sentences = [_Sentence(part, self._kind(part)) for part in _parts(exchange.reply)]
        aspects = {
            "relevance": self._relevance(exchange, sentences),
            "completeness": _completeness(exchange, sentences),
            "grounds": _grounds(exchange.reply),
            "plainness": _plainness(sentences),
            "politeness": _politeness(exchange.reply),
            "timeliness": _timeliness(exchange),
        }
        scores = {name: score for name, (score, _) in aspects.items() if score is not None}
        evasions = tuple(_evasions(exchange.reply, sentences, scores["relevance"]))
        overall = sum(WEIGHTS[name] * score for name, score in scores.items()) / sum(WEIGHTS[name] for name in scores)
        reasons = tuple(reason for _, found in aspects.values() for reason in found)
        return Quality(scores, evasions, reasons, overall, _grade(overall, evasions))

    def _kind(self, sentence: str) -> str:
        """The first kind that fits; information where a fact stands in it, unless it only hands on, thanks or confirms."""
        rules = _rules()
        fact = any(rule.search(sentence) for rule in rules["fact"].values())
        for kind, rule in rules["sentence"].items():
            if rule.search(sentence) and not (fact and (kind == "stock" or len(sentence) > 60)):
                return kind
        if _mark(sentence) in self.stock_:
            return "stock"
        return "fact" if fact else "other"

    def _relevance(self, exchange: Exchange, sentences: Sequence[_Sentence]) -> tuple[float, list[Reason]]:
        """The share, by weight, of the request's telling words that the reply itself takes up (not where it quotes the request); half of them is 1."""
        places, weights = self.lexicon_.weigh(_told(exchange))
        if not len(places):
            return 0.0, [Reason("relevance", "nothing telling in the request")]
        names = list(self.lexicon_.places)
        best = np.argsort(-weights, kind="stable")[: self.terms]
        body = _QUOTES.sub(" ", "。".join(one.text for one in sentences if one.kind in ("fact", "other", "stock")))
        taken = np.array([names[places[one]] in body for one in best])
        share = float(weights[best][taken].sum() / weights[best].sum())
        words = " ".join(names[places[one]] for one in best[taken])
        return min(1.0, 2 * share), [
            Reason("relevance", "takes up" if words else "takes up nothing of the request", words)
        ]

    def to_bytes(self) -> bytes:
        """What was learned: terms with weights, and fingerprints of stock sentences."""
        if not self.lexicon_.places:
            raise NotFittedError("ReplyScorer: call fit first.")
        head = {
            "what": "reply scorer",
            "own": [self.terms, self.stock],
            "terms": list(self.lexicon_.places),
            "stock": sorted(self.stock_),
        }
        return pack(head, idf=self.lexicon_.idf)

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The model that `to_bytes` wrote."""
        head, arrays = unpack(content, "reply scorer")
        model = cls(*head["own"])
        model.lexicon_ = Lexicon({term: place for place, term in enumerate(head["terms"])}, arrays["idf"])
        model.stock_ = frozenset(head["stock"])
        return model


def _told(exchange: Exchange) -> list[str]:
    """The words of a request of two characters or more, those of its title counted twice."""
    return [word for word in content_words(f"{exchange.title}\n{exchange.title}\n{exchange.request}") if len(word) > 1]


def _parts(reply: str) -> list[str]:
    """The sentences of a reply, normalised, without the date under it."""
    parts = (_DATE.sub("", part.strip()) for part in _SENTENCES.split(_OPENING.sub(r"\1。", normalise(reply))))
    return [part for part in parts if len(part) > 1]


def _mark(sentence: str) -> str:
    """The same for sentences that differ in numbers and names of letters only."""
    return fingerprint(re.sub(r"[a-z0-9]+", "0", sentence)).hex()


def _completeness(exchange: Exchange, sentences: Sequence[_Sentence]) -> tuple[float, list[Reason]]:
    """1 − exp(−characters of information / ENOUGH), less where there are fewer informing sentences than things asked."""
    facts = [one for one in sentences if one.kind == "fact"]
    length = sum(len(one.text) for one in facts) + sum(len(one.text) for one in sentences if one.kind == "other") / 3
    asked = max(1, min(6, len(_ASKED.findall(normalise(f"{exchange.title}\n{exchange.request}")))))
    clauses = sum(1 + one.text.count(",") // 2 for one in facts)
    met = min(1.0, clauses / asked)
    reasons = [
        Reason("completeness", "informs in sentences", str(len(facts))),
        Reason("completeness", "things asked", str(asked)),
    ]
    rules = _rules()["fact"]
    reasons += [Reason("completeness", name, hit.group()) for name in rules if (hit := _first(rules[name], facts))]
    return (1 - float(np.exp(-length / ENOUGH))) * (0.6 + 0.4 * met), reasons


def _first(rule: re.Pattern[str], sentences: Sequence[_Sentence]) -> re.Match[str] | None:
    return next((hit for one in sentences if (hit := rule.search(one.text))), None)


def _grounds(reply: str) -> tuple[float, list[Reason]]:
    """1 where a rule is cited by name, article or number; a half where only "the rules" are invoked."""
    text = normalise(reply)
    for score, name in ((1.0, "cited"), (0.5, "vague")):
        if hit := _rules()["grounds"][name].search(text):
            return score, [Reason("grounds", name, hit.group())]
    return 0.0, [Reason("grounds", "no rule is named")]


def _plainness(sentences: Sequence[_Sentence]) -> tuple[float, list[Reason]]:
    """Falls with clauses of more than 20 characters on average and with officialese, by the hundred characters."""
    text = "。".join(one.text for one in sentences)
    clauses = [part for part in re.split(r"[,。、:]", text) if part]
    mean = float(np.mean([len(part) for part in clauses])) if clauses else 0.0
    hits = _rules()["officialese"]["words"].findall(text)
    words = [hit if isinstance(hit, str) else hit[0] for hit in hits]
    each = 100 * len(words) / max(len(text), 100)
    score = float(np.exp(-max(0.0, mean - 20) / 20) * np.exp(-each / 4))
    return score, [
        Reason("plainness", "characters a clause", f"{mean:.0f}"),
        Reason("plainness", "officialese", str(len(words))),
    ]


def _politeness(reply: str) -> tuple[float, list[Reason]]:
    """A third each for greeting, thanks and 您; nothing for a rude word."""
    text, rules = normalise(reply), _rules()["polite"]
    if hit := rules["rude"].search(text):
        return 0.0, [Reason("politeness", "rude", hit.group())]
    found = [name for name in ("greeting", "thanks", "respect") if rules[name].search(text)]
    return len(found) / 3, [Reason("politeness", name) for name in found]


def _timeliness(exchange: Exchange) -> tuple[float | None, list[Reason]]:
    """1 within the limit, falling to 0 at three times it; unknown without both times."""
    if exchange.asked is None or exchange.replied is None:
        return None, []
    days = (exchange.replied - exchange.asked).total_seconds() / 86400
    score = min(1.0, max(0.0, (3 - days / exchange.limit) / 2))
    return score, [Reason("timeliness", "days", f"{days:.1f}")]


def _evasions(reply: str, sentences: Sequence[_Sentence], relevance: float) -> list[Evasion]:
    """What stands in for an answer where nothing informs; and being pushed away without being told to whom."""
    kinds, text = Counter(one.kind for one in sentences), normalise(reply)
    informed = sum(len(one.text) for one in sentences if one.kind in ("fact", "other"))
    found = []
    if not kinds["fact"] and informed < 40:
        found.append(next((Evasion(kind) for kind in ("handed_on", "stock") if kinds[kind]), Evasion.RECEIPT))
    push = _rules()["push"]
    if push["away"].search(text) and not push["whose"].search(text):
        found.append(Evasion.PUSHED_AWAY)
    if relevance < 0.05 and not found:
        found.append(Evasion.OFF_TOPIC)
    return found


def _grade(overall: float, evasions: Sequence[Evasion]) -> int:
    """1 to 4 by GRADES; an evasion is 1 where nothing informs, else at most 2."""
    grade = 1 + sum(overall >= limit for limit in GRADES)
    if {Evasion.RECEIPT, Evasion.HANDED_ON, Evasion.STOCK} & set(evasions):
        return 1
    return min(grade, 2) if evasions else grade
