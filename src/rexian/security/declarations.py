# SPDX-License-Identifier: Apache-2.0
"""What each app says of its tables in `datasets.py`: whose data a field is, and how long a row is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

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
    """A table: each of its columns with its sensitivity. `retention`: how long a row is kept after its end; None, as long as the hotline."""

    model: type[Model]
    title: str | Promise
    fields: Mapping[str, Sensitivity]
    retention: timedelta | None = None
