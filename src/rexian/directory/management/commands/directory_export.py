# SPDX-License-Identifier: Apache-2.0
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.directory.actions import export_table
from rexian.directory.queries import by_of
from rexian.directory.tables import TABLES
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM
from rexian.security.models import User


class Command(BaseCommand):
    help = "Writes a table of the directory as CSV to the standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", choices=sorted(TABLES))
        parser.add_argument(
            "--by", metavar="USERNAME", help="whose export it is; citizens are masked as this account sees them"
        )
        parser.add_argument(
            "--full", action="store_true", help="citizens unmasked; needs --by and --reason, and is audited"
        )
        parser.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            by = by_of(User.objects.get(username=options["by"], is_active=True)) if options["by"] else SYSTEM
            lines = export_table(by=by, name=options["table"], full=options["full"], reason=options["reason"])
        except User.DoesNotExist as error:
            raise CommandError(f"没有账号 {options['by']}") from error
        except Refusal as error:
            raise CommandError(error.message) from error
        for line in lines:
            self.stdout.write(line, ending="")
