# SPDX-License-Identifier: Apache-2.0
"""A questionnaire while it is filled in: its parts and what stands in each, what is answered, what is open, what does not fit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rexian.assessment.index import Index, Indicator, Node
from rexian.assessment.questionnaire import Question, Questionnaire, Sheet, Value
from rexian.assessment.translation import gettext as _

ABOUT = "about"
"""The part of the questions that serve no indicator."""
GIVEN = "city"
"""The question that the invitation itself answers."""
Stored = str | float | list[str] | None
"""An answer as JSON."""


def stored(value: Value | None) -> Stored:
    """A value as JSON; several answers sorted, so that equal sets are equal."""
    return sorted(value) if isinstance(value, frozenset) else value


def value_of(given: object) -> Value | None:
    """A value out of JSON, None for an answer taken back."""
    if isinstance(given, list):
        return frozenset(map(str, given))
    if isinstance(given, int | float):
        return float(given)
    return None if given is None else str(given)


def belongs(question: Question, value: Value) -> bool:
    """Whether a value is one that this version of the question can have: an answer to another version's question of the same id may not be."""
    codes = {option.code for option in question.options}
    match question.kind:
        case "several":
            return isinstance(value, frozenset) and value <= codes
        case "five":
            return isinstance(value, float) and f"{value:g}" in codes
        case "number":
            return isinstance(value, float)
        case "text":
            return isinstance(value, str)
        case _:
            return value in codes


def effective(questionnaire: Questionnaire, given: Mapping[str, Value]) -> Sheet:
    """The answers that count: those that fit this version's questions, of questions that the others leave asked."""
    sheet: dict[str, Value] = {}
    for one in questionnaire.questions:
        if one.id in given and belongs(one, given[one.id]) and one.asked(sheet) is not False:
            sheet[one.id] = given[one.id]
    return sheet


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one indicator (None: of no indicator), its question for evidence last."""

    indicator: Indicator | None
    under: Node | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the questionnaire, with how much of what it asks is answered."""

    id: str
    name: str
    answered: int
    of: int

    @property
    def complete(self) -> bool:
        """Whether nothing is open."""
        return self.answered == self.of


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sheet is: parts in order, the open questions, and (question, reason) for what does not fit or must not be empty."""

    parts: tuple[Part, ...]
    open: tuple[Question, ...]
    findings: tuple[tuple[Question, str], ...]

    @property
    def answered(self) -> int:
        """Questions answered, those for evidence not counted."""
        return sum(part.answered for part in self.parts)

    @property
    def of(self) -> int:
        """Questions that the answers so far leave asked."""
        return sum(part.of for part in self.parts)


def part_of(question: Question) -> str:
    """The page on which a question stands: the dimension's id or ABOUT."""
    return question.indicator[:1] or ABOUT


def groups(questionnaire: Questionnaire, index: Index, part: str) -> Iterator[Group]:
    """The questions of a page by indicator, in the order of the index."""
    own = [one for one in questionnaire.questions if part_of(one) == part and one.id != GIVEN]
    if part == ABOUT:
        yield Group(None, None, tuple(own))
    under = ""
    for indicator in index.under(part) if part != ABOUT else ():
        node = index.by_id[indicator.parent]
        new = node if isinstance(node, Node) and under != indicator.parent else None
        yield Group(indicator, new, tuple(one for one in own if one.indicator == indicator.id))
        under = indicator.parent


def names(index: Index) -> dict[str, str]:
    """The pages in order with their names."""
    return {ABOUT: _("城市情况")} | {one.id: one.name for one in index.dimensions}


def progress(questionnaire: Questionnaire, index: Index, sheet: Sheet) -> Progress:
    """How far a sheet of effective answers is."""
    asked = [
        one for one in questionnaire.questions if not one.evidence and one.id != GIVEN and one.asked(sheet) is True
    ]
    parts = []
    for part, name in names(index).items():
        own = [one for one in asked if part_of(one) == part]
        parts.append(Part(part, name, sum(one.id in sheet for one in own), len(own)))
    found = tuple((questionnaire.by_id[one], reason) for one, reason in questionnaire.findings(sheet))
    return Progress(tuple(parts), tuple(one for one in asked if one.id not in sheet), found)


def depending(questionnaire: Questionnaire, question: str) -> list[Question]:
    """The questions that the answer to another decides on."""
    return [one for one in questionnaire.questions if one.only_if and one.only_if.question == question]


def together(questionnaire: Questionnaire, question: str) -> list[Question]:
    """The questions that a check holds against this one, itself left out: their reasons may come or go with it."""
    ids = {
        one
        for check in questionnaire.checks
        if question in (*check.parts, check.total)
        for one in (*check.parts, check.total)
    }
    return [questionnaire.by_id[one] for one in sorted(ids - {question})]
