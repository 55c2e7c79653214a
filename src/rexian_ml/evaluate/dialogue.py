# SPDX-License-Identifier: Apache-2.0
"""The dialogue measured with real messages as opening words and a citizen who answers every question: how many are asked, and who gets a human."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rexian_ml.dialogue import Dialogue, Reply
from rexian_ml.evaluate.extract import NOW
from rexian_ml.evaluate.redact import FILE, read
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.shares import share

ANSWERS = {"what": "路灯不亮", "where": "解放路", "when": "昨天", "contact": "匿名", "": "对"}
LONGEST = 8
METHOD = (
    "Each message is the first thing that a citizen says; every question is then answered in one word, the summary by yes; there is no knowledge base. "
    "Reached: the request is submitted. Humans: handed over, by reason. What is taken down is not compared with anything: the messages have no such labels."
)


def measure(data: Path) -> Section | None:
    """Shares of messages that are submitted or handed over, and questions asked; None without the messages."""
    if not (data / FILE).is_file():
        return None
    talks = [_talk(message) for message in read(data / FILE)]
    ends = [talk[-1] for talk in talks]
    asked = [sum(reply.action == "ask" for reply in talk) for talk in talks]
    figures = [share("reached", [end.action == "submit" for end in ends])]
    figures += [
        share(f"human for {reason}", [end.reason == reason for end in ends])
        for reason in ("danger", "request", "anger", "failures")
    ]
    mean = float(np.mean(asked))
    spread = 1.96 * float(np.std(asked)) / len(asked) ** 0.5
    figures.append(Figure("questions asked", mean, mean - spread, mean + spread, len(asked)))
    return Section("dialogue", "对话登记", FILE, METHOD, tuple(figures))


def _talk(message: str) -> list[Reply]:
    return list(_replies(Dialogue(lambda question: (), lambda number: None), message))


def _replies(hotline: Dialogue, words: str) -> Iterator[Reply]:
    state, _ = hotline.start()
    for _ in range(LONGEST):
        state, reply = hotline.reply(state, words, NOW)
        yield reply
        if reply.action in ("submit", "human"):
            return
        words = ANSWERS[state.asked]
