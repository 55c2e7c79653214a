# SPDX-License-Identifier: Apache-2.0
"""The channels by which requests come in: one folder a channel, found here, registered nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel (渠道): what it is called, and whether a person of the hotline takes the request down or the citizen writes it."""

    code: str
    name: str | Promise
    spoken: bool = False
    online: bool = True


@cache
def register() -> Mapping[str, Channel]:
    """Every channel by its code: the `CHANNEL` of each folder beside this file."""
    found = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__) if module.ispkg)
    return {module.CHANNEL.code: module.CHANNEL for module in found}
