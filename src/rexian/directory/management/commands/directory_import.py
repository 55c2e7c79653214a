# SPDX-License-Identifier: Apache-2.0
import gzip
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.directory.actions import import_table
from rexian.directory.importing import TABLES, BadFile
from rexian.security.identity import SYSTEM


class Command(BaseCommand):
    help = "Imports a table of the directory from a CSV file (also .gz); nothing is taken of a file with a fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", choices=sorted(TABLES))
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        content = options["file"].read_bytes()
        if options["file"].suffix == ".gz":
            content = gzip.decompress(content)
        try:
            done = import_table(name=options["table"], content=content, by=SYSTEM)
        except BadFile as error:
            raise CommandError(f"文件有误，未导入，共 {len(error.problems)} 处：\n{error}") from error
        self.stdout.write(f"新增 {done.added}，更新 {done.changed}，未变 {done.same}。")
