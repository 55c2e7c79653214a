# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from rexian.directory.actions import load_city
from rexian.directory.actions.loading import SHIPPED
from rexian.directory.importing import BadFile
from rexian.directory.models import Area, CatalogueLine, Category, Change, City, Staff
from rexian.directory.queries import responsible
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM
from rexian.security.models import User
from rexian.security.posts import Post
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_shipped_city_is_whole_and_loading_it_twice_changes_nothing() -> None:
    said: list[str] = []
    load_city(folder=SHIPPED / "yucheng", by=SYSTEM, say=said.append)
    changes = Change.objects.count()
    load_city(folder=SHIPPED / "yucheng", by=SYSTEM)
    assert Change.objects.count() == changes
    assert len(said) == 6
    assert City.objects.get().name == "榆城市"
    assert set(User.objects.values_list("post", flat=True)) == set(Post)
    assert not User.objects.get(username="agent1").has_usable_password()
    leaves = Category.objects.filter(children=None)
    streets = Area.objects.filter(level=3)
    assert leaves.count() >= 120
    assert streets.count() >= 50
    for leaf in leaves:
        assert all(responsible(leaf, street, TODAY) for street in (None, *streets[::9])), leaf
    staffed = set(Staff.objects.filter(user__post=Post.CLERK).values_list("department", flat=True))
    assert set(CatalogueLine.objects.values_list("lead", flat=True)) <= staffed
    assert all(area.outline for area in Area.objects.all())
    assert set(Category.objects.filter(service="utility").values_list("parent__name", flat=True)) == {
        "供水",
        "供电",
        "供气",
        "供热",
    }


def test_a_faulty_city_is_not_loaded_at_all(tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text((SHIPPED / "yucheng/city.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "areas.csv").write_text("code,name\n990100,榆城市\n990102,\n", encoding="utf-8")
    with pytest.raises(BadFile, match="第 3 行“名称”列：不能为空"):
        load_city(folder=tmp_path, by=SYSTEM)
    assert not City.objects.exists()
    assert not Area.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [("name = ", "读不了"), ('mayor = "?"', "没有这样的项：mayor"), ('name = "榆城"', "行政区划代码|不能为空|null")],
)
def test_a_city_file_that_is_no_city_is_refused(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "city.toml").write_text(content, encoding="utf-8")
    with pytest.raises(Refusal, match=said):
        load_city(folder=tmp_path, by=SYSTEM)


def test_a_folder_without_a_city_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"没有 .*city\.toml"):
        load_city(folder=tmp_path, by=SYSTEM)
