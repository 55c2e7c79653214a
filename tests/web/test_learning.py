# SPDX-License-Identifier: Apache-2.0
"""How good the proposals are, as the pages tell it: by week, by confidence, what people chose instead, which version was live when."""

import csv
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from rexian.directory import clock
from rexian.intake import accuracy, tasks
from rexian.intake.models import Judged, LearnedModel, ModelSwitch
from rexian.orders.models import WorkOrder
from tests.factories import Town, dispatched
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def told(town: Town, sure: float | None, right: bool, *, weeks: int = 0, model: str = "m1") -> WorkOrder:
    """A dispatched order of some weeks ago whose proposal said so."""
    order = dispatched(town)
    category = {"label": town.outage.code if right else town.policy.code, "confidence": sure, "reason": ""}
    department = {"label": town.water.code, "confidence": sure, "reason": ""}
    proposal: dict[str, Any] = {"model": model, "category": category, "department": department}
    received = clock.now() - timedelta(weeks=weeks)
    WorkOrder.objects.filter(pk=order.pk).update(proposal=proposal, received_at=received)
    return order


def test_weeks_are_counted_from_the_orders(town: Town) -> None:
    for sure, right, weeks in ((0.95, True, 0), (0.95, True, 0), (0.91, False, 0), (0.4, False, 0), (0.3, True, 1)):
        told(town, sure, right, weeks=weeks)
    told(town, None, True, weeks=20, model="words")
    assert accuracy.judge() > 0
    first, second, last = accuracy.weeks("category", 0.9)
    assert (first.all.hits, first.all.of, first.sure.hits, first.sure.of) == (2, 4, 2, 3)
    assert first.coverage == 0.75
    assert (second.all.value, second.sure.of, second.models) == (1, 0, ("m1",))
    assert (last.all.of, last.sure.of, last.models) == (1, 0, ("words",))
    assert accuracy.weeks("department", 0.9)[0].all.value == 1


def test_counting_again_follows_the_present_and_leaves_the_settled(town: Town) -> None:
    order = told(town, 0.95, False)
    told(town, 0.95, True, weeks=20)
    accuracy.judge()
    assert accuracy.weeks("category", 0.9)[0].all.hits == 0
    WorkOrder.objects.filter(pk=order.pk).update(category=town.policy)
    before = set(Judged.objects.filter(week__lt=clock.today() - timedelta(weeks=10)).values_list("pk", flat=True))
    tasks.judge(0)
    assert accuracy.weeks("category", 0.9)[0].all.hits == 1
    assert before == set(
        Judged.objects.filter(week__lt=clock.today() - timedelta(weeks=10)).values_list("pk", flat=True)
    )


def test_confidence_is_held_against_truth(town: Town) -> None:
    for right in (True, True, True, False):
        told(town, 0.755, right)
    told(town, 1.0, True)
    told(town, None, True)
    accuracy.judge()
    low, high = accuracy.calibration("category", "m1")
    assert (low.low, low.high, low.right.hits, low.right.of) == (70, 80, 3, 4)
    assert low.said == pytest.approx(0.755)
    assert (high.low, high.said, high.right.value) == (90, 1.0, 1.0)
    assert accuracy.calibration_error([low, high]) == pytest.approx((0.005 * 4 + 0) / 5)
    assert accuracy.calibration_error([]) is None


def test_the_page_and_its_files(town: Town, django_assert_max_num_queries: Callable[..., Any]) -> None:
    for _ in range(3):
        dispatched(town, text="水费怎么算的，阶梯水价是多少")
    told(town, 0.95, True)
    accuracy.judge()
    LearnedModel.objects.create(
        version=3, sort="classifier", name="m1", trained_at=clock.now(), orders=9, content=b"x", live=True
    )
    ModelSwitch.objects.create(version=3, at=clock.now(), why="chosen", reason="试行", by=town.users["steward"])
    dispatcher = signed_in("dispatcher")
    dispatcher.get("/learning/")
    with django_assert_max_num_queries(16):
        page = dispatcher.get("/learning/?field=category&above=95").content.decode()
    assert town.policy.full_name in page
    assert "第 3 版" in page
    assert "试行" in page
    assert "≥ 95% 的占比" in page
    assert town.policy.full_name not in dispatcher.get("/learning/?word=燃气").content.decode()
    assert dispatcher.get("/learning/?above=abc&days=7&field=x").status_code == 200
    rows = list(csv.reader(dispatcher.get("/learning/weeks.csv").content.decode("utf-8-sig").splitlines()))
    assert {row[1] for row in rows[1:]} == {"分类", "主办单位"}
    assert sum(int(row[2]) for row in rows[1:] if row[1] == "分类") == 4
    (_head, *found) = csv.reader(dispatcher.get("/learning/corrections.csv").content.decode("utf-8-sig").splitlines())
    assert found[0][:3] == [town.policy.full_name, town.outage.full_name, "3"]


@pytest.mark.parametrize("post", ["agent", "clerk", "leader", "editor", "visitor"])
def test_others_do_not_see_it(town: Town, post: str) -> None:
    assert signed_in(post).get("/learning/").status_code == 403


def test_a_version_is_put_live_on_the_page(town: Town) -> None:
    for version in (1, 2):
        for sort in ("classifier", "router"):
            LearnedModel.objects.create(
                version=version, sort=sort, name=f"m{version}", trained_at=clock.now(), orders=9, content=b"x",
                live=version == 2, metrics={"verdict": "even"},
            )  # fmt: skip
    steward = signed_in("steward")
    assert "不比原来的差" in steward.get("/admin/learning/").content.decode()
    assert "请写明理由" in steward.post("/admin/learning/versions/1/", follow=True).content.decode()
    assert "已启用" in steward.post("/admin/learning/versions/1/", {"reason": "新版偏了"}, follow=True).content.decode()
    assert set(LearnedModel.objects.filter(live=True).values_list("version", flat=True)) == {1}
    assert signed_in("dispatcher").post("/admin/learning/versions/2/").status_code == 403


def test_the_dispatcher_sees_confidence_and_the_risk_of_return(town: Town) -> None:
    order = told(town, 0.95, True)
    WorkOrder.objects.filter(pk=order.pk).update(state="accepted", lead=None, dispatches=0)
    dispatcher = signed_in("dispatcher")
    proposal = WorkOrder.objects.get(pk=order.pk).proposal or {}
    proposal["department"] |= {
        "risk": 0.34,
        "risk_reason": "这个单位 50 单退回 17 单；退回后可改派市住建局",
        "name": "水",
    }
    proposal["category"]["name"] = "停水"
    WorkOrder.objects.filter(pk=order.pk).update(proposal=proposal)
    page = dispatcher.get(f"/work/orders/{order.number}/").content.decode()
    assert "退回风险 34%" in page
    assert "50 单退回 17 单" in page
    proposal["department"] |= {"confidence": None, "risk_reason": ""}
    WorkOrder.objects.filter(pk=order.pk).update(proposal=proposal)
    page = dispatcher.get(f"/work/orders/{order.number}/").content.decode()
    assert "把握未知" in page
    assert "退回风险" not in page
