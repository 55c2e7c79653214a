# SPDX-License-Identifier: Apache-2.0
"""The report on many cities, as blocks."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from rexian.assessment import charts, comparison, diagnosis, statistics, wording
from rexian.assessment.charts import Span
from rexian.assessment.comparison import FEWEST
from rexian.assessment.document import Block, Document, Heading, Paragraph, Picture, Table
from rexian.assessment.scores import Level
from rexian.assessment.statistics import Interval
from rexian.assessment.survey import Survey
from rexian.assessment.translation import gettext as _

SHOWN = 30
"""Cities in a picture; the tables as CSV hold all."""
ALPHA = 0.05
GROUP_NAMES = {"region": "地区", "level": "层级"}


def build(survey: Survey, day: date) -> Document:
    """The whole report."""
    parts = (_situation, _cities, _groups, _associations, _missing, _advice, _answers, _method)
    blocks = tuple(block for part in parts for block in part(survey))
    return Document(_("政务热线数字化转型评估报告"), wording.dated(day), survey.label, blocks)


def notices(survey: Survey) -> Iterator[Block]:
    """What must be known before reading."""
    yield Paragraph(survey.index.notice, notice=True)
    if survey.label:
        yield Paragraph(survey.label, notice=True)


def _means(level: Level, names: dict[str, str]) -> list[tuple[str, Interval, int]]:
    """Each node's mean; its t interval cut to where scores can be."""
    found = []
    for one in level.ids:
        mean, n = statistics.mean_interval(level.column(one))
        found.append((f"{one} {names[one]}", Interval(mean.value, max(0.0, mean.low), min(1.0, mean.high)), n))
    return found


def _names(survey: Survey) -> dict[str, str]:
    return {key: one.name for key, one in survey.index.by_id.items()}


def _situation(survey: Survey) -> Iterator[Block]:
    yield from notices(survey)
    yield Heading(1, _("总体情况"))
    overall, n = statistics.mean_interval(survey.scores.overall)
    regions = len(set(survey.groups("region")) - {""})
    yield Paragraph(
        _(
            "本次评估收到 %(cities)d 个城市的问卷，覆盖 %(regions)d 个地区，其中 %(n)d 个城市可以计分。"
            "总分平均为 %(mean)s（95%% 置信区间 %(interval)s，满分 1）。"
        )
        % {
            "cities": len(survey.sheets),
            "regions": regions,
            "n": n,
            "mean": wording.points(overall.value),
            "interval": wording.between(overall),
        }
    )
    names = _names(survey)
    yield Heading(2, _("三个维度"))
    yield _mean_table("dimensions", _("三个维度的平均得分"), _means(survey.scores.dimensions, names))
    yield from _gap_text(survey, names)
    yield Heading(2, _("十个二级维度"))
    found = _means(survey.scores.subdimensions, names)
    values = [interval.value for _, interval, _ in found]
    yield Picture(
        charts.radar("radar", _("十个二级维度的平均得分"), [name for name, *_ in found], [(_("全部城市平均"), values)])
    )
    yield Heading(2, _("二十九项指标"))
    indicators = _means(survey.scores.indicators, names)
    spans = [Span(name, one.value, one.low, one.high) for name, one, _ in indicators]
    yield Picture(charts.spans("indicators", _("各项指标的平均得分与 95% 置信区间"), _("平均得分"), spans))
    yield _mean_table("indicators", _("各项指标的平均得分"), indicators)


def _mean_table(name: str, title: str, found: Sequence[tuple[str, Interval, int]]) -> Table:
    rows = tuple((label, wording.points(one.value), wording.between(one), str(n)) for label, one, n in found)
    return Table(name, title, (_("名称"), _("平均"), _("95% 置信区间"), _("城市数")), rows, (3, 1, 1.6, 1))


def _gap_text(survey: Survey, names: dict[str, str]) -> Iterator[Block]:
    for gap in survey.gaps:
        if gap.adjusted < ALPHA:
            high, low = (gap.one, gap.other) if gap.difference.value > 0 else (gap.other, gap.one)
            yield Paragraph(
                _("%(high)s高于%(low)s，平均相差 %(value)s（Wilcoxon 符号秩检验，Holm 校正后 p %(p)s，n=%(n)d）。")
                % {
                    "high": names[high],
                    "low": names[low],
                    "value": wording.points(abs(gap.difference.value)),
                    "p": _equals(gap.adjusted),
                    "n": gap.n,
                }
            )


