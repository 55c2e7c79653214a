# SPDX-License-Identifier: Apache-2.0
"""The indicators as a page of the docs. Run as `python -m rexian.assessment.handbook > docs/reference/indicators.md`."""

from collections.abc import Iterator

from rexian.assessment import diagnosis, questionnaire
from rexian.assessment import index as indexes
from rexian.assessment.evidence.measures import BY_INDICATOR
from rexian.assessment.index import Index, Indicator, Part
from rexian.assessment.questionnaire import Questionnaire

HEAD = """# Indicators

Made by `rexian.assessment.handbook` from `index.toml`, `questions.toml`, `advice.toml` and the measures of `evidence/`; do not edit.

> {notice} (The 3 dimensions and 10 sub-dimensions are the study's; the 29 indicators are Rexian's reconstruction from what it reports.)

Version {version}. Weights are equal shares among siblings unless given; the percentage is the weight in the whole. An indicator is the weighted mean of
its parts; a missing answer is never 0: it widens the range between the worst and the best case, and below half of the weight there is no score.

计分 (scored) is what the questionnaire asks; 实测 (measured) is how `rexian assess live` and `/assessment/live/` take it from the platform's own tables, with
numerator, denominator and the rows behind it. Where the platform holds no table there is no value, and the measurement says what would make one.
"""
MEANINGS = {
    "yes": "yes 1, no 0",
    "chosen": "answers chosen, full at {full:g}",
    "any": "any but none 1",
    "grade": "five grades as 0, 0.25 … 1",
    "amount": "number, full at {full:g}",
    "ratio": "sum over {total}, full at {full:g}",
    "carrying": "share of channels with at least {floor:.0%} of {total}",
}


def page() -> str:
    """The page as Markdown."""
    index, form, rules = indexes.load(), questionnaire.load(), diagnosis.load()
    lines = [HEAD.format(notice=index.notice, version=index.version)]
    for dimension in index.dimensions:
        lines.append(f"## {dimension.id} {dimension.name} ({dimension.english}): {dimension.loop}\n")
        for sub in (one for one in index.subdimensions if one.parent == dimension.id):
            lines.append(f"### {sub.id} {sub.name} ({sub.english})\n")
            for one in index.under(sub.id):
                lines += _indicator(one, index, form, rules.by_indicator[one.id])
    return "\n".join(lines)


def _indicator(one: Indicator, index: Index, form: Questionnaire, rule: diagnosis.Rule) -> Iterator[str]:
    weight = float(index.weights[index.indicators.index(one)])
    yield f"#### {one.id} {one.name} ({one.english})\n"
    yield f"- 定义：{one.definition}"
    yield f"- 计分：{one.measure}（单位：{one.unit}；权重 {weight:.2%}；第 {one.version} 版）"
    for part in one.parts:
        yield f"  - {_part(part, form)}"
    yield f"- 实测：{BY_INDICATOR[one.id].how}"
    yield f"- 佐证：{one.evidence}"
    yield f"- 来源：{one.source}"
    yield f"- 建议：{rule.action}" + (f"（参考：{rule.model}）" if rule.model else "") + "\n"


def _part(part: Part, form: Questionnaire) -> str:
    questions = ", ".join(f"`{name}` {form.by_id[name].title}" for name in part.questions)
    total = ", ".join(f"`{name}`" for name in part.total)
    meaning = MEANINGS[part.function].format(full=part.full, floor=part.floor, total=total)
    return f"{questions}: {meaning}" + (f", weight {part.weight:g}" if part.weight != 1 else "")


if __name__ == "__main__":
    print(page(), end="")
