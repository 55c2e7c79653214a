# SPDX-License-Identifier: Apache-2.0
"""`rexian assess`: survey, baseline, consistency, template. Needs no database; faults are told in words, exit status 1."""

import argparse
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from rexian.assessment import (
    answers,
    baseline,
    consistency,
    document,
    forms,
    overview,
    pdf,
    portrait,
    synthetic,
    weights,
    word,
    wording,
)
from rexian.assessment import index as indexes
from rexian.assessment import questionnaire as questionnaires
from rexian.assessment.document import Document
from rexian.assessment.fonts import NoChineseFontError
from rexian.assessment.survey import Survey
from rexian.assessment.translation import gettext as _

MOST_FAULTS = 200
"""Lines of faults on the screen; the rest are counted."""


class Failed(Exception):  # noqa: N818  an answer for the operator
    """The command cannot be done; the message is what to print."""


def main(words: Sequence[str]) -> None:
    """Runs `rexian assess WORDS`; exits with status 1 and a sentence when it cannot be done."""
    options = _parser().parse_args(words)
    try:
        options.run(options)
    except answers.RefusedError as refused:
        _print_faults(refused.faults)
        sys.exit(1)
    except (Failed, NoChineseFontError) as failed:
        sys.exit(f"rexian assess：{failed}")
    except BrokenPipeError:  # whoever reads the output has read enough
        sys.exit(1)
    except OSError as error:
        sys.exit(_("rexian assess：%(file)s 写不了（%(error)s）") % {"file": error.filename, "error": error.strerror})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rexian assess",
        description=_("政务热线数字化转型评估"),
        epilog=_("rexian assess live 由本平台的数据实测，需要数据库。"),
    )
    commands = parser.add_subparsers(required=True, metavar="survey|baseline|consistency|template")
    survey = commands.add_parser("survey", help=_("由填好的问卷得出各城市的得分、比较和报告"))
    survey.add_argument("answers", type=Path, help=_("CSV 或 XLSX，一行一个城市"))
    survey.add_argument("--report", type=Path, metavar="FOLDER", help=_("写出 PDF、DOCX、图和数据的目录"))
    survey.add_argument("--city", help=_("只写这个城市的诊断报告"))
    survey.add_argument("--weights", default="equal", help=_("equal（默认）、entropy，或两两比较的 TOML 文件"))
    survey.set_defaults(run=_survey)
    base = commands.add_parser("baseline", help=_("用合成答卷复现 2020 年已公布的每个数字"))
    base.add_argument("--answers", type=Path, metavar="FILE", help=_("另存合成答卷（CSV）"))
    base.add_argument("--seed", type=int, default=2020)
    base.set_defaults(run=_baseline)
    test = commands.add_parser("consistency", help=_("检验已公布的百分比可能出自多少份答卷"))
    test.add_argument(
        "percentages", nargs="*", metavar="PERCENT", help=_("如 32.8 43.8 18.7 4.7；不给则检验 2020 年研究")
    )
    test.add_argument("--most", type=int, default=79, help=_("答卷至多多少份"))
    test.add_argument("--partition", action="store_true", help=_("这些百分比是同一单选题的全部选项"))
    test.set_defaults(run=_consistency)
    template = commands.add_parser("template", help=_("写出空白问卷"))
    template.add_argument("file", type=Path, help=_("以 .xlsx 或 .csv 结尾"))
    template.set_defaults(run=_template)
    return parser


def _template(options: argparse.Namespace) -> None:
    if options.file.suffix.lower() not in (".xlsx", ".csv"):
        raise Failed(_("文件名应以 .xlsx 或 .csv 结尾"))
    forms.write(options.file, questionnaires.load(), indexes.load())
    print(_("已写出 %s") % options.file)


def _survey(options: argparse.Namespace) -> None:
    survey = Survey(answers.read(options.answers, questionnaires.load()))
    survey = _weighted(survey, options.weights)
    if survey.label:
        print(survey.label)
    print(survey.index.notice)
    row = _row(survey, options.city) if options.city else None
    _print_scores(survey, row)
    if options.report:
        today = date.today()  # noqa: DTZ011  the date on the paper is the office's
        alone = 0 if len(survey.sheets) == 1 else row
        publish(
            overview.build(survey, today) if alone is None else portrait.build(survey, alone, today), options.report
        )
        print(_("已写出 %s：report.pdf、report.docx、pictures/、tables/") % options.report)


def _weighted(survey: Survey, choice: str) -> Survey:
    if choice == "equal":
        return survey
    if choice == "entropy":
        return Survey(survey.sheets, weights.entropy(survey.scores.indicators), "entropy")
    try:
        found, ratios = weights.hierarchy(survey.index, weights.read_hierarchy(Path(choice)))
    except weights.InconsistentError as error:
        raise Failed(_("权重文件不能用：%s") % error) from error
    for parent, ratio in ratios.items():
        print(_("一致性比例 %(parent)s：%(ratio).3f") % {"parent": parent or _("三个维度"), "ratio": ratio})
    return Survey(survey.sheets, found, "hierarchy")


def _row(survey: Survey, city: str) -> int:
    places = [place for place, name in enumerate(survey.names) if name == city]
    if len(places) != 1:
        raise Failed(_("答卷中叫“%(city)s”的城市有 %(count)d 个") % {"city": city, "count": len(places)})
    return places[0]


