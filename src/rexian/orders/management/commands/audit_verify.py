# SPDX-License-Identifier: Apache-2.0
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.orders import chain


class Command(BaseCommand):
    help = "Reads every order's events and every hourly seal, and finds what was changed, removed or reordered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=50, help="how many findings to print")

    def handle(self, *args: Any, **options: Any) -> None:
        result = chain.verify()
        for finding in result.findings[: options["most"]]:
            self.stdout.write(f"{finding.where}：{finding.what}")
        self.stdout.write(f"核对 {result.orders} 张工单、{result.events} 条事件、{result.seals} 个封存。")
        if result.findings:
            raise CommandError(f"发现 {len(result.findings)} 处不符。")
        self.stdout.write("没有发现改动。")
