# SPDX-License-Identifier: Apache-2.0
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from rexian.directory.actions import export_table
from rexian.directory.importing import TABLES


class Command(BaseCommand):
    help = "Writes a table of the directory as CSV to the standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", choices=sorted(set(TABLES) - {"citizens"}))

    def handle(self, *args: Any, **options: Any) -> None:
        for line in export_table(options["table"]):
            self.stdout.write(line, ending="")
