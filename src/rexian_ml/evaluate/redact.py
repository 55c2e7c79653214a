# SPDX-License-Identifier: Apache-2.0
"""Redaction measured in real messages: personal data of our own making is put between their sentences and must be found; how fast, and what else is found."""

import csv
import gzip
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from rexian_ml.evaluate.personal import Case, made
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.shares import share
from rexian_ml.redact import LABELS, STRUCTURED, find

FILE = "messages_raw_labelled.csv.gz"
EACH = 60
"""Planted examples of each kind."""
_END = re.compile(r"[。！？]")


def measure(data: Path) -> Section | None:
    """Recall by kind, further finds a thousand characters, and speed; None without the messages."""
    if not (data / FILE).is_file():
        return None
    messages = read(data / FILE)
    hits: dict[str, list[bool]] = defaultdict(list)
    for case in planted(messages, list(made(EACH, seed=7))):
        missed = case.missed(find(case.text))
        for mark in case.marks:
            hits[mark[0]].append(mark not in missed)
    recall = [
        share(f"recall {kind}", hits[kind], aim="≥ 0.97" if kind == "name" else "≥ 0.995")
        for kind in LABELS
        if hits[kind]
    ]
    return Section("redact", "个人信息隐去", FILE, METHOD, (*recall, *_rates(messages), *_speeds(messages)))


METHOD = (
    "Sentences with made personal data, a third of it in disguise, are put at a random sentence end of each message; a value counts as found when each of "
    "its letters and digits is covered by a find of its kind. Rates are finds in the messages as they are: their own names and numbers are not marked, so "
    "these are no errors by themselves. Speeds are CPU time of one core on the messages as UTF-8."
)


def read(path: Path) -> list[str]:
    """The messages of a file of the citizens' mailbox: subject and text."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        return [f"{row['留言主题']}。{row['留言详情'].strip()}" for row in csv.DictReader(lines)]


def planted(messages: Sequence[str], cases: Sequence[Case]) -> Iterator[Case]:
    """Each case's sentence at a sentence end of one of the messages, with its marks moved there."""
    for number, case in enumerate(cases):
        message = messages[number * 7919 % len(messages)]
        ends = [one.end() for one in _END.finditer(message)] or [len(message)]
        place = ends[number % len(ends)]
        text = f"{message[:place]}{case.text}。{message[place:]}"
        yield Case(text, tuple((kind, start + place, end + place) for kind, start, end in case.marks))


def _rates(messages: Sequence[str]) -> Iterator[Figure]:
    characters = sum(map(len, messages))
    counts: dict[str, int] = defaultdict(int)
    for message in messages:
        for one in find(message):
            counts[one.kind] += 1
    for kind in LABELS:
        yield Figure(f"finds {kind}", 1000 * counts[kind] / characters, n=counts[kind], unit="per 1,000 characters")


def _speeds(messages: Sequence[str]) -> Iterator[Figure]:
    size = sum(len(message.encode()) for message in messages)
    for name, kinds, aim in (("speed structured kinds", STRUCTURED, "≥ 20"), ("speed all kinds", tuple(LABELS), "")):
        start = time.process_time()
        for message in messages:
            find(message, kinds)
        yield Figure(name, size / (time.process_time() - start) / 1e6, unit="MB/s", aim=aim)
