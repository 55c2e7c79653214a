# SPDX-License-Identifier: Apache-2.0
"""Sheets as hypothesis makes them: any answers, any missing."""

from hypothesis import strategies as st

from rexian.assessment import questionnaire
from rexian.assessment.questionnaire import Question, Sheet

FORM = questionnaire.load()


def values(question: Question) -> st.SearchStrategy[object]:
    """Any answer that the question's file form allows."""
    codes = [option.code for option in question.options]
    match question.kind:
        case "single" | "yesno":
            return st.sampled_from(codes)
        case "several":
            return st.frozensets(st.sampled_from(codes), min_size=1)
        case "five":
            return st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0])
        case "number":
            most = question.most or 1_000_000
            return st.integers(0, int(most)).map(float)
        case _:
            return st.text("安康东莞abc", min_size=1, max_size=8)


SCORED = {one.id: values(one) for one in FORM.questions if one.kind != "text"}


def sheets() -> st.SearchStrategy[Sheet]:
    """Sheets with any of the scored questions answered; they may contradict themselves."""
    return st.fixed_dictionaries({}, optional=SCORED)
