# SPDX-License-Identifier: Apache-2.0
"""How well categories are told: citizens' messages to a mayor's mailbox, seven first-level categories, five folds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from rexian_ml.classify import Classifier, Example
from rexian_ml.evaluate.bootstrap import interval, mean_interval
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.tables import calibration_error, read_rows, reliability, seconds

FOLDS = 5
COVERED = 0.8
TIMED = 2000
SEGMENTED = "messages_segmented_labelled.csv.gz"
RAW = "messages_raw_labelled.csv.gz"
METHOD = (
    f"Equal texts are one (the first label stands); {FOLDS} stratified folds, every fold's model made of the four others alone, and "
    "parameters chosen beforehand by cross-validation within four fifths of the segmented file. Intervals by bootstrap over messages. "
    "Calibration error over 15 bins of equal mass. Speed is CPU time of `predict_many` with reasons, on one core: over messages as they "
    "come, and over those within a fifth of the median length."
)


@dataclass(frozen=True, slots=True)
class Told:
    """Messages told by models that had not seen them: true and told label, confidence."""

    texts: list[str]
    truth: NDArray[np.str_]
    label: NDArray[np.str_]
    sure: NDArray[np.float64]

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.asarray(self.truth == self.label, np.bool_)

    def f1(self, rows: NDArray[np.int64]) -> float:
        """Macro-F1 over the labels that stand in the rows."""
        return float(f1_score(self.truth[rows], self.label[rows], average="macro"))

    def covered(self, rows: NDArray[np.int64]) -> float:
        """Accuracy where the surest 80 % are told and the rest left to people."""
        best = rows[np.argsort(-self.sure[rows], kind="stable")[: int(len(rows) * COVERED)]]
        return float(self.right[best].mean())

    def error(self, rows: NDArray[np.int64]) -> float:
        return calibration_error(self.sure[rows], self.right[rows])


def distinct(rows: Sequence[tuple[str, str]]) -> tuple[list[str], NDArray[np.str_]]:
    """Texts and labels, each text once, so that none stands in two folds."""
    first: dict[str, str] = {}
    for text, label in rows:
        first.setdefault(" ".join(text.split()), label)
    return list(first), np.array(list(first.values()))


def cross_validate(texts: list[str], truth: NDArray[np.str_], seed: int = 0) -> Told:
    """Every message told by a model that has not seen it."""
    label, sure = np.empty_like(truth), np.zeros(len(truth))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(texts, truth):
        model = Classifier(seed=seed).fit([Example(texts[place], str(truth[place]), "") for place in train])
        told = [one.category for one in model.predict_many([texts[place] for place in test])]
        label[test] = [one.label for one in told]
        sure[test] = [one.confidence for one in told]
    return Told(texts, truth, label, sure)


def _figures(told: Told, name: str, aims: dict[str, str]) -> list[Figure]:
    every = np.arange(len(told.truth))

    def of(what: str, statistic: str, rounds: int = 400) -> Figure:
        value = getattr(told, statistic)
        between = interval(value, len(every), rounds=rounds)
        return Figure(f"{name}: {what}", value(every), *between, len(every), aim=aims.get(statistic, ""))

    accuracy = Figure(f"{name}: accuracy", float(told.right.mean()), *mean_interval(told.right), len(every))
    return [
        of("macro-F1", "f1"),
        accuracy,
        of("accuracy of the surest 80 %", "covered"),
        of("expected calibration error", "error"),
    ]


def _speed(texts: list[str], truth: NDArray[np.str_]) -> list[Figure]:
    """Messages a second."""
    model = Classifier().fit([Example(text, str(label), "") for text, label in zip(texts, truth, strict=True)])
    middle = float(np.median([len(text) for text in texts]))
    typical = [text for text in texts if abs(len(text) - middle) <= middle / 5]
    mean = float(np.mean([len(text) for text in texts[:TIMED]]))

    def rate(chosen: list[str], name: str, aim: str) -> Figure:
        value = len(chosen) / seconds(lambda: model.predict_many(chosen))
        return Figure(name, value, n=len(chosen), unit="messages/s", aim=aim)

    return [
        rate(typical[:TIMED], f"speed on messages of about {middle:.0f} characters", "≥ 5000"),
        rate(texts[:TIMED], f"speed on messages as they come, {mean:.0f} characters on average", ""),
        _single(model, typical[:200]),
    ]


def _single(model: Classifier, texts: list[str]) -> Figure:
    spent = seconds(lambda: [model.predict(text) for text in texts]) / len(texts)
    return Figure("one message alone", spent * 1e3, n=len(texts), unit="ms")


def measure(data: Path) -> Section | None:
    """Both files; None where the segmented one is not there."""
    rows = [(row["seg_text"], row["一级分类"]) for row in read_rows(data / SEGMENTED)]
    if not rows:
        return None
    texts, truth = distinct(rows)
    told = cross_validate(texts, truth)
    figures = _figures(told, "segmented", {"f1": "≥ 0.93", "covered": "≥ 0.97", "error": "< 0.03"})
    raw = [(f"{row['留言主题']} {row['留言详情']}", row["一级分类"]) for row in read_rows(data / RAW)]
    if raw:
        figures += _figures(cross_validate(*distinct(raw)), "raw", {})
    return Section(
        "classify",
        "first-level category of citizens' messages",
        f"{SEGMENTED}, {RAW}",
        METHOD,
        (*figures, *_speed(texts, truth)),
        {"calibration": reliability(told.sure, told.right, "Confidence of the category")},
    )
