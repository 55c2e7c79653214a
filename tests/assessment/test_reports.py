# SPDX-License-Identifier: Apache-2.0
"""Reports: one content, as PDF, DOCX, pictures and tables."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import docx
import numpy as np
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image

from rexian.assessment import baseline, charts, document, fonts, overview, pdf, portrait, questionnaire, synthetic, word
from rexian.assessment.document import Document, Heading, Paragraph, Picture, Table
from rexian.assessment.survey import Survey

FORM = questionnaire.load()
SURVEY = Survey(synthetic.make(baseline.load(), FORM))
DAY = date(2026, 11, 24)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report() -> Document:
    return overview.build(SURVEY, DAY)


@pytest.fixture(scope="module")
def city() -> Document:
    return portrait.build(SURVEY, SURVEY.names.index("合成城市13"), DAY)


def texts(report: Document) -> str:
    return "\n".join(block.text for block in report.blocks if isinstance(block, Heading | Paragraph))


def tables(report: Document) -> dict[str, Table]:
    return {block.name: block for block in report.blocks if isinstance(block, Table)}


def test_what_is_reconstructed_and_synthetic_is_said(report: Document, city: Document) -> None:
    for one in (report, city):
        assert one.label == baseline.load().synthetic
        notices = [block.text for block in one.blocks if isinstance(block, Paragraph) and block.notice]
        assert notices == [SURVEY.index.notice, one.label]


def test_real_cities_carry_no_label() -> None:
    renamed = [{**sheet, "city": f"城{place}"} for place, sheet in enumerate(SURVEY.sheets)]
    assert Survey(renamed).label == ""


def test_the_report_tells_true_numbers(report: Document) -> None:
    found = tables(report)
    assert len(found["ranks"].rows) == 79
    assert len(found["ranks"].printed) == overview.SHOWN
    assert list(found["answers_N"].rows[0][:4]) == ["开通网站渠道", "是", "60/64", "93.8%"]
    assert [row[0] for row in found["missing"].rows[:3]] == [
        "其他渠道",
        "全部渠道的诉求在同一系统由同一前台受理",
        "电话接通率（%）",
    ]
    assert "I2.2 服务侧应用" in texts(report)
    assert "武汉、南京、安阳" in texts(report)
    assert f"{np.mean(SURVEY.scores.overall):.2f}" in texts(report)


def test_the_city_s_report_holds_advice_and_plan(city: Document) -> None:
    said = texts(city)
    assert "合成城市13" in city.title
    for word_ in ("优势", "差距", "改进建议", "实施计划", "待补充的信息", "佐证情况", "融合性政务服务闭环", "支撑体系"):
        assert word_ in said
    plan = tables(city)["plan"]
    assert {row[0] for row in plan.rows} <= {"近期（3 个月内）", "中期（6 个月内）", "远期（12 个月内）"}
    assert all(all(row) for row in plan.rows)


def test_one_city_alone_is_not_ranked() -> None:
    alone = portrait.build(Survey(SURVEY.sheets[:1]), 0, DAY)
    assert "不作排名" in texts(alone)
    few = overview.build(Survey(SURVEY.sheets[:4]), DAY)
    assert "ranks" not in tables(few)
    assert "可计分的城市少于 5 个" in texts(few)
    assert "不作分类" in texts(few)


def test_a_survey_without_answers_makes_a_report() -> None:
    bare = [{"city": f"城{n}", "province": "广东", "level": "prefecture"} for n in range(3)]
    content = pdf.render(overview.build(Survey(bare), DAY))
    assert content[0].startswith(b"%PDF")
    assert pdf.render(portrait.build(Survey(bare), 0, DAY))[0].startswith(b"%PDF")


def test_headings_are_numbered_as_an_office_does() -> None:
    levels = [1, 2, 3, 4, 4, 3, 2, 3, 1, 2]
    found = [mark for _, mark in document.numbered([Heading(level, "") for level in levels])]
    assert found == ["一、", "（一）", "1. ", "（1）", "（2）", "2. ", "（二）", "1. ", "二、", "（一）"]
    assert [document.chinese(n) for n in (1, 9, 10, 11, 20, 21, 99)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]


def test_pages_are_a4_and_not_blank(report: Document) -> None:
    pages = [Image.open(io.BytesIO(one)).convert("L") for one in pdf.render(report, "png")]
    assert len(pages) >= 8
    for page in pages:
        assert page.height / page.width == pytest.approx(297 / 210, abs=0.01)
        assert np.asarray(page).min() < 100
    (content,) = pdf.render(report)
    assert content.startswith(b"%PDF-")
    assert b"WenQuanYi" in content or b"CJK" in content or b"FangSong" in content


def test_text_from_outside_is_never_markup(tmp_path: Path) -> None:
    evil = '#panic("x") *a* $x$ \\ <b> "q" =1+1'
    blocks = (Heading(1, evil), Paragraph(evil), Table("t", evil, (evil,), ((evil,),), (1,)))
    assert pdf.render(Document(evil, "", evil, blocks))[0].startswith(b"%PDF")
    word.write(Document(evil, "", evil, blocks), tmp_path / "a.docx")
    assert evil in docx.Document(str(tmp_path / "a.docx")).tables[0].cell(0, 0).text


def test_the_docx_has_the_office_s_page(report: Document, tmp_path: Path) -> None:
    word.write(report, tmp_path / "a.docx")
    made = docx.Document(str(tmp_path / "a.docx"))
    section = made.sections[0]
    assert [
        round(side.mm)
        for side in (section.page_width, section.page_height, section.top_margin, section.left_margin)
        if side
    ] == [210, 297, 37, 28]
    title = made.paragraphs[0]
    assert title.text == "政务热线数字化转型评估报告"
    assert title.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    first = next(line for line in made.paragraphs if line.text.startswith("一、"))
    assert first.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    assert first.style.name == "Heading 1"
    assert len(made.tables) == len(tables(report))
    assert len(made.inline_shapes) == sum(isinstance(block, Picture) for block in report.blocks)
    assert all(shape.width <= Mm(156) for shape in made.inline_shapes)
    assert "PAGE" in section.footer._element.xml
    assert section.header.paragraphs[0].text == report.label


def test_every_picture_is_also_a_table(report: Document, tmp_path: Path) -> None:
    document.write_data(report, tmp_path)
    pictures = [block.chart for block in report.blocks if isinstance(block, Picture)]
    assert {one.name for one in pictures} == {"radar", "indicators", "ranks", "heat", "types"}
    for chart in pictures:
        drawn = (tmp_path / "pictures" / f"{chart.name}.svg").read_text(encoding="utf-8")
        assert drawn.startswith("<svg")
        assert report.label in drawn
        assert SURVEY.index.notice in drawn
        with (tmp_path / "pictures" / f"{chart.name}.csv").open(encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
        assert len(rows) == len(chart.rows) + 1
    assert report.label in (tmp_path / "tables" / "notice.txt").read_text(encoding="utf-8")
    with (tmp_path / "pictures" / "heat.csv").open(encoding="utf-8-sig") as file:
        heat = list(csv.reader(file))
    assert (len(heat), len(heat[0])) == (80, 30)


def test_a_specification_is_data_and_names_what_it_shows() -> None:
    chart = charts.radar("r", "题", ["甲", "乙", "丙"], [("一", [0.1, 0.5, float("nan")]), ("二", [1.0, 1.0, 1.0])])
    assert json.loads(json.dumps(chart.spec)) == chart.spec
    drawn = charts.svg(chart)
    assert all(name in drawn for name in ("甲", "乙", "丙", "一", "二"))
    assert chart.rows[2] == ("一", "丙", None)
    heat = charts.heat("h", "题", ["甲市", "乙市"], ["A", "B"], [[0.0, float("nan")], [1.0, 0.5]], shown=1)
    assert "甲市" in charts.svg(heat)
    assert "乙市" not in charts.svg(heat)
    assert heat.rows[1] == ("乙市", 1.0, 0.5)


def test_without_a_chinese_font_it_says_what_to_install() -> None:
    with pytest.raises(fonts.NoChineseFontError, match="fonts-noto-cjk"):
        fonts.choose({"DejaVu Sans", "Libertinus Serif"})
    assert set(fonts.choose({"WenQuanYi Micro Hei"}).values()) == {"WenQuanYi Micro Hei"}
    full = fonts.choose({"FangSong", "SimHei", "KaiTi", "FZXiaoBiaoSong-B05S", "SimSun"})
    assert (full["body"], full["black"], full["script"], full["title"]) == (
        "FangSong",
        "SimHei",
        "KaiTi",
        "FZXiaoBiaoSong-B05S",
    )
