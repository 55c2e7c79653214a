# SPDX-License-Identifier: Apache-2.0
"""Hot issues against our own reading of the messages: are those put together that belong together, and only those?"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rexian_ml.cluster import HotIssues, Issue, Message
from rexian_ml.evaluate import marks
from rexian_ml.evaluate.bootstrap import interval, mean_interval
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.sources import joined, moment, read
from rexian_ml.evaluate.tables import dots

HOTTEST = 5


def messages(rows: list[dict[str, str]]) -> list[Message]:
    """The source's rows as messages."""
    return [
        Message(
            row["留言编号"],
            moment(row["留言时间"]),
            joined(row["留言详情"]),
            joined(row["留言主题"]),
            row["留言用户"],
            int(row["点赞数"]),
            int(row["反对数"]),
        )
        for row in rows
    ]


def measure(data: Path) -> Section | None:
    """B-cubed precision and recall on the half of the marks that nothing was chosen by; None without the data."""
    if (rows := read(data, "messages_dated_votes.csv.gz")) is None:
        return None
    model = HotIssues().fit(messages(rows))
    groups = {one["id"]: int(group) for one, group in zip(model.known_, model.groups_, strict=True)}
    marked = {one: mark["group"] for one, mark in marks.read("hot_issues").items()}
    figures = [
        *_half(groups, marked, [one for one in marked if _parity(one, marked) == 0], "reported half"),
        *_half(groups, marked, [one for one in marked if _parity(one, marked) == 1], "half tuned on"),
        *_hottest(model.issues(), marked),
    ]
    return Section(
        "cluster",
        "Hot issues",
        "messages_dated_votes",
        f"{len(marked)} of {len(rows)} messages marked by hand before the method was written: 40 issues found by place names, singles, and "
        "70 drawn by chance; issues with an odd number (and singles with an odd id) were tuned on, the others are reported; "
        "B-cubed (A. Bagga and B. Baldwin 1998): for each message the share of its group that belongs to it and of its issue that is there",
        tuple(figures),
        {"groups": dots(figures, "Groups beside those marked by hand")},
    )


def _parity(one: str, marked: dict[str, int]) -> int:
    return (marked[one] or int(one)) % 2


def _half(groups: dict[str, int], marked: dict[str, int], some: list[str], name: str) -> list[Figure]:
    shares = np.array([_shares(groups, marked, one) for one in some])
    titles = ("B-cubed precision", "B-cubed recall")
    found = [
        Figure(f"{name}: {title}", float(shares[:, i].mean()), *mean_interval(shares[:, i]), len(some))
        for i, title in enumerate(titles)
    ]
    return [
        *found,
        Figure(
            f"{name}: B-cubed F",
            _harmonic(shares),
            *interval(lambda rows: _harmonic(shares[rows]), len(shares)),
            len(some),
        ),
    ]


def _shares(groups: dict[str, int], marked: dict[str, int], one: str) -> tuple[float, float]:
    """Of the marked messages in a message's group, those of its issue; of its issue's, those in its group."""
    together = {other for other in marked if groups[other] == groups[one]}
    belong = {other for other in marked if other == one or (marked[one] and marked[other] == marked[one])}
    both = len(together & belong)
    return both / len(together), both / len(belong)


def _harmonic(shares: NDArray[np.float64]) -> float:
    precision, recall = shares.mean(0)
    return float(2 * precision * recall / (precision + recall))


def _hottest(issues: list[Issue], marked: dict[str, int]) -> list[Figure]:
    """Of the five hottest issues that hold marked messages: how much of each is one marked issue, and how much of that is in it."""
    known = [[marked[one] for one in issue.messages if one in marked] for issue in issues]
    rows = []
    for found in [groups for groups in known if sum(map(bool, groups)) > 1][:HOTTEST]:
        main = max(set(found) - {0}, key=found.count)
        rows.append((found.count(main) / len(found), found.count(main) / list(marked.values()).count(main)))
    shares = np.array(rows)
    return [
        Figure(f"hottest {HOTTEST} with marks: {title}", float(shares[:, place].mean()), n=HOTTEST)
        for place, title in enumerate(("precision", "recall"))
    ]
