# SPDX-License-Identifier: Apache-2.0
"""What the pages of the questionnaire are written with."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from rexian.assessment.questionnaire import Question

register = template.Library()


@register.filter
def at(table: Mapping[str, Any], key: str) -> Any:
    """What a table has under a key, nothing where it has nothing."""
    return table.get(key, ())


@register.filter
def slugged(name: str) -> str:
    """An id of the index as part of an element's id."""
    return name.replace(".", "-")


@register.filter
def answered(question: Question, typed: Sequence[str]) -> str:
    """An answer as people read it."""
    names = {option.code: option.text for option in question.options}
    return "；".join(names.get(one, one) for one in typed)
