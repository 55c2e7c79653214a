# SPDX-License-Identifier: Apache-2.0
"""What the measuring of one part comes to. Each module of this folder that has a `measure(data: Path) -> Section | None` is one section of the report."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: what it is, over how many, between what (95 % bootstrap interval, where it has one), and beside what."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    unit: str = ""
    aim: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of one part on one source, how they were measured, and Vega-Lite specifications of its pictures by name.

    `measure` returns None where its file is not there. No row of the data goes into a section, only figures.
    """

    part: str
    title: str
    source: str
    method: str
    figures: tuple[Figure, ...]
    charts: dict[str, dict[str, Any]] = field(default_factory=dict)
