# SPDX-License-Identifier: Apache-2.0
"""A report as DOCX in the page and fonts of GB/T 9704-2012; the fonts are named, and the office's own computer has them."""

import io
from pathlib import Path

import docx
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Lines
from docx.text.run import Run

from rexian.assessment import charts
from rexian.assessment.document import Block, Document, Heading, Paragraph, Picture, Table, Told, numbered, untold
from rexian.assessment.pdf import alignment

TITLE, BLACK, SCRIPT, BODY = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
LATIN = "Times New Roman"
TWO, THREE, FOUR, SMALL = Pt(22), Pt(16), Pt(14), Pt(10.5)
LINE = Pt(28.95)
"""22 lines on 225 mm."""
TEXT_WIDTH = Mm(156)
RED = RGBColor(0x9B, 0x1C, 0x1C)


def write(document: Document, file: Path, told: Told = untold) -> None:
    """The report as a DOCX file; `told` as in pdf.render. Raises NoChineseFontError, since the pictures are drawn here."""
    word = docx.Document()
    _page(word, document.label)
    _line(word, document.title, TITLE, TWO, ALIGN.CENTER)
    _line(word, document.date, SCRIPT, THREE, ALIGN.CENTER)
    for number, (block, mark) in enumerate(numbered(document.blocks)):
        _add(word, block, mark)
        told(number)
    word.core_properties.title = document.title
    word.core_properties.author = ""
    word.save(str(file))


def _page(word: Word, label: str) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = word.styles["Normal"]
    _font(normal.element.get_or_add_rPr(), BODY)
    normal.font.size = THREE
    word.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
        _page_number(footer.paragraphs[0], side)
    for header in (section.header, section.even_page_header):
        header.paragraphs[0].alignment = ALIGN.RIGHT
        _run(header.paragraphs[0], label, BLACK, SMALL)


def _page_number(line: Lines, side: ALIGN) -> None:
    """— 1 —, outside: right on odd pages, left on even ones (7.5)."""
    line.alignment = side
    _run(line, "— ", "宋体", FOUR)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(_run(line, "1", "宋体", FOUR)._r)
    line._p.append(field)
    _run(line, " —", "宋体", FOUR)


def _font(properties: object, family: str) -> None:
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]
    for script, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", family), ("cs", LATIN)):
        fonts.set(qn(f"w:{script}"), name)


def _run(line: Lines, text: str, family: str, size: Pt, *, bold: bool = False) -> Run:
    run = line.add_run(text)
    _font(run._r.get_or_add_rPr(), family)
    run.font.size, run.bold = size, bold
    return run


def _line(word: Word, text: str, family: str, size: Pt, align: ALIGN = ALIGN.JUSTIFY, *, indent: bool = False) -> Lines:
    line = word.add_paragraph()
    line.alignment = align
    shape = line.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = LINE if size == THREE else None
    shape.first_line_indent = Pt(32) if indent else None
    _run(line, text, family, size)
    return line


def _add(word: Word, block: Block, mark: str) -> None:
    match block:
        case Heading(level=level, text=text):
            _heading(word, level, mark + text)
        case Paragraph(text=text, notice=notice):
            line = _line(word, text, BLACK if notice else BODY, SMALL if notice else THREE, indent=not notice)
            if notice:
                line.runs[0].font.color.rgb = RED
        case Picture(chart=chart):
            word.add_picture(io.BytesIO(charts.png(chart)), width=int(TEXT_WIDTH * chart.width))
            word.paragraphs[-1].alignment = ALIGN.CENTER
            word.paragraphs[-1].paragraph_format.keep_with_next = True
            _line(word, f"{mark}　{chart.title}", BLACK, SMALL, ALIGN.CENTER)
        case Table():
            caption = _line(word, f"{mark}　{block.title}", BLACK, SMALL, ALIGN.CENTER)
            caption.paragraph_format.keep_with_next = True
            _table(word, block)


def _heading(word: Word, level: int, text: str) -> None:
    """A heading with its outline level, so that the navigation pane shows it."""
    family = {1: BLACK, 2: SCRIPT}.get(level, BODY)
    line = _line(word, text, family, THREE, indent=True)
    line.style = word.styles[f"Heading {level}"]
    for run in line.runs:
        run.font.color.rgb, run.bold, run.italic = None, level == 3, False
        colour = OxmlElement("w:color")
        colour.set(qn("w:val"), "000000")
        run._r.get_or_add_rPr().append(colour)


def _table(word: Word, block: Table) -> None:
    table = word.add_table(rows=0, cols=len(block.heading), style="Table Grid")
    table.autofit = False
    sides = alignment(block)
    total = sum(block.widths)
    widths = [int(TEXT_WIDTH * width / total) for width in block.widths]
    for number, texts in enumerate((block.heading, *block.printed)):
        cells = table.add_row().cells
        for cell, text, side, width in zip(cells, texts, sides, widths, strict=True):
            cell.width = width
            _cell(cell, text, BLACK if number == 0 else BODY, ALIGN.CENTER if number == 0 else _side(side))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width  # word processors differ in which of the two they heed
    for row in table.rows:
        _mark(row._tr, "w:cantSplit")
    _mark(table.rows[0]._tr, "w:tblHeader")  # again on each page
    _line(word, "", BODY, SMALL)


def _side(side: str) -> ALIGN:
    return ALIGN.RIGHT if side == "right" else ALIGN.LEFT


def _cell(cell: _Cell, text: str, family: str, align: ALIGN) -> None:
    line = cell.paragraphs[0]
    line.alignment = align
    line.paragraph_format.space_after = Pt(0)
    _run(line, text, family, SMALL)


def _mark(row: object, name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row.get_or_add_trPr().append(mark)  # type: ignore[attr-defined]
