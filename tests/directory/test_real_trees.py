# SPDX-License-Identifier: Apache-2.0
"""The category trees of two real cities, where they are at hand: they lie beside the project and are no part of it."""

import gzip
import io
from pathlib import Path

import pytest

from rexian.directory.actions import import_table
from rexian.directory.importing import Report
from rexian.directory.models import Category
from rexian.security.identity import SYSTEM

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
STANDARD = DATA / "db44t2479-2024-appendix-a.csv"
CITY = DATA / "taxonomy_15x3.csv.gz"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(
        not (STANDARD.exists() and CITY.exists()), reason=f"the two real category trees are not in {DATA}"
    ),
]


def take(path: Path) -> Report:
    content = path.read_bytes()
    return import_table(
        by=SYSTEM, name="categories", file=io.BytesIO(gzip.decompress(content) if path.suffix == ".gz" else content)
    )


def leaves() -> int:
    return Category.objects.filter(children=None).count()


def by_level() -> list[int]:
    return [Category.objects.filter(level=level).count() for level in (1, 2, 3)]


def test_the_standards_tree_keeps_its_codes_and_its_misprint_is_told() -> None:
    first, again = take(STANDARD), take(STANDARD)
    assert leaves() == 515
    assert by_level() == [14, 99, 515]
    assert (again.added, again.changed, again.same) == (0, 0, first.added)
    assert len(first.notes) == 2
    assert "090499" in first.notes[-1] or "090499" in first.notes[0]
    assert Category.objects.get(code="090599").parent == Category.objects.get(code="0905")
    assert Category.objects.get(code="010600").name == "新闻出版"
    assert Category.objects.get(code="010102").note


def test_a_tree_of_names_alone_gets_codes_that_stay() -> None:
    first = take(CITY)
    codes = dict(Category.objects.values_list("full_name", "code"))
    again = take(CITY)
    assert leaves() == 517
    assert by_level() == [15, 118, 517]
    assert (again.added, again.changed, again.same) == (0, 0, first.added)
    assert codes == dict(Category.objects.values_list("full_name", "code"))


def test_both_trees_stand_side_by_side() -> None:
    take(CITY)
    take(STANDARD)
    assert leaves() == 1032
