# SPDX-License-Identifier: Apache-2.0
"""Files come in whole or not at all."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from rexian.assessment import answers, files, questionnaire
from rexian.assessment.answers import Fault
from tests.assessment.strategies import values

FORM = questionnaire.load()
GOOD = "城市,省份,城市层级,开通网站渠道,其他渠道,数据存储的安全程度\n甲市,广东,地级市,是,微博；电子邮箱,较好\n"


def faults(file: Path) -> tuple[Fault, ...]:
    with pytest.raises(answers.RefusedError) as refused:
        answers.read(file, FORM)
    return refused.value.faults


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_reads_what_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(GOOD, encoding=encoding)
    (sheet,) = answers.read(file, FORM)
    assert sheet["channel_website"] == "yes"
    assert sheet["channel_more"] == frozenset({"weibo", "email"})
    assert sheet["storage_safe"] == 4.0
    assert sheet["level"] == "prefecture"
    assert FORM.group("province", sheet) == "华南"


def test_reads_xlsx_with_numbers_and_codes(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["city", "province", "level", "全部渠道受理量（件） [volume_total]", "storage_safe"])
    book.active.append(["甲市", "广东", "prefecture", 1200, 5])
    book.save(tmp_path / "a.xlsx")
    (sheet,) = answers.read(tmp_path / "a.xlsx", FORM)
    assert (sheet["volume_total"], sheet["storage_safe"]) == (1200.0, 5.0)


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(
        "城市,省份,城市层级,电话接通率（%）,年报,reports_annual,数据存储方式\n"
        "甲市,广东,地级市,101,,1.5,无；公有云\n乙市,火星,地级市,abc,,1,公有云\n甲市,广东,地级市,9,,1,\n",
        encoding="utf-8",
    )
    assert [(one.line, one.column) for one in faults(file)] == [(1, "年报")]
    file.write_text(file.read_text(encoding="utf-8").replace(",年报", "").replace(",,", ","), encoding="utf-8")
    found = faults(file)
    assert [(one.line, one.value) for one in found] == [
        (2, "101"),
        (2, "1.5"),
        (3, "火星"),
        (3, "abc"),
        (4, "甲市"),
    ]
    assert found[0].reason == "不能大于 100"
    assert found[-1].reason == "与第 2 行是同一个城市"


def test_contradictions_are_told(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(
        "city,province,level,volume_total,volume_phone,volume_wechat,open_data,open_since,storage\n"
        "甲市,广东,地级市,100,90,20,否,2018,无；公有云\n,广东,地级市,,,,,,\n",
        encoding="utf-8",
    )
    assert [(one.line, one.column) for one in faults(file)] == [
        (2, "数据存储方式"),
        (2, "开始开放的时间"),
        (2, "全部渠道受理量（件）"),
        (3, "城市"),
    ]


def test_parts_that_do_not_make_up_the_total_are_told() -> None:
    names = ("volume_phone", "volume_wechat", "volume_website", "volume_app", "volume_other")
    sheet = {"city": "甲", "province": "广东", "level": "prefecture", **dict.fromkeys(names, 10.0)}
    assert list(FORM.findings({**sheet, "volume_total": 50.0})) == []
    assert [one for one, _ in FORM.findings({**sheet, "volume_total": 60.0})] == ["volume_total"]
    del sheet["volume_app"]  # what is not answered may be the rest
    assert list(FORM.findings({**sheet, "volume_total": 60.0})) == []


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "没有标题行"),
        (b"PK\x03\x04 broken", "已损坏"),
        ("城市".encode("utf-16"), "CSV UTF-8"),
        (b"\xff\xff\x81", "GB18030"),
        ('城市,省份\n"甲'.encode(), "引号"),
        ("城市,省份,城市层级,城市\n甲,广东,地级市,乙\n".encode(), "两次"),
        ("城市,城市层级\n甲,地级市\n".encode(), "缺少必填"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, word: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    assert word in faults(file)[0].reason


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path / "nothing.csv")[0].reason == "没有这个文件"
    assert "打不开" in faults(tmp_path)[0].reason


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_parse_gives_back_what_text_wrote(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(FORM.questions))
    value = data.draw(values(question))
    assert answers.parse(question, question.text(value)) == value  # type: ignore[arg-type]


def test_cells_are_never_formulas(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    sheet = {"city": "=HYPERLINK(1)", "province": "广东", "level": "prefecture", "volume_total": 123456789012.0}
    answers.write(file, FORM, [sheet])
    assert "'=HYPERLINK" in file.read_text(encoding="utf-8-sig")
    assert answers.read(file, FORM) == (sheet,)
    assert files.safe(-1.5) == "-1.5"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("form") / "a.xlsx"
    book = Workbook()
    assert book.active is not None
    book.active.append(["city", "province", "level"])
    book.active.append(["甲市", "广东", "prefecture"])
    book.save(file)
    return file.read_bytes()


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(4, 4000), value=st.integers(0, 255), cut=st.integers(0, 200))
def test_a_damaged_workbook_is_read_or_refused_never_more(
    workbook: bytes, tmp_path: Path, place: int, value: int, cut: int
) -> None:
    damaged = bytearray(workbook)
    damaged[place % len(damaged)] = value
    file = tmp_path / "a.xlsx"
    file.write_bytes(bytes(damaged[: len(damaged) - cut]))
    with suppress(answers.RefusedError):
        answers.read(file, FORM)


def test_a_file_that_would_unpack_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workbook: bytes
) -> None:
    monkeypatch.setattr(files, "LARGEST_UNPACKED", 100)
    (tmp_path / "a.xlsx").write_bytes(workbook)
    assert faults(tmp_path / "a.xlsx")[0].reason == "XLSX 文件解压后过大"


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode), st.text('城市,"\n\r=;1').map(str.encode))
)
def test_any_bytes_are_read_or_refused_never_more(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with suppress(answers.RefusedError):
        answers.read(file, FORM)
