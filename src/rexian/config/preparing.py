# SPDX-License-Identifier: Apache-2.0
"""Before a start: the database and the static files of this version, and a city to try in an empty installation.

Finding out by Django that nothing is to be done takes seconds. So what was prepared is written down in `var/prepared.json`: a digest of the code's
migrations and static files, and the state of the database's own list of migrations. Where both are as they were, nothing is done.
"""

import hashlib
import json
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from rexian.config.operations import statics
from rexian.config.operations.alone import alone
from rexian.config.postgres import connect

APPLIED = (
    "SELECT (SELECT oid::bigint FROM pg_database WHERE datname = current_database()), "
    "count(*), max(id), max(applied)::text FROM django_migrations"
)


def prepare() -> None:
    """Brings everything up to this version, unless it is known to be."""
    if _known():
        return
    django.setup()
    migrate()
    _collect()
    if not settings.PRODUCTION:
        _fill()
    connections.close_all()
    _note()


def migrate() -> None:
    """The structure of this version. Two machines that start at once do it one after the other."""
    print("更新数据库结构", flush=True)
    with alone(wait=True):
        call_command("migrate", verbosity=0, interactive=False)


def _collect() -> None:
    if statics.collect():
        print("收集静态文件", flush=True)


def _fill() -> None:
    orders: Any = django.apps.apps.get_model("orders", "WorkOrder")
    if orders.objects.exists():
        return
    print("空数据库：建立仿真城市，90 天 20000 张工单（约半分钟）", flush=True)
    call_command("simulate", orders=20_000, days=90, seed=1)
    print("学习分类和派单", flush=True)
    call_command("train")
    print("实测 29 项指标", flush=True)
    call_command("assess_live", verbosity=0)


def _note() -> None:
    file = settings.VAR / "prepared.json"
    file.write_text(json.dumps({"code": code(), "database": _database()}), encoding="utf-8")


def _known() -> bool:
    """Whether this code has been prepared on this database, and neither is another since."""
    try:
        noted = json.loads((settings.VAR / "prepared.json").read_text(encoding="utf-8"))
        return bool(noted == {"code": code(), "database": _database()}) and settings.STATIC_ROOT.exists()
    except (OSError, ValueError, psycopg.Error):
        return False


def _database() -> list[Any]:
    """What tells the database and its applied migrations from any other."""
    with connect() as there:
        return list(there.execute(APPLIED).fetchone() or ())


def code() -> str:
    """A digest over the names and times of our migrations and static files, and over the installed packages."""
    digest = hashlib.sha256(f"{sys.version} {settings.STATIC_ROOT} {settings.INSTALLED_APPS}".encode())
    for path in sorted(_files()):
        digest.update(f"{path} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    """Migrations, what is below `static`, and the folder of the installed packages, whose time is that of the last installation."""
    yield Path(sysconfig.get_paths()["purelib"])
    for pattern in ("*/migrations/*.py", "*/static/**/*"):
        yield from settings.PACKAGE.glob(pattern)
