# SPDX-License-Identifier: Apache-2.0
"""A report as blocks, before it is PDF or DOCX: headings numbered as a Chinese office expects, tables and pictures numbered and kept as CSV."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rexian.assessment import charts, files
from rexian.assessment.charts import Chart
from rexian.assessment.translation import gettext as _

DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 to 4: 一、（一）1.（1） (GB/T 9704-2012, 7.3.3)."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text; `notice` is set apart, for what must not be overlooked."""

    text: str
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `name` is its file's stem, `widths` relative, cells as people read them; on paper only the first `shown` rows (None: all)."""

    name: str
    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    shown: int | None = None

    @property
    def printed(self) -> tuple[tuple[str, ...], ...]:
        """The rows on paper."""
        return self.rows[: self.shown]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its caption."""

    chart: Chart


Block = Heading | Paragraph | Table | Picture
Told = Callable[[int], None]
"""Hears the number of each block, from 0, once it is written."""


def untold(_number: int) -> None:
    """For whom nobody waits."""


@dataclass(frozen=True, slots=True)
class Document:
    """A report; `label` stands on every page (empty: nothing to warn of), `date` as it is written."""

    title: str
    date: str
    label: str
    blocks: tuple[Block, ...]


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def numbered(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Each block with its text before it: the number of a heading, 表 1 or 图 1 of a caption."""
    counts = [0, 0, 0, 0]
    tables = pictures = 0
    for block in blocks:
        match block:
            case Heading(level=level):
                counts[level - 1] += 1
                counts[level:] = [0] * (4 - level)
                yield block, _mark(level, counts[level - 1])
            case Table():
                tables += 1
                yield block, _("表 %d") % tables
            case Picture():
                pictures += 1
                yield block, _("图 %d") % pictures
            case Paragraph():
                yield block, ""


def _mark(level: int, number: int) -> str:
    return {1: f"{chinese(number)}、", 2: f"（{chinese(number)}）", 3: f"{number}. ", 4: f"（{number}）"}[level]


def write_data(document: Document, folder: Path) -> None:
    """Every picture as SVG and CSV in pictures/, every table as CSV in tables/; the notices go with them, since they may be passed on alone."""
    notices = [block.text for block in document.blocks if isinstance(block, Paragraph) and block.notice]
    for name in ("pictures", "tables"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "notice.txt").write_text("\n".join(notices) + "\n", encoding="utf-8")
    for block in document.blocks:
        if isinstance(block, Picture):
            chart = block.chart
            (folder / "pictures" / f"{chart.name}.svg").write_text(charts.svg(chart, notices), encoding="utf-8")
            files.write(folder / "pictures" / f"{chart.name}.csv", chart.heading, chart.rows)
        if isinstance(block, Table):
            files.write(folder / "tables" / f"{block.name}.csv", block.heading, block.rows)
