# SPDX-License-Identifier: Apache-2.0
"""Sections as one Markdown report with its pictures beside it."""

import operator
import re
from collections.abc import Sequence
from pathlib import Path

import vl_convert

from rexian_ml.evaluate.section import Figure, Section

_AIM = re.compile(r"(>=|<=|≥|≤|>|<|at least|at most|above|below)\s*([\d.,]+)\s*(%?)")
_HOLDS = {
    "at least": operator.ge,
    "at most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
    ">=": operator.ge,
    "≥": operator.ge,
    "<=": operator.le,
    "≤": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
HEAD = "| figure | value | 95 % interval | n | aim | met |\n|---|---|---|---|---|---|\n"


def met(figure: Figure) -> str:
    """Whether the value keeps its aim ("≥ 0.93", "below 10"): "yes", "no", "no, but the interval reaches it", or "" without such an aim."""
    if not (found := _AIM.search(figure.aim)):
        return ""
    holds = _HOLDS[found[1]]
    bound = float(found[2].replace(",", "")) / (100 if found[3] and figure.unit != "%" else 1)
    if holds(figure.value, bound):
        return "yes"
    edges = [edge for edge in (figure.low, figure.high) if edge is not None]
    return "no, but the interval reaches it" if any(holds(edge, bound) for edge in edges) else "no"


def number(value: float) -> str:
    """Short and exact enough: 0.9312, 12.3, 4,810."""
    size = abs(value)
    return f"{value:,.0f}" if size >= 1000 else f"{value:.1f}" if size >= 10 else f"{value:.4f}"


def row(figure: Figure) -> str:
    """A figure as a line of the table."""
    between = "" if figure.low is None or figure.high is None else f"{number(figure.low)} to {number(figure.high)}"
    count = "" if figure.n is None else f"{figure.n:,}"
    name = f"{figure.name} ({figure.note})" if figure.note else figure.name
    cells = (name, f"{number(figure.value)} {figure.unit}".strip(), between, count, figure.aim, met(figure))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def page(section: Section, pictures: Sequence[str]) -> str:
    """A section as Markdown; `pictures` are the names of its files."""
    table = HEAD + "".join(map(row, section.figures))
    shown = "".join(f"\n![{name.removesuffix('.svg')}]({name})\n" for name in pictures)
    return f"## {section.part}: {section.title}\n\nSource: {section.source}\n\n{section.method}\n\n{table}{shown}"


def draw(section: Section, folder: Path) -> list[str]:
    """Writes the section's pictures as SVG; their file names."""
    names = []
    for name, spec in section.charts.items():
        file = f"{section.part}-{name}.svg"
        (folder / file).write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
        names.append(file)
    return names


def write(sections: Sequence[Section], folder: Path) -> Path:
    """`report.md` and the pictures in `folder`, which is made where it is not there; the report's path."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = [page(section, draw(section, folder)) for section in sections]
    file = folder / "report.md"
    file.write_text("# What rexian_ml measures\n\n" + "\n".join(pages), encoding="utf-8")
    return file
