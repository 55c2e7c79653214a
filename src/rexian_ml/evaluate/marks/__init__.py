# SPDX-License-Identifier: Apache-2.0
"""Our own marks of public messages: their ids and what we said of them, never a word of theirs."""

import csv
from importlib.resources import files


def read(name: str) -> dict[str, dict[str, int]]:
    """The marks of a table by the message's id."""
    text = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row.pop("id"): {column: int(mark) for column, mark in row.items()} for row in rows}
