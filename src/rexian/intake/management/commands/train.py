# SPDX-License-Identifier: Apache-2.0
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.intake import automatic, learning
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM


class Command(BaseCommand):
    help = "Trains classification and dispatch on the city's own orders, and shows what automatic dispatch would have done."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = learning.train(by=SYSTEM)
        except Refusal as error:
            raise CommandError(error.message) from error
        told = result.metrics
        self.stdout.write(f"学习 {result.orders} 张工单；最新 {told['tested']} 张留作检验：")
        self.stdout.write(
            f"  分类准确 {told['category']:.1%}，最有把握的八成 {told['category_at_80']:.1%}；性质准确 {told['kind']:.1%}"
        )
        for one in automatic.would_have_done():
            share = f"{one.right / one.dispatched:.1%}" if one.dispatched else "—"
            self.stdout.write(
                f"  置信度 {one.threshold:.2f} 以上自动派单：{one.dispatched} / {one.orders} 张，与人工一致 {share}"
            )
