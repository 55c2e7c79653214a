# SPDX-License-Identifier: Apache-2.0
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rexian.intake.actions import end_client, register_client
from rexian.intake.channels import register
from rexian.security.errors import Refusal


class Command(BaseCommand):
    help = "Makes an API client and prints its token, once; or ends one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--channel", choices=sorted(register()), default="app")
        parser.add_argument("--end", action="store_true", help="the client's token opens nothing any more")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["end"]:
                end_client(name=options["name"])
                self.stdout.write(f"“{options['name']}”已停用。")
                return
            _client, token = register_client(name=options["name"], channel=options["channel"])
        except Refusal as error:
            raise CommandError(error.message) from error
        self.stdout.write("令牌只显示这一次，请妥善保管：")
        self.stdout.write(token)
