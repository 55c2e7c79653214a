# SPDX-License-Identifier: Apache-2.0
"""From answers to 0..1: one small table of pure functions; a missing answer is None, never 0."""

from collections.abc import Callable, Mapping

from rexian.assessment.index import Part
from rexian.assessment.questionnaire import Sheet

Points = float | None


def _numbers(names: tuple[str, ...], sheet: Sheet) -> list[float]:
    return [value for name in names if isinstance(value := sheet.get(name), float)]


def yes(part: Part, sheet: Sheet) -> Points:
    """1 for yes, 0 for no."""
    answer = sheet.get(part.questions[0])
    return None if answer is None else float(answer == "yes")


def chosen(part: Part, sheet: Sheet) -> Points:
    """Several answers: how many (of `options`, or all but `none`), full at `full`."""
    answer = sheet.get(part.questions[0])
    if not isinstance(answer, frozenset):
        return None
    counted = answer & frozenset(part.options) if part.options else answer - {"none"}
    return min(1.0, len(counted) / part.full)


def has_any(part: Part, sheet: Sheet) -> Points:
    """Several answers: 1 for any, 0 for none."""
    answer = sheet.get(part.questions[0])
    return float(bool(answer - {"none"})) if isinstance(answer, frozenset) else None


def grade(part: Part, sheet: Sheet) -> Points:
    """Five-point: 1 to 5 as 0, 0.25, ... 1."""
    answer = sheet.get(part.questions[0])
    return (answer - 1) / 4 if isinstance(answer, float) else None


def amount(part: Part, sheet: Sheet) -> Points:
    """A number, full at `full`."""
    answer = sheet.get(part.questions[0])
    return min(1.0, answer / part.full) if isinstance(answer, float) else None


def ratio(part: Part, sheet: Sheet) -> Points:
    """The sum of the numbers over the total, full at `full`; None if any is missing or the total is 0."""
    numbers, total = _numbers(part.questions, sheet), _numbers(part.total, sheet)
    if len(numbers) < len(part.questions) or not total or total[0] <= 0:
        return None
    return min(1.0, sum(numbers) / total[0] / part.full)


def carrying(part: Part, sheet: Sheet) -> Points:
    """The share of the channels that carry at least `floor` of the total; None if any is missing or the total is 0."""
    numbers, total = _numbers(part.questions, sheet), _numbers(part.total, sheet)
    if len(numbers) < len(part.questions) or not total or total[0] <= 0:
        return None
    return sum(number >= part.floor * total[0] for number in numbers) / len(numbers)


FUNCTIONS: Mapping[str, Callable[[Part, Sheet], Points]] = {
    "yes": yes,
    "chosen": chosen,
    "any": has_any,
    "grade": grade,
    "amount": amount,
    "ratio": ratio,
    "carrying": carrying,
}
"""What a part of the index may name. Each gives 0..1, or None where it cannot be told."""
