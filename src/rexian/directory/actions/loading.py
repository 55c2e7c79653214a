# SPDX-License-Identifier: Apache-2.0
"""A whole city from a folder: city.toml and the directory's tables."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory.actions.importing import import_table
from rexian.directory.actions.recording import may_keep, put
from rexian.directory.models import City
from rexian.directory.queries import forget
from rexian.security.errors import Refusal
from rexian.security.identity import By

SHIPPED = Path(__file__).resolve().parent.parent / "cities"
ORDER = ("areas", "departments", "categories", "catalogue", "staff", "calendar")


@transaction.atomic
def load_city(*, folder: Path, by: By, say: Callable[[str], None] = lambda _line: None) -> City:
    """Loads or updates the city that this installation serves; raises Refusal or BadFile, and then nothing was loaded.

    The folder holds city.toml, and of the tables those that it has: areas.csv, departments.csv and so on.
    """
    may_keep(by)
    city = City.objects.filter(pk=1).first() or City(pk=1)
    put(by=by, row=city, subject="city", values=_read(folder / "city.toml"))
    for name in ORDER:
        path = folder / f"{name}.csv"
        if path.exists():
            with path.open("rb") as file:
                report = import_table(by=by, name=name, file=file)
            say(f"{report.table.title}：{report}")
    forget()
    return city


def _read(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refusal(_("没有 %(path)s。") % {"path": path}) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refusal(_("%(path)s 读不了：%(error)s。") % {"path": path, "error": error}) from None
    unknown = table.keys() - {field.name for field in City._meta.concrete_fields} | table.keys() & {"id"}
    if unknown:
        raise Refusal(_("%(path)s 里没有这样的项：%(names)s。") % {"path": path, "names": "、".join(sorted(unknown))})
    return table
