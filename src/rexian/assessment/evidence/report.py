# SPDX-License-Identifier: Apache-2.0
"""The report on what was measured: beside what the city says of itself and the 79 cities of 2020, with advice and the plan. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

import numpy as np

from rexian.assessment import baseline, charts, diagnosis, questionnaire, synthetic, wording
from rexian.assessment import index as indexes
from rexian.assessment.document import Block, Document, Heading, Paragraph, Picture, Table
from rexian.assessment.evidence.base import Evidence, Row
from rexian.assessment.evidence.measures import BY_INDICATOR, Claims, claimed, scored
from rexian.assessment.portrait import judged
from rexian.assessment.scores import Scores
from rexian.assessment.survey import Survey
from rexian.assessment.translation import gettext as _

YEAR = "2020 年研究："
"""How the index names where a published figure comes from; the table says it once."""
APART = 0.1
"""From this difference on, claim and evidence are listed as differing."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A milestone of a quarter's plan: what, by when, from which value, and the value measured since (None: none)."""

    quarter: str
    indicator: str
    action: str
    due: date
    before: float
    value: float | None


@dataclass(frozen=True)
class Measured:
    """All that the report tells."""

    city: str
    day: date
    evidence: Mapping[str, Evidence]
    claims: Claims
    plan: Sequence[Planned]

    @cached_property
    def scores(self) -> Scores:
        """The scores of what was measured."""
        return scored([self.evidence])

    def name(self, indicator: str) -> str:
        """`N1.1 渠道多元化`."""
        found = indexes.load().by_id.get(indicator)  # a plan of long ago may name one that is no more
        return f"{indicator} {found.name}" if found else indicator


@cache
def cities() -> Scores:
    """The set of 79 answers that reproduces the published figures of 2020."""
    return Survey(synthetic.make(baseline.load(), questionnaire.load())).scores


def build(measured: Measured) -> Document:
    """The whole report."""
    found = diagnosis.diagnose(measured.scores, 0, diagnosis.load())
    parts = (_situation(measured), _apart(measured), judged(found), _plan(measured), _none(measured), _rows(measured))
    blocks = (*(block for part in parts for block in part), *_method(measured))
    return Document(_("%s政务热线数字化转型实测报告") % measured.city, wording.dated(measured.day), "", blocks)


def _situation(measured: Measured) -> Iterator[Block]:
    reference = baseline.load()
    yield Paragraph(indexes.load().notice, notice=True)
    yield Paragraph(_("“79 城平均”由合成答卷得出。%s。") % reference.synthetic, notice=True)
    yield Heading(1, _("总体情况"))
    scores, known = measured.scores, sum(one.value is not None for one in measured.evidence.values())
    yield Paragraph(
        _(
            "29 项指标中有 %(known)d 项能由平台自己的数据测出，总分 %(value)s（满分 1；测不到的全部最差与最好时为 %(low)s 至 %(high)s）。"
            "测不到的不计分，也不填数。"
        )
        % {
            "known": known,
            "value": wording.points(scores.overall[0]),
            "low": wording.points(scores.whole.low[0, 0]),
            "high": wording.points(scores.whole.high[0, 0]),
        }
    )
    yield _radar(measured)
    yield _indicators(measured)
    yield _published(measured)


def _radar(measured: Measured) -> Picture:
    index, level = indexes.load(), measured.scores.subdimensions
    names = [f"{one} {index.by_id[one].name}" for one in level.ids]
    series = [(_("实测"), level.value[0].tolist())]
    if measured.claims:
        series.append((_("自述"), claimed(measured.claims).subdimensions.value[0].tolist()))
    series.append((_("79 城平均"), np.nanmean(cities().subdimensions.value, axis=0).tolist()))
    return Picture(charts.radar("radar", _("十个二级维度：实测、自述与 2020 年"), names, series))


def _indicators(measured: Measured) -> Table:
    means = dict(zip(cities().indicators.ids, np.nanmean(cities().indicators.value, axis=0), strict=True))
    rows = tuple(
        (
            measured.name(key),
            _points(one.value),
            ratio(one),
            wording.percent(one.coverage),
            _points(measured.claims.get(key)),
            wording.points(means[key]),
        )
        for key, one in measured.evidence.items()
    )
    heading = (_("指标"), _("实测"), _("分子/分母"), _("可测的份额"), _("自述"), _("79 城平均"))
    return Table("indicators", _("各项指标的实测"), heading, rows, (3, 0.8, 1.8, 1.1, 0.8, 1.2))


