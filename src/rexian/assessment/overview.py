# SPDX-License-Identifier: Apache-2.0
"""The report on many cities, as blocks."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from rexian.assessment import charts, diagnosis, findings, statistics, wording
from rexian.assessment.charts import Span
from rexian.assessment.comparison import FEWEST
from rexian.assessment.document import Block, Document, Heading, Paragraph, Picture, Table
from rexian.assessment.scores import Level
from rexian.assessment.statistics import Interval
from rexian.assessment.survey import Survey
from rexian.assessment.translation import gettext as _

SHOWN = 30
"""Cities in a picture; the tables as CSV hold all."""


def build(survey: Survey, day: date) -> Document:
    """The whole report."""
    parts = (
        _situation,
        _cities,
        findings.groups,
        findings.associations,
        findings.missing,
        _advice,
        findings.answers,
        _method,
    )
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
    names = findings.names(survey)
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
        if gap.adjusted < findings.ALPHA:
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
    level, order = survey.scores.indicators, survey.order
    title = _("各城市的指标得分") + _limited(len(order))
    values = [level.value[place].tolist() for place in order]
    yield Picture(charts.heat("heat", title, [survey.names[place] for place in order], level.ids, values, shown=SHOWN))
    yield Heading(2, _("城市类型"))
    yield from _types(survey)


def _limited(count: int) -> str:
    return _("（前 %(shown)d 个，共 %(count)d 个）") % {"shown": SHOWN, "count": count} if count > SHOWN else ""


def _ranking(survey: Survey) -> Iterator[Block]:
    ranks, order = survey.ranks, survey.order
    spans = [Span(survey.names[p], ranks.rank[p], ranks.low[p], ranks.high[p]) for p in order]
    most = float(np.nanmax(ranks.high[order[:SHOWN]])) + 1
    yield Paragraph(
        _(
            "排名随权重变化：对权重作 Dirichlet 扰动 500 次，下图横线为排名的 95%% 区间；与原排名的平均秩相关为 %s。区间重叠的城市不宜区分先后。"
        )
        % wording.points(ranks.agreement)
    )
    title = _("城市排名与 95% 区间") + _limited(len(order))
    yield Picture(charts.spans("ranks", title, _("排名"), spans, least=0, most=most, shown=SHOWN))
    yield Table(
        "ranks",
        _("城市得分与排名") + _limited(len(order)),
        (_("城市"), _("得分"), _("缺答可能范围"), _("排名"), _("排名区间"), _("类型")),
        tuple(_rank_row(survey, place) for place in order),
        (2, 1, 1.5, 1, 1.3, 0.8),
        shown=SHOWN,
    )


def _rank_row(survey: Survey, place: int) -> tuple[str, ...]:
    whole, ranks = survey.scores.whole, survey.ranks
    return (
        survey.names[place],
        wording.points(survey.scores.overall[place]),
        wording.span(wording.points(whole.low[place, 0]), wording.points(whole.high[place, 0])),
        wording.rank(ranks.rank[place]),
        wording.span(f"{ranks.low[place]:.0f}", f"{ranks.high[place]:.0f}"),
        _type(survey, place),
    )


def _type(survey: Survey, place: int) -> str:
    label = -1 if survey.types is None else int(survey.types.labels[place])
    return wording.UNKNOWN if label < 0 else str(label + 1)


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


def _method(survey: Survey) -> Iterator[Block]:
    names = {"equal": _("各级等权"), "entropy": _("熵权法"), "hierarchy": _("层次分析法（几何平均汇总专家判断）")}
    yield Heading(1, _("方法"))
    yield Paragraph(
        _(
            "指标体系第 %(index)s 版，问卷第 %(form)s 版，权重：%(weights)s。得分由回答按公开的计分函数得出，逐级加权平均。"
        )
        % {"index": survey.index.version, "form": survey.questionnaire.version, "weights": names[survey.weighting]}
    )
