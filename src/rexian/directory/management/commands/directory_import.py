# SPDX-License-Identifier: Apache-2.0
import gzip
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from rexian.directory.actions import import_table
from rexian.directory.importing import BadFile
from rexian.directory.tables import TABLES
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM


class Command(BaseCommand):
    help = "Imports a table of the directory from a CSV file (also .gz); nothing is taken of a file with a fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", choices=sorted(TABLES))
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--columns", nargs="+", default=[], metavar="FIELD=HEADING", help="the file's own headings of our fields"
        )
        parser.add_argument("--complete", action="store_true", help="what the file does not name goes out of use")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with _opened(options["file"]) as file:
                report = import_table(
                    by=SYSTEM,
                    name=options["table"],
                    file=file,
                    complete=options["complete"],
                    renamed=_renamed(options["table"], options["columns"]),
                )
        except BadFile as error:
            raise CommandError(f"文件有误，未导入，共 {len(error.problems)} 处：\n{error}") from error
        except Refusal as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"读不了 {options['file']}：{error}") from error
        for note in report.notes:
            self.stdout.write(note)
        self.stdout.write(f"{report}。")


def _opened(path: Path) -> BinaryIO:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]  # it is one


def _renamed(table: str, pairs: list[str]) -> dict[str, str]:
    renamed = dict(pair.partition("=")[::2] for pair in pairs)
    names = [column.name for column in TABLES[table].columns]
    for name, heading in renamed.items():
        if name not in names or not heading:
            raise CommandError(f"--columns {name}={heading}：应为 字段=表头，字段有 {'、'.join(names)}")
    return renamed