def _published(measured: Measured) -> Table:
    index = indexes.load()
    rows = tuple(
        (measured.name(one.id), _points(measured.evidence[one.id].value), one.source.removeprefix(YEAR))
        for one in index.indicators
    )
    return Table("published", _("实测与 2020 年已公布数字"), (_("指标"), _("实测"), _("已公布")), rows, (2.4, 0.8, 4.6))


def _points(value: float | None) -> str:
    return wording.UNKNOWN if value is None else wording.points(value)


def ratio(one: Evidence) -> str:
    """`3,216/20,000`; a dash where nothing was measured."""
    if not one.denominator:
        return wording.UNKNOWN
    return f"{amount(one.numerator)}/{amount(one.denominator)}"


def amount(value: float) -> str:
    """A count with thousands set apart; points with three decimals."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.3f}"


def _apart(measured: Measured) -> Iterator[Block]:
    if not measured.claims:
        return
    yield Heading(1, _("自述与实测"))
    rows = [
        (measured.name(key), wording.points(claim), wording.points(one.value), wording.signed(one.value - claim))
        for key, one in measured.evidence.items()
        if (claim := measured.claims.get(key)) is not None and one.value is not None and abs(one.value - claim) >= APART
    ]
    bare = [
        measured.name(key) for key, one in measured.evidence.items() if measured.claims.get(key) and one.value is None
    ]
    yield Paragraph(
        _(
            "自述与实测相差 %(apart)s 及以上的有 %(count)d 项，两者并列，不以一方改另一方。自述有分而平台没有证据的：%(bare)s。"
        )
        % {"apart": APART, "count": len(rows), "bare": wording.listed(bare, 29)}
    )
    if rows:
        heading = (_("指标"), _("自述"), _("实测"), _("差"))
        yield Table("apart", _("自述与实测不同的指标"), heading, tuple(rows), (3, 1, 1, 1))


def _plan(measured: Measured) -> Iterator[Block]:
    if not measured.plan:
        return
    yield Heading(1, _("实施计划与复测"))
    yield Paragraph(_("每季度首次实测时制定计划，此后每次实测与制定时并列；到期而没有提高的，下一季度重新列入。"))
    rows = tuple(
        (
            one.quarter,
            measured.name(one.indicator),
            one.action,
            one.due.isoformat(),
            wording.points(one.before),
            _points(one.value),
            wording.UNKNOWN if one.value is None else wording.signed(one.value - one.before),
        )
        for one in measured.plan
    )
    heading = (_("季度"), _("指标"), _("措施"), _("期限"), _("制定时"), _("现在"), _("变化"))
    yield Table("plan", _("改进计划与复测结果"), heading, rows, (1, 2, 3.2, 1.3, 0.9, 0.8, 0.8))


def _none(measured: Measured) -> Iterator[Block]:
    yield Heading(1, _("测不到的和怎样才能测到"))
    rows = tuple(
        (
            measured.name(key),
            _("不给值") if one.value is None else _("只测到一部分"),
            "；".join(_(text) for text in one.lacks),
        )
        for key, one in measured.evidence.items()
        if one.lacks
    )
    yield Table("lacks", _("缺什么，补上什么可测"), (_("指标"), _("现在"), _("缺什么")), rows, (2.2, 1.1, 4.6))


def _rows(measured: Measured) -> Iterator[Block]:
    yield Heading(1, _("数字的来历"))
    rows = tuple((measured.name(key), *told(row)) for key, one in measured.evidence.items() for row in one.rows)
    heading = (_("指标"), _("哪些"), _("数目"), _("总数"))
    yield Table("rows", _("每项指标背后的计数"), heading, rows, (2.2, 3, 1, 1))


def told(row: Row) -> tuple[str, str, str]:
    """A row's name and raw counts."""
    return _(row.name), wording.number(row.count), wording.UNKNOWN if row.total is None else wording.number(row.total)


def _method(measured: Measured) -> Iterator[Block]:
    yield Heading(1, _("方法"))
    period = next(one.period for one in measured.evidence.values() if one.period.start)
    yield Paragraph(
        _(
            "统计期为 %(end)s 止的 %(days).0f 天；现状类指标取当时状态。指标体系第 %(version)s 版，各级等权。实测 = 分子 ÷ 分母 ÷ 满分值，至多为 1。"
        )
        % {"end": wording.dated(measured.day), "days": period.days, "version": indexes.load().version}
    )
    rows = tuple((measured.name(key), _(BY_INDICATOR[key].how)) for key in measured.evidence)
    yield Table("how", _("每项指标怎样测"), (_("指标"), _("测法")), rows, (2.2, 5.6))
