# SPDX-License-Identifier: Apache-2.0
"""What each app says of its tables in `datasets.py`: whose data a field is, and how long a row is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps
from django.db.models import Model
from django.utils.functional import Promise


class Sensitivity(StrEnum):
    """How a field is to be treated: for everyone, for staff, personal, or sensitive personal (个人信息保护法 Art. 28)."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


def of(sensitivity: Sensitivity, names: str) -> dict[str, Sensitivity]:
    """The columns `names` (divided by spaces), all of one sensitivity."""
    return dict.fromkeys(names.split(), sensitivity)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table: each of its columns with its sensitivity. `retention`: how long a row is kept after its end; None, as long as the hotline.

    `files`: the columns that name a file in the store of attachments, kept as long as the row.
    """

    model: type[Model]
    title: str | Promise
    fields: Mapping[str, Sensitivity]
    retention: timedelta | None = None
    files: tuple[str, ...] = ()


def modules(name: str) -> Iterator[ModuleType]:
    """The module of that name in each of our apps that has one: there an app says of itself what others need not know it for."""
    for config in apps.get_app_configs():
        if config.name.startswith("rexian.") and find_spec(f"{config.name}.{name}"):
            yield import_module(f"{config.name}.{name}")


def declared() -> Iterator[Dataset]:
    """What every app says of its tables."""
    return (one for module in modules("datasets") for one in module.DATASETS)
