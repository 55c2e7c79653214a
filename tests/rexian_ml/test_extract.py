# SPDX-License-Identifier: Apache-2.0
"""Extraction: times, amounts and places by marked sentences of our own, half of them written after the rules; what must hold for every text."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rexian_ml.evaluate.extract import NOW, f1, marks, measure
from rexian_ml.evaluate.personal import read
from rexian_ml.evaluate.requests import WHEN, made
from rexian_ml.extract import Area, Gazetteer, extract
from rexian_ml.extract.amounts import amounts, durations, frequencies
from rexian_ml.extract.calendar import ZONE, holiday
from rexian_ml.extract.moments import find
from rexian_ml.extract.numerals import value
from rexian_ml.extract.places import find as find_places

MARKED = Path(__file__).with_name("marked")
DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
CITY = Gazetteer(
    [
        Area("990100", "春江市"),
        Area("990102", "河东区"),
        Area("990103", "河西区"),
        Area("990104", "东湖区"),
        Area("990102001", "大王庄街道"),
        Area("990102002", "和平街道"),
        Area("990103002", "和平街道"),
        Area("990104001", "青山街道"),
        Area("990104001001", "李家庄村"),
    ]
)


def _rows(name: str) -> list[list[str]]:
    lines = (MARKED / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("marked", "start", "end"), _rows("moments.tsv") + _rows("moments-held.tsv"))
def test_times(marked: str, start: str, end: str) -> None:
    expected = [(found[1], start, end) for found in re.finditer(r"\{(.*?)\}", marked)]
    found = find(re.sub("[{}]", "", marked), NOW)
    assert [(one.text, f"{one.start:%Y-%m-%d %H:%M}", f"{one.end:%Y-%m-%d %H:%M}") for one in found] == expected


@pytest.mark.parametrize(("text", "expected"), _rows("amounts.tsv"))
def test_amounts_durations_and_frequencies(text: str, expected: str) -> None:
    def rate(number: float | None) -> str:
        return "?" if number is None else f"{number:g}"

    found = [(one.start, f"{one.value:g}{one.unit}") for one in amounts(text)]
    found += [(one.start, f"{round(one.days, 5):g}d") for one in durations(text)]
    found += [(one.start, f"{rate(one.times)}/{rate(one.days)}") for one in frequencies(text)]
    assert " ".join(text for _, text in sorted(found)) == expected.replace("-", "")


@pytest.mark.parametrize(("file", "least"), [("elements.txt", 0.9), ("elements-held.txt", 0.8)])
def test_elements_of_written_requests(file: str, least: float) -> None:
    scores = f1(read(MARKED / file), CITY)
    assert set(scores) == {"who", "when", "where", "what", "cause"}
    assert min(scores.values()) >= least, scores


@pytest.mark.slow
def test_elements_of_made_requests() -> None:
    scores = f1(made(300, seed=1), CITY)
    assert min(scores.values()) >= 0.9, scores


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("河东区大王庄街道八纬路12号", "990102001"),
        ("河东大王庄街道停水", "990102001"),
        ("河西区和平街道有人占道", "990103002"),
        ("河东区和平街道有人占道", "990102002"),
        ("东湖区李家庄村三组", "990104001001"),
        ("河东路12号的饭店", ""),
    ],
)
def test_areas_have_codes(text: str, code: str) -> None:
    assert find_places(text, CITY)[0].code == code


def test_an_address_in_its_parts() -> None:
    (place,) = find_places("河东区大王庄街道八纬路12号阳光小区3号楼2单元501室漏水", CITY)
    assert (place.areas, place.road, place.site) == (("河东区", "大王庄街道"), "八纬路", "阳光小区")
    assert place.text.endswith("501室")


def test_a_time_zone_is_demanded_and_others_are_turned_into_chinese_time() -> None:
    with pytest.raises(ValueError, match="time zone"):
        find("昨天", datetime(2020, 11, 18, 10))  # noqa: DTZ001
    (one,) = find("今天", datetime.fromisoformat("2020-11-17T20:00:00+00:00"))
    assert one.start == datetime(2020, 11, 18, tzinfo=ZONE)


def test_a_holiday_whose_days_nobody_knows_is_none() -> None:
    assert holiday(1990, "中秋") is None
    assert holiday(2050, "除夕") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("二零一九", 2019),
        ("一万二", 12000),
        ("三十五", 35),
        ("1.5万", 15000),
        ("五六", 5.5),
        ("一百零五", 105),
        ("两千三", 2300),
    ],
)
def test_numerals(text: str, number: float) -> None:
    assert value(text) == number


_words = st.sampled_from(
    [
        *WHEN,
        "到",
        "停水",
        "，",
        "河东区",
        "十",
        "3",
        "号",
        "路",
        "点",
        "月",
        "年",
        "前",
        "已经五天了",
        "因为",
        "导致",
        "的",
    ]
)


@pytest.mark.slow
@given(st.lists(st.one_of(_words, st.text(max_size=6)), max_size=12).map("".join))
@settings(max_examples=200, deadline=None)
def test_every_element_is_a_place_in_the_text(text: str) -> None:
    elements = extract(text, NOW, CITY)
    for _, start, end in marks(elements):
        assert 0 <= start < end <= len(text)
    for one in elements.when:
        assert text[one.place : one.stop] == one.text
        assert one.start <= one.end
        assert one.start.utcoffset() == timedelta(hours=8)


@pytest.mark.slow
def test_real_messages_with_planted_requests() -> None:
    section = measure(DATA)
    if section is None:
        pytest.skip("the citizens' messages are not there: ../shared/data")
    figures = {one.name: one.value for one in section.figures}
    assert figures["recall when"] >= 0.9
    assert figures["recall where"] >= 0.85


def test_nothing_is_measured_without_the_messages(tmp_path: Path) -> None:
    assert measure(tmp_path) is None