def _print_scores(survey: Survey, row: int | None) -> None:
    dimensions, whole = survey.scores.dimensions, survey.scores.whole
    unscored = [place for place in range(len(survey.sheets)) if np.isnan(survey.scores.overall[place])]
    places = [*survey.order, *unscored] if row is None else [row]
    lines = [
        (
            survey.names[place],
            wording.points(survey.scores.overall[place]),
            f"{wording.points(whole.low[place, 0])}–{wording.points(whole.high[place, 0])}",
            *(wording.points(value) for value in dimensions.value[place]),
            wording.rank(survey.ranks.rank[place]) if survey.rankable else wording.UNKNOWN,
        )
        for place in places
    ]
    names = [one.name for one in survey.index.dimensions]
    print_table((_("城市"), _("总分"), _("缺答可能范围"), *names, _("排名")), lines)


def publish(report: Document, folder: Path) -> None:
    """report.pdf, report.docx, pictures/ and tables/ in a folder, which is made; raises NoChineseFontError before it writes anything."""
    (content,) = pdf.render(report)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.pdf").write_bytes(content)
    word.write(report, folder / "report.docx")
    document.write_data(report, folder)


def _baseline(options: argparse.Namespace) -> None:
    reference, form = baseline.load(), questionnaires.load()
    sheets = synthetic.make(reference, form, options.seed)
    found = baseline.reproduce(reference, sheets)
    print(indexes.load().notice)
    print(_("“已公布”列：%s") % reference.label)
    print(_("“计算”列：%s") % reference.synthetic)
    heading = (_("指标"), _("数字"), _("已公布"), _("计算"), _("差"), _("答卷数"), _("吻合"))
    print_table(heading, [_reproduced(one, form) for one in found])
    print(
        _("共 %(count)d 个数字，%(agree)d 个在已公布数字的舍入范围之内。")
        % {"count": len(found), "agree": sum(one.agrees for one in found)}
    )
    for finding in _findings(reference):
        if not finding.joint:
            print(_disjoint(finding, form))
    if options.answers:
        answers.write(options.answers, form, sheets)
        print(_("已写出 %s（合成答卷）") % options.answers)


def _reproduced(one: baseline.Computed, form: questionnaires.Questionnaire) -> tuple[str, ...]:
    figure = one.figure
    unit = "" if figure.statistic == "mean" else "%"
    value = f"{one.value:,.1f}" if figure.statistic == "mean" else f"{one.value:.2f}"
    published = f"<{figure.value}" if figure.below else figure.value
    agrees = _("是") if one.agrees else _("否")
    return (
        figure.indicator,
        figure.title(form),
        published + unit,
        value + unit,
        f"{baseline.difference(one):+}",
        str(one.n),
        agrees,
    )


def _findings(reference: baseline.Baseline) -> list[baseline.Finding]:
    return [baseline.find(group, figures, reference.cities) for group, figures in reference.groups.items()]


def _disjoint(finding: baseline.Finding, form: questionnaires.Questionnaire) -> str:
    return _("%(all)s：没有一个答卷数能同时得出；%(fit)s 可出自 %(n)s 份，%(left)s 须另有分母。") % {
        "all": "、".join(f"{one.title(form)} {one.value}%" for one in (*finding.figures, *finding.left)),
        "fit": "、".join(f"{one.value}%" for one in finding.figures),
        "n": _numbers(finding.fits),
        "left": "、".join(f"{one.value}%" for one in finding.left),
    }


def _numbers(fits: Iterable[consistency.Fit]) -> str:
    """Numbers of answers, runs of three and more as first–last."""
    runs: list[list[int]] = []
    for fit in fits:
        if runs and runs[-1][-1] == fit.n - 1:
            runs[-1].append(fit.n)
        else:
            runs.append([fit.n])
    told = [f"{run[0]}–{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs]
    return "、".join(told) or _("无")


def _consistency(options: argparse.Namespace) -> None:
    if options.percentages:
        _given(options)
        return
    reference, form = baseline.load(), questionnaires.load()
    print(_("%(label)s；至多 %(most)d 份") % {"label": reference.label, "most": reference.cities})
    for finding in _findings(reference):
        if finding.joint:
            names = "、".join(f"{one.title(form)} {one.value}%" for one in finding.figures)
            print(_("%(names)s：%(n)s") % {"names": names, "n": _numbers(finding.fits)})
        else:
            print(_disjoint(finding, form))


def _given(options: argparse.Namespace) -> None:
    try:
        shares = [consistency.share(text) for text in options.percentages]
    except ValueError as error:
        raise Failed(_("不是 0 到 100 的百分比：%s") % error) from error
    fits = consistency.fits(shares, options.most, partition=options.partition)
    rows = [(str(fit.n), *(str(count) for count in fit.counts)) for fit in fits]
    if rows:
        print_table((_("答卷数"), *(f"{one}%" for one in options.percentages)), rows)
        return
    print(_("不超过 %d 的答卷数都不能同时得出这些百分比。") % options.most)
    places, partial = consistency.largest_joint(shares, options.most)
    if partial:
        kept = "、".join(f"{options.percentages[place]}%" for place in places)
        print(_("最多的一组：%(kept)s，答卷数 %(n)s") % {"kept": kept, "n": _numbers(partial)})


def _print_faults(faults: Sequence[answers.Fault]) -> None:
    rows = [(str(one.line), one.column, one.value, one.reason) for one in faults[:MOST_FAULTS]]
    print_table((_("行"), _("列"), _("值"), _("原因")), rows)
    if len(faults) > MOST_FAULTS:
        print(_("另有 %d 处") % (len(faults) - MOST_FAULTS))


def print_table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns under each other; a Chinese character is two wide."""
    lines = [tuple(heading), *(tuple(row) for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(heading))]
    for line in lines:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)]
        print("  ".join(cells).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
