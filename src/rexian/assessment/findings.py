# SPDX-License-Identifier: Apache-2.0
"""The report on many cities: what goes with region and level, what goes together, what is missing, what was answered."""

from collections.abc import Iterator

from rexian.assessment import comparison, wording
from rexian.assessment.comparison import FEWEST
from rexian.assessment.document import Block, Heading, Paragraph, Table
from rexian.assessment.survey import Survey
from rexian.assessment.translation import gettext as _

ALPHA = 0.05


def names(survey: Survey) -> dict[str, str]:
    """Names of dimensions, sub-dimensions and indicators."""
    return {key: one.name for key, one in survey.index.by_id.items()}


def groups(survey: Survey) -> Iterator[Block]:
    yield Heading(1, _("地区与层级"))
    for by, name in (("region", _("地区")), ("level", _("层级"))):
        yield Heading(2, _("按%s") % name)
        yield Table(
            f"group_{by}",
            _("各%s的平均总分（少于 %d 个城市的不排名）") % (name, FEWEST),
            (name, _("城市数"), _("平均"), _("95% 置信区间"), _("名次")),
            tuple(
                (
                    one.group,
                    str(one.n),
                    wording.points(one.mean.value),
                    wording.between(one.mean),
                    str(one.rank or wording.UNKNOWN),
                )
                for one in survey.group_means(by)
            ),
            (2, 1, 1, 1.6, 1),
        )
        yield from _cross(survey, by, name)


def _cross(survey: Survey, by: str, name: str) -> Iterator[Block]:
    tests = [one for one in survey.cross(by) if one.test.method != "none"]
    tests.sort(key=lambda one: one.adjusted)
    marked = sum(one.adjusted < ALPHA for one in tests)
    exact = sum(one.test.method == "exact" for one in tests)
    yield Paragraph(
        _(
            "对 %(tests)d 项回答检验与%(name)s是否独立（%(exact)d 项期望频数不足 5，用 Fisher–Freeman–Halton 精确检验的蒙特卡罗法；"
            "其余用卡方检验），Holm 校正后 %(marked)d 项有差异（p<0.05）。"
        )
        % {"tests": len(tests), "name": name, "exact": exact, "marked": marked}
    )
    if marked:
        yield Table(
            f"cross_{by}",
            _("随%s不同的回答") % name,
            (_("回答"), _("各组份额"), _("方法"), "V", _("校正后 p")),
            tuple(
                (
                    f"{one.question.title}：{_option(one)}",
                    "；".join(f"{g} {c}/{n}" for g, c, n in zip(one.groups, one.counts, one.sizes, strict=True)),
                    _("精确") if one.test.method == "exact" else _("卡方"),
                    wording.points(one.test.effect),
                    wording.probability(one.adjusted),
                )
                for one in tests
            ),
            (2, 3, 0.8, 0.7, 1),
            shown=marked,
        )


def _option(one: comparison.CrossTest) -> str:
    return next(option.text for option in one.question.options if option.code == one.code)


def associations(survey: Survey) -> Iterator[Block]:
    yield Heading(1, _("指标关联"))
    known = names(survey)
    marked = sum(one.adjusted < ALPHA for one in survey.associations)
    yield Paragraph(
        _(
            "对 %(pairs)d 对指标计算 Kendall 秩相关，Benjamini–Hochberg 校正后 %(marked)d 对有关联（p<0.05），下表列出最强的 10 对。关联不等于因果。"
        )
        % {"pairs": len(survey.associations), "marked": marked}
    )
    if marked:
        yield Table(
            "associations",
            _("关联最强的指标"),
            (_("指标"), _("指标"), "τ", _("95% 置信区间"), _("城市数"), _("校正后 p")),
            tuple(
                (
                    f"{one.one} {known[one.one]}",
                    f"{one.other} {known[one.other]}",
                    wording.signed(one.tau.value),
                    wording.between(one.tau),
                    str(one.n),
                    wording.probability(one.adjusted),
                )
                for one in survey.associations
            ),
            (2.4, 2.4, 0.9, 1.6, 0.9, 1.1),
            shown=min(marked, 10),
        )


def missing(survey: Survey) -> Iterator[Block]:
    yield Heading(1, _("缺答情况"))
    scored = [one for one in survey.questionnaire.questions if one.indicator and not one.evidence]
    found = [(one, comparison.asked(one, survey.sheets)) for one in scored]
    some = sorted((pair for pair in found if pair[1].missing), key=lambda pair: -pair[1].missing)
    yield Paragraph(
        _(
            "缺答不按 0 分计：每个得分同时给出缺答全部最差和全部最好时的范围，已答权重不足一半的不计分。"
            "按跳转规则不必回答的不算缺答。下表列出缺答最多的 15 题。"
        )
    )
    yield Table(
        "missing",
        _("缺答最多的题目"),
        (_("题目"), _("已答"), _("缺答"), _("不必答"), _("前题缺答")),
        tuple(
            (one.title, str(states.answered), str(states.missing), str(states.skipped), str(states.open))
            for one, states in some
        ),
        (4, 1, 1, 1, 1.2),
        shown=15,
    )


def answers(survey: Survey) -> Iterator[Block]:
    yield Heading(1, _("问卷结果"))
    yield Paragraph(_("份额以实际回答该题的城市数为分母，区间为 Wilson 95% 置信区间；多选题各项之和可以超过 100%。"))
    shares = list(comparison.describe(survey.questionnaire, survey.sheets))
    for dimension in survey.index.dimensions:
        own = [one for one in shares if one.question.indicator.startswith(dimension.id)]
        rows = tuple(
            (
                one.question.title,
                one.text,
                f"{one.count}/{one.n}",
                wording.percent(one.share.value),
                wording.between(one.share, wording.percent),
            )
            for one in own
            if _told(one)
        )
        if rows:
            heading = (_("题目"), _("回答"), _("城市数"), _("份额"), _("95% 置信区间"))
            yield Table(f"answers_{dimension.id}", _("%s维度的回答") % dimension.name, heading, rows, (3, 1.8, 1, 1, 2))
    numbers = list(comparison.numbers(survey.questionnaire, survey.sheets))
    if numbers:
        yield Table(
            "numbers",
            _("数量题"),
            (_("题目"), _("城市数"), _("平均"), _("下四分位"), _("中位"), _("上四分位")),
            tuple(
                (
                    one.question.title,
                    str(one.n),
                    wording.number(one.mean.value),
                    *(wording.number(q) for q in one.quartiles),
                )
                for one in numbers
            ),
            (3, 1, 1.3, 1.3, 1.3, 1.3),
        )


def _told(one: comparison.OptionShare) -> bool:
    """Neither the other side of a yes nor a grade that nobody gave."""
    return not (one.question.kind == "yesno" and one.code == "no") and not (
        one.question.kind == "five" and not one.count
    )
