# SPDX-License-Identifier: Apache-2.0
"""Whether a new version is better than the one it would replace: both asked about the same orders, which neither has seen. Pure but for texts in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from rexian.intake import readers
from rexian.intake.readers import Reader
from rexian_ml.classify import Classifier, Example
from rexian_ml.shares import Paired, paired

MARGIN = 0.01
"""A version that is right less often by more than this does not go live, even where so few orders could not prove it worse."""


@dataclass(frozen=True, slots=True)
class Row:
    """An order that people have classified: what to learn from, or to be asked about. `lead` is who has or had it."""

    at: datetime
    example: Example
    area: str
    lead: str
    closed: bool


class Verdict(StrEnum):
    """What a comparison says of the new version."""

    BETTER = "better"
    EVEN = "even"
    SAME = "same"
    WORSE = "worse"
    UNTESTED = "untested"


LIVE = frozenset({Verdict.BETTER, Verdict.EVEN})


@dataclass(frozen=True, slots=True)
class Compared:
    """Right categories and departments of the new version and the old, over the same orders."""

    category: Paired
    department: Paired

    def verdict(self, *, fresher: bool) -> Verdict:
        """BETTER: surely so in one figure and not worse in the other. EVEN: not shown to be worse, nor by more than MARGIN, and learned from newer
        orders: it knows the departments and words of the last weeks, which a test on average hardly shows. SAME: even, and nothing newer.
        """
        both = (self.category, self.department)
        if not self.category.of:
            return Verdict.UNTESTED
        if any(one.high < 0 or one.value < -MARGIN for one in both):
            return Verdict.WORSE
        if any(one.low > 0 for one in both):
            return Verdict.BETTER
        return Verdict.EVEN if fresher else Verdict.SAME

    def told(self) -> dict[str, Any]:
        """As it is kept on record: shares of the new, of the old, and the interval of the difference."""
        return {
            name: {"now": _share(one.one, one.of), "was": _share(one.other, one.of), "low": one.low, "high": one.high}
            for name, one in (("category", self.category), ("department", self.department))
        }


def _share(hits: int, of: int) -> float:
    return round(hits / of, 4) if of else 0.0


def compare(new: Reader, old: Reader, rows: Sequence[Row]) -> Compared:
    """Both readers on the same rows, from the text and the area alone."""
    (categories, departments), (were, had) = _right(new, rows), _right(old, rows)
    return Compared(paired(categories, were), paired(departments, had))


def _right(reader: Reader, rows: Sequence[Row]) -> tuple[list[bool], list[bool]]:
    """For each row whether the category was right, and whether the department was."""
    read = reader.read([(row.example.text, row.area, "") for row in rows])
    categories = [one.category.label == row.example.category for (one, _), row in zip(read, rows, strict=True)]
    leads = [bool(routes) and routes[0].department == row.lead for (_, routes), row in zip(read, rows, strict=True)]
    return categories, leads


def remembering_helps(model: Classifier, rows: Sequence[Row]) -> bool:
    """Whether corrections taken in at once would have made the model right more often on these rows (in order of time): day by day it is asked,
    and what it got wrong is told to it in the evening. Where corrections contradict each other, remembering them does harm.
    """
    without, beside = list[bool](), list[bool]()
    taught = model
    for _day, group in groupby(rows, key=lambda row: row.at.date()):
        day = list(group)
        told, plain = _labels(taught, day), _labels(model, day)
        truth = [row.example.category for row in day]
        beside += [label == right for label, right in zip(told, truth, strict=True)]
        without += [label == right for label, right in zip(plain, truth, strict=True)]
        wrong = [row for row, label in zip(day, told, strict=True) if label != row.example.category]
        taught = readers.remembering(taught, [(row.example.text, row.example.category) for row in wrong])
    return sum(beside) > sum(without)


def _labels(model: Classifier, rows: Iterable[Row]) -> list[str]:
    return [one.category.label for one in model.predict_many([row.example.text for row in rows])]
