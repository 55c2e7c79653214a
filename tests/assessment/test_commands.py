# SPDX-License-Identifier: Apache-2.0
"""`rexian assess`, without a database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from rexian.assessment import answers, baseline, commands, handbook, index, questionnaire, translation

FORM = questionnaire.load()
pytestmark = pytest.mark.slow
DOCS = Path(__file__).parents[2] / "docs"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    commands.main([str(word) for word in words])
    return capsys.readouterr().out


def refused(*words: object) -> str:
    with pytest.raises(SystemExit) as stopped:
        commands.main([str(word) for word in words])
    return str(stopped.value.code)


def test_baseline_shows_every_figure_beside_the_computed_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "base.csv"
    out = run(capsys, "baseline", "--answers", file)
    assert "共 88 个数字，88 个在已公布数字的舍入范围之内" in out
    assert baseline.load().synthetic in out
    assert index.load().notice in out
    assert len([line for line in out.splitlines() if line.endswith("是")]) == 88
    assert "56.3%、77.5%、18.3% 可出自 71 份，93.75% 须另有分母" in out
    assert len(answers.read(file, FORM)) == 79


def test_consistency_of_the_study_and_of_others(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "consistency")
    storage = next(line for line in out.splitlines() if "数据存储方式" in line)
    assert storage.endswith("：76")
    assert "：39、78" in out
    given = run(capsys, "consistency", "32.8", "43.8", "18.7", "4.7%", "--partition").splitlines()
    assert given[1].split() == ["64", "21", "28", "12", "3"]
    none = run(capsys, "consistency", "93.75", "56.3", "77.5", "18.3")
    assert "不超过 79 的答卷数都不能同时得出" in none
    assert "56.3%、77.5%、18.3%，答卷数 71" in none
    assert "abc" in refused("consistency", "abc")


def test_template_as_xlsx_is_read_back(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    assert "form.xlsx" in run(capsys, "template", file)
    book = load_workbook(file)
    sheet = book.worksheets[0]
    assert sheet.max_column == len(FORM.questions)
    rules = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["C2"] == '"直辖市,副省级城市,省会城市（非副省级）,地级市,县级市"'
    assert all(len(formula) <= 255 for formula in rules.values())
    told = [row[0] for row in book.worksheets[1].iter_rows(values_only=True)]
    assert set(FORM.by_id) <= set(told)
    assert index.load().notice in told
    for column, cell in enumerate(("某市", "广东", "地级市", 700), start=1):
        sheet.cell(2, column, cell)
    book.save(file)
    assert answers.read(file, FORM) == (
        {"city": "某市", "province": "广东", "level": "prefecture", "population": 700.0},
    )
    assert "结尾" in refused("template", tmp_path / "form.doc")
    assert "写不了" in refused("template", tmp_path / "none" / "form.csv")


def test_a_bad_file_gives_its_faults_and_nothing_else(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("city,province,level\n甲,火星,地级市\n", encoding="gb18030")
    assert refused("survey", file, "--report", tmp_path / "out") == "1"
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["行", "列", "值", "原因"]
    assert lines[1].split()[:3] == ["2", "省份", "火星"]
    assert len(lines) == 2
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("base") / "base.csv"
    commands.main(["baseline", "--answers", str(file)])
    return file


def test_survey_ranks_and_labels(capsys: pytest.CaptureFixture[str], base: Path) -> None:
    out = run(capsys, "survey", base).splitlines()
    assert out[0] == baseline.load().synthetic
    assert len(out) == 2 + 1 + 79
    scores = [float(line.split()[1]) for line in out[3:]]
    assert scores == sorted(scores, reverse=True)
    assert out[3].split()[-1] == "1"


def test_survey_writes_the_reports(capsys: pytest.CaptureFixture[str], base: Path, tmp_path: Path) -> None:
    run(capsys, "survey", base, "--report", tmp_path / "all")
    run(capsys, "survey", base, "--city", "合成城市13", "--report", tmp_path / "one", "--weights", "entropy")
    for folder in ("all", "one"):
        names = {path.name for path in (tmp_path / folder).iterdir()}
        assert names == {"report.pdf", "report.docx", "pictures", "tables"}
    assert (tmp_path / "one" / "tables" / "plan.csv").stat().st_size > 100
    assert (tmp_path / "all" / "tables" / "ranks.csv").read_text(encoding="utf-8-sig").count("\n") == 80


def test_weights_of_judges(capsys: pytest.CaptureFixture[str], base: Path, tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_text("[[judge]]\ndimensions = [[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]]\n", encoding="utf-8")
    assert "一致性比例 三个维度：0.000" in run(capsys, "survey", base, "--weights", file)
    file.write_text("[[judge]]\ndimensions = [[1, 9, 0.2], [0.111, 1, 9], [5, 0.111, 1]]\n", encoding="utf-8")
    assert "一致性比例超过 0.1" in refused("survey", base, "--weights", file)
    assert "没有" in refused("survey", base, "--city", "不在") or "0 个" in refused("survey", base, "--city", "不在")


def test_it_runs_where_there_is_no_database_and_imports_no_django(base: Path) -> None:
    script = (
        "import sys\n"
        "from rexian.assessment import commands\n"
        f"commands.main(['survey', {str(base)!r}])\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'django', 'psycopg', 'procrastinate'}, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    environment = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    whole = subprocess.run(
        [str(Path(sys.executable).with_name("rexian")), "assess", "consistency"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert whole.returncode == 0, whole.stderr
    assert "：76" in whole.stdout


def test_the_indicators_page_is_the_index() -> None:
    assert (DOCS / "reference/indicators.md").read_text(encoding="utf-8") == handbook.page()


def test_messages_go_through_the_translation_that_is_in_use() -> None:
    translation.use(lambda message: f"<{message}>")
    try:
        assert refused("template", "form.doc").endswith("<文件名应以 .xlsx 或 .csv 结尾>")
    finally:
        translation.use(str)


def test_the_index_s_sources_are_the_published_figures() -> None:
    sources = {one.id: one.source for one in index.load().indicators}
    for figure in baseline.load().figures:
        if figure.statistic == "share":
            assert figure.value in sources[figure.indicator], figure.id
