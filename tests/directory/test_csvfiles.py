# SPDX-License-Identifier: Apache-2.0
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rexian.directory import csvfiles
from rexian.directory.csvfiles import Unreadable, lines, write

CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)


def read(content: bytes) -> list[tuple[int, list[str]]]:
    return list(lines(io.BytesIO(content)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends_of_spreadsheets(encoding: str, end: str) -> None:
    text = end.join(["代码,名称", "1,㙍街道", "", ",", '2,"两', '行,""名"""', "3,末"])
    assert read(text.encode(encoding)) == [
        (1, ["代码", "名称"]),
        (2, ["1", "㙍街道"]),
        (5, ["2", f'两{end}行,"名"']),
        (7, ["3", "末"]),
    ]


def test_tabs_divide_where_there_is_no_comma() -> None:
    assert read("代码\t名称\n1\t甲,乙\n".encode()) == [(1, ["代码", "名称"]), (2, ["1", "甲,乙"])]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04....", "Excel"),
        ("代码".encode("utf-16"), "UTF-16"),
        (b"code\n\xff\xff\xff", "UTF-8"),
        (b'code\n"1', "引号"),
        (b'code\n"1"2\n', "引号"),
    ],
)
def test_what_is_not_csv_says_what_it_is(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(content)


def test_an_encoding_fault_far_behind_is_found_before_the_first_row() -> None:
    content = "代码\n".encode() + b"1\n" * 2_000_000 + "名".encode("gb18030") + b"\n"
    with pytest.raises(Unreadable):
        read(content[:-3] + b"\xff\n")


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(any), max_size=5))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    content = "".join(write(["a", "b", "c"], rows)).encode()
    assert [cells for _line, cells in read(content)] == [["a", "b", "c"], *rows]


@given(CELLS)
def test_no_cell_is_a_formula(text: str) -> None:
    assert not csvfiles.safe(text).startswith(csvfiles.FORMULA) or float(text) < 0


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "'=1"])
def test_formulas_are_led_by_an_apostrophe(text: str) -> None:
    assert csvfiles.safe(text) == f"'{text}"
    assert csvfiles.safe(-105.2) == "-105.2"
