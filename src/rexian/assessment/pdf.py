# SPDX-License-Identifier: Apache-2.0
"""A report as PDF by typst; everything from outside goes in as data, never as markup."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from rexian.assessment import charts, fonts
from rexian.assessment.document import Block, Document, Heading, Paragraph, Picture, Table, Told, numbered, untold

TEMPLATE = Path(__file__).with_name("report.typ")


def render(document: Document, form: Literal["pdf", "png"] = "pdf", told: Told = untold) -> list[bytes]:
    """The PDF, or one PNG a page; `told` hears the number of each block that is ready. Raises NoChineseFontError."""
    families = dict(fonts.found())
    with TemporaryDirectory() as name:
        folder = Path(name)
        blocks = []
        for number, (block, mark) in enumerate(numbered(document.blocks)):
            blocks.append(_block(block, mark, folder))
            told(number)
        content = {
            "title": document.title,
            "date": document.date,
            "label": document.label,
            "fonts": families,
            "blocks": blocks,
        }
        (folder / "document.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        (folder / "report.typ").write_bytes(TEMPLATE.read_bytes())
        made: bytes | list[bytes] = typst.compile(folder / "report.typ", root=folder, format=form, ppi=80, timestamp=0)
    return made if isinstance(made, list) else [made]


def _block(block: Block, mark: str, folder: Path) -> dict[str, Any]:
    match block:
        case Heading(level=level, text=text):
            return {"kind": "heading", "level": level, "text": mark + text}
        case Paragraph(text=text, notice=notice):
            return {"kind": "notice" if notice else "paragraph", "text": text}
        case Picture(chart=chart):
            (folder / f"{chart.name}.svg").write_text(charts.svg(chart), encoding="utf-8")
            return {
                "kind": "picture",
                "file": f"{chart.name}.svg",
                "width": chart.width,
                "caption": f"{mark}　{chart.title}",
            }
        case Table():
            return {
                "kind": "table",
                "caption": f"{mark}　{block.title}",
                "heading": block.heading,
                "rows": block.printed,
                "widths": block.widths,
                "align": alignment(block),
            }


def alignment(table: Table) -> list[str]:
    """`right` for columns of numbers, else `left`."""
    return [
        "right" if _numeric([row[place] for row in table.printed]) else "left" for place in range(len(table.heading))
    ]


def _numeric(cells: list[str]) -> bool:
    return bool(cells) and all(cell[:1].isdigit() or cell[:1] in "-−—" for cell in cells if cell)
