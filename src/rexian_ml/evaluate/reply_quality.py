# SPDX-License-Identifier: Apache-2.0
"""The scorer of replies against our own blind marks."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import cohen_kappa_score

from rexian_ml.evaluate import marks
from rexian_ml.evaluate.bootstrap import interval
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.sources import joined, moment, read
from rexian_ml.reply_quality import Exchange, Quality, ReplyScorer

Numbers = NDArray[np.float64]


def exchange(row: dict[str, str]) -> Exchange:
    """A row of the source."""
    asked, replied = moment(row["留言时间"]), moment(row["答复时间"])
    return Exchange(joined(row["留言详情"]), joined(row["答复意见"]), joined(row["留言主题"]), asked, replied)


def measure(data: Path) -> Section | None:
    """Agreement on the marked replies, learned from the others only; None without the data."""
    if (rows := read(data, "messages_with_replies.csv.gz")) is None:
        return None
    marked = marks.read("reply_quality")
    scorer = ReplyScorer().fit(exchange(row) for row in rows if row["留言编号"] not in marked)
    told = [(scorer.judge(exchange(row)), marked[row["留言编号"]]) for row in rows if row["留言编号"] in marked]
    return Section(
        "reply_quality",
        "Quality of replies",
        "messages_with_replies",
        f"{len(marked)} replies drawn by a seed and marked by hand (four grades; answered, grounds, evasive) before the scorer was written; "
        "long ones were read by their beginning and end; intervals over replies",
        tuple(_figures(told)),
    )


def _figures(told: list[tuple[Quality, dict[str, int]]]) -> list[Figure]:
    def pairs(said: Callable[[Quality], float], mark: str) -> Numbers:
        return np.array([(said(quality), one[mark]) for quality, one in told])

    grades = pairs(lambda quality: quality.grade, "overall")
    answered = pairs(lambda quality: quality.scores["completeness"] + quality.scores["relevance"], "answered")
    grounds = pairs(lambda quality: round(2 * quality.scores["grounds"]), "grounds")
    evasive = pairs(lambda quality: bool(quality.evasions), "evasive")
    return [
        _figure("grade: quadratic weighted kappa", grades, _kappa),
        _figure("grade: exactly the same", grades, lambda rows: float((rows[:, 0] == rows[:, 1]).mean())),
        _figure("grade: off by one at most", grades, lambda rows: float((np.abs(rows[:, 0] - rows[:, 1]) < 2).mean())),
        _figure(
            "overall score: Spearman with the grade marked",
            pairs(lambda quality: quality.overall, "overall"),
            _spearman,
        ),
        _figure("completeness and relevance: Spearman with answered", answered, _spearman),
        _figure("grounds: quadratic weighted kappa", grounds, _kappa),
        _figure("evasive: precision", evasive, lambda rows: _share(rows[rows[:, 0] == 1, 1])),
        _figure("evasive: recall", evasive, lambda rows: _share(rows[rows[:, 1] == 1, 0])),
    ]


def _figure(name: str, rows: Numbers, statistic: Callable[[Numbers], float]) -> Figure:
    return Figure(name, statistic(rows), *interval(lambda places: statistic(rows[places]), len(rows)), len(rows))


def _kappa(rows: Numbers) -> float:
    return float(cohen_kappa_score(rows[:, 0].astype(int), rows[:, 1].astype(int), weights="quadratic"))


def _spearman(rows: Numbers) -> float:
    return float(spearmanr(rows[:, 0], rows[:, 1]).statistic)


def _share(rows: Numbers) -> float:
    return float(rows.mean()) if len(rows) else 0.0
