# SPDX-License-Identifier: Apache-2.0
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.orders.actions.archiving import exports, restore_part
from rexian.orders.archive import Unproven
from rexian.orders.management.commands.archive import month
from rexian.orders.models import ArchivedOrder
from rexian.orders.numbers import normalise
from rexian.security.identity import SYSTEM


class Command(BaseCommand):
    help = "Brings one order, or a month of orders, back from the archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", metavar="NUMBER|YYYY-MM")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = self._restore(options["what"])
        except Unproven as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"调回 {done} 张工单。")

    def _restore(self, what: str) -> int:
        if number := normalise(what):
            stub = ArchivedOrder.objects.select_related("record").filter(number=number).first()
            if stub is None:
                raise CommandError(f"档案里没有 {number}。")
            return restore_part(record=stub.record, by=SYSTEM, number=number)
        try:
            wanted = month(what)
        except ValueError:
            raise CommandError("请给工单号，或月份如 2026-01。") from None
        return sum(restore_part(record=record, by=SYSTEM) for record in exports(wanted))
