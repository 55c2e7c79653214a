# SPDX-License-Identifier: Apache-2.0
"""The command `rexian`: run the hotline, and everything that an operator does from a shell."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.core.management.base import CommandError
from django.db import ProgrammingError
from django.utils.module_loading import import_string
from psycopg.errors import UndefinedColumn, UndefinedTable

from rexian.config import preparing, supervisor
from rexian.config.errors import CannotRun
from rexian.config.postgres import DatabaseError, EmbeddedPostgres

COMMANDS = "rexian.config.operations.commands"
OPERATIONS = ("backup", "doctor", "restore", "rotate-keys")
"""Functions of COMMANDS, which can be imported only once Django is set up."""
HELP = """rexian 热线

  rexian run                 启动：数据库、迁移、首次仿真、网页、后台任务（Ctrl-C 停止）
  rexian migrate             把数据库结构更新到这个版本（rexian run 启动时也会做）
  rexian simulate [...]      用仿真城市填满空库（--orders --days --seed）
  rexian train [...]         用本市已办结的工单训练分类和派单，好才启用（--versions --back --use N）
  rexian audit verify        核对每一条事件和每小时的封存
  rexian assess survey|baseline|consistency|template   评估：问卷得分与报告、2020 年基线、百分比检验、空白问卷
  rexian assess live [...]   由本平台的数据实测 29 项指标（--report DIR --claims FILE --days N）
  rexian doctor              检查各处，说出问题和修复命令（--json；有问题时退出码 1）
  rexian backup DIR [...]    加密备份：数据库、附件、密钥（--verify --keep N --passphrase-file FILE）
  rexian restore DIR [...]   从备份恢复（--replace --missing-files --passphrase-file FILE）
  rexian rotate-keys [...]   换数据密钥，不停机（--suite --keep-old --stage --finish）
  rexian archive [...]       把旧月份的归档工单导出为 Parquet 并核对（--before YYYY-MM [--remove]，--check）
  rexian restore-archive WHAT   从档案调回一张工单（工单号）或一个月（YYYY-MM）
  rexian manage COMMAND      Django 的管理命令
  rexian db start|stop|status   内置 PostgreSQL
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command; errors that a person can mend are one sentence, exit status 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rexian.config.settings")
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _dispatch(words)
    except (DatabaseError, CannotRun) as error:
        sys.exit(f"rexian：{error}")
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
            raise
        sys.exit("rexian：数据库的结构不是这个版本的，先运行 rexian migrate。")


def _dispatch(words: list[str]) -> None:
    commands: dict[str, Callable[[list[str]], None]] = {
        "run": lambda _: supervisor.run(),
        "db": _database,
        "manage": _manage,
        "audit": lambda rest: _manage(["audit_verify", *rest[1:]]) if rest[:1] == ["verify"] else _help(),
        "assess": _assess,
        "archive": lambda rest: _manage(["archive", *rest]),
        "restore-archive": lambda rest: _manage(["restore_archive", *rest]),
        "train": lambda rest: _manage(["train", *rest]),
        "migrate": lambda _: _migrated(),
        "simulate": lambda rest: _migrated("simulate", *rest),
        **{name: partial(_operate, name) for name in OPERATIONS},
    }
    command = commands.get(words[0]) if words else None
    command(words[1:]) if command else _help()


def _help() -> None:
    print(HELP)
    sys.exit(2)


def _assess(words: list[str]) -> None:
    """All but `live`, which measures this hotline, need no database."""
    if words[:1] == ["live"]:
        _manage(["assess_live", *words[1:]])
        return
    from rexian.assessment import (
        commands,
    )  # numpy, scipy and the drawing of charts, which no other command should wait for

    commands.main(words)


def _migrated(*words: str) -> None:
    """Brings the database's structure up to this version, however long that takes, and then runs the management command, if one is given."""
    with ExitStack() as stack:
        supervisor.database(stack)
        django.setup()
        preparing.migrate()
        if words:
            _manage([*words])


def _manage(words: list[str]) -> None:
    """A management command, with the embedded database started for it if it is not running."""
    with ExitStack() as stack:
        supervisor.database(stack)
        try:
            execute_from_command_line(["rexian manage", *words])
        except CommandError as error:
            sys.exit(str(error))


def _operate(name: str, words: list[str]) -> None:
    """An operator's command; all but `doctor`, which tells what is down, have the embedded database started for them."""
    with ExitStack() as stack:
        if name != "doctor":
            supervisor.database(stack)
        django.setup()
        operation: Callable[[list[str]], None] = import_string(f"{COMMANDS}.{name.replace('-', '_')}")
        operation(words)


def _database(words: list[str]) -> None:
    server = EmbeddedPostgres(settings.VAR)
    match words:
        case ["start"]:
            server.start(print)
        case ["stop"]:
            server.stop()
        case ["status"]:
            print("运行中" if server.running() else "未运行", server.home)
        case _:
            _help()


if __name__ == "__main__":
    main()
