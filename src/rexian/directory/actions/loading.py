# SPDX-License-Identifier: Apache-2.0
"""A whole city from a folder: city.toml and the directory's tables."""

import tomllib
from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from rexian.directory.actions.importing import Imported, import_table
from rexian.directory.models import City
from rexian.directory.queries import forget
from rexian.security.identity import By

SHIPPED = Path(__file__).resolve().parent.parent / "cities"
ORDER = ("areas", "departments", "categories", "catalogue", "staff", "calendar")


@transaction.atomic
def load_city(*, folder: Path, by: By, say: Callable[[str], None] = lambda _: None) -> City:
    """Loads or updates the city that this installation serves; raises BadFile, and then nothing was loaded."""
    table = tomllib.loads((folder / "city.toml").read_text(encoding="utf-8"))
    city, _made = City.objects.update_or_create(pk=1, defaults=table)
    for name in ORDER:
        file = folder / f"{name}.csv"
        done = import_table(name=name, content=file.read_bytes(), by=by) if file.exists() else Imported()
        say(f"{name}：新增 {done.added}，更新 {done.changed}，未变 {done.same}")
    forget()
    return city
