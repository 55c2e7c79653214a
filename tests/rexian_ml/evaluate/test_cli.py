# SPDX-License-Identifier: Apache-2.0
"""`rexian-ml evaluate` measures each part, on made-up files of the public ones' form and, where they are, on those themselves."""

import csv
import gzip
import random
from pathlib import Path

import numpy as np
import pytest

from rexian_ml.evaluate import classify, cli, retrieve, route
from rexian_ml.evaluate.section import Section
from tests.rexian_ml.examples import TROUBLES, orders

PUBLIC = Path(__file__).parents[3].parent / "shared" / "data"
public = pytest.mark.skipif(not PUBLIC.is_dir(), reason=f"the public data are not in {PUBLIC}")


def _put(file: Path, rows: list[dict[str, str]]) -> None:
    with gzip.open(file, "wt", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _figures(section: Section | None) -> dict[str, float]:
    assert section is not None
    return {figure.name: figure.value for figure in section.figures}


def test_every_part_is_found() -> None:
    assert {"classify", "route", "similar", "retrieve"} <= set(cli.parts())
    assert "report" not in cli.parts()


@pytest.mark.slow
def test_classify_on_a_grammar(tmp_path: Path) -> None:
    _put(tmp_path / classify.SEGMENTED, [{"seg_text": one.text, "一级分类": one.category} for one in orders(200)])
    assert cli.main(["evaluate", str(tmp_path), "--only", "classify", "--out", str(tmp_path / "out")]) == 0
    report = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "| segmented: macro-F1 |" in report
    assert (tmp_path / "out" / "classify-calibration.svg").exists()


def test_equal_texts_never_stand_on_both_sides() -> None:
    texts, truth = classify.distinct([("a  b", "x"), ("a b", "y"), ("c", "x")])
    assert (texts, truth.tolist()) == (["a b", "c"], ["x", "x"])


@pytest.mark.slow
def test_route_on_a_grammar(tmp_path: Path) -> None:
    draw = random.Random(0)
    rows = []
    for key in range(400):
        kind = draw.choice(list(TROUBLES))
        where = {"pwd_district": f"0{draw.randrange(1, 5)}", "ward": f"Ward {draw.randrange(1, 20)}"}
        what = {
            "type": kind,
            "case_title": TROUBLES[kind][0],
            "department": TROUBLES[kind][1],
            "queue": f"{TROUBLES[kind][1]} 1",
        }
        rows.append({"case_enquiry_id": str(key), "open_dt": f"2011-07-{1 + key // 20:02d}"} | where | what)
    _put(tmp_path / route.FILE, rows)
    told = _figures(route.measure(tmp_path))
    assert told["department from type: top 1"] == 1
    assert told["department from title: top 1"] == 1
    assert told["department, always the commonest: top 1"] < 0.5


def test_retrieve_ranks_by_the_tasks_own_rules() -> None:
    rows = [
        {"docid": "d", "question": "停水怎么办", "answer": "打抢修电话"},
        {"docid": "d", "question": "停水多久恢复", "answer": "当天恢复供水"},
        {"docid": "e", "question": "社保怎么交", "answer": "社保怎么交"},
        *({"docid": f"f{place}", "question": f"噪音{place}x", "answer": "环保"} for place in range(3)),
    ]
    usable = retrieve._usable(rows)
    assert len(usable) == 5
    task = retrieve.Task(retrieve.document_task(usable).passages, ["停水怎么办"], [frozenset({1})], [0])
    assert retrieve.ranks(task, lambda at: [0, 1]).tolist() == [1]
    assert retrieve.ranks(task, lambda at: [0]).tolist() == [np.inf]
    assert retrieve.ranks(task, retrieve.ours(task)).tolist() == [1]


@pytest.mark.parametrize("part", ["classify", "route", "retrieve"])
def test_without_its_file_a_part_is_left_out(tmp_path: Path, part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", str(tmp_path), "--only", part, "--out", str(tmp_path / "out")]) == 1
    assert "its data are not there" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_part_that_fails_ends_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(data: Path) -> Section | None:
        raise KeyError("no such column")

    monkeypatch.setattr(cli, "parts", lambda: {"bad": fails, "good": lambda data: Section("good", "t", "s", "m", ())})
    assert cli.main(["evaluate", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "no such column" in capsys.readouterr().err
    assert "## good: t" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_a_part_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["evaluate", str(tmp_path), "--only", "nonsense"])
    assert left.value.code == 2


@public
@pytest.mark.slow
def test_classify_keeps_its_figures_on_public_messages() -> None:
    told = classify.cross_validate(
        *classify.distinct(
            [(row["seg_text"], row["一级分类"]) for row in classify.read_rows(PUBLIC / classify.SEGMENTED)]
        )
    )
    every = np.arange(len(told.truth))
    assert told.f1(every) > 0.918
    assert told.covered(every) > 0.97
    assert told.error(every) < 0.03


@public
@pytest.mark.slow
def test_route_keeps_its_figures_on_public_requests() -> None:
    told = _figures(route.measure(PUBLIC))
    assert told["department from type: top 1"] > 0.95
    assert told["department from type: top 3"] > 0.99
    assert told["department from type: expected calibration error"] < 0.02
