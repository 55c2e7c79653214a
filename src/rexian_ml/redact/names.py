# SPDX-License-Identifier: Apache-2.0
"""Names of persons in folded text: by their form (·, 某, a star), by a word that announces what follows, and by all that is seen of a candidate (`spans`)."""

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from rexian_ml.redact.found import Found
from rexian_ml.redact.lexicon import Lexicon, lexicon
from rexian_ml.redact.spans import Span, View, sights, spans, view

WEIGHTS = Path(__file__).with_name("weights.json")
LEAST = -1.0
"""Sum of weights from which a candidate is a name: chance 0.27, because a name left in does more harm than a word taken out."""
_SENTENCE = re.compile(r"[^。！？；]+")
_WHOLE = re.compile(r"(?P<value>[一-鿿]{2,4}|[一-鿿](?: [一-鿿]){1,3})(?![一-鿿])")
_SPACED = re.compile(r"(?P<value>[一-鿿] [一-鿿](?: [一-鿿])?)(?![一-鿿])")
_UNLIKE = re.compile("[一不这那本我你他什无未暂同外匿保的]|业主|居民|村民|市民|学生|.{1,2}了")


def find(text: str) -> Iterator[Found]:
    """The names in a folded text (numerals left as they are)."""
    for sentence in _SENTENCE.finditer(text):
        yield from (one.moved(sentence.start()) for one in _within(sentence[0]))


@lru_cache(512)
def _within(sentence: str) -> tuple[Found, ...]:
    """The names of a sentence; kept a while, because what has been searched once is searched again when other sentences have lost something."""
    return tuple(_search(sentence))


def _search(text: str) -> Iterator[Found]:
    words = lexicon()
    yield from (_found(*one.span(), text, "外文或少数民族姓名，带间隔号") for one in words.foreign.finditer(text))
    yield from (_found(*one.span(), text, "已隐去一半的姓名") for one in words.covered.finditer(text))
    yield from (_found(*one.span("name"), text, "自报的姓") for one in words.told.finditer(text))
    for cue in words.sure.finditer(text):
        yield from _announced(cue, text, words)
    yield from _weighed(text)


def _found(start: int, end: int, text: str, reason: str) -> Found:
    return Found(start, end, "name", reason, text[start:end].replace(" ", ""))


def _announced(cue: re.Match[str], text: str, words: Lexicon) -> Iterator[Found]:
    """What stands between 我叫 or 姓名： and the next sign, whatever it is; with a surname also in spaced letters after any such word."""
    after = text[cue.end() : cue.end() + 1]
    whole = _WHOLE.match(text, cue.end()) if cue[0][-1] in "叫:：为" else None
    if not whole and after in words.surnames:
        whole = _SPACED.match(text, cue.end())
    if whole and not _UNLIKE.match(whole["value"]):
        yield _found(*whole.span("value"), text, f"前文「{cue[0].rstrip(':： ')}」")


def _weighed(text: str) -> Iterator[Found]:
    """The candidates that weigh enough, the heaviest first where they overlap."""
    seen, taken = view(text), set[int]()
    heavy = [(score, span) for span in spans(seen) if (score := weigh(seen, span)) > LEAST]
    for _, span in sorted(heavy, key=lambda one: (-one[0], one[1].start)):
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            yield _found(span.start, span.end, text, _reason(seen, span))


def weigh(seen: View, span: Span) -> float:
    """The log-odds that a candidate is a name."""
    weights = _weights()
    return weights[""] + sum(weights.get(sight, 0.0) for sight in sights(seen, span))


def _reason(seen: View, span: Span) -> str:
    """For staff to read: the word before or behind a name, or its spelling."""
    words = lexicon()
    if before := seen.cues.get(span.start):
        return f"前文「{before}」"
    title = words.title.match(seen.text, span.end)
    return f"后文「{title[0]}」" if title else "姓氏与名字用字"


@cache
def _weights() -> dict[str, float]:
    table: dict[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return table