def _equals(p: float) -> str:
    text = wording.probability(p)
    return text if text.startswith("<") else f"= {text}"


def _cities(survey: Survey) -> Iterator[Block]:
    yield Heading(1, _("城市比较"))
    yield Heading(2, _("得分与排名"))
    if survey.rankable:
        yield from _ranking(survey)
    else:
        yield Paragraph(_("可计分的城市少于 %d 个，不作排名。") % FEWEST)
    yield Heading(2, _("指标热图"))
    level, shown = survey.scores.indicators, survey.order[:SHOWN]
    title = _("各城市的指标得分") + _limited(len(shown), len(survey.order))
    values = [level.value[place].tolist() for place in shown]
    yield Picture(charts.heat("heat", title, [survey.names[place] for place in shown], level.ids, values))
    yield Heading(2, _("城市类型"))
    yield from _types(survey)


def _limited(shown: int, count: int) -> str:
    return _("（前 %(shown)d 个，共 %(count)d 个）") % {"shown": shown, "count": count} if shown < count else ""


def _ranking(survey: Survey) -> Iterator[Block]:
    ranks, shown = survey.ranks, survey.order[:SHOWN]
    spans = [Span(survey.names[p], ranks.rank[p], ranks.low[p], ranks.high[p]) for p in shown]
    most = float(np.nanmax(ranks.high[shown])) + 1
    yield Paragraph(
        _(
            "排名随权重变化：对权重作 Dirichlet 扰动 500 次，下图横线为排名的 95%% 区间；与原排名的平均秩相关为 %s。区间重叠的城市不宜区分先后。"
        )
        % wording.points(ranks.agreement)
    )
    title = _("城市排名与 95% 区间") + _limited(len(shown), len(survey.order))
    yield Picture(charts.spans("ranks", title, _("排名"), spans, least=0, most=most))
    yield Table(
        "ranks",
        _("城市得分与排名") + _limited(len(shown), len(survey.order)),
        (_("城市"), _("得分"), _("缺答可能范围"), _("排名"), _("排名区间")),
        tuple(_rank_row(survey, place) for place in shown),
        (2, 1, 1.5, 1, 1.3),
    )


def _rank_row(survey: Survey, place: int) -> tuple[str, ...]:
    whole, ranks = survey.scores.whole, survey.ranks
    return (
        survey.names[place],
        wording.points(survey.scores.overall[place]),
        f"{wording.points(whole.low[place, 0])} 至 {wording.points(whole.high[place, 0])}",
        wording.rank(ranks.rank[place]),
        f"{ranks.low[place]:.0f} 至 {ranks.high[place]:.0f}",
    )


def _types(survey: Survey) -> Iterator[Block]:
    types = survey.types
    if types is None:
        yield Paragraph(_("完整计分的城市过少或彼此相同，不作分类。"))
        return
    sizes = np.bincount(types.labels[types.labels >= 0], minlength=types.count)
    names = [
        _("第 %(number)d 类（%(size)d 个城市）") % {"number": n, "size": size} for n, size in enumerate(sizes, start=1)
    ]
    yield Paragraph(
        _(
            "按十个二级维度聚类（k-means），轮廓系数最大时为 %(count)d 类（%(silhouette)s），"
            "重抽样的平均调整兰德指数为 %(stability)s，%(word)s；%(left)d 个城市因缺答未参加分类。"
        )
        % {
            "count": types.count,
            "silhouette": wording.points(types.silhouette[types.count]),
            "stability": wording.points(types.stability),
            "word": _("分类稳定") if types.stable else _("分类不稳定，仅供参考"),
            "left": int((types.labels < 0).sum()),
        }
    )
    ids = survey.scores.subdimensions.ids
    labels = [f"{one} {survey.index.by_id[one].name}" for one in ids]
    yield Picture(
        charts.radar("types", _("各类城市的平均得分"), labels, list(zip(names, types.centres.tolist(), strict=True)))
    )


