# SPDX-License-Identifier: Apache-2.0
"""The report on one city: where it stands, strengths, gaps, what to do in which order."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from rexian.assessment import charts, diagnosis, wording
from rexian.assessment.diagnosis import Diagnosis
from rexian.assessment.document import Block, Document, Heading, Paragraph, Picture, Table
from rexian.assessment.overview import notices
from rexian.assessment.scores import unproven
from rexian.assessment.survey import Survey
from rexian.assessment.translation import gettext as _


def build(survey: Survey, row: int, day: date) -> Document:
    """The report on the city in a row of the survey."""
    found = diagnosis.diagnose(survey.scores, row, diagnosis.load())
    blocks = (
        *notices(survey),
        *_standing(survey, row),
        *judged(found),
        *_plan(found),
        *_unknown(found),
        *_evidence(survey, row),
    )
    title = _("%s政务热线数字化转型诊断报告") % survey.names[row]
    return Document(title, wording.dated(day), survey.label, blocks)


def _standing(survey: Survey, row: int) -> Iterator[Block]:
    scores = survey.scores
    yield Heading(1, _("总体情况"))
    whole = scores.whole
    yield Paragraph(
        _("总分 %(value)s（满分 1；缺答全部最差与最好时为 %(low)s 至 %(high)s）。%(rank)s")
        % {
            "value": wording.points(scores.overall[row]),
            "low": wording.points(whole.low[row, 0]),
            "high": wording.points(whole.high[row, 0]),
            "rank": _rank(survey, row),
        }
    )
    level = scores.subdimensions
    names = [f"{one} {survey.index.by_id[one].name}" for one in level.ids]
    series = [(survey.names[row], level.value[row].tolist())]
    if len(survey.sheets) > 1:
        series.append((_("全部城市平均"), _mean(level.value)))
    yield Picture(charts.radar("radar", _("十个二级维度的得分"), names, series))
    yield _table(survey, row)


def _mean(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[float]:
    known = ~np.isnan(values)
    counts = known.sum(axis=0)
    sums = np.where(known, values, 0).sum(axis=0)
    return [float(total / n) if n else float("nan") for total, n in zip(sums, counts, strict=True)]


def _rank(survey: Survey, row: int) -> str:
    ranks = survey.ranks
    if not survey.rankable or np.isnan(ranks.rank[row]):
        return _("城市过少或本市未能计分，不作排名。")
    return _("在 %(count)d 个城市中列第 %(rank)s，权重变动时为第 %(low).0f 至第 %(high).0f。") % {
        "count": len(survey.order),
        "rank": wording.rank(ranks.rank[row]),
        "low": ranks.low[row],
        "high": ranks.high[row],
    }


def _table(survey: Survey, row: int) -> Table:
    level, means = survey.scores.indicators, _mean(survey.scores.indicators.value)
    rows = tuple(
        (
            f"{one} {survey.index.by_id[one].name}",
            wording.points(level.value[row, place]),
            wording.span(wording.points(level.low[row, place]), wording.points(level.high[row, place])),
            wording.points(means[place]),
        )
        for place, one in enumerate(level.ids)
    )
    heading = (_("指标"), _("得分"), _("缺答可能范围"), _("全部城市平均"))
    return Table("indicators", _("各项指标的得分"), heading, rows, (3, 1, 1.5, 1.4))


def judged(found: Diagnosis) -> Iterator[Block]:
    """Strengths, gaps, and what to do about them in which order."""
    yield from _strengths(found)
    yield from _gaps(found)
    yield from _advice(found)


def _strengths(found: Diagnosis) -> Iterator[Block]:
    yield Heading(1, _("优势"))
    names = [f"{one.name}（{wording.points(value)}）" for one, value in found.strengths]
    yield Paragraph(
        _("得分在 0.8 及以上的指标有 %(count)d 项：%(names)s。")
        % {"count": len(names), "names": wording.listed(names, 29)}
    )


def _gaps(found: Diagnosis) -> Iterator[Block]:
    yield Heading(1, _("差距"))
    names = [f"{one.name}（{wording.points(value)}）" for one, value in found.gaps]
    yield Paragraph(
        _("得分低于 0.6 的指标有 %(count)d 项：%(names)s。") % {"count": len(names), "names": wording.listed(names, 29)}
    )


def _advice(found: Diagnosis) -> Iterator[Block]:
    yield Heading(1, _("改进建议"))
    if not found.advice:
        yield Paragraph(_("没有低于 0.6 的指标，建议保持并按期复评。"))
        return
    yield Paragraph(_("按“可得分数 × 成效 ÷ 投入”排序，依次如下。参考城市取自 2020 年研究；研究未点名的不列。"))
    for loop in dict.fromkeys(one.loop for one in found.advice):
        yield Heading(2, loop)
        for place, one in enumerate(found.advice, start=1):
            if one.loop == loop:
                yield Heading(3, _("%(name)s（第 %(place)d 位）") % {"name": one.indicator.name, "place": place})
                model = _("可参考%s。") % one.rule.model if one.rule.model else ""
                yield Paragraph(
                    _("%(action)s。现得分 %(score)s，补齐可使总分提高 %(gain)s；佐证材料：%(evidence)s。%(model)s")
                    % {
                        "action": one.rule.action,
                        "score": wording.points(one.score),
                        "gain": wording.points(one.gain),
                        "evidence": one.indicator.evidence,
                        "model": model,
                    }
                )


def _plan(found: Diagnosis) -> Iterator[Block]:
    if found.advice:
        yield Heading(1, _("实施计划"))
        rows = tuple(
            (
                _("%(name)s（%(months)d 个月内）") % {"name": phase.name, "months": phase.months},
                f"{one.indicator.id} {one.indicator.name}",
                one.rule.action,
                one.indicator.evidence,
            )
            for phase, measures in found.milestones()
            for one in measures
        )
        heading = (_("阶段"), _("指标"), _("措施"), _("完成标志"))
        yield Table("plan", _("分阶段措施与完成标志"), heading, rows, (1.3, 1.8, 3.4, 2.2))


def _unknown(found: Diagnosis) -> Iterator[Block]:
    if found.unknown:
        yield Heading(1, _("待补充的信息"))
        names = [f"{one.id} {one.name}" for one in found.unknown]
        yield Paragraph(_("下列指标回答不足，未计分，请补充后复评：%s。") % wording.listed(names, 29))


def _evidence(survey: Survey, row: int) -> Iterator[Block]:
    claimed = int((survey.scores.indicators.low[row] > 0).sum())
    bare = [one.id for one in unproven(survey.scores, row, survey.sheets[row])]
    yield Heading(1, _("佐证情况"))
    yield Paragraph(
        _("得分的指标有 %(claimed)d 项，其中 %(proven)d 项附有佐证。未附佐证的得分只是自述，不宜对外引用：%(names)s。")
        % {"claimed": claimed, "proven": claimed - len(bare), "names": wording.listed(bare, 29)}
    )
