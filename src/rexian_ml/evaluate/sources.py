# SPDX-License-Identifier: Apache-2.0
"""Reads the public sources that the figures of time, place and reply are measured on; nothing of them is kept."""

import csv
import gzip
import re
from datetime import datetime
from pathlib import Path

_FORMS = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d", "%Y-%m-%d")
_SPACE = re.compile(r"\s+")


def read(data: Path, name: str) -> list[dict[str, str]] | None:
    """The rows of a gzipped CSV, or None where it is not there."""
    if not (path := data / name).exists():
        return None
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def moment(text: str) -> datetime:
    """A time in one of the forms that the sources write, without a zone; raises ValueError for another."""
    for form in _FORMS:
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007 - the sources give local time without a zone
        except ValueError:
            continue
    raise ValueError(f"not a time: {text}")


def joined(text: str) -> str:
    """A text without the white space that the source's pages left in it."""
    return _SPACE.sub("", text)
