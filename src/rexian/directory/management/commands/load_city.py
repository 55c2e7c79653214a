# SPDX-License-Identifier: Apache-2.0
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.directory.actions import load_city
from rexian.directory.actions.loading import SHIPPED
from rexian.directory.importing import BadFile
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM


class Command(BaseCommand):
    help = "Loads a city from a folder (city.toml and CSV files), or a shipped one by its name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        folder = folder if (folder / "city.toml").exists() else SHIPPED / options["folder"]
        try:
            city = load_city(folder=folder, by=SYSTEM, say=self.stdout.write)
        except Refusal as error:
            raise CommandError(error.message) from error
        except BadFile as error:
            raise CommandError(f"文件有误，未导入：\n{error}") from error
        self.stdout.write(f"已载入{city.name}。")
