# SPDX-License-Identifier: Apache-2.0
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.orders import archive
from rexian.orders.actions.archiving import export_month, exports, months_before, remove_part
from rexian.orders.archive import Part, Unproven
from rexian.orders.models import ArchiveRecord
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM


def month(text: str) -> date:
    return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  a month, not a moment


class Command(BaseCommand):
    help = (
        "Writes whole months of archived orders to Parquet with proof; with --remove takes them out of the live tables."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--before", type=month, metavar="YYYY-MM", help="the months before this one")
        what.add_argument("--check", action="store_true", help="reads every file of the archive and its chains")
        parser.add_argument("--remove", action="store_true", help="removes what is proven from the live tables")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self._check()
            else:
                self._archive(options["before"], options["remove"])
        except (Unproven, Refusal) as error:
            raise CommandError(str(error)) from None

    def _archive(self, before: date, remove: bool) -> None:
        for one in months_before(before):
            record = export_month(month=one, by=SYSTEM)
            if record is not None:
                self._say(record, f"导出 {record.orders} 张，已读回核对")
            for known in exports(one) if remove else ():
                self._say(known, f"移出 {remove_part(record=known, by=SYSTEM)} 张")

    def _check(self) -> None:
        for record in exports():
            found = archive.check(Part(record.month, record.part), record.manifest)
            self._say(record, f"核对 {found.orders} 张工单、{found.events} 条事件，没有发现改动")

    def _say(self, record: ArchiveRecord, what: str) -> None:
        self.stdout.write(f"{record.month:%Y-%m} 第 {record.part} 份：{what}")
