# SPDX-License-Identifier: Apache-2.0
"""Extraction measured in real messages: made requests are put between their sentences and must be found; what is found at all, and how fast."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from rexian_ml.evaluate.personal import Case
from rexian_ml.evaluate.redact import FILE, planted, read
from rexian_ml.evaluate.requests import CITY, made
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.shares import share
from rexian_ml.extract import Elements, Gazetteer, extract
from rexian_ml.extract.calendar import ZONE

NOW = datetime(2020, 11, 18, 10, tzinfo=ZONE)
PLANTED = 300
KINDS = ("who", "when", "where", "what", "cause")
METHOD = (
    "Requests made by a grammar are put at a random sentence end of each message; a mark counts as found when an element of its kind overlaps it by "
    "at least half (intersection over union). `what` is one clause a message and is not measured so. Shares are of the messages as they are, "
    "in which at least one is found. Speed is CPU time of one core on the messages as UTF-8."
)
Mark = tuple[str, int, int]


def marks(elements: Elements) -> Iterator[Mark]:
    """The five elements as kind, start, end."""
    yield from (("when", one.place, one.stop) for one in elements.when)
    yield from (("where", one.start, one.end) for one in elements.where)
    for kind in ("who", "cause"):
        yield from ((kind, one.start, one.end) for one in getattr(elements, kind))
    if elements.what:
        yield "what", elements.what.start, elements.what.end


def alike(one: Mark, other: Mark) -> bool:
    """Of one kind, and at least half in common (intersection over union)."""
    common = min(one[2], other[2]) - max(one[1], other[1])
    return one[0] == other[0] and common * 2 >= max(one[2], other[2]) - min(one[1], other[1])


def f1(cases: Iterable[Case], gazetteer: Gazetteer) -> dict[str, float]:
    """F1 by kind over cases whose elements are all marked, each found mark matched once."""
    right, found, marked = Counter[str](), Counter[str](), Counter[str]()
    for case in cases:
        open_marks = list(case.marks)
        marked.update(mark[0] for mark in open_marks)
        for one in marks(extract(case.text, NOW, gazetteer)):
            found[one[0]] += 1
            if match := next((mark for mark in open_marks if alike(one, mark)), None):
                open_marks.remove(match)
                right[one[0]] += 1
    return {kind: 2 * right[kind] / (found[kind] + marked[kind]) for kind in KINDS if marked[kind]}


def measure(data: Path) -> Section | None:
    """Recall of planted elements, shares of messages with each element, speed; None without the messages."""
    if not (data / FILE).is_file():
        return None
    messages = read(data / FILE)
    hits: dict[str, list[bool]] = defaultdict(list)
    for case in planted(messages, list(made(PLANTED, seed=7))):
        found = list(marks(extract(case.text, NOW, CITY)))
        for mark in case.marks:
            hits[mark[0]].append(any(alike(one, mark) for one in found))
    recall = [share(f"recall {kind}", hits[kind], aim="≥ 0.9") for kind in KINDS if kind != "what"]
    return Section("extract", "诉求要素提取", FILE, METHOD, (*recall, *_found_at_all(messages)))


def _found_at_all(messages: Sequence[str]) -> Iterator[Figure]:
    start = time.process_time()
    kinds = [{mark[0] for mark in marks(extract(message, NOW))} for message in messages]
    spent = time.process_time() - start
    for kind in KINDS:
        yield share(f"messages with {kind}", [kind in one for one in kinds])
    yield Figure("speed", sum(len(message.encode()) for message in messages) / spent / 1e6, unit="MB/s")
