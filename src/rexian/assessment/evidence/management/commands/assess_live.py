# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rexian.assessment import answers, wording
from rexian.assessment import index as indexes
from rexian.assessment.commands import print_table, publish
from rexian.assessment.evidence import actions, claims, queries, report
from rexian.assessment.evidence.measures import Claims
from rexian.assessment.evidence.report import Measured, Planned
from rexian.assessment.fonts import NoChineseFontError
from rexian.directory import clock
from rexian.directory.queries import city
from rexian.security.identity import SYSTEM


class Command(BaseCommand):
    help = "Measures the 29 indicators on the platform's own tables, keeps the measurement, and writes the report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--report", type=Path, metavar="FOLDER", help="写出 PDF、DOCX、图和数据的目录")
        parser.add_argument("--claims", type=Path, metavar="FILE", help="本市填好的问卷（CSV 或 XLSX），与实测并列")
        parser.add_argument("--days", type=int, default=actions.PERIOD.days, help="统计期的天数，默认 90")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = claims.read(options["claims"]) if options["claims"] else claims.current()
        except answers.RefusedError as refused:
            faults = "；".join(f"{one.line} {one.column} {one.value} {one.reason}" for one in refused.faults)
            raise CommandError(f"自述文件不能用：{faults}") from refused
        if not 1 <= options["days"] <= 3660:
            raise CommandError("统计期为 1 到 3660 天")
        actions.measure(by=SYSTEM, period=timedelta(days=options["days"]))
        measured = _measured(told)
        if options["verbosity"]:
            self._show(measured)
        if options["report"]:
            self._write(measured, options["report"])

    def _show(self, measured: Measured) -> None:
        print(indexes.load().notice)
        rows = [
            (
                measured.name(key),
                wording.UNKNOWN if one.value is None else wording.points(one.value),
                report.ratio(one),
                wording.UNKNOWN if (claim := measured.claims.get(key)) is None else wording.points(claim),
                "；".join(one.lacks),
            )
            for key, one in measured.evidence.items()
        ]
        print_table(("指标", "实测", "分子/分母", "自述", "缺什么"), rows)
        known = sum(one.value is not None for one in measured.evidence.values())
        print(
            f"29 项中测出 {known} 项，总分 {wording.points(measured.scores.overall[0])}。已保存，见 /assessment/live/。"
        )

    def _write(self, measured: Measured, folder: Path) -> None:
        try:
            publish(report.build(measured), folder)
        except (NoChineseFontError, OSError) as error:
            raise CommandError(str(error)) from error
        print(f"已写出 {folder}：report.pdf、report.docx、pictures/、tables/")


def _measured(told: Claims) -> Measured:
    """The newest measurement with the plans, for the report."""
    now = queries.latest()
    plan = [
        Planned(one.quarter, one.indicator, one.action, one.due, one.before, each.value)
        for each in queries.progress(now)
        for one in (each.milestone,)
    ]
    evidence = {key: queries.evidence_of(one) for key, one in now.items()}
    return Measured(city().name, clock.today(), evidence, told, plan)
