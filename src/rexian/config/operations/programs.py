# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL's own programs, pointed at the hotline's database."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from rexian.config.errors import CannotRun
from rexian.config.postgres import BINARIES, PACKAGES

NAMES = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "HOST": "PGHOST", "PORT": "PGPORT"}
OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name")


def server_version() -> int:
    """The major version of the database's server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def program(name: str, least: int) -> str:
    """A program that can speak to a server of version `least`: the wheel's, else the system's. Raises CannotRun."""
    there = [PACKAGES / BINARIES / "bin" / name, *Path("/usr/lib/postgresql").glob(f"*/bin/{name}")]
    there += [Path(found)] if (found := shutil.which(name)) else []
    for one in there:
        if one.exists() and _version(one) >= least:
            return str(one)
    raise CannotRun(f"没有能用于 PostgreSQL {least} 的 {name}：安装 postgresql-client-{least}。")


def _version(path: Path) -> int:
    said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"(\d+)(\.|devel|beta|rc)", said.stdout)
    return int(found[1]) if found else 0


def environment() -> dict[str, str]:
    """The environment in which a program meets the hotline's database; the password is in no command line."""
    database: dict[str, Any] = settings.DATABASES["default"]
    given = {variable: str(database[name]) for name, variable in NAMES.items() if database.get(name)}
    options = {f"PG{name.upper()}": str(database["OPTIONS"][name]) for name in OPTIONS if name in database["OPTIONS"]}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return plain | given | options | {"LC_ALL": "C"}
