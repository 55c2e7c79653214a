# SPDX-License-Identifier: Apache-2.0
import gzip
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from rexian.directory.models import Category, City
from tests.factories import Town

pytestmark = pytest.mark.django_db


def run(*words: object) -> str:
    out = io.StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def test_a_compressed_file_with_headings_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "tree.csv.gz"
    file.write_bytes(gzip.compress("号,称,谁\nA,城建,?\n".encode("gb18030")))
    said = run("directory_import", "categories", file, "--columns", "code=号", "name=称")
    assert said == "没有用到的列：谁。\n新增 1，更新 0，未变 0，停用 0。\n"
    assert Category.objects.get().name == "城建"
    for pair in ("code", "colour=号"):
        with pytest.raises(CommandError, match="应为 字段=表头"):
            run("directory_import", "categories", file, "--columns", pair)


def test_a_bad_file_a_missing_file_and_a_wrong_wish(tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    with pytest.raises(CommandError, match="读不了"):
        run("directory_import", "calendar", file)
    file.write_text("日期,上班,原因\n明天,否,?\n", encoding="utf-8")
    with pytest.raises(CommandError, match="共 1 处：\n第 2 行“日期”列（明天）：应为"):
        run("directory_import", "calendar", file)
    file.write_text("日期,上班,原因\n2026-09-09,否,节\n", encoding="utf-8")
    with pytest.raises(CommandError, match="不能按完整名单导入"):
        run("directory_import", "calendar", file, "--complete")


def test_export_masks_citizens_for_the_account_that_asks(town: Town) -> None:
    assert "市自来水公司" in run("directory_export", "departments")
    assert run("directory_export", "citizens", "--by", "steward").count("\r\n") == 1
    with pytest.raises(CommandError, match="没有账号 nobody"):
        run("directory_export", "citizens", "--by", "nobody")
    with pytest.raises(CommandError, match="理由"):
        run("directory_export", "citizens", "--by", "steward", "--full")
    with pytest.raises(CommandError, match="维护"):
        run("directory_export", "staff", "--by", "agent")


def test_a_city_is_loaded_from_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有"):
        run("load_city", tmp_path / "nowhere")
    toml = 'code = "990900"\nname = "槐城"\nhotline = "槐城热线"\nrule_pack = "shandong-2020"\nlongitude = 1\nlatitude = 2\n'
    (tmp_path / "city.toml").write_text(toml, encoding="utf-8")
    assert run("load_city", tmp_path) == "已载入槐城。\n"
    assert City.objects.get().rule_pack == "shandong-2020"
    (tmp_path / "calendar.csv").write_text("日期\n", encoding="utf-8")
    with pytest.raises(CommandError, match="缺少这一列"):
        run("load_city", tmp_path)
