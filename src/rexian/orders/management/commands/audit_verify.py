# SPDX-License-Identifier: Apache-2.0
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.orders import chain


class Command(BaseCommand):
    help = "Reads every order's events and every hourly seal, and finds what was changed, removed or reordered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
        parser.add_argument("--most", type=int, default=50, help="how many findings to print")

    def handle(self, *args: Any, **options: Any) -> None:
        result = chain.verify(options["processes"])
        for finding in result.findings[: options["most"]]:
            self.stdout.write(f"{finding.where}：{finding.what}")
        self.stdout.write(f"核对 {result.orders} 张工单、{result.events} 条事件、{result.seals} 个封存。")
        if result.archived:
            self.stdout.write(
                f"另有 {result.archived} 张工单在档案里，只核对留下的哈希；文件用 rexian archive --check 核对。"
            )
        if result.findings:
            raise CommandError(f"发现 {len(result.findings)} 处不符。")
        self.stdout.write("没有发现改动。")
