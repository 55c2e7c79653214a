# SPDX-License-Identifier: Apache-2.0
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.intake import accuracy, automatic, learning, versions
from rexian.intake.comparing import Verdict
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM

VERDICTS = {
    Verdict.BETTER: "比原来的好，已启用",
    Verdict.EVEN: "不比原来的差，学了更新的工单，已启用",
    Verdict.SAME: "与在用的一样，没有替换",
    Verdict.WORSE: "比在用的差，没有启用，留作记录",
    Verdict.UNTESTED: "没有双方都没见过的工单可检验，没有启用",
}


class Command(BaseCommand):
    help = "Trains classification and dispatch on the city's own closed orders, and puts the new version live where it proves itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--versions", action="store_true", help="lists the versions on record and trains nothing")
        what.add_argument("--back", action="store_true", help="puts the version live that was live before")
        what.add_argument("--use", type=int, metavar="VERSION", help="puts this version live")
        parser.add_argument("--reason", default="operator", help="why, for the record (with --back and --use)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["versions"]:
                self._list()
            elif options["back"] or options["use"]:
                self._use(options["use"] or versions.before(), options["reason"])
            else:
                self._train()
        except Refusal as error:
            raise CommandError(error.message) from error

    def _list(self) -> None:
        for one in accuracy.versions():
            mark = "●" if one.live else " "
            told = one.metrics.get("compared", {}).get("category", {}).get("now")
            share = "—" if told is None else f"{told:.1%}"
            self.stdout.write(
                f"{mark} 第 {one.version} 版 {one.name} {one.trained_at:%Y-%m-%d %H:%M} 学 {one.orders} 张，分类准确 {share}"
            )

    def _use(self, version: int, reason: str) -> None:
        versions.put_live(by=SYSTEM, version=version, reason=reason)
        self.stdout.write(f"第 {version} 版已启用，各进程十秒内换用。")

    def _train(self) -> None:
        result = learning.train(by=SYSTEM)
        told = result.metrics
        self.stdout.write(
            f"第 {result.version} 版，学习 {result.orders} 张已办结工单；用之后的 {told['tested']} 张检验，新旧同卷："
        )
        for name, label in (("category", "分类"), ("department", "单位")):
            one = told["compared"][name]
            self.stdout.write(
                f"  {label}准确 {one['now']:.1%}，原来 {one['was']:.1%}，差的 95% 区间 {one['low']:+.1%} 至 {one['high']:+.1%}"
            )
        self.stdout.write(f"  {VERDICTS[result.verdict]}")
        for would in automatic.would_have_done():
            share = f"{would.right / would.dispatched:.1%}" if would.dispatched else "—"
            self.stdout.write(
                f"  置信度 {would.threshold:.2f} 以上自动派单：{would.dispatched} / {would.orders} 张，与人工一致 {share}"
            )
        accuracy.judge()
