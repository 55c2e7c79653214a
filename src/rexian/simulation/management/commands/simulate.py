# SPDX-License-Identifier: Apache-2.0
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.directory.actions import load_city
from rexian.directory.actions.loading import SHIPPED
from rexian.directory.models import City
from rexian.orders.models import WorkOrder
from rexian.security.identity import SYSTEM
from rexian.simulation.accounts import open_demo_accounts
from rexian.simulation.actions import REAL, simulate


class Command(BaseCommand):
    help = "Fills an empty database with the synthetic city of Yucheng and its orders."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--orders", type=int, default=20_000)
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--real", type=int, default=REAL, help="how many of the newest go through the real actions")
        parser.add_argument("--processes", type=int, help="by default as many as the machine has cores")

    def handle(self, *args: Any, **options: Any) -> None:
        if WorkOrder.objects.exists():
            raise CommandError("数据库里已有工单：仿真只填空库，不与真实数据混在一起。")
        if not City.objects.exists():
            load_city(folder=SHIPPED / "yucheng", by=SYSTEM, say=self.stdout.write)
        open_demo_accounts()
        begun = time.monotonic()
        written = simulate(
            orders=options["orders"],
            days=options["days"],
            seed=options["seed"],
            real=options["real"],
            processes=options["processes"],
            say=self.stdout.write,
        )
        self.stdout.write(f"写入 {written} 张工单，用时 {time.monotonic() - begun:.0f} 秒。")
