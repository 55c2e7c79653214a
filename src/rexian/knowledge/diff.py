# SPDX-License-Identifier: Apache-2.0
"""What differs between two versions, field by field, sentence by sentence. Pure but for reading the versions' own rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from rexian.directory.models import Kind
from rexian.knowledge.labels import FIELDS
from rexian.knowledge.models import Version

_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: `same`, `gone` (only in the older) or `new` (only in the newer)."""

    sort: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs, with what stays of it and what goes and comes."""

    label: str | Promise
    pieces: list[Piece]


def told(version: Version, name: str) -> str:
    """A field of a version as people read it."""
    value: Any = getattr(version, name)
    if name in ("categories", "areas"):
        return "\n".join(sorted(str(one) for one in value.all()))
    if name == "kinds":
        return "、".join(str(Kind(one).label) for one in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "\n".join(value)
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, str | Model) else ""


def pieces(older: str, newer: str) -> list[Piece]:
    """Both texts as one, cut into sentences."""
    old, new = _SENTENCE.findall(older), _SENTENCE.findall(newer)
    return list(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for sort, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if sort == "equal":
            yield Piece("same", "".join(old[start:end]))
            continue
        if end > start:
            yield Piece("gone", "".join(old[start:end]))
        if stop > begin:
            yield Piece("new", "".join(new[begin:stop]))


def between(older: Version, newer: Version) -> list[Difference]:
    """The fields that differ, in the order of labels.FIELDS."""
    pairs = [(FIELDS[name], told(older, name), told(newer, name)) for name in FIELDS if hasattr(Version, name)]
    return [Difference(label, pieces(old, new)) for label, old, new in pairs if old != new]