def _groups(survey: Survey) -> Iterator[Block]:
    yield Heading(1, _("地区与层级"))
    for by, name in GROUP_NAMES.items():
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
                    str(one.rank or UNRANKED),
                )
                for one in survey.group_means(by)
            ),
            (2, 1, 1, 1.6, 1),
        )
        yield from _cross(survey, by, name)


UNRANKED = wording.UNKNOWN


def _cross(survey: Survey, by: str, name: str) -> Iterator[Block]:
    tests = [one for one in survey.cross(by) if one.test.method != "none"]
    marked = sorted((one for one in tests if one.adjusted < ALPHA), key=lambda one: one.adjusted)
    exact = sum(one.test.method == "exact" for one in tests)
    yield Paragraph(
        _(
            "对 %(tests)d 项回答检验与%(name)s是否独立（%(exact)d 项期望频数不足 5，用 Fisher–Freeman–Halton 精确检验的蒙特卡罗法；"
            "其余用卡方检验），Holm 校正后 %(marked)d 项有差异（p<0.05）。"
        )
        % {"tests": len(tests), "name": name, "exact": exact, "marked": len(marked)}
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
                for one in marked
            ),
            (2, 3, 0.8, 0.7, 1),
        )


def _option(one: comparison.CrossTest) -> str:
    return next(option.text for option in one.question.options if option.code == one.code)


def _associations(survey: Survey) -> Iterator[Block]:
    yield Heading(1, _("指标关联"))
    names = _names(survey)
    marked = [one for one in survey.associations if one.adjusted < ALPHA]
    yield Paragraph(
        _(
            "对 %(pairs)d 对指标计算 Kendall 秩相关，Benjamini–Hochberg 校正后 %(marked)d 对有关联（p<0.05），下表列出最强的 10 对。关联不等于因果。"
        )
        % {"pairs": len(survey.associations), "marked": len(marked)}
    )
    if marked:
        yield Table(
            "associations",
            _("关联最强的指标"),
            (_("指标"), _("指标"), "τ", _("95% 置信区间"), _("城市数"), _("校正后 p")),
            tuple(
                (
                    f"{one.one} {names[one.one]}",
                    f"{one.other} {names[one.other]}",
                    wording.signed(one.tau.value),
                    wording.between(one.tau),
                    str(one.n),
                    wording.probability(one.adjusted),
                )
                for one in marked[:10]
            ),
            (2.4, 2.4, 0.9, 1.6, 0.9, 1.1),
        )


def _missing(survey: Survey) -> Iterator[Block]:
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
            for one, states in some[:15]
        ),
        (4, 1, 1, 1, 1.2),
    )


def _advice(survey: Survey) -> Iterator[Block]:
    rules = diagnosis.load()
    yield Heading(1, _("共性差距与建议"))
    level = survey.scores.indicators
    means = {one: statistics.mean_interval(level.column(one))[0].value for one in level.ids}
    low = sorted((one for one in level.ids if means[one] < rules.below), key=lambda one: means[one])
    yield Paragraph(_("平均得分低于 %(below)s 的指标有 %(count)d 项。") % {"below": rules.below, "count": len(low)})
    for dimension in survey.index.dimensions:
        own = [one for one in low if one.startswith(dimension.id)]
        if own:
            yield Heading(2, _("%(name)s：%(loop)s") % {"name": dimension.name, "loop": dimension.loop})
        for one in own:
            rule = rules.by_indicator[one]
            model = _("可参考%s的做法。") % rule.model if rule.model else ""
            text = _("%(id)s %(name)s（平均 %(mean)s）：%(action)s。%(model)s") % {
                "id": one,
                "name": survey.index.by_id[one].name,
                "mean": wording.points(means[one]),
                "action": rule.action,
                "model": model,
            }
            yield Paragraph(text)


def _answers(survey: Survey) -> Iterator[Block]:
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


WEIGHTINGS = {"equal": "各级等权", "entropy": "熵权法", "hierarchy": "层次分析法（几何平均汇总专家判断）"}


def _method(survey: Survey) -> Iterator[Block]:
    yield Heading(1, _("方法"))
    yield Paragraph(
        _(
            "指标体系第 %(index)s 版，问卷第 %(form)s 版，权重：%(weights)s。得分由回答按公开的计分函数得出，逐级加权平均。"
        )
        % {"index": survey.index.version, "form": survey.questionnaire.version, "weights": WEIGHTINGS[survey.weighting]}
    )
