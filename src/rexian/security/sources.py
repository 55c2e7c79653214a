# SPDX-License-Identifier: Apache-2.0
"""What an app tells desks of, beside orders' events: it says so in a `telling.py` with one `SOURCE`, which the notices find there.

So the notices need not know the app, nor the app the notices; as `datasets.py` for governance.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

from rexian.security.declarations import modules
from rexian.security.identity import By


@dataclass(frozen=True, slots=True)
class Told:
    """Something that needs a desk. `event` is its key in its source, `subject` the key of what it is about; `kind` and `desk` as `rexian.notices.kinds`
    names them; `department` where the desk is a department's; `actor` did it and is not told."""

    event: int
    subject: int
    at: datetime
    kind: str
    desk: str
    department: int | None = None
    actor: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """`since` gives what happened from a moment on, again and again the same; `visible` the subjects that somebody may see; `title` what one is called."""

    about: str
    since: Callable[[datetime], Iterable[Told]]
    visible: Callable[[By], QuerySet[Any]]
    title: Callable[[Any], str]


@cache
def sources() -> dict[str, Source]:
    """Every source of the installed apps, by what it is about."""
    found: list[Source] = [module.SOURCE for module in modules("telling")]
    return {one.about: one for one in found}
