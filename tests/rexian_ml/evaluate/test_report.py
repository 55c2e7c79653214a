# SPDX-License-Identifier: Apache-2.0
"""The report says what was measured, beside what was aimed at."""

from pathlib import Path

import numpy as np
import pytest

from rexian_ml.evaluate.report import met, row, write
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.tables import calibration_error, reliability


@pytest.mark.parametrize(
    ("figure", "answer"),
    [
        (Figure("x", 0.95, aim="≥ 0.93"), "yes"),
        (Figure("x", 0.92, 0.91, 0.94, aim="≥ 0.93"), "no, but the interval reaches it"),
        (Figure("x", 0.92, 0.91, 0.925, aim=">= 0.93"), "no"),
        (Figure("x", 0.92, 0.91, 0.925, aim="≥ 93 %"), "no"),
        (Figure("x", 94.0, unit="%", aim="≥ 93 %"), "yes"),
        (Figure("x", 4900, aim="≥ 5,000"), "no"),
        (Figure("x", 0.03, aim="< 0.03"), "no"),
        (Figure("x", 0.03, aim="≤ 0.03"), "yes"),
        (Figure("x", 1.0, aim="> 0"), "yes"),
        (Figure("x", 0.02, aim="below 0.02"), "no"),
        (Figure("x", 0.02, aim="at most 0.02"), "yes"),
        (Figure("x", 1.0, aim="as good as people"), ""),
        (Figure("x", 1.0), ""),
    ],
)
def test_whether_an_aim_is_met(figure: Figure, answer: str) -> None:
    assert met(figure) == answer


def test_a_line_of_the_table() -> None:
    figure = Figure("speed | one core", 6030.4, n=1219, unit="messages/s", aim="≥ 5000", note="CPU")
    assert row(figure) == "| speed \\| one core (CPU) | 6,030 messages/s |  | 1,219 | ≥ 5000 | yes |\n"
    assert row(Figure("F1", 0.92414, 0.9171, 0.9314)) == "| F1 | 0.9241 | 0.9171 to 0.9314 |  |  |  |\n"


def test_the_report_has_its_pictures_beside_it(tmp_path: Path) -> None:
    said = np.linspace(0.1, 0.9, 60)
    chart = reliability(said, said > 0.5, "Confidence")
    section = Section("part", "a title", "made up", "How.", (Figure("a", 1.0),), {"calibration": chart})
    file = write([section], tmp_path / "new")
    text = file.read_text(encoding="utf-8")
    assert "## part: a title" in text
    assert "(part-calibration.svg)" in text
    assert (tmp_path / "new" / "part-calibration.svg").read_text(encoding="utf-8").startswith("<svg")


def test_calibration_error_by_hand() -> None:
    said = np.array([0.2, 0.2, 0.8, 0.8])
    assert calibration_error(said, np.array([False, False, True, True]), bins=2) == pytest.approx(0.2)
    assert calibration_error(said, np.array([True, False, True, True]), bins=2) == pytest.approx(0.25)
