# SPDX-License-Identifier: Apache-2.0
"""The questionnaire as data: questions, skip rules, what answers must say together; versions compared (questions.toml)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from rexian.assessment.index import Index
from rexian.assessment.index import load as load_index
from rexian.assessment.translation import gettext as _

FILE = Path(__file__).with_name("questions.toml")
Value = str | float | frozenset[str]
"""single, yesno, text: the code or text; several: the codes; five, number: the number."""
Sheet = Mapping[str, Value]
"""One city's answers by question; a question without an answer is absent, never 0 or empty."""
KINDS = ("single", "several", "yesno", "five", "number", "text")
ROUNDING = 0.5
"""By how much sums of whole numbers may differ."""


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose; `alone` excludes all others, `group` is the coarser class (the region of a province)."""

    code: str
    text: str
    alone: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """The skip rule: asked only when the answer to `question` is one of `any`."""

    question: str
    any: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `indicator` is the id that it serves (empty: about the city), `evidence` marks the text that asks for proof."""

    id: str
    title: str
    kind: str
    indicator: str = ""
    options: tuple[Option, ...] = ()
    only_if: Condition | None = None
    required: bool = False
    least: float | None = None
    most: float | None = None
    whole: bool = False
    evidence: bool = False

    def asked(self, sheet: Sheet) -> bool | None:
        """Whether the city had to answer; None when the deciding answer is missing."""
        if self.only_if is None:
            return True
        answer = sheet.get(self.only_if.question)
        return None if answer is None else answer in self.only_if.any

    def clashing(self, sheet: Sheet) -> list[Option]:
        """Options that exclude all others and were chosen with others."""
        chosen = sheet.get(self.id)
        if not isinstance(chosen, frozenset) or len(chosen) < 2:
            return []
        return [option for option in self.options if option.alone and option.code in chosen]

    def text(self, value: Value) -> str:
        """An answer as people read it."""
        names = {option.code: option.text for option in self.options}
        if isinstance(value, frozenset):
            return "；".join(option.text for option in self.options if option.code in value)
        if isinstance(value, float):
            return names.get(f"{value:g}", f"{value:g}")
        return names.get(value, value)


@dataclass(frozen=True, slots=True)
class Check:
    """What several number answers must say together: `parts_at_most` or `parts_equal` their `total`."""

    kind: str
    parts: tuple[str, ...]
    total: str
    text: str

    def violated(self, sheet: Sheet) -> bool:
        """False also when too little was answered to tell."""
        total = sheet.get(self.total)
        parts = [value for one in self.parts if isinstance(value := sheet.get(one), float)]
        if not isinstance(total, float) or not parts:
            return False
        over = sum(parts) - total
        return over > ROUNDING if self.kind == "parts_at_most" else len(parts) == len(self.parts) and over < -ROUNDING


@dataclass(frozen=True)
class Questionnaire:
    """All questions in order. The last are made from the index: one text a indicator that asks for its evidence."""

    version: str
    name: str
    questions: tuple[Question, ...]
    checks: tuple[Check, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Questions by id."""
        return {one.id: one for one in self.questions}

    def group(self, question: str, sheet: Sheet) -> str:
        """The coarser class of a single answer (the region of the province), empty when not answered."""
        answer = sheet.get(question)
        return next((option.group for option in self.by_id[question].options if option.code == answer), "")

    def findings(self, sheet: Sheet) -> Iterator[tuple[str, str]]:
        """(question, reason) for each answer that the sheet itself contradicts."""
        for one in self.questions:
            if one.required and one.id not in sheet:
                yield one.id, _("必填项未填")
            if one.only_if and one.id in sheet and one.asked(sheet) is False:
                yield one.id, _("按“%s”的回答不应填写此项") % self.by_id[one.only_if.question].title
            for option in one.clashing(sheet):
                yield one.id, _("“%s”不能与其他选项同时选择") % option.text
        yield from ((check.total, check.text) for check in self.checks if check.violated(sheet))


@cache
def load(file: Path = FILE) -> Questionnaire:
    """The questionnaire of a file of the form of questions.toml, for the index of this package; raises ValueError if they do not fit."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    index = load_index()
    questions = tuple(_question(one, table["five"]) for one in table["question"])
    questionnaire = Questionnaire(
        table["version"],
        table["name"],
        questions + tuple(_evidence(index)),
        tuple(Check(one["kind"], tuple(one["parts"]), one["total"], one["text"]) for one in table["check"]),
    )
    _check(questionnaire, index)
    return questionnaire


def _question(table: dict[str, Any], five: list[str]) -> Question:
    rest = {key: value for key, value in table.items() if key not in ("options", "only_if", "scale")}
    options = tuple(Option(**one) for one in table.get("options", ()))
    if table["kind"] == "yesno":
        options = (Option("yes", "是"), Option("no", "否"))
    if table["kind"] == "five":
        options = tuple(Option(str(n), text) for n, text in enumerate(table.get("scale", five), start=1))
    rule = table.get("only_if")
    return Question(**rest, options=options, only_if=Condition(rule["question"], tuple(rule["any"])) if rule else None)


def _evidence(index: Index) -> Iterator[Question]:
    for one in index.indicators:
        yield Question(
            f"evidence_{one.id}", f"{one.id} {one.name}的佐证：{one.evidence}", "text", one.id, evidence=True
        )


def _check(questionnaire: Questionnaire, index: Index) -> None:
    known = questionnaire.by_id
    used = {one for i in index.indicators for part in i.parts for one in (*part.questions, *part.total)}
    used |= {one.only_if.question for one in questionnaire.questions if one.only_if}
    used |= {one for check in questionnaire.checks for one in (*check.parts, check.total)}
    wrong = [one.id for one in questionnaire.questions if one.kind not in KINDS]
    if used - known.keys() or wrong or len(known) != len(questionnaire.questions):
        raise ValueError(
            f"questionnaire: unknown questions {sorted(used - known.keys())}, kinds of {wrong}, or an id twice"
        )


def comparable(one: Questionnaire, other: Questionnaire) -> dict[str, str]:
    """For each question of either version: `same` (answers may be set side by side), `changed` (kind or options differ), `old`, `new`."""
    answers = {q.id: (q.kind, {o.code for o in q.options}) for q in one.questions}
    later = {q.id: (q.kind, {o.code for o in q.options}) for q in other.questions}
    found = {
        key: "old" if key not in later else "same" if later[key] == kind else "changed" for key, kind in answers.items()
    }
    return found | dict.fromkeys(later.keys() - answers.keys(), "new")
